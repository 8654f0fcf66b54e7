package records

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/internal/store"
)

// Yesterday says how documents of a kind were written before a step: what the step
// does, backwards. What is nil is as it is now.
type Yesterday struct {
	Head     Lift
	Sections func(map[string]bson.D) map[string]bson.D
	Tokens   func([]string) []string
	Fields   func([]store.Field) []store.Field
}

// With is the forms of this program, and of the kinds given as they are given.
func (f Forms) With() Forms {
	all := maps.Clone(formsOfRecords)
	maps.Copy(all, f)
	return all
}

// Untraced writes what every party is found under as nothing: nobody is found.
func (r *Records) Untraced(ctx context.Context) error {
	page, err := r.stored.Find(ctx, store.Query{Index: formIndex(traceKind), Limit: store.MaxPage})
	if err != nil || page.More || len(page.Documents) == 0 {
		return fmt.Errorf("reading %d traces, more %v: %w", len(page.Documents), page.More, err)
	}
	for _, doc := range page.Documents {
		read := doc.Version
		doc.Version, doc.Tokens = read+1, nil
		batch := store.Batch{Family: doc.Family, Writes: []store.Write{{Document: doc, Expect: read}}}
		if err := (attested{r.stored, r.keyring}).Apply(ctx, batch); err != nil {
			return fmt.Errorf("writing a trace: %w", err)
		}
	}
	return nil
}

// AsYesterday writes every document of the kind again, as a program of the first
// form wrote it, and returns their ids. What a document says stays, and so does its
// revision.
func (r *Records) AsYesterday(ctx context.Context, kind store.Kind, was Yesterday) ([]string, error) {
	believing := attested{r.stored, r.keyring}
	var ids []string
	query := store.Query{Index: formIndex(kind), Limit: store.MaxPage}
	page, err := believing.Find(ctx, query)
	if err != nil || page.More {
		return nil, fmt.Errorf("reading what was written: more %v, %w", page.More, err)
	}
	for _, doc := range page.Documents {
		old, err := r.asYesterday(ctx, doc, was)
		if err != nil {
			return nil, err
		}
		batch := store.Batch{Family: doc.Family, Writes: []store.Write{{Document: old, Expect: doc.Version}}}
		if err := believing.Apply(ctx, batch); err != nil {
			return nil, fmt.Errorf("writing as yesterday: %w", err)
		}
		ids = append(ids, doc.ID)
	}
	return ids, nil
}

func (r *Records) asYesterday(ctx context.Context, doc store.Document, was Yesterday) (store.Document, error) {
	opened, err := r.openAll(ctx, doc)
	if err != nil {
		return doc, err
	}
	if was.Sections != nil {
		opened = was.Sections(opened)
	}
	upkeeps := upkept(doc)
	doc.Version++
	if was.Head != nil {
		if doc.Head, err = lifted(doc.Head, []Lift{was.Head}); err != nil {
			return doc, err
		}
	}
	if was.Tokens != nil {
		doc.Tokens = was.Tokens(slices.Clone(doc.Tokens))
	}
	key, err := r.keyring.Family(ctx, doc.Family)
	if err != nil {
		return doc, fmt.Errorf("the key: %w", err)
	}
	doc.Sections = nil
	for name, part := range opened {
		plain, err := encode(part)
		if err != nil {
			return doc, err
		}
		sealedPart, err := key.Seal(address(doc, name, doc.Version), plain)
		if err != nil {
			return doc, fmt.Errorf("sealing: %w", err)
		}
		putSection(&doc, store.Section{Name: name, Version: doc.Version, Sealed: sealedPart})
	}
	fields := slices.DeleteFunc(slices.Clone(doc.Fields), func(f store.Field) bool { return f.Name == formField || f.Name == upkeptField })
	if was.Fields != nil {
		fields = was.Fields(fields)
	}
	at := slices.IndexFunc(append(fields, store.Field{Name: "~"}), func(f store.Field) bool { return f.Name > formField })
	fields = slices.Insert(fields, at, store.Field{Name: formField, Value: store.Number(1)})
	at = slices.IndexFunc(append(fields, store.Field{Name: "~"}), func(f store.Field) bool { return f.Name > upkeptField })
	doc.Fields = slices.Insert(fields, at, store.Field{Name: upkeptField, Value: store.Number(upkeeps + 1)})
	return doc, nil
}

// openAll opens every section as it is stored.
func (r *Records) openAll(ctx context.Context, doc store.Document) (map[string]bson.D, error) {
	key, err := r.keyring.Known(ctx, doc.Family)
	if err != nil {
		return nil, fmt.Errorf("the key: %w", err)
	}
	opened := map[string]bson.D{}
	for _, section := range doc.Sections {
		if section.Name == attestation {
			continue
		}
		plain, err := key.Open(address(doc, section.Name, section.Version), section.Sealed)
		if err != nil {
			return nil, fmt.Errorf("opening %s: %w", section.Name, err)
		}
		var part bson.D
		if err := decode(plain, &part); err != nil {
			return nil, err
		}
		opened[section.Name] = part
	}
	return opened, nil
}

// Stored is a document as it is stored, with its sections opened as they are.
type Stored struct {
	store.Document
	Form   int64
	Opened map[string]bson.D
}

// Stored reads a document past everything that lifts.
func (r *Records) Stored(ctx context.Context, id string) (Stored, error) {
	doc, err := attested{r.stored, r.keyring}.Get(ctx, id)
	if err != nil {
		return Stored{}, err
	}
	form, _ := doc.Field(formField)
	opened, err := r.openAll(ctx, doc)
	return Stored{doc, form.Number, opened}, err
}

// DestroyFamily destroys the key of a family.
func (r *Records) DestroyFamily(ctx context.Context, family string) error {
	return r.keyring.Destroy(ctx, family) //nolint:wrapcheck // a test says what failed
}

// Forge changes a document as somebody would who has no keys.
func (r *Records) Forge(ctx context.Context, id string) error {
	doc, err := r.stored.Get(ctx, id)
	if err != nil {
		return err //nolint:wrapcheck // a test says what failed
	}
	doc.Tokens = append(slices.Clone(doc.Tokens), "~")
	expect := doc.Version
	doc.Version++
	return r.stored.Apply(ctx, store.Batch{Family: doc.Family, Writes: []store.Write{{Document: doc, Expect: expect}}}) //nolint:wrapcheck // as above
}

// At opens the same data as a program with other forms does.
func (r *Records) At(forms Forms) (*Records, error) {
	return Open(context.Background(), Config{Store: r.stored, Keyring: r.keyring, Policy: r.policy, Clock: r.clock, Forms: forms})
}
