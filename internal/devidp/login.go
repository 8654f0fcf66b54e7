package devidp

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/op"
)

//go:embed login.html
var loginHTML string

var loginPage = template.Must(template.New("login").Parse(loginHTML))

// loginView is what the log-in page shows. It never shows what was typed as a
// password, and Wrong does not say whether the user exists.
type loginView struct {
	Agency  string // such as "northmoor police"
	Request string // id of the sign-in under way; empty when there is none
	Login   string // what was typed as the user name
	Wrong   bool   // the user name and password do not go together
}

// showLogin shows the log-in page for a sign-in under way.
func (i *issuer) showLogin(w http.ResponseWriter, r *http.Request) {
	request, err := i.requests.find(r.URL.Query().Get("request"))
	if err != nil || request.Done() {
		i.render(w, http.StatusNotFound, loginView{})
		return
	}
	i.render(w, http.StatusOK, loginView{Request: request.id})
}

// login checks the password and answers the browser that typed it with the
// redirect that carries the code. Nothing else ever holds the code, so a link
// to somebody else's log-in page is of no use to the one who sent it.
func (i *issuer) login(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		i.render(w, http.StatusBadRequest, loginView{})
		return
	}
	request, err := i.requests.find(r.PostForm.Get("request"))
	if err != nil {
		i.render(w, http.StatusNotFound, loginView{})
		return
	}
	login := strings.TrimSpace(r.PostForm.Get("login"))
	user, ok := i.userFor(login, r.PostForm.Get("password"))
	if !ok {
		i.render(w, http.StatusUnprocessableEntity, loginView{Request: request.id, Login: login, Wrong: true})
		return
	}
	completed, err := i.requests.complete(request.id, user)
	if err != nil {
		i.render(w, http.StatusNotFound, loginView{})
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	op.AuthResponse(completed, i.op, w, r.WithContext(op.ContextWithIssuer(r.Context(), i.url)))
}

func (i *issuer) render(w http.ResponseWriter, status int, view loginView) {
	view.Agency = strings.ReplaceAll(i.url[strings.LastIndexByte(i.url, '/')+1:], "-", " ")
	var page bytes.Buffer
	if err := loginPage.Execute(&page, view); err != nil {
		http.Error(w, "The page cannot be shown.", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	// form-action must allow the redirect that follows the log-in, which goes
	// to whichever loopback port the client listens on.
	header.Set("Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http://127.0.0.1:*; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w) // the browser has gone; nobody is left to tell
}
