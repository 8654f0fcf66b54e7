package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"pgregory.net/rapid"

	"accord/domain/fault"
	"accord/graph"
)

const planted = "ada@example.invalid"

var errPlanted = &fs.PathError{Op: "open", Path: planted, Err: errors.New(planted)}

func TestAnErrorIsShownOnlyWhenItIsAFault(t *testing.T) {
	const id = "req_1"
	cases := map[string]struct {
		err        error
		message    string
		extensions string
		logged     string // what the log line says of it; empty: no line
	}{
		"a rule": {
			fault.Rule("R7", "NPCC/CPS protocol 3.11", "No."), "No.",
			`{"code":"RULE_VIOLATION","rule":"R7","source":"NPCC/CPS protocol 3.11"}`, "",
		},
		"an input, wrapped": {
			fmt.Errorf("of %s: %w", planted, fault.Input("input.dueOn", "notInPast", "Choose a later day.")), "Choose a later day.",
			`{"code":"BAD_USER_INPUT","constraint":"notInPast","path":"input.dueOn"}`, "",
		},
		"nothing there": {fault.Missing(), "There is nothing here that you can see.", `{"code":"NOT_FOUND"}`, ""},
		"a part missing": {
			fault.NotAvailable(errPlanted), "Accord cannot answer at the moment. Nothing was changed; try again.",
			`{"code":"UNAVAILABLE","correlationId":"req_1"}`, "*fault.Fault > *fs.PathError > *errors.errorString",
		},
		"an internal error": {
			fmt.Errorf("of %s: %w", planted, errPlanted),
			"Accord could not do this because of a fault of its own. Give the correlation id to those who run it.",
			`{"code":"INTERNAL","correlationId":"req_1"}`, "*fmt.wrapError > *fs.PathError > *errors.errorString",
		},
		"an internal fault": {
			&fault.Fault{Code: fault.Internal, Message: planted, Path: planted},
			"Accord could not do this because of a fault of its own. Give the correlation id to those who run it.",
			`{"code":"INTERNAL","correlationId":"req_1"}`, "*fault.Fault",
		},
		"several errors": {
			errors.Join(errPlanted, errors.New(planted)),
			"Accord could not do this because of a fault of its own. Give the correlation id to those who run it.",
			`{"code":"INTERNAL","correlationId":"req_1"}`, "*errors.joinError > *fs.PathError > *errors.errorString",
		},
		"gqlgen's own": {
			gqlerror.Errorf("must not be %s", planted),
			"Accord could not do this because of a fault of its own. Give the correlation id to those who run it.",
			`{"code":"INTERNAL","correlationId":"req_1"}`, "*gqlerror.Error",
		},
		"a code somebody forged": {
			&gqlerror.Error{Message: planted, Rule: planted, Extensions: map[string]any{"code": planted, planted: planted}},
			"Accord could not do this because of a fault of its own. Give the correlation id to those who run it.",
			`{"code":"INTERNAL","correlationId":"req_1"}`, "*gqlerror.Error",
		},
		"too late": {
			fmt.Errorf("of %s: %w", planted, context.DeadlineExceeded),
			"Accord did not answer in time. Before you repeat a change, read the record again.",
			`{"code":"UNAVAILABLE","correlationId":"req_1"}`, "*fmt.wrapError > context.deadlineExceededError",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			presenter := graph.NewPresenter(slog.New(slog.NewJSONHandler(&log, nil)))
			shown := presenter.Present(graph.WithRequest(context.Background(), id), c.err)
			extensions, err := json.Marshal(shown.Extensions)
			if err != nil {
				t.Fatal(err)
			}
			if shown.Message != c.message || string(extensions) != c.extensions {
				t.Errorf("shown %q %s", shown.Message, extensions)
			}
			if answer, _ := json.Marshal(shown); strings.Contains(string(answer), planted) || strings.Contains(log.String(), planted) {
				t.Errorf("the value leaves: %s, %s", answer, log.String())
			}
			var line map[string]any
			if log.Len() > 0 {
				if err := json.Unmarshal(log.Bytes(), &line); err != nil {
					t.Fatal(err)
				}
			}
			if kind, _ := line["kind"].(string); kind != c.logged {
				t.Errorf("logged %q, want %q", kind, c.logged)
			}
			if line != nil && !slices.Equal(slices.Sorted(maps.Keys(line)), []string{"code", "kind", "level", "msg", "requestId", "time"}) {
				t.Errorf("logged %v", line)
			}
		})
	}
}

func TestAPanicIsAnsweredWithoutWhatWasThrown(t *testing.T) {
	var log bytes.Buffer
	presenter := graph.NewPresenter(slog.New(slog.NewJSONHandler(&log, nil)))
	ctx := graph.WithRequest(context.Background(), "req_1")
	shown := func() (shown *gqlerror.Error) {
		defer func() { shown = presenter.Present(ctx, presenter.Recover(ctx, recover())) }()
		throwPlanted()
		return nil
	}()
	if shown.Extensions["code"] != string(fault.Internal) || shown.Extensions["correlationId"] != "req_1" {
		t.Errorf("shown %v", shown.Extensions)
	}
	if strings.Contains(log.String(), planted) || !strings.Contains(log.String(), "panic: *fs.PathError at accord/graph_test.throwPlanted:") {
		t.Errorf("logged %s", log.String())
	}
	// Not even a fault that is thrown is shown.
	if shown := presenter.Present(ctx, presenter.Recover(ctx, fault.Missing())); shown.Extensions["code"] != string(fault.Internal) {
		t.Errorf("shown %v", shown.Extensions)
	}
}

func throwPlanted() { panic(errPlanted) }

func TestErrorsAreInTheOrderOfTheirPaths(t *testing.T) {
	at := func(message string, path ...ast.PathElement) *gqlerror.Error {
		return &gqlerror.Error{Message: message, Path: path}
	}
	want := gqlerror.List{
		at("none"),
		at("a", ast.PathName("a")),
		at("a0", ast.PathName("a"), ast.PathIndex(0)),
		at("a2", ast.PathName("a"), ast.PathIndex(2)),
		at("a10", ast.PathName("a"), ast.PathIndex(10)),
		at("a10x", ast.PathName("a"), ast.PathIndex(10), ast.PathName("x")),
		at("ab", ast.PathName("a"), ast.PathName("b")),
		at("b1", ast.PathName("b")),
		at("b2", ast.PathName("b")),
	}
	rapid.Check(t, func(t *rapid.T) {
		mixed := rapid.Permutation(append(slices.Clone(want), at("b1", ast.PathName("b")))).Draw(t, "errors")
		got := graph.SortErrors(mixed)
		if !slices.EqualFunc(got, want, func(a, b *gqlerror.Error) bool { return a.Message == b.Message }) {
			t.Fatalf("got %v", got)
		}
	})
}
