package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"accord/internal/store"
)

// A query has one arm for each token, which reads one range of the entry table.
// Its parameters are
//
//	?1 index  ?2 far end of the key range  ?3, ?4 key and id to start behind
//	?5 excluded principal  ?6 limit  ?7 … one token for each arm
//
// So a page costs what it shows, however many documents there are. token IN (…)
// would read and sort everything the viewer can see.
//
// A limit is written as a sum, here and in every other text: SQLite plans for the
// value of a limit that is a bare parameter, so it would prepare the statement
// again each time it is bound.
const firstToken = 7

// shape is what the text of a query depends on. The index is a parameter, so
// there are few texts and every connection keeps all it has met prepared.
type shape struct {
	descending bool
	visible    bool
	arms       int
	count      bool
}

func (s shape) arm(token int) string {
	text := `SELECT key, id FROM entry AS e WHERE ix = ?1 AND token = ?` + strconv.Itoa(token)
	if s.descending {
		text += ` AND key >= ?2 AND (key, id) < (?3, ?4)`
	} else {
		text += ` AND key < ?2 AND (key, id) > (?3, ?4)`
	}
	if s.visible {
		text += ` AND NOT EXISTS (SELECT 1 FROM excluded AS x WHERE x.principal = ?5 AND x.fam = e.fam)`
	}
	return text
}

// text joins the arms. Each reads its range in the order asked for, and SQLite
// merges them as rows are drawn: nothing is sorted and no arm is read further
// than the page needs. A page draws every arm's rows, a document with several of
// the tokens once for each; a count draws each document once.
func (s shape) text() string {
	operator := ` UNION ALL `
	if s.count {
		operator = ` UNION `
	}
	arms := make([]string, s.arms)
	for i := range arms {
		arms[i] = s.arm(firstToken + i)
	}
	text := strings.Join(arms, operator) + ` ORDER BY key, id`
	if s.descending {
		text = strings.Join(arms, operator) + ` ORDER BY key DESC, id DESC`
	}
	if s.count {
		return `SELECT count(*) FROM (` + text + ` LIMIT ?6 + 0)`
	}
	return text + ` LIMIT ?6 + 0`
}

// exactArms is how many tokens have a text each; above, they come in eights, and
// the arms left over look for a token nobody carries.
const exactArms = 8

func shapeOf(x store.Index, tokens int, count bool) shape {
	if tokens > exactArms {
		tokens = (tokens + 7) / 8 * 8
	}
	return shape{descending: x.Descending, visible: x.Visible, arms: max(1, tokens), count: count}
}

var texts sync.Map // shape to its text

func textOf(s shape) string {
	if text, ok := texts.Load(s); ok {
		return text.(string) //nolint:forcetypeassert // only strings are stored below
	}
	text := s.text()
	texts.Store(s, text)
	return text
}

func (s *Store) arguments(x store.Index, q store.Query, arms, limit int) []any {
	from, far, id := x.Near(q.Equal), x.Far(q.Equal), ""
	if x.Descending {
		from, far = far, from
	}
	if q.After != nil {
		from, id = x.KeyAt(q.Equal, q.After.Order), q.After.ID
	}
	arguments := make([]any, 0, firstToken-1+arms)
	arguments = append(arguments, s.numbers[x.Name], []byte(far), []byte(from), id, q.Excluded, limit)
	if !x.Visible {
		return append(arguments, everybody)
	}
	for i := range arms {
		token := everybody // nobody carries it, so this arm finds nothing
		if i < len(q.Tokens) {
			token = q.Tokens[i]
		}
		arguments = append(arguments, token)
	}
	return arguments
}

// Find implements store.Store.
func (s *Store) Find(ctx context.Context, q store.Query) (store.Page, error) {
	x, err := s.declared.CheckQuery(q)
	if err == nil {
		err = store.CheckLimit(q.Limit)
	}
	if err != nil {
		return store.Page{}, fmt.Errorf("find: %w", err)
	}
	var page store.Page
	err = s.read(ctx, func(ctx context.Context, c *connection) error {
		if x.Visible && len(q.Tokens) == 0 {
			return nil
		}
		page, err = s.find(ctx, c, x, q)
		return err
	})
	if err != nil {
		return store.Page{}, fmt.Errorf("find in index %s: %w", x.Name, err)
	}
	return page, nil
}

// find reads the ids of a page and then its documents, both from one snapshot:
// between two, a document could lose the token it was found by.
func (s *Store) find(ctx context.Context, c *connection, x store.Index, q store.Query) (page store.Page, err error) {
	if _, err = c.exec(ctx, `BEGIN`); err != nil {
		return store.Page{}, err
	}
	defer func() {
		_, ended := c.exec(ctx, `COMMIT`)
		err = errors.Join(err, ended)
	}()
	ids, examined, err := s.ids(ctx, c, x, q)
	if err != nil {
		return store.Page{}, err
	}
	page = store.Page{More: len(ids) > q.Limit, Examined: examined}
	if page.More {
		ids = ids[:q.Limit]
	}
	page.Documents, err = listDocuments(ctx, c, ids, selectMany)
	if err == nil && len(page.Documents) != len(ids) {
		err = errors.New("an index entry has no document")
	}
	return page, err
}

// ids draws rows until there are Limit + 1 documents, or no more rows.
func (s *Store) ids(ctx context.Context, c *connection, x store.Index, q store.Query) (ids []string, examined int, err error) {
	shape := shapeOf(x, len(q.Tokens), false)
	most := (q.Limit + 1) * shape.arms
	err = c.rows(ctx, textOf(shape), s.arguments(x, q, shape.arms, most), func(scan func(...any) error) (err error) {
		var key sql.RawBytes
		var id string
		if err = scan(&key, &id); err != nil {
			return fmt.Errorf("read an entry: %w", err)
		}
		examined++
		// A document has one key, so its rows come one after the other.
		if len(ids) == 0 || ids[len(ids)-1] != id {
			ids = append(ids, id)
		}
		if len(ids) > q.Limit {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return ids, examined, err
}

// errEnough stops drawing rows.
var errEnough = errors.New("enough")

// Count implements store.Store.
func (s *Store) Count(ctx context.Context, q store.Query, limit int) (int, error) {
	x, err := s.declared.CheckQuery(q)
	if err == nil {
		err = store.CheckLimit(limit)
	}
	if err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	var n int
	err = s.read(ctx, func(ctx context.Context, c *connection) error {
		if x.Visible && len(q.Tokens) == 0 {
			return nil
		}
		shape := shapeOf(x, len(q.Tokens), true)
		return c.row(ctx, textOf(shape), s.arguments(x, q, shape.arms, limit), &n)
	})
	if err != nil {
		return 0, fmt.Errorf("count in index %s: %w", x.Name, err)
	}
	return n, nil
}
