package stage

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

// CopyFolder copies what a closed stage left in a folder, data and keys, for their
// owner alone, so that another stage can go on from there; and the database that
// belongs to the folder, if documents are in a cluster.
func CopyFolder(tb testing.TB, to, from string) {
	tb.Helper()
	if err := copyFiles(to, from); err != nil {
		tb.Fatalf("copying a world: %v", err)
	}
	if InFile() {
		return
	}
	if err := copyDatabase(tb.Context(), cluster(tb, to), cluster(tb, from)); err != nil {
		tb.Fatalf("copying the database of a world: %v", err)
	}
}

func copyFiles(to, from string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		within, err := filepath.Rel(from, path)
		if err != nil {
			return fmt.Errorf("copying %s: %w", path, err)
		}
		if entry.IsDir() {
			return os.MkdirAll(filepath.Join(to, within), 0o700) //nolint:wrapcheck // names the path itself
		}
		content, err := os.ReadFile(path) //nolint:gosec // a folder of the test
		if err != nil {
			return fmt.Errorf("copying %s: %w", path, err)
		}
		return os.WriteFile(filepath.Join(to, within), content, 0o600) //nolint:wrapcheck,gosec // names the path itself; a folder of the test
	})
}

// copyDatabase copies every document there is; the program makes the indexes.
func copyDatabase(ctx context.Context, to, from string) error {
	source, err := mongo.Connect(options.Client().ApplyURI(from))
	if err != nil {
		return fmt.Errorf("connecting: %w", err)
	}
	defer func() { _ = source.Disconnect(ctx) }()
	target, err := mongo.Connect(options.Client().ApplyURI(to).SetWriteConcern(writeconcern.Majority()))
	if err != nil {
		return fmt.Errorf("connecting: %w", err)
	}
	defer func() { _ = target.Disconnect(ctx) }()
	names, err := source.Database(databaseOf(from)).ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return fmt.Errorf("listing collections: %w", err)
	}
	for _, name := range names {
		cursor, err := source.Database(databaseOf(from)).Collection(name).Find(ctx, bson.D{}, options.Find().SetHint("_id_"))
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		var all []bson.Raw
		if err := cursor.All(ctx, &all); err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		if len(all) == 0 {
			continue
		}
		if _, err := target.Database(databaseOf(to)).Collection(name).InsertMany(ctx, all); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return nil
}
