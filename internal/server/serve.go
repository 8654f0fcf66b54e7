package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
)

// Serve answers on the listener until ctx ends, then takes no new connection,
// lets the requests in flight finish within limits.Grace, and returns nil. When
// some do not finish, they are cut off and the error says so. It closes the
// listener and leaves nothing running.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler, limits ConnectionLimits) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: limits.ReadHeader,
		ReadTimeout:       limits.Read,
		WriteTimeout:      limits.Write,
		IdleTimeout:       limits.Idle,
		MaxHeaderBytes:    limits.HeaderBytes,
		// net/http logs addresses and bytes of malformed requests. The handler logs
		// its own requests and recovers its own panics.
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
		// Stopping must not cancel the requests it waits for.
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), limits.Grace)
	defer cancel()
	stopped := server.Shutdown(grace)
	if stopped != nil {
		stopped = errors.Join(fmt.Errorf("requests were cut off: %w", stopped), server.Close())
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		stopped = errors.Join(stopped, fmt.Errorf("serving: %w", err))
	}
	return stopped
}
