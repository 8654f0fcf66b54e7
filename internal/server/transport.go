package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"accord/domain/fault"
	"accord/graph"
)

// auditTime is how long an answer waits for its audit entry.
const auditTime = 5 * time.Second

// transport carries one operation in a POST of JSON and its answer in JSON. It
// holds the whole answer in memory until its audit entry is durable, and never
// repeats anything of a request.
type transport struct {
	presenter    *graph.Presenter
	maxBody      int64
	maxAnswer    int
	beforeAnswer func(ctx context.Context) error
}

var _ graphql.Transport = (*transport)(nil)

// Supports accepts everything: the handler has routed, and what is refused is
// refused in the same words everywhere.
func (t *transport) Supports(*http.Request) bool { return true }

// Do answers one request.
func (t *transport) Do(w http.ResponseWriter, r *http.Request, executor graphql.GraphExecutor) {
	t.leave(r.Context(), w, t.answer(w, r, executor, outcomeFrom(r.Context())))
}

// leave sends an answer once its audit entry is durable.
func (t *transport) leave(ctx context.Context, w http.ResponseWriter, built answer) {
	outcome := outcomeFrom(ctx)
	outcome.note(built)
	// Those who hang up have still been answered: the entry does not depend on them.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTime)
	defer cancel()
	if err := t.beforeAnswer(ctx); err != nil {
		built = t.refuse(ctx, http.StatusServiceUnavailable, built.media, unavailable(outcome, err))
		outcome.note(built)
	}
	built.send(w)
}

// unavailable must not say that nothing was changed after a change.
func unavailable(outcome *Outcome, cause error) error {
	if outcome.Operation == string(ast.Mutation) || outcome.Operation == uploading {
		return fault.Unsure(cause)
	}
	return fault.NotAvailable(cause)
}

// answer reads the request, runs it and builds the answer; nothing is sent.
func (t *transport) answer(w http.ResponseWriter, r *http.Request, executor graphql.GraphExecutor, outcome *Outcome) answer {
	ctx := r.Context()
	media := negotiate(r.Header.Values("Accept"))
	if wrong := refuseMediaType(r.Header); wrong != nil {
		return t.refuse(ctx, http.StatusUnsupportedMediaType, media, wrong)
	}
	body, status, wrong := t.read(w, r)
	if wrong != nil {
		return t.refuse(ctx, status, media, wrong)
	}
	request, wrong := decodeRequest(body)
	if wrong != nil {
		return t.refuse(ctx, http.StatusBadRequest, media, wrong)
	}
	operation, errs := executor.CreateOperationContext(ctx, request)
	if operation.Operation != nil {
		outcome.noteOperation(operation.Operation)
	}
	if len(errs) > 0 {
		response := executor.DispatchError(graphql.WithOperationContext(ctx, operation), errs)
		return refused(requestErrorStatus(media), media, response.Errors)
	}
	respond, running := executor.DispatchOperation(ctx, operation)
	response := respond(running)
	if response == nil { // gqlgen's way to say that the time is over
		return t.refuse(ctx, http.StatusServiceUnavailable, media, context.DeadlineExceeded)
	}
	built, err := executed(response, media)
	if err != nil {
		return t.refuse(ctx, http.StatusInternalServerError, media, err)
	}
	if len(built.body) > t.maxAnswer {
		return t.refuse(ctx, requestErrorStatus(media), media, t.tooLarge(outcome))
	}
	return built
}

var errSlowBody = fault.Input("body", "complete", "The body did not arrive whole.")

// read reads the body as far as the cap and no further.
func (t *transport) read(w http.ResponseWriter, r *http.Request) (body []byte, status int, refused *fault.Fault) {
	return readBody(w, r, t.maxBody)
}

// readBody reads a body of no more bytes than most.
func readBody(w http.ResponseWriter, r *http.Request, most int64) (body []byte, status int, refused *fault.Fault) {
	tooLong := fault.Input("body", "size", fmt.Sprintf("The body is longer than %d bytes.", most))
	if r.ContentLength > most {
		cutOff(w, r)
		return nil, http.StatusRequestEntityTooLarge, tooLong
	}
	limited := http.MaxBytesReader(w, r.Body, most)
	var err error
	if r.ContentLength > 0 { // said, and held to: there is one buffer of that size
		body = make([]byte, r.ContentLength)
		_, err = io.ReadFull(limited, body)
	} else {
		body, err = io.ReadAll(limited)
	}
	if _, over := errors.AsType[*http.MaxBytesError](err); over {
		return nil, http.StatusRequestEntityTooLarge, tooLong
	}
	if err != nil {
		return nil, http.StatusBadRequest, errSlowBody
	}
	return body, http.StatusOK, nil
}

// cutOff closes the connection behind the answer: what follows will not be read.
// A reader that met its limit makes net/http wait before it does, or a client that
// is still sending would meet the reset and never the answer. Those who wait for
// "100 Continue" have sent nothing yet.
func cutOff(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Connection", "close")
	if r.Header.Get("Expect") == "" {
		_, _ = http.MaxBytesReader(w, r.Body, 0).Read(make([]byte, 1))
	}
}

// tooLarge refuses an answer that was built and is longer than may leave.
func (t *transport) tooLarge(outcome *Outcome) *fault.Fault {
	message := fmt.Sprintf("The answer is longer than %d bytes. Ask for less at a time.", t.maxAnswer)
	if outcome.Operation == string(ast.Mutation) {
		message = fmt.Sprintf("The change was made, but its answer is longer than %d bytes.", t.maxAnswer)
	}
	return &fault.Fault{Code: fault.TooExpensive, Message: message}
}

func (t *transport) refuse(ctx context.Context, status int, media string, err error) answer {
	return refused(status, media, gqlerror.List{t.presenter.Present(ctx, err)})
}
