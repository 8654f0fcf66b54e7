package records

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"

	"accord/domain/fault"
	"accord/internal/secrets"
	"accord/internal/store"
	"accord/internal/views"
)

// maxPage bounds what a caller may ask for in one page.
const maxPage = 100

// examinedForFilter bounds how many records a filter that no index serves looks
// at for one page; the page may then be short and its cursor goes on.
const examinedForFilter = 1000

// countedAtMost is up to where a total is exact.
const countedAtMost = 1000

// PageRequest is which page of a list is asked for.
type PageRequest struct {
	First int
	After *string
}

// listing is a list as its index serves it.
type listing[V any] struct {
	name  string // of the list and what it is filtered and ordered by, for its cursors
	kind  views.Kind
	index string
	equal []store.Value
	order string // the index's order field
	view  viewOf[V]
	keep  func(V) bool // what no index serves; nil keeps all
}

// pageOf reads one page of a list: matching tokens are the relations, so what
// the store returns is what is there for the viewer, and every record is decided
// again all the same.
func pageOf[V any](ctx context.Context, s *Session, list listing[V], request PageRequest) (views.Connection[V], error) {
	connection := views.Connection[V]{Edges: []views.Edge[V]{}}
	if request.First < 1 || request.First > maxPage {
		return connection, fault.Input("first", "range", "Ask for 1 to 100 records.")
	}
	s.trail.ask()
	viewer, err := s.viewer()
	if err != nil {
		return connection, err
	}
	if list.keep == nil && viewer.mayMiss(list.kind) {
		list.keep = func(V) bool { return true }
	}
	query, err := s.queryOf(viewer, list.kind, list.index, list.equal)
	if err != nil || len(query.Tokens) == 0 {
		return connection.Counted(0, false), err
	}
	binding := s.binding(list.name)
	position, err := s.positionOf(binding, request.After)
	if err != nil {
		return connection, err
	}
	walk := walker[V]{session: s, list: list, query: query, mayMiss: viewer.mayMiss(list.kind)}
	walk.query.After = position
	found, more, err := walk.take(ctx, request.First)
	if err != nil {
		return connection, err
	}
	for _, one := range found {
		connection.Edges = append(connection.Edges, views.Edge[V]{Cursor: s.cursor(binding, one.at), Node: one.view})
	}
	connection.PageInfo.HasNextPage = more
	if end := walk.end; end != nil && (len(found) > 0 || more) {
		cursor := s.cursor(binding, *end)
		connection.PageInfo.EndCursor = &cursor
	}
	total, err := countOf(ctx, s, list, query)
	return connection.Counted(total.count, !total.exact), err
}

// found is a record of a page and where it stands.
type found[V any] struct {
	view V
	at   store.Position
}

// walker walks a list behind a position.
type walker[V any] struct {
	session *Session
	list    listing[V]
	query   store.Query
	end     *store.Position // the last position looked at
	looked  int
	mayMiss bool // what is not there for the viewer is passed over
}

// take returns up to want records and whether there is more behind them.
func (w *walker[V]) take(ctx context.Context, want int) ([]found[V], bool, error) {
	taken := []found[V]{}
	for {
		w.query.Limit = want - len(taken)
		if w.list.keep != nil {
			w.query.Limit = min(maxPage, examinedForFilter-w.looked)
		}
		page, err := w.read(ctx)
		if err != nil {
			return nil, false, err
		}
		together := &views.Together{}
		for _, doc := range page.Documents {
			together.Families = append(together.Families, doc.Family)
		}
		for i, doc := range page.Documents {
			at := store.Position{Order: orderOf(doc, w.list.order), ID: doc.ID}
			w.end = &at
			one, reached, err := examine(ctx, w.session, w.list.kind, doc, together, w.list.view)
			if err != nil {
				return nil, false, err
			}
			if !reached && w.mayMiss {
				continue
			}
			if !reached {
				return nil, false, fmt.Errorf("the index %s gave %s, which its tokens do not reach", w.list.index, doc.ID)
			}
			if w.list.keep == nil || w.list.keep(one) {
				w.session.trail.seen(doc)
				taken = append(taken, found[V]{one, at})
			}
			if len(taken) == want {
				return taken, page.More || i < len(page.Documents)-1, nil
			}
		}
		if !page.More || w.looked >= examinedForFilter {
			return taken, page.More, nil
		}
		w.query.After = w.end
	}
}

func (w *walker[V]) read(ctx context.Context) (store.Page, error) {
	stop := w.session.phase("fetch")
	defer stop()
	page, err := w.session.records.store.Find(ctx, w.query)
	if err != nil {
		return page, fmt.Errorf("reading a page of %s: %w", w.list.index, err)
	}
	w.looked += len(page.Documents)
	return page, nil
}

func orderOf(doc store.Document, field string) store.Value {
	value, _ := doc.Field(field)
	return value
}

// tally is how long a list is: exactly, or at least.
type tally struct {
	count int
	exact bool
}

// countOf counts the whole list up to a bound.
func countOf[V any](ctx context.Context, s *Session, list listing[V], query store.Query) (tally, error) {
	stop := s.phase("fetch")
	defer stop()
	query.After = nil
	if list.keep != nil {
		return countKept(ctx, s, list, query)
	}
	count, err := s.records.store.Count(ctx, query, countedAtMost+1)
	if err != nil {
		return tally{}, fmt.Errorf("counting %s: %w", list.index, err)
	}
	return tally{min(count, countedAtMost), count <= countedAtMost}, nil
}

// countKept counts what a filter keeps that no index serves, among as many
// records as such a filter looks at.
func countKept[V any](ctx context.Context, s *Session, list listing[V], query store.Query) (tally, error) {
	viewer, err := s.viewer()
	if err != nil {
		return tally{}, err
	}
	query.Limit = examinedForFilter
	page, err := s.records.store.Find(ctx, query)
	if err != nil {
		return tally{}, fmt.Errorf("counting %s: %w", list.index, err)
	}
	kept := tally{exact: !page.More}
	for _, doc := range page.Documents {
		sight, reached := s.sightOf(viewer, list.kind, doc)
		if !reached {
			continue
		}
		one, err := list.view(s.record(ctx, doc, sight, nil), doc)
		if err != nil {
			return tally{}, err
		}
		if list.keep(one) {
			kept.count++
		}
	}
	return kept, nil
}

// queryOf makes the query of a list for this viewer.
func (s *Session) queryOf(viewer reach, kind views.Kind, index string, equal []store.Value) (store.Query, error) {
	tokens, err := s.tokensFor(viewer, kind)
	return store.Query{Index: index, Equal: equal, Tokens: tokens, Excluded: s.capacity.Person}, err
}

// binding ties a cursor to who asked for what under which policy.
func (s *Session) binding(list string) []byte {
	parts := []string{s.capacity.Person, s.capacity.Agency, s.table.Hash(), list}
	for _, role := range s.capacity.Roles {
		parts = append(parts, role.String())
	}
	return secrets.Binding(parts...)
}

func (s *Session) cursor(binding []byte, at store.Position) string {
	form := byte('n')
	text := strconv.FormatInt(at.Order.Number, 10)
	if at.Order.IsText {
		form, text = 't', at.Order.Text
	}
	payload := append([]byte{form}, binary.AppendUvarint(nil, uint64(len(text)))...)
	payload = append(payload, text...)
	return s.records.cursors.Encode(binding, append(payload, at.ID...))
}

func (s *Session) positionOf(binding []byte, after *string) (*store.Position, error) {
	if after == nil {
		return nil, nil
	}
	payload, err := s.records.cursors.Decode(binding, *after)
	if err != nil {
		return nil, err
	}
	position, ok := parsePosition(payload)
	if !ok {
		return nil, errors.New("a sealed cursor holds no position")
	}
	return &position, nil
}

func parsePosition(payload []byte) (store.Position, bool) {
	if len(payload) < 2 {
		return store.Position{}, false
	}
	length, size := binary.Uvarint(payload[1:])
	rest := payload[1:]
	if size <= 0 || length > uint64(max(0, len(rest)-size)) {
		return store.Position{}, false
	}
	text, id := string(rest[size:size+int(length)]), string(rest[size+int(length):]) //nolint:gosec // bounded above
	if payload[0] == 't' {
		return store.Position{Order: store.Text(text), ID: id}, true
	}
	number, err := strconv.ParseInt(text, 10, 64)
	return store.Position{Order: store.Number(number), ID: id}, err == nil
}
