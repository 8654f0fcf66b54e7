package storetest

import (
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/internal/store"
)

func receiptsSay(say says) {
	keep := func(person, key string, until time.Time, result ...string) store.Batch {
		return store.Batch{Receipt: &store.Receipt{
			Person: person, Key: key, Input: []byte("hash of " + key), Result: result, Until: until,
		}}
	}
	say("answer a retry for as long as they live", func(t TB, open Open) {
		b := begin(t, open)
		until := farFuture.Add(123 * time.Millisecond)
		b.apply(keep("ann", "k1", until, "case_1", "note_2"))
		got, err := b.Receipt(t.Context(), "ann", "k1")
		if err != nil {
			t.Fatal(err)
		}
		b.equal(got, *keep("ann", "k1", until, "case_1", "note_2").Receipt)
		b.refuse(keep("ann", "k1", farFuture), store.ErrDuplicate)
	})
	say("are of one person and one key", func(t TB, open Open) {
		b := begin(t, open)
		b.apply(keep("ann", "k1", farFuture, "a"))
		b.apply(keep("bob", "k1", farFuture, "b"))
		b.apply(keep("ann", "k2", farFuture))
		for _, none := range [][2]string{{"bob", "k2"}, {"cat", "k1"}, {"", ""}} {
			if _, err := b.Receipt(t.Context(), none[0], none[1]); !errors.Is(err, store.ErrAbsent) {
				t.Fatalf("%v: got %v", none, err)
			}
		}
		got, err := b.Receipt(t.Context(), "bob", "k1")
		if err != nil {
			t.Fatal(err)
		}
		b.equal(got.Result, []string{"b"})
	})
	say("are forgotten when their time is over", func(t TB, open Open) {
		b := begin(t, open)
		b.apply(keep("ann", "k1", longAgo, "old"))
		if _, err := b.Receipt(t.Context(), "ann", "k1"); !errors.Is(err, store.ErrAbsent) {
			t.Fatalf("got %v", err)
		}
		b.apply(keep("ann", "k1", longAgo, "old again"))
		b.apply(keep("ann", "k1", farFuture, "new"))
		got, err := b.Receipt(t.Context(), "ann", "k1")
		if err != nil {
			t.Fatal(err)
		}
		b.equal(got.Result, []string{"new"})
	})
	say("are looked at before the guards", func(t TB, open Open) {
		b := begin(t, open)
		b.save(note("a", 1))
		batch := batchOf(note("a", 2))
		batch.Receipt = keep("ann", "k1", farFuture).Receipt
		b.apply(batch)
		b.refuse(batch, store.ErrDuplicate) // a retry, though its guard no longer holds either
	})
}

func outboxSay(say says) {
	body := raw(bson.D{{Key: "case", Value: "case_1"}})
	waiting := func(b bench, limit int) []string {
		b.Helper()
		messages, err := b.Outbox(b.Context(), limit)
		if err != nil {
			b.Fatal(err)
		}
		all := []string{}
		for _, m := range messages {
			all = append(all, m.ID)
		}
		return all
	}
	post := func(ids ...string) store.Batch {
		var batch store.Batch
		for _, id := range ids {
			batch.Outbox = append(batch.Outbox, store.Message{ID: id, Topic: "topic of " + id, Body: body})
		}
		return batch
	}
	say("keeps the order of the batches and of each batch", func(t TB, open Open) {
		b := begin(t, open)
		b.equal(waiting(b, 1), []string{})
		b.apply(post("m3", "m1"))
		b.apply(post("m2"))
		b.apply(post("m0", "m4"))
		b.equal(waiting(b, 10), []string{"m3", "m1", "m2", "m0", "m4"})
		b.equal(waiting(b, 2), []string{"m3", "m1"})
		messages, err := b.Outbox(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		b.equal(messages, []store.Message{{ID: "m3", Topic: "topic of m3", Body: body}})
	})
	say("forgets what was delivered, together with its consequence", func(t TB, open Open) {
		b := begin(t, open)
		b.apply(post("m1", "m2", "m3"))
		consequence := batchOf(note("elsewhere", 1))
		consequence.Delivered = []string{"m2"}
		b.apply(consequence)
		b.equal(waiting(b, 10), []string{"m1", "m3"})
		b.apply(store.Batch{Delivered: []string{"m2", "never", "m1"}})
		b.equal(waiting(b, 10), []string{"m3"})
		b.apply(post("m1"))
		b.equal(waiting(b, 10), []string{"m3", "m1"})
	})
	say("holds a message once", func(t TB, open Open) {
		b := begin(t, open)
		b.apply(post("m1"))
		b.refuse(post("m2", "m1"), store.ErrDuplicate)
		b.equal(waiting(b, 10), []string{"m1"})
	})
	say("refuses a limit that is none", func(t TB, open Open) {
		b := begin(t, open)
		for _, limit := range []int{0, -1, store.MaxPage + 1} {
			if _, err := b.Outbox(t.Context(), limit); err == nil {
				t.Errorf("accepted %d", limit)
			}
		}
	})
}
