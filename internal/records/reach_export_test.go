package records

import (
	"context"
	"strings"

	"accord/internal/store"
	"accord/internal/views"
)

// Reached is what of a stored document says who reaches it and what it carries.
type Reached struct {
	Tokens  []string // the kinds of its tokens
	Classes []string // the names of its sections, levels left out
}

// Reaches reads every document of a kind as it lies in the store.
func (r *Records) Reaches(ctx context.Context, kind views.Kind) ([]Reached, error) {
	var all []Reached
	query := store.Query{Index: formIndex(kindOf(kind)), Limit: store.MaxPage}
	page, err := r.stored.Find(ctx, query)
	if err != nil {
		return nil, err
	}
	for _, doc := range page.Documents {
		var reached Reached
		for _, token := range doc.Tokens {
			name, _, _ := strings.Cut(strings.TrimPrefix(token, alone("")), ":")
			reached.Tokens = append(reached.Tokens, name)
		}
		for _, section := range doc.Sections {
			class, _, _ := strings.Cut(section.Name, ".")
			if class != attestation {
				reached.Classes = append(reached.Classes, class)
			}
		}
		all = append(all, reached)
	}
	return all, nil
}

// Source is what an explanation says that a kind of token hangs on.
func Source(token string) (string, bool) {
	by, known := sources[token]
	return by, known
}
