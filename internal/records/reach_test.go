package records_test

import (
	"testing"

	"accord/authz"
	"accord/cmd/accord/stage"
	"accord/internal/records"
	"accord/internal/views"
)

// relationOf is what each kind of token stands for, by whom holds it.
var relationOf = map[string]authz.Relation{
	"a": authz.Assigned, "t": authz.Team, "ou": authz.Owner, "ot": authz.Owner, "om": authz.Owner, "rp": authz.Representative,
	"sg": authz.Signed, "iv": authz.InvitedItem, "c": authz.Convenor, "cn": authz.Convenor, "relay": authz.Convenor,
	"ch": authz.Chair, "s": authz.Spoc, "d": authz.Oversight, "fl": authz.Filed, "n": authz.Nominal, "cs": authz.Consented,
	"f": authz.BreakGlass, "fo": authz.BreakGlass, "al": authz.Addressee, "post": authz.Addressee, "ap": authz.AgencyParty,
	"ru": authz.Released, "rt": authz.Released, "rm": authz.Released,
}

// noRelation are tokens that give nobody a record.
var noRelation = map[string]bool{"g": true, "w": true, "x": true}

// What a policy may be written about is what the records are: every kind is declared,
// and no document carries a class or a relation that its kind does not declare. A
// policy's rule that is called unreachable can then do nothing indeed.
func TestWhatARecordCarriesIsDeclared(t *testing.T) {
	s := stage.New(t, stage.Options{})
	met := 0
	for _, kind := range views.Kinds() {
		classes, relations, declared := authz.Carried(string(kind))
		if !declared {
			t.Errorf("a record of kind %s is not declared", kind)
			continue
		}
		for _, class := range authz.DataClasses() {
			if kind.Row().Has(class) && !classes.Has(class) && kind != views.AttachmentKind {
				t.Errorf("a record of kind %s is there by %s, which it does not declare", kind, class)
			}
		}
		stored, err := s.Program.Records().Reaches(t.Context(), kind)
		if err != nil {
			t.Fatal(err)
		}
		if len(stored) > 0 {
			met++
		}
		for _, doc := range stored {
			for _, name := range doc.Classes {
				if class, err := authz.ParseDataClass(name); err != nil || !classes.Has(class) {
					t.Fatalf("a record of kind %s carries %s, which it does not declare", kind, name)
				}
			}
			for _, token := range doc.Tokens {
				if noRelation[token] {
					continue
				}
				relation, known := relationOf[token]
				if !known {
					t.Fatalf("a record of kind %s has a token %s that stands for nothing", kind, token)
				}
				if !relations.Has(relation) {
					t.Fatalf("a record of kind %s is reached by %s, which it does not declare", kind, relation)
				}
			}
		}
	}
	if met < 9 {
		t.Errorf("only %d kinds of record were met", met)
	}
}

// An explanation has words for every kind of token.
func TestEveryTokenCanBeExplained(t *testing.T) {
	for token := range relationOf {
		if words, known := records.Source(token); !known || words == "" {
			t.Errorf("nothing is said of a token of kind %s", token)
		}
	}
}
