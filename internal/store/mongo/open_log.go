package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/internal/store"
)

// LogReader is the log of a database, opened to be read and proved. It changes
// nothing and can be opened beside the store.
type LogReader struct {
	store.Log
	store *Store
}

// OpenLog opens the log of an existing database. The cluster is looked at as Open
// looks at it, but for its clock; a user who may read is enough.
func OpenLog(ctx context.Context, uri string) (_ *LogReader, err error) {
	s, err := reach(ctx, uri, asAuditor)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.disconnect(ctx))
		}
	}()
	var h head
	err = s.read(ctx, func(ctx context.Context) error { return s.findOne(ctx, theHead(), &h) })
	switch {
	case errors.Is(err, store.ErrAbsent): // an empty database has an empty log
	case err != nil:
		return nil, err
	case h.Layout == copyLayout:
		return nil, store.ErrUnfinished
	}
	return &LogReader{Log: s.Log(), store: s}, nil
}

// HoldsDocuments reports whether the database holds any document.
func (r *LogReader) HoldsDocuments(ctx context.Context) (bool, error) {
	var first struct {
		ID string `bson:"_id"`
	}
	err := r.store.read(ctx, func(ctx context.Context) error {
		return r.store.findOne(ctx, lookup{
			collection: documentCollection, filter: bson.D{}, hint: byID, project: bson.D{{Key: "_id", Value: 1}},
		}, &first)
	})
	if errors.Is(err, store.ErrAbsent) {
		return false, nil
	}
	return err == nil, err
}

// Close lets go of the cluster.
func (r *LogReader) Close() error {
	if err := r.store.disconnect(context.Background()); err != nil {
		return fmt.Errorf("close log: %w", err)
	}
	return nil
}
