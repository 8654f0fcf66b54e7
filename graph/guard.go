package graph

import (
	"context"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"accord/domain/fault"
)

const (
	rememberedDocuments = 256
	rememberedBytes     = 16 << 10
)

// Guard refuses an operation that asks for too much, in the order in which it
// could do harm: before parsing (size and tokens), before validation (shape)
// and before execution (changes and cost). It is a gqlgen extension and must
// also be the executor's query cache: what it remembers has passed it.
type Guard struct {
	limits Limits
	passed *lru.LRU[*ast.QueryDocument]
}

var (
	_ graphql.HandlerExtension          = (*Guard)(nil)
	_ graphql.OperationParameterMutator = (*Guard)(nil)
	_ graphql.OperationContextMutator   = (*Guard)(nil)
	_ graphql.Cache[*ast.QueryDocument] = (*Guard)(nil)
)

// NewGuard holds operations to the limits.
func NewGuard(limits Limits) *Guard {
	return &Guard{limits: limits, passed: lru.New[*ast.QueryDocument](rememberedDocuments)}
}

// ExtensionName names the extension to gqlgen.
func (g *Guard) ExtensionName() string { return "AccordGuard" }

// Validate accepts every schema.
func (g *Guard) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters changes nothing: it reads the document a first time
// and refuses it before the validation rules, some of which take exponential
// time, see it.
func (g *Guard) MutateOperationParameters(ctx context.Context, request *graphql.RawParams) *gqlerror.Error {
	if _, passed := g.Get(ctx, request.Query); passed {
		return nil
	}
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: request.Query}, g.limits.Tokens)
	if err != nil {
		return unreadable(err, g.limits.Tokens)
	}
	_, refused := MeasureShape(document, g.limits)
	return refused
}

// MutateOperationContext prices the operation that will run.
func (g *Guard) MutateOperationContext(_ context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	definition := operation.Operation
	switch definition.Operation {
	case ast.Query:
	case ast.Mutation:
		if changes(definition.SelectionSet, g.limits.Mutations) > g.limits.Mutations {
			return tooMuch("changes in one operation", g.limits.Mutations)
		}
	default:
		return refusal(fault.Input("query", "operation", "Only queries and mutations are answered here."))
	}
	_, refused := MeasurePrice(operation.Doc, definition, operation.Variables, g.limits.Cost)
	return refused
}

// Get returns a document that was parsed and validated before.
func (g *Guard) Get(ctx context.Context, query string) (*ast.QueryDocument, bool) {
	if !rememberable(query) {
		return nil, false
	}
	return g.passed.Get(ctx, query)
}

// Add remembers a document that was parsed and validated.
func (g *Guard) Add(ctx context.Context, query string, document *ast.QueryDocument) {
	if rememberable(query) {
		g.passed.Add(ctx, query, document)
	}
}

// rememberable keeps documents with text in them out of memory: the text may be
// a name, and a quicker answer would tell that somebody else had asked for it.
func rememberable(query string) bool {
	return len(query) <= rememberedBytes && !strings.Contains(query, `"`)
}
