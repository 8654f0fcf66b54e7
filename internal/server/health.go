package server

import (
	"io"
	"log/slog"
	"net/http"

	"accord/domain/fault"
)

// health says whether the server can answer, to whoever watches it, and nothing
// about why not: a probe sees no more than that.
func (s *server) health(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		s.refuse(r, http.StatusMethodNotAllowed,
			fault.Input("method", "method", "Ask for the health in a GET request.")).send(w)
		return
	}
	status, body := http.StatusOK, `{"status":"ready"}`
	if err := s.config.Ready(r.Context()); err != nil {
		status, body = http.StatusServiceUnavailable, `{"status":"not ready"}`
		s.config.Logger.LogAttrs(r.Context(), slog.LevelWarn, "not ready", slog.Int("status", status))
	}
	w.Header().Set("Content-Type", mediaJSON)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}
