package mongo_test

import (
	"testing"
	"time"

	"accord/internal/store"
	"accord/internal/store/mongo"
	"accord/internal/store/storetest"
)

var today = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, uri string, indexes []store.Index) *mongo.Store {
	t.Helper()
	s, err := mongo.Open(t.Context(), mongo.Options{
		URI: uri, Indexes: indexes, Sign: storetest.Sign, Clock: func() time.Time { return today },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
