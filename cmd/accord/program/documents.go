package program

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"accord/internal/records"
	"accord/internal/store"
	"accord/internal/store/mongo"
	"accord/internal/store/sqlite"
)

// StoreFile is the name of the embedded store in the data folder.
const StoreFile = "accord.db"

// clockSkew is how far a cluster's clock may be from this machine's: deadlines and
// entries of the audit log are told by the one, retention by the other.
const clockSkew = 30 * time.Second

// openDocuments opens the store the configuration names: the embedded one in the
// data folder, or a MongoDB cluster.
func openDocuments(ctx context.Context, config Config, sign store.Sign) (store.Store, error) {
	if config.MongoDB == "" {
		documents, err := sqlite.Open(ctx, sqlite.Options{
			Path: filepath.Join(config.Data, StoreFile), Kinds: records.Kinds(), Indexes: records.Indexes(),
			Sign: sign, Clock: config.Clock,
		})
		if err != nil {
			return nil, fmt.Errorf("opening the data: %w", err)
		}
		return documents, nil
	}
	skew := clockSkew
	if config.ClockStands {
		skew = 0
	}
	documents, err := mongo.Open(ctx, mongo.Options{
		URI: config.MongoDB, Kinds: records.Kinds(), Indexes: records.Indexes(),
		Sign: sign, Clock: config.Clock, ClockSkew: skew,
	})
	if err != nil {
		return nil, err //nolint:wrapcheck // it is one sentence for the operator
	}
	return documents, nil
}

// logReader is the log of either store, opened to be proved.
type logReader interface {
	store.Log
	HoldsDocuments(ctx context.Context) (bool, error)
	Close() error
}

func openLog(ctx context.Context, folder, cluster string) (logReader, error) {
	if cluster != "" {
		log, err := mongo.OpenLog(ctx, cluster)
		if err != nil {
			return nil, err //nolint:wrapcheck // it is one sentence for the operator
		}
		return log, nil
	}
	log, err := sqlite.OpenLog(ctx, filepath.Join(folder, StoreFile))
	if err != nil {
		return nil, fmt.Errorf("opening the log: %w", err)
	}
	return log, nil
}
