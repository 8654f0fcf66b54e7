package authz

// carrier is a kind of record: classes whose content, or whose permission to act,
// it carries, and the relations that tokens on it can stand for. A rule about a
// class does something only by a relation that reaches a record carrying it.
//
// This is data beside the records, which stand further out in the house: a test of
// package records holds it against the documents that are really written.
type carrier struct {
	kind      string // as ids of the kind are prefixed; it may stand twice, with other classes
	classes   ClassSet
	relations RelationSet
}

// working are the relations of who is given the case: a prosecutor holds it as filed.
var working = relationsOf(Assigned, Team, Filed)

// shareable are the classes of what a release can be of; it holds what was released as
// it was.
var shareable = SetOf(RiskAssessment, Intelligence, AdvocateNotes, Health, Research)

// carriers lists every kind of record but those of the directory, which is every
// signed-in person's and hangs on no relation.
var carriers = []carrier{
	{
		"case",
		SetOf(CaseCore, VictimIdentity, SafeContact, Children, PerpetratorIdentity, CourseOfConduct, MeetingList, ExclusionClass),
		working | relationsOf(Representative, InvitedItem, Convenor, Chair, Spoc, Nominal, Oversight, BreakGlass, AgencyParty),
	},
	{"assessment", SetOf(RiskAssessment), working | relationsOf(Owner, Convenor, Chair, Spoc, Nominal, BreakGlass)},
	{"incident", SetOf(CourseOfConduct), working | relationsOf(Convenor, Chair, Spoc, Nominal, BreakGlass)},
	{"notice", SetOf(CourseOfConduct), working | relationsOf(Convenor, Chair, Spoc, Nominal, BreakGlass)},
	{"plan", SetOf(Plan), working | relationsOf(Convenor, Chair, Nominal, BreakGlass)},
	{"order", SetOf(OrderConditions), working | relationsOf(Convenor, Chair, Nominal, BreakGlass)},
	{"referral", SetOf(Referral), working | relationsOf(Owner, Convenor, Chair, Oversight)},
	{
		"meeting", SetOf(MeetingList, MaracMinutes),
		relationsOf(Assigned, Team, Representative, Signed, InvitedItem, Convenor, Chair, Oversight),
	},
	{"item", SetOf(MeetingList), working | relationsOf(Representative, InvitedItem, Convenor, Chair)},
	{"research", SetOf(Research), relationsOf(Owner, Convenor, Chair)},
	{"action", SetOf(Actions), working | relationsOf(Owner, InvitedItem, Convenor, Chair)},
	{"intelligence", SetOf(Intelligence), relationsOf(Assigned, Team, Owner)},
	{"note", SetOf(AdvocateNotes), relationsOf(Owner)},
	{"health", SetOf(Health), relationsOf(Owner, Convenor)},
	{"release", shareable | SetOf(SharingRecord, MaracMinutes), relationsOf(Released, Convenor, Oversight)},
	{"release", shareable | SetOf(SharingRecord), relationsOf(Owner)},
	{"release", SetOf(SharingRecord, MaracMinutes), relationsOf(Chair)}, // an extract, which is the chair's to release
	{"exclusion", SetOf(ExclusionClass), relationsOf(Convenor, Oversight)},
	{"emergency", SetOf(SharingRecord), relationsOf(Convenor, Oversight, BreakGlass)},
	{"reveal", SetOf(SharingRecord), relationsOf(Convenor, Oversight)},
	{"search", SetOf(SharingRecord), relationsOf(Oversight)},
	{"alert", SetOf(AlertClass), relationsOf(Addressee)},
	// A link is reached by both its cases and an attachment by its record: neither has
	// a relation of its own.
	{"link", SetOf(CaseCore), 0},
	{"attachment", SetOf(RiskAssessment, CourseOfConduct, OrderConditions, Intelligence, AdvocateNotes, Health), 0},
	{"vps", SetOf(Vps), working | relationsOf(Consented)},
	{"nominal", SetOf(NominalClass), working | relationsOf(Nominal)},
}

func relationsOf(relations ...Relation) RelationSet {
	var set RelationSet
	for _, relation := range relations {
		set = set.With(relation)
	}
	return set
}

// Carried returns which classes a kind of record carries and by which relations it
// can be reached; false for a kind that is not declared.
func Carried(kind string) (classes ClassSet, relations RelationSet, declared bool) {
	for _, c := range carriers {
		if c.kind == kind {
			classes, relations, declared = classes|c.classes, relations|c.relations, true
		}
	}
	return classes, relations, declared
}

// reachedBy are the relations by which a record that carries the class can be
// reached; none when no record carries it.
func reachedBy(class DataClass) RelationSet {
	var relations RelationSet
	for _, c := range carriers {
		if c.classes.Has(class) {
			relations |= c.relations
		}
	}
	return relations
}
