package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"accord/internal/store"
)

// rebuild gives every document of a changed kind its keys and claims, a page in a
// transaction, and then opens the fence. Broken off, it begins again at the next
// start.
func (s *Store) rebuild(ctx context.Context, next declaration, kept map[string]bool) error {
	fence := buildFence + bson.NewObjectID().Hex()
	if err := s.declare(ctx, fence); err != nil {
		return err
	}
	err := s.pageByPage(ctx, fence, "forget claims", func(ctx context.Context, after string) (string, bool, error) {
		return s.forgetClaims(ctx, after, kept)
	})
	if err != nil {
		return err
	}
	changed := make(map[store.Kind]bool)
	for _, x := range s.declared.Indexes() {
		changed[x.Kind] = changed[x.Kind] || !kept[x.Name]
	}
	err = s.pageByPage(ctx, fence, "build the indexes", func(ctx context.Context, after string) (string, bool, error) {
		return s.rebuildPage(ctx, after, changed, kept)
	})
	if err != nil {
		return err
	}
	// Both in the head's transaction: another program may have taken it over since.
	return s.transact(ctx, fence, func(ctx context.Context, _ head) error {
		_, err := s.state().ReplaceOne(ctx, bson.D{equals("_id", declarationID)}, next, options.Replace().SetUpsert(true).SetHint(byID))
		if err != nil {
			return failed(err, "remember the indexes")
		}
		return s.declare(ctx, s.fingerprint)
	})
}

// pageByPage has each page done in a transaction of its own, which holds the head:
// once another program has taken it over, nothing is done any more.
func (s *Store) pageByPage(
	ctx context.Context, fence, doing string, page func(ctx context.Context, after string) (last string, more bool, err error),
) error {
	for after, more := "", true; more; {
		last := ""
		err := s.transact(ctx, fence, func(ctx context.Context, _ head) (err error) {
			// Run again, it begins where the page began.
			last, more, err = page(ctx, after)
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
		after = last
	}
	return nil
}

// declare says whose the head is now, and takes it from whoever has it.
func (s *Store) declare(ctx context.Context, to string) error {
	result, err := s.state().UpdateOne(ctx, bson.D{equals("_id", headID)}, bson.D{
		{Key: opSet, Value: bson.D{equals("declared", to)}},
		{Key: opAdd, Value: bson.D{equals("commits", int64(1))}},
	}, options.UpdateOne().SetHint(byID))
	if err != nil {
		return failed(err, "take the database over")
	}
	if result.MatchedCount != 1 {
		return errors.New("the log is damaged: there is no head")
	}
	return nil
}

// passOn declares the head to be another's, if it still is whose.
func (s *Store) passOn(ctx context.Context, whose, to string) error {
	return s.transact(ctx, whose, func(ctx context.Context, _ head) error { return s.declare(ctx, to) })
}

// forgetClaims takes back the claims of indexes whose claims are made again, or
// that are no more, a page behind an id.
func (s *Store) forgetClaims(ctx context.Context, after string, kept map[string]bool) (last string, more bool, err error) {
	var stale []string
	found := 0
	err = s.find(ctx, lookup{
		collection: claimCollection, filter: bson.D{equals("_id", bson.D{{Key: opAbove, Value: after}})}, hint: byID,
		sort: bson.D{{Key: "_id", Value: 1}}, project: bson.D{{Key: "_id", Value: 1}}, limit: store.MaxPage,
	}, func(raw bson.Raw) error {
		var c claim
		malformed := decode(raw, &c)
		if !kept[indexOf(c.ID)] {
			stale = append(stale, c.ID)
		}
		last = c.ID
		found++
		return malformed
	})
	if err == nil && len(stale) > 0 {
		err = s.remove(ctx, claimCollection, stale)
	}
	return last, found == store.MaxPage, err
}

// pageToRebuild is how many documents are held at once.
const pageToRebuild = 200

// rebuildPage goes on behind an id, and returns the last it came to.
func (s *Store) rebuildPage(
	ctx context.Context, after string, changed map[store.Kind]bool, kept map[string]bool,
) (last string, more bool, err error) {
	var page []store.Document
	err = s.findDocuments(ctx, lookup{
		collection: documentCollection, filter: bson.D{equals("_id", bson.D{{Key: opAbove, Value: after}})}, hint: byID,
		sort: bson.D{{Key: "_id", Value: 1}}, project: withoutKeys, limit: pageToRebuild,
	}, &page)
	if err != nil || len(page) == 0 {
		return after, false, err
	}
	var updates []mongo.WriteModel
	wanted := make(map[string]string)
	for _, d := range page {
		if !changed[d.Kind] {
			continue
		}
		updates = append(updates, mongo.NewUpdateOneModel().SetHint(byID).
			SetFilter(bson.D{equals("_id", d.ID), equals("fam", d.Family)}).
			SetUpdate(bson.D{{Key: opSet, Value: bson.D{equals(keysField, s.keysOf(d))}}}))
		for _, id := range s.claimsOf(d) {
			if kept[indexOf(id)] {
				continue
			}
			if _, taken := wanted[id]; taken {
				return "", false, fmt.Errorf("documents share a key of index %s: %w", indexOf(id), store.ErrDuplicate)
			}
			wanted[id] = d.ID
		}
	}
	if len(updates) > 0 {
		if _, err = s.database.Collection(documentCollection).BulkWrite(ctx, updates); err != nil {
			return "", false, failed(err, "write keys")
		}
	}
	return page[len(page)-1].ID, len(page) == pageToRebuild, s.claimAll(ctx, wanted)
}

// claimAll makes claims that nobody may have yet.
func (s *Store) claimAll(ctx context.Context, wanted map[string]string) error {
	if len(wanted) == 0 {
		return nil
	}
	rows := make([]claim, 0, len(wanted))
	ids := make([]string, 0, len(wanted))
	for id, document := range wanted {
		rows, ids = append(rows, claim{ID: id, Document: document}), append(ids, id)
	}
	var taken claim
	switch err := s.findOne(ctx, claimsByID(ids), &taken); {
	case err == nil:
		return fmt.Errorf("documents share a key of index %s: %w", indexOf(taken.ID), store.ErrDuplicate)
	case !errors.Is(err, store.ErrAbsent):
		return err
	}
	if _, err := s.database.Collection(claimCollection).InsertMany(ctx, rows); err != nil {
		return failed(err, "write claims")
	}
	return nil
}
