package server_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"

	"accord/internal/server"
)

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// get asks once on a connection of its own and returns the body.
func get(t *testing.T, listener net.Listener) (string, error) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://"+listener.Addr().String(), http.NoBody)
	if err != nil {
		return "", err //nolint:wrapcheck // for the test
	}
	response, err := client.Do(request)
	if err != nil {
		return "", err //nolint:wrapcheck // for the test
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return string(body), err //nolint:wrapcheck // for the test
}

func TestStoppingLetsRequestsInFlightFinish(t *testing.T) {
	defer goleak.VerifyNone(t)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	arrived, released := make(chan struct{}), make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-released
		if r.Context().Err() != nil {
			t.Error("stopping cancelled the request")
		}
		_, _ = io.WriteString(w, "finished")
	})
	listener := listen(t)
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, listener, handler, server.DefaultConnectionLimits()) }()
	answered := make(chan string, 1)
	go func() {
		body, err := get(t, listener)
		if err != nil {
			t.Errorf("the request in flight: %v", err)
		}
		answered <- body
	}()
	<-arrived
	stop()
	// The listener closes while the request is still in flight.
	for {
		connection, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			break
		}
		_ = connection.Close()
	}
	close(released)
	if body := <-answered; body != "finished" {
		t.Errorf("answered %q", body)
	}
	if err := <-served; err != nil {
		t.Errorf("served until %v", err)
	}
}

func TestStoppingCutsOffWhatDoesNotFinish(t *testing.T) {
	defer goleak.VerifyNone(t)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	arrived := make(chan struct{})
	handler := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done() // until the connection is closed
	})
	limits := server.DefaultConnectionLimits()
	limits.Grace = time.Millisecond
	listener := listen(t)
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, listener, handler, limits) }()
	answered := make(chan error, 1)
	go func() {
		_, err := get(t, listener)
		answered <- err
	}()
	<-arrived
	stop()
	if err := <-served; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("served until %v", err)
	}
	if err := <-answered; err == nil {
		t.Error("the request was answered")
	}
}

func TestAListenerThatFailsIsSaid(t *testing.T) {
	defer goleak.VerifyNone(t)
	listener := listen(t)
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if err := server.Serve(t.Context(), listener, http.NotFoundHandler(), server.DefaultConnectionLimits()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("served until %v", err)
	}
}
