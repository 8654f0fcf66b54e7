package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"accord/domain/fault"
)

// maxJSONDepth is how deep variables may nest. No input of the schema comes near.
const maxJSONDepth = 32

// The refusals of a body. None says anything of what was in it.
var (
	errNotJSON    = fault.Input("body", "json", "The body is not one JSON object in UTF-8.")
	errDeepJSON   = fault.Input("body", "depth", "The body nests more than "+strconv.Itoa(maxJSONDepth)+" levels deep.")
	errDuplicate  = fault.Input("body", "uniqueKeys", "A key of the body is given twice.")
	errBatch      = fault.Input("body", "object", "The body is an array. Send one operation at a time.")
	errNumber     = fault.Input("body", "number", "A number of the body is too large.")
	errQuery      = fault.Input("query", "string", "The body has no query, or it is not a string.")
	errName       = fault.Input("operationName", "string", "operationName is neither a string nor null.")
	errVariables  = fault.Input("variables", "object", "variables is neither an object nor null.")
	errExtensions = fault.Input("extensions", "object", "extensions is neither an object nor null.")
)

// decodeRequest reads the parameters of a GraphQL-over-HTTP request. It is
// stricter than encoding/json where two readers could understand two things:
// keys are matched exactly, none may be given twice, nothing may follow, and
// bytes that are not UTF-8 are refused. Unknown keys at the top are ignored, as
// the specification asks.
func decodeRequest(body []byte) (*graphql.RawParams, *fault.Fault) {
	if !utf8.Valid(body) {
		return nil, errNotJSON
	}
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '[' {
		return nil, errBatch
	}
	reader := json.NewDecoder(bytes.NewReader(body))
	reader.UseNumber()
	value, refused := decodeValue(reader, 0)
	if refused != nil {
		return nil, refused
	}
	if _, err := reader.Token(); !errors.Is(err, io.EOF) {
		return nil, errNotJSON
	}
	members, ok := value.(map[string]any)
	if !ok {
		return nil, errNotJSON
	}
	return requestFrom(members)
}

func requestFrom(members map[string]any) (*graphql.RawParams, *fault.Fault) {
	var request graphql.RawParams
	var ok bool
	if request.Query, ok = members["query"].(string); !ok {
		return nil, errQuery
	}
	if request.OperationName, ok = members["operationName"].(string); !ok && members["operationName"] != nil {
		return nil, errName
	}
	if request.Variables, ok = members["variables"].(map[string]any); !ok && members["variables"] != nil {
		return nil, errVariables
	}
	if request.Extensions, ok = members["extensions"].(map[string]any); !ok && members["extensions"] != nil {
		return nil, errExtensions
	}
	return &request, nil
}

// decodeValue reads one value and all it holds: objects as map[string]any,
// arrays as []any, numbers as int64 or, where they are none, float64.
func decodeValue(reader *json.Decoder, depth int) (any, *fault.Fault) {
	token, err := reader.Token()
	if err != nil {
		return nil, errNotJSON
	}
	switch token := token.(type) {
	case json.Number:
		return decodeNumber(token)
	case json.Delim:
		if depth == maxJSONDepth {
			return nil, errDeepJSON
		}
		if token == '{' {
			return decodeObject(reader, depth+1)
		}
		return decodeArray(reader, depth+1)
	default:
		return token, nil
	}
}

func decodeObject(reader *json.Decoder, depth int) (any, *fault.Fault) {
	members := map[string]any{}
	for reader.More() {
		token, err := reader.Token()
		key, isKey := token.(string)
		if err != nil || !isKey {
			return nil, errNotJSON
		}
		if _, twice := members[key]; twice {
			return nil, errDuplicate
		}
		value, refused := decodeValue(reader, depth)
		if refused != nil {
			return nil, refused
		}
		members[key] = value
	}
	if _, err := reader.Token(); err != nil { // the closing brace
		return nil, errNotJSON
	}
	return members, nil
}

func decodeArray(reader *json.Decoder, depth int) (any, *fault.Fault) {
	elements := []any{}
	for reader.More() {
		value, refused := decodeValue(reader, depth)
		if refused != nil {
			return nil, refused
		}
		elements = append(elements, value)
	}
	if _, err := reader.Token(); err != nil { // the closing bracket
		return nil, errNotJSON
	}
	return elements, nil
}

// decodeNumber gives numbers their own type. A json.Number is a string to the
// check of the variables, which would let it pass where a String is declared.
func decodeNumber(number json.Number) (any, *fault.Fault) {
	if whole, err := strconv.ParseInt(number.String(), 10, 64); err == nil {
		return whole, nil
	}
	broken, err := strconv.ParseFloat(number.String(), 64)
	if err != nil {
		return nil, errNumber
	}
	return broken, nil
}
