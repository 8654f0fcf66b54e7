package graph

import (
	"errors"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"accord/domain/fault"
)

// unreadable is the refusal of a document the parser gave up on. The parser's
// own message quotes the document.
func unreadable(err error, tokens int) *gqlerror.Error {
	var parsing *gqlerror.Error
	if !errors.As(err, &parsing) {
		return refusal(fault.Input("query", "document", "The document cannot be read."))
	}
	if len(parsing.Locations) == 0 { // the only error of the parser without a place
		return tooMuch("tokens in a document", tokens)
	}
	at := parsing.Locations[0]
	return refusal(fault.Input("query", "document",
		fmt.Sprintf("The document cannot be read at line %d, column %d.", at.Line, at.Column)), at)
}

// protocolFault is the fault in a request error of gqlgen itself: nothing to
// run, or a variable that does not fit its type. Nil when err is none of them.
func protocolFault(err *gqlerror.Error, operation *graphql.OperationContext) *fault.Fault {
	if err.Extensions["code"] != errcode.ValidationFailed {
		return nil
	}
	switch {
	case len(err.Path) > 1 && err.Path[0] == ast.PathName("variable"):
		return variableFault(err, operation)
	case operation == nil || operation.Doc == nil:
		return fault.Input("query", "operation", "The document holds no operation.")
	case operation.Operation == nil:
		return fault.Input("operationName", "operation",
			"The document holds no operation of that name, or several and operationName is not given.")
	}
	return nil
}

// variableConstraints says which constraint a message of the variable check
// means. Any other message means a value of the wrong type, and quotes it.
var variableConstraints = map[string]struct{ constraint, sentence string }{
	"must be defined": {"required", "has no value where one is required"},
	"cannot be null":  {"required", "is null where a value is required"},
	"unknown field":   {"knownField", "has a field that its type does not know"},
}

// variableFault names a variable by its place and declared type, since its name
// is the caller's, and the part of it that is wrong by names of the schema.
func variableFault(err *gqlerror.Error, operation *graphql.OperationContext) *fault.Fault {
	path := err.Path[2:]
	problem, known := variableConstraints[err.Message]
	if !known {
		problem.constraint, problem.sentence = "type", "does not fit"
	}
	if problem.constraint == "knownField" && len(path) > 0 {
		path = path[:len(path)-1] // the last name is the unknown one
	}
	inside := path.String()
	subject := "A variable"
	if operation != nil && operation.Operation != nil {
		name, _ := err.Path[1].(ast.PathName)
		if declared := operation.Operation.VariableDefinitions.ForName(string(name)); declared != nil {
			subject = fmt.Sprintf("The variable of type %s at line %d, column %d",
				declared.Type.String(), declared.Position.Line, declared.Position.Column)
		}
	}
	if inside != "" {
		problem.sentence += ", at " + inside
	}
	return fault.Input(inside, problem.constraint, subject+" "+problem.sentence+".")
}

// argumentFault is the fault in an argument that passed validation and could
// still not be read, and the path of the field it was given to. gqlgen reads
// arguments before it notes them, so a field that takes some and has none noted
// is where reading stopped. Nil when err is of another kind.
func argumentFault(err *gqlerror.Error, field *graphql.FieldContext) (*fault.Fault, ast.Path) {
	if field == nil || field.Args != nil || field.Field.Field == nil || field.Field.Definition == nil ||
		len(field.Field.Definition.Arguments) == 0 {
		return nil, nil
	}
	at := field.Path()
	if len(err.Path) <= len(at) {
		return nil, nil
	}
	argument := err.Path[len(at):]
	name, _ := argument[0].(ast.PathName)
	definition := field.Field.Definition.Arguments.ForName(string(name))
	if definition == nil {
		return nil, nil
	}
	return fault.Input(argument.String(), "type",
		fmt.Sprintf("The argument %s of type %s does not fit, at %s.", name, definition.Type.String(), argument)), at
}
