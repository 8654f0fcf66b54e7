package storetest_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
	"accord/internal/store/storetest"
)

// mutants are stores that look right, and the sentence that each of them breaks.
var mutants = []struct {
	defect string
	group  string
	breaks string
	make   func(m *mutant, l *brokenLog)
}{
	{
		"loses the last section of a document", "documents", "a document comes back as it was written",
		func(m *mutant, _ *brokenLog) {
			m.get = func(ctx context.Context, id string) (store.Document, error) {
				d, err := m.Store.Get(ctx, id)
				d.Sections = d.Sections[:max(0, len(d.Sections)-1)]
				return d, err
			}
		},
	},
	{
		"answers many in the order of ids", "documents", "many come in the order asked, those that exist",
		func(m *mutant, _ *brokenLog) {
			m.getMany = func(ctx context.Context, ids []string) ([]store.Document, error) {
				return m.Store.GetMany(ctx, slices.Sorted(slices.Values(ids)))
			}
		},
	},
	{
		"limits all families together", "documents", "families come as given, each by id and up to the limit",
		func(m *mutant, _ *brokenLog) {
			m.families = func(ctx context.Context, kind store.Kind, families []string, limit int) ([]store.Document, error) {
				all, err := m.Store.Families(ctx, kind, families, limit)
				return all[:min(len(all), max(0, limit))], err
			}
		},
	},
	{
		"orders equal values by id upwards in both directions", "order", "pages of any size walk the order once, ties by id, both ways",
		func(m *mutant, _ *brokenLog) {
			m.find = func(ctx context.Context, q store.Query) (store.Page, error) {
				page, err := m.Store.Find(ctx, q)
				if q.Index == "down" {
					slices.SortStableFunc(page.Documents, func(a, b store.Document) int {
						x, _ := a.Field("at")
						y, _ := b.Field("at")
						return cmp.Or(cmp.Compare(y.Number, x.Number), cmp.Compare(a.ID, b.ID))
					})
				}
				return page, err
			}
		},
	},
	{
		"orders text as people do", "order", "numbers come before strings, strings by their bytes",
		func(m *mutant, _ *brokenLog) {
			m.find = func(ctx context.Context, q store.Query) (store.Page, error) {
				page, err := m.Store.Find(ctx, q)
				if q.Index == "at" {
					slices.SortStableFunc(page.Documents, func(a, b store.Document) int {
						x, _ := a.Field("at")
						y, _ := b.Field("at")
						return strings.Compare(strings.ToLower(x.Text), strings.ToLower(y.Text))
					})
				}
				return page, err
			}
		},
	},
	{
		"says that there is more when there is not", "order", "pages of any size walk the order once, ties by id, both ways",
		func(m *mutant, _ *brokenLog) {
			m.find = func(ctx context.Context, q store.Query) (store.Page, error) {
				page, err := m.Store.Find(ctx, q)
				page.More = page.More || len(page.Documents) == q.Limit
				return page, err
			}
		},
	},
	{
		"counts from the beginning", "queries", "a count is what paging would show, up to its limit",
		func(m *mutant, _ *brokenLog) {
			m.count = func(ctx context.Context, q store.Query, limit int) (int, error) {
				q.After = nil
				return m.Store.Count(ctx, q, limit)
			}
		},
	},
	{
		"asks by 32 tokens at most", "visibility", "as many tokens as a viewer may have find what they reach",
		func(m *mutant, _ *brokenLog) {
			m.find = func(ctx context.Context, q store.Query) (store.Page, error) {
				q.Tokens = q.Tokens[:min(len(q.Tokens), 32)]
				return m.Store.Find(ctx, q)
			}
		},
	},
	{
		"finds a document once for each token", "visibility", "a document is found through any of its tokens, and once",
		func(m *mutant, _ *brokenLog) {
			m.find = func(ctx context.Context, q store.Query) (store.Page, error) {
				page, err := m.Store.Find(ctx, q)
				var all []store.Document
				for _, d := range page.Documents {
					for _, token := range d.Tokens {
						if slices.Contains(q.Tokens, token) {
							all = append(all, d)
						}
					}
				}
				if len(q.Tokens) > 0 {
					page.Documents = all
				}
				return page, err
			}
		},
	},
	{
		"finds through a token that was taken away", "visibility", "a token lost no longer finds and a token gained does",
		func(m *mutant, _ *brokenLog) {
			m.apply = func(ctx context.Context, b store.Batch) error {
				b.Writes = slices.Clone(b.Writes)
				for i, w := range b.Writes {
					was, _ := m.Store.Get(ctx, w.Document.ID)
					b.Writes[i].Document.Tokens = storetest.Sorted(slices.Concat(w.Document.Tokens, was.Tokens))
				}
				return m.Store.Apply(ctx, b)
			}
		},
	},
	{
		"shows what is excluded", "exclusions", "hide everything of a family from one principal, also what comes later",
		func(m *mutant, _ *brokenLog) {
			m.find = func(ctx context.Context, q store.Query) (store.Page, error) {
				q.Excluded = ""
				return m.Store.Find(ctx, q)
			}
		},
	},
	{
		"takes what is excluded out of a page instead of passing over it", "exclusions", "leave no gap in a page",
		func(m *mutant, _ *brokenLog) {
			m.find = func(ctx context.Context, q store.Query) (store.Page, error) {
				families, _ := m.Store.Excluded(ctx, q.Excluded)
				q.Excluded = ""
				page, err := m.Store.Find(ctx, q)
				page.Documents = slices.DeleteFunc(page.Documents, func(d store.Document) bool {
					return slices.Contains(families, d.Family)
				})
				return page, err
			}
		},
	},
	{
		"does not hold what is guarded", "guards", "hold a document that is not written",
		func(m *mutant, _ *brokenLog) {
			m.apply = func(ctx context.Context, b store.Batch) error {
				b.Guards = nil
				return m.Store.Apply(ctx, b)
			}
		},
	},
	{
		"holds the first guard alone", "guards", "hold each, the first and the last, whatever is written",
		func(m *mutant, _ *brokenLog) {
			m.apply = func(ctx context.Context, b store.Batch) error {
				b.Guards = b.Guards[:min(1, len(b.Guards))]
				return m.Store.Apply(ctx, b)
			}
		},
	},
	{
		"lets the last writer win", "guards", "hold only for the version that is stored",
		lastWriterWins,
	},
	{
		"enters the log before the batch is judged", "batches", "of which a guard is stale leave nothing behind",
		func(m *mutant, _ *brokenLog) {
			m.apply = func(ctx context.Context, b store.Batch) error {
				if len(b.Writes) == 0 {
					return m.Store.Apply(ctx, b)
				}
				if err := m.Store.Apply(ctx, store.Batch{Entries: b.Entries}); err != nil {
					return err
				}
				b.Entries = nil
				return m.Store.Apply(ctx, b)
			}
		},
	},
	{
		"applies a batch whose caller has left", "batches", "whose caller has left before their turn do not happen",
		func(m *mutant, _ *brokenLog) {
			m.apply = func(ctx context.Context, b store.Batch) error {
				return m.Store.Apply(context.WithoutCancel(ctx), b)
			}
		},
	},
	{
		"lets two documents of one batch share a key", "unique", "two documents of one batch collide",
		func(m *mutant, _ *brokenLog) {
			m.apply = func(ctx context.Context, b store.Batch) error {
				err := m.Store.Apply(ctx, b)
				if errors.Is(err, store.ErrDuplicate) && len(b.Writes) > 1 {
					b.Writes = b.Writes[:1]
					return m.Store.Apply(ctx, b)
				}
				return err
			}
		},
	},
	{
		"forgets receipts", "receipts", "answer a retry for as long as they live",
		func(m *mutant, _ *brokenLog) {
			m.apply = func(ctx context.Context, b store.Batch) error {
				b.Receipt = nil
				return m.Store.Apply(ctx, b)
			}
		},
	},
	{
		"looks at the guards before the receipt", "receipts", "are looked at before the guards",
		func(m *mutant, _ *brokenLog) {
			m.apply = func(ctx context.Context, b store.Batch) error {
				for _, w := range b.Writes {
					if d, _ := m.Store.Get(ctx, w.Document.ID); d.Version != w.Expect {
						return store.ErrStale
					}
				}
				return m.Store.Apply(ctx, b)
			}
		},
	},
	{
		"hands out the newest message first", "outbox", "keeps the order of the batches and of each batch",
		func(m *mutant, _ *brokenLog) {
			m.outbox = func(ctx context.Context, limit int) ([]store.Message, error) {
				messages, err := m.Store.Outbox(ctx, limit)
				slices.Reverse(messages)
				return messages, err
			}
		},
	},
	{
		"delivers without forgetting", "outbox", "forgets what was delivered, together with its consequence",
		func(m *mutant, _ *brokenLog) {
			m.apply = func(ctx context.Context, b store.Batch) error {
				b.Delivered = nil
				return m.Store.Apply(ctx, b)
			}
		},
	},
	{
		"enters a batch backwards", "log", "holds entries in order, dense, hashed and signed",
		func(m *mutant, _ *brokenLog) {
			m.apply = func(ctx context.Context, b store.Batch) error {
				b.Entries = slices.Clone(b.Entries)
				slices.Reverse(b.Entries)
				return m.Store.Apply(ctx, b)
			}
		},
	},
	{
		"keeps a wrong hash of a subtree", "log", "holds entries in order, dense, hashed and signed",
		func(_ *mutant, l *brokenLog) {
			l.hashes = func(ctx context.Context) tlog.HashReader {
				return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
					hashes, err := l.Log.Hashes(ctx).ReadHashes(indexes)
					for i, index := range indexes {
						if level, n := tlog.SplitStoredHashIndex(index); level == 3 && n == 1 && err == nil {
							hashes[i][0] ^= 1
						}
					}
					return hashes, err
				})
			}
		},
	},
	{
		"signs an earlier tree", "log", "holds entries in order, dense, hashed and signed",
		func(_ *mutant, l *brokenLog) {
			var once sync.Once
			var first []byte
			l.checkpoint = func(ctx context.Context) ([]byte, error) {
				signed, err := l.Log.Checkpoint(ctx)
				if err == nil {
					once.Do(func() { first = signed })
					signed = first
				}
				return signed, err
			}
		},
	},
	{
		"lets the last writer win", "concurrency", "loses no guarded change of one document",
		lastWriterWins,
	},
	{
		"acknowledges one change in a hundred that it does not make", "concurrency", "loses no guarded change of one document",
		losesOneInAHundred,
	},
	{
		"reads many one by one", "concurrency", "a read sees what returned before it began, and never a part of a batch",
		func(m *mutant, _ *brokenLog) {
			m.getMany = func(ctx context.Context, ids []string) ([]store.Document, error) {
				var all []store.Document
				for _, id := range ids {
					d, err := m.Store.Get(ctx, id)
					if err != nil {
						return nil, err
					}
					all = append(all, d)
				}
				return all, nil
			}
		},
	},
	{
		"reads a member that lags behind", "concurrency", "a read sees what returned before it began, and never a part of a batch",
		func(m *mutant, _ *brokenLog) {
			var asked atomic.Int64
			var lagging atomic.Pointer[[]store.Document]
			m.families = func(ctx context.Context, kind store.Kind, families []string, limit int) ([]store.Document, error) {
				if old := lagging.Load(); old != nil && asked.Add(1)%4 != 0 {
					return *old, nil
				}
				all, err := m.Store.Families(ctx, kind, families, limit)
				lagging.Store(&all)
				return all, err
			}
		},
	},
	{
		"answers when it is closed", "closing", "a closed store answers nothing",
		func(m *mutant, _ *brokenLog) {
			m.excluded = func(ctx context.Context, principal string) ([]string, error) {
				families, err := m.Store.Excluded(ctx, principal)
				if errors.Is(err, store.ErrClosed) {
					return nil, nil
				}
				return families, err
			}
		},
	},
	{
		"keeps a message when its delivery lifts an exclusion", "reference", "any history leaves what the reference says",
		func(m *mutant, _ *brokenLog) {
			m.apply = func(ctx context.Context, b store.Batch) error {
				if slices.ContainsFunc(b.Excluded, func(x store.Exclusion) bool { return x.Lifted }) {
					b.Delivered = nil
				}
				return m.Store.Apply(ctx, b)
			}
		},
	},
	{
		"passes over an equal value behind a position", "reference", "any history leaves what the reference says",
		func(m *mutant, _ *brokenLog) {
			m.find = func(ctx context.Context, q store.Query) (store.Page, error) {
				page, err := m.Store.Find(ctx, q)
				if q.After != nil && len(page.Documents) > 1 && !page.More {
					at, has := page.Documents[0].Field("at")
					if has && at == q.After.Order {
						page.Documents = page.Documents[1:]
					}
				}
				return page, err
			}
		},
	},
}

// lastWriterWins writes over what it should have refused.
func lastWriterWins(m *mutant, _ *brokenLog) {
	m.apply = func(ctx context.Context, b store.Batch) error {
		for {
			err := m.Store.Apply(ctx, b)
			if !errors.Is(err, store.ErrStale) {
				return err
			}
			b.Writes = slices.Clone(b.Writes)
			for i, w := range b.Writes {
				d, err := m.Store.Get(ctx, w.Document.ID)
				if err != nil {
					return err
				}
				b.Writes[i].Expect, b.Writes[i].Document.Version = d.Version, d.Version+1
			}
		}
	}
}

// losesOneInAHundred says done and has not begun.
func losesOneInAHundred(m *mutant, _ *brokenLog) {
	var applied atomic.Int64
	m.apply = func(ctx context.Context, b store.Batch) error {
		if applied.Add(1)%100 == 0 {
			return nil
		}
		return m.Store.Apply(ctx, b)
	}
}
