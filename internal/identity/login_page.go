package identity

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// signInPage is where a step of the sign-in ended.
type signInPage struct {
	url      *url.URL
	callback url.Values // what the redirect to the callback carries; nil on any other page
	form     *loginForm // nil when the page holds none
}

// open makes one request and follows it to a page or to the callback.
func (f *codeFlow) open(ctx context.Context, method, address string, form url.Values) (signInPage, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return signInPage{}, fmt.Errorf("%w (not a URL)", errProvider)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := f.client.Do(request)
	if err != nil {
		return signInPage{}, fmt.Errorf("%w (%w)", errNoProvider, err)
	}
	defer func() { _ = response.Body.Close() }() // read to the end or given up

	page := signInPage{url: response.Request.URL}
	next, err := response.Location()
	if err == nil {
		if next.Scheme+"://"+next.Host+next.Path != callbackURL {
			return signInPage{}, fmt.Errorf("%w (redirect leads elsewhere)", errProvider)
		}
		page.callback = next.Query()
		return page, nil
	}
	page.form, err = readLoginForm(response.Body)
	if err != nil {
		return signInPage{}, fmt.Errorf("%w (page cannot be read)", errProvider)
	}
	return page, nil
}

// loginForm is the form of a log-in page.
type loginForm struct {
	action        string     // where it is sent, relative to the page
	fields        url.Values // what it holds already
	loginField    string
	passwordField string
}

// filled returns what a browser would send.
func (l *loginForm) filled(login, password string) url.Values {
	l.fields.Set(l.loginField, login)
	l.fields.Set(l.passwordField, password)
	return l.fields
}

// readLoginForm finds the first form sent by POST that asks for a user name and
// a password, and returns nil when there is none.
func readLoginForm(page io.Reader) (*loginForm, error) {
	document, err := html.Parse(page)
	if err != nil {
		return nil, fmt.Errorf("parse page: %w", err)
	}
	for node := range document.Descendants() {
		if node.Type != html.ElementNode || node.Data != "form" || !strings.EqualFold(attribute(node, "method"), http.MethodPost) {
			continue
		}
		form := &loginForm{action: attribute(node, "action"), fields: url.Values{}}
		form.read(node)
		if form.loginField != "" && form.passwordField != "" {
			return form, nil
		}
	}
	return nil, nil
}

func (l *loginForm) read(form *html.Node) {
	for node := range form.Descendants() {
		name := attribute(node, "name")
		if node.Type != html.ElementNode || node.Data != "input" || name == "" {
			continue
		}
		switch strings.ToLower(attribute(node, "type")) {
		case "hidden":
			l.fields.Add(name, attribute(node, "value"))
		case "password":
			l.passwordField = name
		case "", "text", "email":
			if l.loginField == "" {
				l.loginField = name
			}
		}
	}
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
