package mongo

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// clusterIndex is an index that the cluster has to have.
type clusterIndex struct {
	name    string
	keys    bson.D
	exists  string // only documents with this field are in it; empty for all
	expires int32  // seconds after which the cluster removes a document; 0 never
}

// keepReceipts is how long the cluster keeps a receipt that no longer counts: by
// the cluster's clock, which decides nothing.
const keepReceipts = 30 * 24 * 60 * 60

// wantedIndexes are all of them, by collection.
func (s *Store) wantedIndexes() map[string][]clusterIndex {
	wanted := map[string][]clusterIndex{
		documentCollection:  {{name: byFamily, keys: ascending("kind", "fam", "_id")}},
		exclusionCollection: {{name: byPrincipal, keys: ascending("p", "fam")}},
		receiptCollection:   {{name: byEnd, keys: ascending("until"), expires: keepReceipts}},
		outboxCollection:    {{name: bySequence, keys: ascending("seq")}},
	}
	made := make(map[string]bool)
	for _, x := range s.declared.Indexes() {
		at := s.slots[x.Name]
		if made[at.path()] {
			continue
		}
		made[at.path()] = true
		index := clusterIndex{name: at.index(), keys: ascending(at.path()), exists: at.path()}
		if at.visible {
			index.keys = ascending("vis", at.path(), "fam")
		}
		wanted[documentCollection] = append(wanted[documentCollection], index)
	}
	return wanted
}

func ascending(fields ...string) bson.D {
	keys := make(bson.D, len(fields))
	for i, field := range fields {
		keys[i] = bson.E{Key: field, Value: int32(1)}
	}
	return keys
}

func (x clusterIndex) model() mongo.IndexModel {
	o := options.Index().SetName(x.name)
	if x.exists != "" {
		o.SetPartialFilterExpression(x.partial())
	}
	if x.expires > 0 {
		o.SetExpireAfterSeconds(x.expires)
	}
	return mongo.IndexModel{Keys: x.keys, Options: o}
}

func (x clusterIndex) partial() bson.D {
	return bson.D{equals(x.exists, bson.D{{Key: opExists, Value: true}})}
}

// makeIndexes makes those that are missing, waits for them, and looks whether
// those that were there are what their names say.
func (s *Store) makeIndexes(ctx context.Context) error {
	wanted := s.wantedIndexes()
	for _, name := range collections() {
		indexes := wanted[name]
		if len(indexes) == 0 {
			continue
		}
		view := s.database.Collection(name).Indexes()
		models := make([]mongo.IndexModel, len(indexes))
		for i, x := range indexes {
			models[i] = x.model()
		}
		made := create(ctx, view, models)
		there, err := s.listIndexes(ctx, name)
		if err != nil {
			return failed(err, "look at the indexes of collection %s", name)
		}
		for _, x := range indexes {
			// Where the cluster refuses, it is mostly for one that has the name already.
			if one, ok := there[x.name]; (ok || made == nil) && !x.is(one) {
				return fmt.Errorf("index %s of collection %s is not what this program makes: drop it and start again", x.name, name)
			}
		}
		if made != nil {
			return failed(made, "make the indexes of collection %s", name)
		}
	}
	return nil
}

// buildPatience is how long the cluster may take to make the indexes of a
// collection that holds documents.
const buildPatience = 24 * time.Hour

func create(ctx context.Context, view mongo.IndexView, models []mongo.IndexModel) error {
	ctx, cancel := context.WithTimeout(ctx, buildPatience)
	defer cancel()
	_, err := view.CreateMany(ctx, models)
	return err //nolint:wrapcheck // the caller says what was made
}

// listed is what the cluster says of an index.
type listed struct {
	Name    string `bson:"name"`
	Keys    bson.D `bson:"key"`
	Partial bson.D `bson:"partialFilterExpression"`
	Expires int32  `bson:"expireAfterSeconds"`
	Unique  bool   `bson:"unique"`
	Sparse  bool   `bson:"sparse"`
	Hidden  bool   `bson:"hidden"`
	Collate bson.D `bson:"collation"`
}

func (s *Store) listIndexes(ctx context.Context, collection string) (map[string]listed, error) {
	cursor, err := s.database.Collection(collection).Indexes().List(ctx)
	if err != nil {
		return nil, err //nolint:wrapcheck // the caller says what was looked at
	}
	var all []listed
	if err := cursor.All(ctx, &all); err != nil {
		return nil, err //nolint:wrapcheck // the caller says what was looked at
	}
	byName := make(map[string]listed, len(all))
	for _, one := range all {
		byName[one.Name] = one
	}
	return byName, nil
}

// is reports whether what the cluster has is the index and nothing else.
func (x clusterIndex) is(there listed) bool {
	var partial bson.D
	if x.exists != "" {
		partial = x.partial()
	}
	return fmt.Sprint(numbers(there.Keys)) == fmt.Sprint(numbers(x.keys)) && there.Partial.String() == partial.String() &&
		there.Expires == x.expires && !there.Unique && !there.Sparse && !there.Hidden && there.Collate == nil
}

// numbers makes one of the types in which a cluster may give a direction back.
func numbers(keys bson.D) []string {
	texts := make([]string, len(keys))
	for i, key := range keys {
		texts[i] = fmt.Sprintf("%s %v", key.Key, key.Value)
	}
	return texts
}
