package records

import (
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/authz"
	"accord/internal/store"
	"accord/internal/views"
)

// content is a record as it is written: what of it is clear, what is sealed, and
// who may reach it. Each kind declares this once, beside its views.
type content interface {
	kind() store.Kind
	id() string
	family() string
	// head is clear: ids, states and dates that decide reach and order. Never a
	// value somebody wrote.
	head() any
	// fields are what the kind's indexes are declared over; like the tokens, they
	// follow from the head alone.
	fields() []store.Field
	// parts are the sealed sections.
	parts() []part
	// tokens are who may reach it, given the head of the case it belongs to.
	tokens(root *caseHead) tokenSet
	// row are the classes whose writing creates the record or changes its head.
	row() authz.ClassSet
}

// part is a sealed section before it is sealed: one class at one level.
type part struct {
	class authz.DataClass
	level authz.Level
	value any
}

// full is a section that only those read who hold the class in full.
func full(class authz.DataClass, value any) part { return part{class, authz.Full, value} }

// masked is what the mask of the class shows, in a section of its own, so that a
// masked viewer's request never opens the full one.
func masked(class authz.DataClass, value any) part { return part{class, authz.Masked, value} }

// sectionName names a class at a level, such as "VICTIM_IDENTITY.masked".
func sectionName(class authz.DataClass, level authz.Level) string {
	if level == authz.Masked {
		return class.String() + ".masked"
	}
	return class.String()
}

func encode(value any) ([]byte, error) {
	if bytes, ok := value.(asItIs); ok {
		return bytes, nil
	}
	raw, err := bson.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encoding %T: %w", value, err)
	}
	return raw, nil
}

func decode(raw []byte, into any) error {
	if len(raw) == 0 {
		return nil
	}
	if err := bson.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("decoding %T: %w", into, err)
	}
	return nil
}

func kindOf(k views.Kind) store.Kind { return store.Kind(k) }
