package stage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	accordmongo "accord/internal/store/mongo"
	"accord/internal/store/mongo/mongotest"
)

// ClusterVariable is the environment variable that puts the documents of every
// stage into a MongoDB cluster: its address, or "memory" for the in-memory server
// that the adapter is tested against.
const ClusterVariable = "ACCORD_TEST_MONGODB_URI"

// InFile reports whether stages keep their documents in the embedded store, whose
// file a test may open.
func InFile() bool { return os.Getenv(ClusterVariable) == "" }

// NeedsFile skips a test that alters or reads the embedded store's file.
func NeedsFile(tb testing.TB) {
	tb.Helper()
	if !InFile() {
		tb.Skip("this test opens the file of the embedded store, and the documents are in a cluster")
	}
}

// memory holds an in-memory server for each folder of a running test.
var memory = struct {
	sync.Mutex
	servers map[string]*mongotest.Server
}{servers: map[string]*mongotest.Server{}}

func memoryFor(tb testing.TB, folder string) string {
	tb.Helper()
	memory.Lock()
	defer memory.Unlock()
	if server, running := memory.servers[folder]; running {
		return server.URI()
	}
	server := mongotest.Start(tb, mongotest.Options{})
	memory.servers[folder] = server
	tb.Cleanup(func() {
		memory.Lock()
		defer memory.Unlock()
		delete(memory.servers, folder)
	})
	return server.URI()
}

// cluster is the address of the database that belongs to a folder, so that a stage
// set up in it again finds what it left; empty without a cluster.
func cluster(tb testing.TB, folder string) string {
	tb.Helper()
	uri := os.Getenv(ClusterVariable)
	if uri == "" {
		return ""
	}
	if uri == "memory" {
		uri = memoryFor(tb, folder)
	}
	sum := sha256.Sum256([]byte(folder))
	whole, err := accordmongo.InDatabase(uri, databasePrefix+hex.EncodeToString(sum[:8]))
	if err != nil {
		tb.Fatal(err)
	}
	if os.Getenv(ClusterVariable) != "memory" { // whose servers go with the test
		tb.Cleanup(func() { drop(tb, whole) })
	}
	return whole
}

// databasePrefix begins the name of every database that a test makes.
const databasePrefix = "accord_test_"

// databaseOf is the name in an address that cluster made.
func databaseOf(uri string) string {
	_, name, _ := strings.Cut(uri, databasePrefix)
	name, _, _ = strings.Cut(name, "?")
	return databasePrefix + name
}

// drop removes what a test has left.
func drop(tb testing.TB, uri string) {
	tb.Helper()
	ctx := context.WithoutCancel(tb.Context())
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetWriteConcern(writeconcern.Majority()))
	if err != nil {
		tb.Fatal(err)
	}
	if err := client.Database(databaseOf(uri)).Drop(ctx); err != nil {
		tb.Error(err)
	}
	if err := client.Disconnect(ctx); err != nil {
		tb.Error(err)
	}
}
