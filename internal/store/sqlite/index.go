package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"accord/internal/store"
)

const (
	insertEntry = `INSERT INTO entry (ix, token, key, id, fam) VALUES (?, ?, ?, ?, ?)`
	deleteEntry = `DELETE FROM entry WHERE ix = ? AND token = ? AND key = ? AND id = ?`
	anotherKey  = `SELECT count(*) FROM (
		SELECT 1 FROM entry WHERE ix = ? AND token = '' AND key >= ? AND key < ? AND id <> ? LIMIT 1)`
)

// place puts a document into an index, or moves it there, touching only the rows
// that change: most changes move no token and no key. old is nil for a document
// that was in no index before.
func place(ctx context.Context, c *connection, ix int64, x store.Index, old *store.Document, d store.Document) error {
	var was, is []string
	var oldKey, key string
	if old != nil {
		if _, k, in := x.Key(*old); in {
			oldKey, was = k, tokensIn(x, *old)
		}
	}
	if _, k, in := x.Key(d); in {
		key, is = k, tokensIn(x, d)
	}
	gone, come := was, is
	if oldKey == key {
		gone, come = difference(was, is), difference(is, was)
	}
	for _, token := range gone {
		if _, err := c.exec(ctx, deleteEntry, ix, token, []byte(oldKey), d.ID); err != nil {
			return err
		}
	}
	for _, token := range come {
		if _, err := c.exec(ctx, insertEntry, ix, token, []byte(key), d.ID, d.Family); err != nil {
			return err
		}
	}
	return nil
}

// difference returns what is in a and not in b, both sorted.
func difference(a, b []string) []string {
	var only []string
	for _, s := range a {
		for len(b) > 0 && b[0] < s {
			b = b[1:]
		}
		if len(b) == 0 || b[0] != s {
			only = append(only, s)
		}
	}
	return only
}

// taken reports whether another document holds the document's key in a unique
// index.
func taken(ctx context.Context, c *connection, ix int64, x store.Index, d store.Document) (bool, error) {
	equal, _, in := x.Key(d)
	if !in {
		return false, nil
	}
	var others int
	err := c.row(ctx, anotherKey, []any{ix, []byte(x.Near(equal)), []byte(x.Far(equal)), d.ID}, &others)
	return others > 0, err
}

// declaration is what is stored of an index, to see whether it must be built
// again.
type declaration struct {
	KeyForm int
	store.Index
}

// everybody is the token under which an index that is not visible keeps its
// entries. No document carries it, since a token is never empty.
const everybody = ""

// tokensIn are the tokens under which a document stands in an index.
func tokensIn(x store.Index, d store.Document) []string {
	if x.Visible {
		return d.Tokens
	}
	return []string{everybody}
}

// reconcile makes the stored indexes those declared: a new or changed one is
// built from the documents, one no longer declared is removed. It returns the
// number of each index by name.
func reconcile(ctx context.Context, c *connection, declared *store.Declared) (map[string]int64, error) {
	numbers := make(map[string]int64)
	err := inTransaction(ctx, c.sql, func() error {
		stored, err := storedShapes(ctx, c, numbers)
		if err != nil {
			return err
		}
		wanted, err := shapesOf(declared)
		if err != nil {
			return err
		}
		for name, shape := range stored {
			if wanted[name] == shape {
				continue
			}
			if err := forget(ctx, c, numbers[name]); err != nil {
				return fmt.Errorf("remove index %s: %w", name, err)
			}
			delete(numbers, name)
		}
		for _, x := range declared.Indexes() {
			if _, kept := numbers[x.Name]; kept {
				continue
			}
			ix, err := build(ctx, c, x, wanted[x.Name])
			if err != nil {
				return fmt.Errorf("build index %s: %w", x.Name, err)
			}
			numbers[x.Name] = ix
		}
		return nil
	})
	return numbers, err
}

// storedShapes are the indexes of the file, by name; their numbers go into numbers.
func storedShapes(ctx context.Context, c *connection, numbers map[string]int64) (map[string]string, error) {
	stored := make(map[string]string)
	err := c.rows(ctx, `SELECT ix, name, shape FROM declaration`, nil, func(scan func(...any) error) error {
		var ix int64
		var name, shape string
		if err := scan(&ix, &name, &shape); err != nil {
			return fmt.Errorf("read a declaration: %w", err)
		}
		numbers[name], stored[name] = ix, shape
		return nil
	})
	return stored, err
}

// shapesOf are the indexes as they are declared, by name.
func shapesOf(declared *store.Declared) (map[string]string, error) {
	wanted := make(map[string]string)
	for _, x := range declared.Indexes() {
		shape, err := json.Marshal(declaration{KeyForm: store.KeyForm, Index: x})
		if err != nil {
			return nil, fmt.Errorf("describe index %s: %w", x.Name, err)
		}
		wanted[x.Name] = string(shape)
	}
	return wanted, nil
}

func forget(ctx context.Context, c *connection, ix int64) error {
	if _, err := c.exec(ctx, `DELETE FROM entry WHERE ix = ?`, ix); err != nil {
		return err
	}
	_, err := c.exec(ctx, `DELETE FROM declaration WHERE ix = ?`, ix)
	return err
}

// buildPage is how many documents are held at once while an index is built.
const buildPage = 200

func build(ctx context.Context, c *connection, x store.Index, shape string) (ix int64, err error) {
	if _, err := c.exec(ctx, `INSERT INTO declaration (name, shape) VALUES (?, ?)`, x.Name, shape); err != nil {
		return 0, err
	}
	if err := c.row(ctx, `SELECT ix FROM declaration WHERE name = ?`, []any{x.Name}, &ix); err != nil {
		return 0, err
	}
	for family, id := "", ""; ; {
		var page []store.Document
		err := c.rows(ctx, `SELECT body FROM document WHERE kind = ? AND (fam, id) > (?, ?) ORDER BY fam, id LIMIT ? + 0`,
			[]any{string(x.Kind), family, id, buildPage}, collect(&page))
		if err != nil {
			return 0, err
		}
		for _, d := range page {
			if err := place(ctx, c, ix, x, nil, d); err != nil {
				return 0, err
			}
			if !x.Unique {
				continue
			}
			switch another, err := taken(ctx, c, ix, x, d); {
			case err != nil:
				return 0, err
			case another:
				return 0, fmt.Errorf("documents share a key: %w", store.ErrDuplicate)
			}
		}
		if len(page) < buildPage {
			return ix, nil
		}
		family, id = page[len(page)-1].Family, page[len(page)-1].ID
	}
}

// collect appends the document in the only column of each row.
func collect(into *[]store.Document) func(scan func(...any) error) error {
	return func(scan func(...any) error) error {
		var body []byte
		if err := scan(&body); err != nil {
			return fmt.Errorf("read a document: %w", err)
		}
		d, err := store.DecodeDocument(body)
		if err != nil {
			return fmt.Errorf("read a document: %w", err)
		}
		*into = append(*into, d)
		return nil
	}
}
