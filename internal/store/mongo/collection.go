package mongo

import (
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// The collections. Only the first may be sharded, by family; the others are small
// beside it, but for the log, which has to be in one order anyway.
const (
	documentCollection  = "document"  // the stored form of a document, and k: its keys by slot
	claimCollection     = "claim"     // {_id: key in a unique index, doc: the document that has it}
	exclusionCollection = "exclusion" // {_id, p: principal, fam: family}
	receiptCollection   = "receipt"   // {_id: person and key, until: date, input: binary, result: array}
	outboxCollection    = "outbox"    // {_id: message, seq: int64, topic, body: document}
	logCollection       = "log"       // {_id: number, data: binary, hashes: binary}: the hashes stored with that entry
	stateCollection     = "state"     // {_id: "head"}, see head, and {_id: "declaration"}, see declaration
)

func collections() []string {
	return []string{
		documentCollection, claimCollection, exclusionCollection, receiptCollection, outboxCollection, logCollection, stateCollection,
	}
}

// Names of indexes.
const (
	byID        = "_id_"
	byFamily    = "family"
	byPrincipal = "principal"
	bySequence  = "sequence"
	byEnd       = "end"
)

// joined makes one id of several names, none of which holds a zero byte.
func joined(names ...string) string { return strings.Join(names, "\x00") }

func equals(name string, value any) bson.E { return bson.E{Key: name, Value: value} }

func anyOf(name string, values []string) bson.E {
	return bson.E{Key: name, Value: bson.D{{Key: opIn, Value: values}}}
}
