package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"accord/internal/store"
)

// Lists travel as one JSON parameter, so that each of these is one text whatever
// the length of the list. The left side of a cross join is always read first.
const (
	selectOne  = `SELECT body FROM document WHERE id = ?`
	selectMany = `SELECT w.key, d.body FROM json_each(?) AS w CROSS JOIN document AS d ON d.id = w.value`

	selectFamilies = `SELECT w.key, d.body FROM json_each(?1) AS w CROSS JOIN document AS d ON d.id IN (
		SELECT f.id FROM document AS f WHERE f.kind = ?2 AND f.fam = w.value ORDER BY f.id LIMIT ?3 + 0)`
)

// Get implements store.Store.
func (s *Store) Get(ctx context.Context, id string) (store.Document, error) {
	var d store.Document
	err := s.read(ctx, func(ctx context.Context, c *connection) error {
		var body []byte
		err := c.row(ctx, selectOne, []any{id}, &body)
		if errors.Is(err, sql.ErrNoRows) {
			return store.ErrAbsent
		}
		if err != nil {
			return err
		}
		d, err = store.DecodeDocument(body)
		return err
	})
	if err != nil {
		return store.Document{}, fmt.Errorf("get: %w", err)
	}
	return d, nil
}

// GetMany implements store.Store.
func (s *Store) GetMany(ctx context.Context, ids []string) ([]store.Document, error) {
	if err := store.CheckList(len(ids)); err != nil {
		return nil, fmt.Errorf("get many: %w", err)
	}
	documents, err := s.list(ctx, ids, selectMany)
	if err != nil {
		return nil, fmt.Errorf("get many: %w", err)
	}
	return documents, nil
}

// Families implements store.Store.
func (s *Store) Families(ctx context.Context, kind store.Kind, families []string, limit int) ([]store.Document, error) {
	err := errors.Join(s.declared.CheckKind(kind), store.CheckList(len(families)), store.CheckLimit(limit))
	if err != nil {
		return nil, fmt.Errorf("families: %w", err)
	}
	documents, err := s.list(ctx, families, selectFamilies, string(kind), limit)
	if err != nil {
		return nil, fmt.Errorf("families: %w", err)
	}
	return documents, nil
}

func (s *Store) list(ctx context.Context, names []string, text string, more ...any) (documents []store.Document, err error) {
	err = s.read(ctx, func(ctx context.Context, c *connection) error {
		documents, err = listDocuments(ctx, c, names, text, more...)
		return err
	})
	return documents, err
}

// listDocuments runs a text over a list of names and returns what it finds in the
// order of the list and then by id.
func listDocuments(ctx context.Context, c *connection, names []string, text string, more ...any) ([]store.Document, error) {
	if len(names) == 0 {
		return nil, nil
	}
	list, err := json.Marshal(names)
	if err != nil {
		return nil, fmt.Errorf("encode the list: %w", err)
	}
	type listed struct {
		place    int
		document store.Document
	}
	all := make([]listed, 0, len(names))
	err = c.rows(ctx, text, append([]any{string(list)}, more...), func(scan func(...any) error) (err error) {
		var l listed
		var body []byte
		if err = scan(&l.place, &body); err != nil {
			return fmt.Errorf("read a document: %w", err)
		}
		l.document, err = store.DecodeDocument(body)
		all = append(all, l)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b listed) int {
		return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.document.ID, b.document.ID))
	})
	documents := make([]store.Document, len(all))
	for i, l := range all {
		documents[i] = l.document
	}
	return documents, nil
}

// Excluded implements store.Store.
func (s *Store) Excluded(ctx context.Context, principal string) ([]string, error) {
	var families []string
	err := s.read(ctx, func(ctx context.Context, c *connection) error {
		return c.rows(ctx, `SELECT fam FROM excluded WHERE principal = ? ORDER BY fam`, []any{principal},
			func(scan func(...any) error) error {
				var family string
				if err := scan(&family); err != nil {
					return fmt.Errorf("read an exclusion: %w", err)
				}
				families = append(families, family)
				return nil
			})
	})
	if err != nil {
		return nil, fmt.Errorf("excluded: %w", err)
	}
	return families, nil
}

// Receipt implements store.Store.
func (s *Store) Receipt(ctx context.Context, person, key string) (store.Receipt, error) {
	receipt := store.Receipt{Person: person, Key: key}
	err := s.read(ctx, func(ctx context.Context, c *connection) error {
		var until int64
		var result []byte
		err := c.row(ctx, `SELECT until, input, result FROM receipt WHERE person = ? AND key = ?`,
			[]any{person, key}, &until, &receipt.Input, &result)
		if errors.Is(err, sql.ErrNoRows) || err == nil && !s.lives(until) {
			return store.ErrAbsent
		}
		if err != nil {
			return err
		}
		receipt.Until = time.UnixMilli(until).UTC()
		if err := json.Unmarshal(result, &receipt.Result); err != nil {
			return fmt.Errorf("read the result: %w", err)
		}
		return nil
	})
	if err != nil {
		return store.Receipt{}, fmt.Errorf("receipt: %w", err)
	}
	return receipt, nil
}

// lives reports whether a receipt kept until then still counts.
func (s *Store) lives(until int64) bool { return s.clock().UnixMilli() <= until }

// Outbox implements store.Store.
func (s *Store) Outbox(ctx context.Context, limit int) ([]store.Message, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	var messages []store.Message
	err := s.read(ctx, func(ctx context.Context, c *connection) error {
		return c.rows(ctx, `SELECT id, topic, body FROM outbox ORDER BY seq LIMIT ? + 0`, []any{limit},
			func(scan func(...any) error) error {
				var m store.Message
				if err := scan(&m.ID, &m.Topic, (*[]byte)(&m.Body)); err != nil {
					return fmt.Errorf("read a message: %w", err)
				}
				messages = append(messages, m)
				return nil
			})
	})
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	return messages, nil
}
