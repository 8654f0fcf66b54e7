package mongo

import "errors"

// Inspection is one of the things that Open looks at before it trusts a cluster,
// in a few words.
type Inspection string

// The inspections, in the order in which they are made.
const (
	InspectEncryption  Inspection = "the connection is encrypted, or stays on this machine"
	InspectReach       Inspection = "the cluster can be reached"
	InspectVersion     Inspection = "its version is new enough"
	InspectReplication Inspection = "it is a replica set or sharded, and has transactions"
	InspectWrites      Inspection = "it has a primary that takes writes"
	InspectClock       Inspection = "its clock agrees with this machine's"
	InspectRights      Inspection = "this user may do what Accord needs, and nobody comes in without signing in"
	InspectSharding    Inspection = "what is sharded is sharded by family"
)

// InspectScratch is made after them, by NewScratch.
const InspectScratch Inspection = "a scratch database can be made and dropped"

// Inspections are those of Open, in that order.
func Inspections() []Inspection {
	return []Inspection{
		InspectEncryption, InspectReach, InspectVersion, InspectReplication, InspectWrites, InspectClock, InspectRights,
		InspectSharding,
	}
}

// refusal is why a cluster is not trusted.
type refusal struct {
	inspection Inspection
	sentence   string
}

func (r refusal) Error() string { return r.sentence }

// RefusedAt is the inspection that a cluster did not pass, if err says that it
// did not pass one. The inspections behind that one were not made.
func RefusedAt(err error) (Inspection, bool) {
	r, ok := errors.AsType[refusal](err)
	return r.inspection, ok
}
