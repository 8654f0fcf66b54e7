package sqlite_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
	"accord/internal/store/storetest"
)

// witness remembers what was acknowledged and reads from the log what has to be
// in the store: the log is told in the order of the commits, and everything else
// follows from it.
type witness struct {
	acknowledged map[string]bool // entries
	entries      [][]byte
	hashes       []tlog.Hash // of entries, by tlog.StoredHashIndex

	batches   map[string]bool
	documents map[string]written // by id
	receipts  map[string]string  // the document changed, by key
	outbox    []string           // oldest first
	excluded  map[string]bool
	halved    string // a batch whose second entry has to come next
}

type written struct {
	version int64
	batch   string
}

func newWitness() *witness {
	return &witness{
		acknowledged: map[string]bool{}, batches: map[string]bool{}, documents: map[string]written{},
		receipts: map[string]string{}, excluded: map[string]bool{},
	}
}

func (w *witness) hear(t *testing.T, entries []string) {
	t.Helper()
	for _, entry := range entries {
		if w.acknowledged[entry] {
			t.Fatalf("acknowledged twice: %s", entry)
		}
		w.acknowledged[entry] = true
	}
}

// unheard is how many batches are there that nobody heard of: the process was
// killed between the commit and the word.
func (w *witness) unheard() int { return len(w.batches) - len(w.acknowledged) }

// check holds a store against what was acknowledged and what its log tells. What
// takes longer the longer the log is, such as the proof of every single entry, is
// for when it is thorough.
func (w *witness) check(t *testing.T, s store.Store, thorough bool) {
	t.Helper()
	w.readLog(t, s)
	if thorough && len(w.entries) > 0 {
		storetest.VerifyLog(t, s)
	}
	for entry := range w.acknowledged {
		var t0 told
		if err := json.Unmarshal([]byte(entry), &t0); err != nil {
			t.Fatalf("%v: %s", err, entry)
		}
		if !w.batches[t0.Batch] {
			t.Errorf("acknowledged and not in the log: %s", entry)
		}
	}
	w.checkDocuments(t, s, thorough)
	w.checkRest(t, s)
}

// readLog checks that the log goes on from where it was, that the signed tree
// head is that of its entries, and replays what is new in it.
func (w *witness) readLog(t *testing.T, s store.Store) {
	t.Helper()
	entries, err := storetest.Entries(t, s)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) < len(w.entries) || !slices.EqualFunc(entries[:len(w.entries)], w.entries, bytes.Equal) {
		t.Fatalf("the log of %d entries does not go on that of %d", len(entries), len(w.entries))
	}
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hashes[i] = w.hashes[index]
		}
		return hashes, nil
	})
	for n := len(w.entries); n < len(entries); n++ {
		hashes, err := tlog.StoredHashes(int64(n), entries[n], read)
		if err != nil {
			t.Fatal(err)
		}
		w.hashes = append(w.hashes, hashes...)
		w.replay(t, entries[n])
	}
	w.entries = entries
	if w.halved != "" {
		t.Errorf("batch %s is there without its second entry", w.halved)
	}
	if len(entries) == 0 {
		return
	}
	signed, err := s.Log().Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	head, err := storetest.Tree(signed)
	if err != nil {
		t.Fatal(err)
	}
	root, err := tlog.TreeHash(int64(len(entries)), read)
	if err != nil || head != (tlog.Tree{N: int64(len(entries)), Hash: root}) {
		t.Errorf("the tree head %v is not that of the %d entries: %v", head, len(entries), err)
	}
}

// replay does what an entry tells.
func (w *witness) replay(t *testing.T, entry []byte) {
	t.Helper()
	if w.halved != "" {
		if !bytes.Equal(entry, behind(w.halved)) {
			t.Errorf("%s stands between the two entries of batch %s", entry, w.halved)
		}
		w.halved = ""
		return
	}
	var does told
	if err := json.Unmarshal(entry, &does); err != nil {
		t.Fatalf("%v: %s", err, entry)
	}
	if w.batches[does.Batch] {
		t.Errorf("batch %s was committed twice", does.Batch)
	}
	w.batches[does.Batch] = true
	for id, version := range does.Documents {
		if before := w.documents[id].version; version != before+1 {
			t.Errorf("batch %s wrote version %d of %s over version %d", does.Batch, version, id, before)
		}
		w.documents[id] = written{version, does.Batch}
		if does.Receipt != "" {
			w.receipts[does.Receipt] = id
		}
	}
	w.outbox = slices.DeleteFunc(w.outbox, func(id string) bool { return slices.Contains(does.Delivered, id) })
	w.outbox = append(w.outbox, does.Posted...)
	for _, principal := range does.Excluded {
		w.excluded[principal] = true
	}
	for _, principal := range does.Lifted {
		delete(w.excluded, principal)
	}
	if does.Behind {
		w.halved = does.Batch
	}
}

// checkDocuments checks that there are exactly the documents the log tells of,
// each whole and found through every index.
func (w *witness) checkDocuments(t *testing.T, s store.Store, thorough bool) {
	t.Helper()
	var ids []string
	q := store.Query{Index: crashAll.Name}
	for more := true; more; {
		found := page(t, s, q)
		for _, d := range found.Documents {
			if err := isWhole(d); err != nil {
				t.Error(err)
			}
			field, _ := d.Field("batch")
			if got, want := (written{d.Version, field.Text}), w.documents[d.ID]; got != want {
				t.Errorf("%s is %v and the log says %v", d.ID, got, want)
			}
			ids = append(ids, d.ID)
			q.After = &store.Position{ID: d.ID}
		}
		more = found.More
	}
	if len(ids) != len(w.documents) {
		t.Errorf("%d documents are indexed and %d logged", len(ids), len(w.documents))
	}
	for some := range slices.Chunk(ids, store.MaxPage) {
		if stored, err := s.GetMany(t.Context(), some); err != nil || len(stored) != len(some) {
			t.Errorf("%d of %d documents are there: %v", len(stored), len(some), err)
		}
	}
	seen := store.Query{Index: crashSeen.Name, Equal: []store.Value{store.Text("OPEN")}, Tokens: []string{"all"}}
	count, err := s.Count(t.Context(), seen, store.MaxPage)
	if err != nil || count != min(len(ids), store.MaxPage) {
		t.Errorf("%d documents are visible of %d: %v", count, len(ids), err)
	}
	if !thorough {
		return
	}
	for id, is := range w.documents {
		byBatch := store.Query{Index: crashBatch.Name, Equal: []store.Value{store.Text(is.batch)}, Limit: store.MaxPage}
		found, err := s.Find(t.Context(), byBatch)
		if err != nil || !slices.ContainsFunc(found.Documents, func(d store.Document) bool { return d.ID == id }) {
			t.Fatalf("%s is not found by its batch %s: %v", id, is.batch, err)
		}
	}
}

// checkRest checks receipts, outbox and exclusions.
func (w *witness) checkRest(t *testing.T, s store.Store) {
	t.Helper()
	for key, id := range w.receipts {
		if receipt, err := s.Receipt(t.Context(), crashPerson, key); err != nil || !slices.Equal(receipt.Result, []string{id}) {
			t.Errorf("receipt %s is %v, %v", key, receipt, err)
		}
	}
	messages, err := s.Outbox(t.Context(), store.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	var waiting []string
	for _, m := range messages {
		waiting = append(waiting, m.ID)
	}
	if !slices.Equal(waiting, w.outbox[:min(len(w.outbox), store.MaxPage)]) {
		t.Errorf("%d messages wait and the log says %d", len(waiting), len(w.outbox))
	}
	for _, principal := range []string{"principal-0", "principal-1", "principal-2"} {
		families, err := s.Excluded(t.Context(), principal)
		if err != nil || (len(families) == 1) != w.excluded[principal] {
			t.Errorf("%s is excluded from %v, %v, and the log says %v", principal, families, err, w.excluded[principal])
		}
	}
}
