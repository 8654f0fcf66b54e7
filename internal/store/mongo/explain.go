package mongo

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/internal/store"
)

// Explain runs a query as Find would and returns what the cluster says of it, with
// what it examined: the answer of MongoDB's explain command.
func (s *Store) Explain(ctx context.Context, q store.Query) (bson.Raw, error) {
	x, err := s.declared.CheckQuery(q)
	if err == nil {
		err = store.CheckLimit(q.Limit)
	}
	if err != nil {
		return nil, fmt.Errorf("explain: %w", err)
	}
	var l lookup
	err = s.read(ctx, func(ctx context.Context) error {
		l, err = s.pageOf(ctx, x, q, q.Limit+1)
		return err
	})
	if err != nil || l.limit == 0 {
		return nil, err
	}
	explained, err := s.database.RunCommand(ctx, bson.D{
		{Key: "explain", Value: l.command()}, {Key: "verbosity", Value: "executionStats"},
	}).Raw()
	if err != nil {
		return nil, failed(err, "explain index %s", x.Name)
	}
	return explained, nil
}

// command is the lookup as options makes the driver send it.
func (l lookup) command() bson.D {
	command := bson.D{{Key: "find", Value: l.collection}, {Key: "filter", Value: l.filter}}
	if l.sort != nil {
		command = append(command, equals("sort", l.sort))
	}
	if l.project != nil {
		command = append(command, equals("projection", l.project))
	}
	command = append(command, equals("hint", l.hint))
	if l.limit > 0 {
		command = append(command, equals("limit", int64(l.limit)), equals("batchSize", l.batch()))
	}
	return command
}
