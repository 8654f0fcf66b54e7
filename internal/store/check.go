package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// isName reports whether s can be an id, a kind, a family, a token or the like:
// not empty, well-formed, and free of the zero byte, which ends a string in too
// many places.
func isName(s string) bool {
	return s != "" && utf8.ValidString(s) && !strings.ContainsRune(s, 0)
}

func isFieldName(s string) bool {
	return isName(s) && !strings.Contains(s, ".") && !strings.HasPrefix(s, "$")
}

// CheckLimit refuses a limit outside 1 to MaxPage.
func CheckLimit(limit int) error {
	if limit < 1 || limit > MaxPage {
		return fmt.Errorf("a limit is 1 to %d, not %d", MaxPage, limit)
	}
	return nil
}

// CheckList refuses more than MaxPage of what is asked for at once.
func CheckList(n int) error {
	if n > MaxPage {
		return fmt.Errorf("at most %d are asked for at once, not %d", MaxPage, n)
	}
	return nil
}

// CheckQuery returns the index of a proper query. Limit is checked apart, since
// Count ignores the query's.
func (d *Declared) CheckQuery(q Query) (Index, error) {
	x, err := d.Index(q.Index)
	if err != nil {
		return Index{}, err
	}
	switch {
	case len(q.Equal) != len(x.Equal):
		return Index{}, fmt.Errorf("index %s compares %d fields, the query gives %d", x.Name, len(x.Equal), len(q.Equal))
	case !x.Visible && (len(q.Tokens) > 0 || q.Excluded != ""):
		return Index{}, fmt.Errorf("index %s knows no tokens and no exclusions", x.Name)
	case len(q.Tokens) > MaxTokens:
		return Index{}, fmt.Errorf("a query has at most %d tokens, not %d", MaxTokens, len(q.Tokens))
	case q.Excluded != "" && !isName(q.Excluded):
		return Index{}, errors.New("the excluded principal of a query has no proper name")
	case q.After != nil && !isName(q.After.ID):
		return Index{}, errors.New("the position of a query has no proper id")
	}
	for i, token := range q.Tokens {
		if !isName(token) || slices.Contains(q.Tokens[:i], token) {
			return Index{}, errors.New("a token of a query is improper or repeated")
		}
	}
	return x, nil
}

// CheckBatch refuses a batch that no store could apply whatever it holds. Only
// that documents keep their family and kind, and that guards are of the batch's
// family, is left to the adapter.
func (d *Declared) CheckBatch(b Batch) error {
	if b.Family == "" && (len(b.Writes) > 0 || len(b.Guards) > 0 || len(b.Excluded) > 0) {
		return errors.New("the batch names no family")
	}
	written := make(map[string]bool, len(b.Writes))
	for _, w := range b.Writes {
		if err := d.checkWrite(b.Family, w); err != nil {
			return fmt.Errorf("write of document %q: %w", w.Document.ID, err)
		}
		if written[w.Document.ID] {
			return fmt.Errorf("document %q is written twice in one batch", w.Document.ID)
		}
		written[w.Document.ID] = true
	}
	guarded := make(map[string]bool, len(b.Guards))
	for _, g := range b.Guards {
		switch {
		case !isName(g.ID):
			return errors.New("a guard has an improper id")
		case g.Version < 1:
			return fmt.Errorf("document %q is guarded at version %d, which no document has", g.ID, g.Version)
		case written[g.ID]:
			return fmt.Errorf("document %q is both guarded and written in one batch", g.ID)
		case guarded[g.ID]:
			return fmt.Errorf("document %q is guarded twice in one batch", g.ID)
		}
		guarded[g.ID] = true
	}
	for _, x := range b.Excluded {
		if !isName(x.Principal) || x.Family != b.Family {
			return errors.New("an exclusion has an improper principal or is of another family than the batch")
		}
	}
	if r := b.Receipt; r != nil && (!isName(r.Person) || !isName(r.Key)) {
		return errors.New("a receipt has an improper person or key")
	}
	posted := make(map[string]bool, len(b.Outbox))
	for _, m := range b.Outbox {
		switch {
		case !isName(m.ID), !isName(m.Topic):
			return errors.New("a message has an improper id or topic")
		case posted[m.ID]:
			return fmt.Errorf("message %q is posted twice in one batch", m.ID)
		case len(m.Body) > 0 && m.Body.Validate() != nil:
			return fmt.Errorf("message %q has a malformed body", m.ID)
		}
		posted[m.ID] = true
	}
	for _, entry := range b.Entries {
		if len(entry) == 0 {
			return errors.New("a log entry is empty")
		}
	}
	return nil
}

func (d *Declared) checkWrite(family string, w Write) error {
	doc := w.Document
	switch {
	case !isName(doc.ID):
		return errors.New("the id is improper")
	case !isName(doc.Family):
		return errors.New("the family is improper")
	case doc.Family != family:
		return errors.New("it is of another family than the batch")
	case w.Expect < 0 || doc.Version != w.Expect+1:
		return fmt.Errorf("version %d does not follow the expected %d", doc.Version, w.Expect)
	case len(doc.Tokens) > MaxDocumentTokens:
		return fmt.Errorf("it has %d tokens, more than %d", len(doc.Tokens), MaxDocumentTokens)
	case len(doc.Head) > 0 && doc.Head.Validate() != nil:
		return errors.New("the head is malformed")
	}
	if err := d.CheckKind(doc.Kind); err != nil {
		return err
	}
	for i, token := range doc.Tokens {
		if !isName(token) || i > 0 && doc.Tokens[i-1] >= token {
			return errors.New("the tokens are improper, unsorted or repeated")
		}
	}
	for i, f := range doc.Fields {
		if !isFieldName(f.Name) || !utf8.ValidString(f.Value.Text) || i > 0 && doc.Fields[i-1].Name >= f.Name {
			return errors.New("the fields are improper, unsorted or repeated")
		}
	}
	for i, s := range doc.Sections {
		if !isName(s.Name) || i > 0 && doc.Sections[i-1].Name >= s.Name {
			return errors.New("the sections are improper, unsorted or repeated")
		}
	}
	return nil
}
