package graph

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/views"
)

// Gate stands before every field: it decides from the mark of the field and the
// Sight of the nearest governed object whether the viewer holds it, marks what
// is not shown, and asserts that what may not be shown is not there. Views mask
// themselves; the gate is there so that a view that forgets shows nothing.
type Gate struct {
	marks  *Marks
	access func(ctx context.Context) Access
}

// Access is what decides links: the policy of the request and the roles of its
// capacity.
type Access interface {
	Table() *authz.Table
	Capacity() authz.Capacity
}

// NewGate reads the marks of the schema and refuses one that is not marked
// through.
func NewGate(schema graphql.ExecutableSchema, access func(ctx context.Context) Access) (*Gate, error) {
	marks, err := ReadMarks(schema.Schema())
	if err != nil {
		return nil, fmt.Errorf("the schema is not governed through: %w", err)
	}
	return &Gate{marks: marks, access: access}, nil
}

// ExtensionName names the gate among the handler's extensions.
func (*Gate) ExtensionName() string { return "Gate" }

// Validate has nothing to check: NewGate has read the schema already.
func (*Gate) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptResponse gathers what the operation does not show and says it in
// extensions.redactions.
func (*Gate) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	ctx, gathered := withRedactions(ctx)
	response := next(ctx)
	if response == nil {
		return nil
	}
	if gathered.shown.Load() > mostShown {
		return &graphql.Response{Errors: gqlerror.List{errTooMuch()}, Data: []byte("null")}
	}
	if shown := gathered.sorted(); shown != nil {
		if response.Extensions == nil {
			response.Extensions = map[string]any{}
		}
		response.Extensions["redactions"] = shown
	}
	return response
}

var (
	errUngoverned = errors.New("a field stands below nothing that is governed")
	errUnmarked   = errors.New("a field carries no mark")
	errWithheld   = errors.New("a withheld value was there")
)

// InterceptField decides one field.
func (g *Gate) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	field := graphql.GetFieldContext(ctx)
	if strings.HasPrefix(field.Object, "__") || strings.HasPrefix(field.Field.Name, "__") {
		return next(ctx) // the schema is published
	}
	found, ok := g.marks.of(field.Object, field.Field.Name)
	switch {
	case !ok:
		return nil, errUnmarked
	case found.plumbing:
		return next(ctx)
	case found.link != "":
		return g.follow(ctx, field, found, next)
	default:
		return g.show(ctx, field, found, next)
	}
}

// follow decides a link, by the viewer's roles and what it leads to, whatever
// exists.
func (g *Gate) follow(ctx context.Context, field *graphql.FieldContext, mark mark, next graphql.Resolver) (any, error) {
	access := g.access(ctx)
	reason := access.Table().LinkReason(access.Capacity().Roles, mark.link.Row())
	if reason != 0 {
		redactionsFrom(ctx).add(field.Object, field.Field.Name, reason)
	}
	if reason == authz.ReasonRole {
		return nil, nil
	}
	return spend(ctx, next)
}

// mostShown bounds the records and list elements of one answer. The price of an
// operation is weighed before it runs, by what lists are reckoned to hold; this
// is what they did hold, so that a case with many actions, asked for its actions'
// case's actions, stops here.
const mostShown = 20_000

func errTooMuch() *gqlerror.Error {
	return &gqlerror.Error{
		Message:    fmt.Sprintf("The answer would hold more than %s records. Ask for less at a time.", grouped(mostShown)),
		Extensions: map[string]any{"code": string(fault.TooExpensive)},
	}
}

// spend resolves a field unless the answer holds too much already or its time is
// over, and counts what came of it.
func spend(ctx context.Context, next graphql.Resolver) (any, error) {
	gathered := redactionsFrom(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err //nolint:wrapcheck // the presenter knows a deadline by itself
	}
	if gathered.shown.Load() > mostShown {
		return nil, nil // the answer is thrown away as a whole
	}
	value, err := next(ctx)
	gathered.shown.Add(elements(value))
	return value, err
}

// elements is how many elements a list holds; what is no list counts as one.
func elements(value any) int64 {
	if reflected := reflect.ValueOf(value); reflected.Kind() == reflect.Slice {
		return int64(reflected.Len())
	}
	return 1
}

// show decides a value of a class.
func (g *Gate) show(ctx context.Context, field *graphql.FieldContext, mark mark, next graphql.Resolver) (any, error) {
	if isDirectory(mark) {
		return next(ctx) // every signed-in person's
	}
	governed := nearestGoverned(field, mark)
	if governed == nil {
		return nil, errUngoverned
	}
	held, reason := holds(governed, mark)
	if reason != 0 {
		redactionsFrom(ctx).add(field.Object, field.Field.Name, reason)
	}
	value, err := next(ctx)
	if err != nil {
		return nil, err
	}
	if listed := elements(value); listed > 1 {
		redactionsFrom(ctx).shown.Add(listed)
	}
	if !held && isThere(value) {
		return nil, errWithheld
	}
	return value, nil
}

func isDirectory(mark mark) bool {
	return len(mark.classes) == 1 && mark.classes[0] == authz.Directory
}

// holds reports whether the viewer holds the field, whole or as its mask, and
// what is to be said when it is not the whole.
func holds(governed views.Governed, mark mark) (bool, authz.Reason) {
	classes := mark.classes
	if len(classes) == 0 {
		classed, ok := governed.(views.Classed)
		if !ok {
			return false, authz.ReasonRole
		}
		classes = []authz.DataClass{classed.OwnClass()}
	}
	return mark.decide(governed.Governing(), classes)
}

// nearestGoverned is the object the field is of, or, for a field of a part, the
// nearest governed object around it. An object that should carry a Sight and does
// not is not passed over for the one that holds it. Lists are value slices, so
// that an element is met before the object that holds the list.
func nearestGoverned(field *graphql.FieldContext, mark mark) views.Governed {
	for at := field.Parent; at != nil; at = at.Parent {
		if governed, ok := at.Result.(views.Governed); ok {
			return governed
		}
		if !mark.part || hidesElement(at.Result) {
			return nil
		}
	}
	return nil
}

// hidesElement reports whether the element of a list of pointers or of
// interfaces stands here: walking past it would take the Sight of the object that
// holds the list.
func hidesElement(result any) bool {
	kind := reflect.TypeOf(result)
	if kind == nil || kind.Kind() != reflect.Pointer {
		return false
	}
	return kind.Elem().Kind() == reflect.Pointer || kind.Elem().Kind() == reflect.Interface
}

// isThere reports whether a resolved value would show anything but null.
func isThere(value any) bool {
	if value == nil {
		return false
	}
	reflected := reflect.ValueOf(value)
	switch reflected.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return !reflected.IsNil()
	default:
		return true
	}
}
