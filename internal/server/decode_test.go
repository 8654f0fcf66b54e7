package server

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// FuzzDecodeRequest holds the decoder against encoding/json: what it accepts,
// encoding/json reads the same way, and what it says of what it refuses holds
// nothing of it.
func FuzzDecodeRequest(f *testing.F) {
	for _, seed := range []string{
		`{"query":"{ a }","variables":{"a":[1,2.5,-0,"x",null,true,{"b":{}}]},"operationName":null,"extensions":{"c":1}}`,
		`{"query":"{ a }","query":"{ b }"}`, `{"query":"{ a }"} x`, `[{"query":"{ a }"}]`, `{"query":1}`, `{"Query":"{ a }"}`,
		`{"query":"{ a }","variables":[1]}`, `{"query":"{ a }","variables":{"a":1e400}}`, `{"query":"\ud800","other":[[]]}`,
		`{"query":"{ a }",}`, `{"query" "a"}`, "\ufeff{}", "", "{", `{"query":"a","variables":{"a":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		request, refused := decodeRequest(body)
		if refused != nil {
			if slices.Contains([]string{
				errNotJSON.Message, errDeepJSON.Message, errDuplicate.Message, errBatch.Message, errNumber.Message,
				errQuery.Message, errName.Message, errVariables.Message, errExtensions.Message,
			}, refused.Message) {
				return
			}
			t.Fatalf("refused in words of its own: %v", refused)
		}
		var plain map[string]any
		if err := json.Unmarshal(body, &plain); err != nil {
			t.Fatalf("accepted what encoding/json refuses: %v", err)
		}
		if request.Query != plain["query"] {
			t.Fatalf("the query is %q, want %q", request.Query, plain["query"])
		}
		if name, _ := plain["operationName"].(string); request.OperationName != name {
			t.Fatalf("the name is %q, want %q", request.OperationName, name)
		}
		for key, got := range map[string]map[string]any{"variables": request.Variables, "extensions": request.Extensions} {
			want, _ := plain[key].(map[string]any)
			if len(want) == 0 && len(got) == 0 {
				continue
			}
			if !reflect.DeepEqual(asFloats(got), any(want)) {
				t.Fatalf("%s are %v, want %v", key, got, want)
			}
		}
	})
}

// asFloats turns whole numbers into what encoding/json makes of them.
func asFloats(value any) any {
	switch value := value.(type) {
	case int64:
		return float64(value)
	case []any:
		floats := make([]any, len(value))
		for i, element := range value {
			floats[i] = asFloats(element)
		}
		return floats
	case map[string]any:
		floats := make(map[string]any, len(value))
		for key, member := range value {
			floats[key] = asFloats(member)
		}
		return floats
	default:
		return value
	}
}

func TestTheMediaTypeIsTheOneAskedFor(t *testing.T) {
	cases := map[string]string{
		"":                                       mediaJSON,
		"*/*":                                    mediaJSON,
		"application/*":                          mediaJSON,
		"application/json":                       mediaJSON,
		"application/graphql-response+json":      mediaGraphQL,
		"application/graphql-response+json, */*": mediaGraphQL,
		"application/json, application/graphql-response+json;q=0.9":                         mediaJSON,
		"application/graphql-response+json; charset=utf-8, application/json; charset=utf-8": mediaGraphQL,
		"application/graphql-response+json;q=0":                                             mediaJSON,
		"application/graphql-response+json;q=much":                                          mediaJSON,
		"text/html": mediaJSON,
		";;;":       mediaJSON,
	}
	for accept, want := range cases {
		if got := negotiate([]string{accept}); got != want {
			t.Errorf("%q is answered as %s", accept, got)
		}
	}
}
