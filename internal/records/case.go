package records

import (
	"maps"
	"slices"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/risk"
	"accord/domain/sharing"
	"accord/internal/store"
	"accord/internal/views"
)

// Case is a case as it is written, with its listings and to whom it is
// restricted.
type Case struct {
	casework.Case
	Listings   []Listing
	Restricted []string // practitioner ids; empty: to nobody in particular
	Excluded   []string // practitioner ids, kept from the case and everything of it
	HasNominal bool     // a perpetrator of it is managed under MAPPA

	agencies map[string]sharing.AgencyType  // of the assigned practitioners' agencies
	conduct  casework.ConductClassification // as it was read, for who may not open the decisions
}

// WithAgency is the case, told what type an agency is of whose practitioners it
// is given to.
func (c Case) WithAgency(agency sharing.Agency) Case {
	agencies := map[string]sharing.AgencyType{agency.ID: agency.Type}
	maps.Copy(agencies, c.agencies)
	c.agencies = agencies
	return c
}

// KeepsOut reports whether the case is not there for a practitioner, whatever else
// they are: they are excluded, or it is restricted to others.
func (c Case) KeepsOut(practitioner string) bool {
	return slices.Contains(c.Excluded, practitioner) || len(c.Restricted) > 0 && !slices.Contains(c.Restricted, practitioner)
}

// Listing is a case's place on the list of a meeting.
type Listing struct {
	Item    string
	Meeting string
	Repeat  bool
}

// caseHead is what of a case is clear. Everything of its family is reached by
// what stands here.
type caseHead struct {
	Reference     string
	Type          casework.CaseType
	Status        casework.CaseStatus
	RiskLevel     risk.Level
	OpenedOn      calendar.Date
	ClosedOn      calendar.Date
	Area          string
	Conduct       casework.ConductClassification
	Parties       []views.PartyHead
	Assignments   []assignmentHead
	PartyAgencies []string
	Listings      []Listing
	Restricted    []string
	Excluded      []string
	HasNominal    bool
}

type assignmentHead struct {
	casework.Assignment
	AgencyType sharing.AgencyType
}

// partyFacts is what is recorded of a perpetrator beside who they are.
type partyFacts struct {
	Party        string
	Relationship casework.RelationshipType
	Typology     casework.StalkerTypology
	Allegation   casework.AllegationState
}

// perpetratorContent is the full section PERPETRATOR_IDENTITY.
type perpetratorContent struct {
	views.Identities `bson:",inline"`
	Facts            []partyFacts
}

// conductContent is the full section COURSE_OF_CONDUCT of the case itself.
type conductContent struct{ Decisions []casework.ConductDecision }

func (c Case) kind() store.Kind    { return kindOf(views.CaseKind) }
func (c Case) id() string          { return c.ID }
func (c Case) family() string      { return c.ID }
func (c Case) row() authz.ClassSet { return views.CaseKind.Row() }

func (c Case) head() any { return c.caseHead() }

func (c Case) caseHead() *caseHead {
	head := &caseHead{
		Reference:     c.Reference,
		Type:          c.Type,
		Status:        c.Status,
		RiskLevel:     c.RiskLevel,
		OpenedOn:      c.OpenedOn,
		ClosedOn:      c.ClosedOn,
		Area:          c.Area,
		PartyAgencies: c.PartyAgencies,
		Listings:      c.Listings,
		Restricted:    c.Restricted,
		Excluded:      c.Excluded,
		HasNominal:    c.HasNominal,
	}
	head.Conduct = c.conduct
	if len(c.Conduct) > 0 {
		head.Conduct = c.Classification()
	}
	for _, party := range c.Parties {
		head.Parties = append(head.Parties, views.PartyHead{ID: party.ID, Role: party.Role})
	}
	for _, assignment := range c.Assignments {
		head.Assignments = append(head.Assignments, assignmentHead{assignment, c.agencies[assignment.Agency]})
	}
	return head
}

func (c Case) fields() []store.Field {
	return []store.Field{
		{Name: "opened", Value: store.Number(int64(c.OpenedOn))},
		{Name: "reference", Value: store.Text(c.Reference)},
		{Name: "status", Value: store.Text(string(c.Status))},
	}
}

func (c Case) parts() []part {
	identities := map[authz.DataClass]*views.Identities{}
	masks := map[authz.DataClass]*views.IdentityMasks{}
	for _, class := range []authz.DataClass{authz.VictimIdentity, authz.Children, authz.PerpetratorIdentity} {
		identities[class], masks[class] = &views.Identities{}, &views.IdentityMasks{}
	}
	var contacts views.Contacts
	var contactMasks views.ContactMasks
	var facts []partyFacts
	for _, party := range c.Parties {
		class := views.IdentityClass(party.Role)
		identities[class].Parties = append(identities[class].Parties, views.PartyIdentity{Party: party.ID, Identity: party.Identity})
		masks[class].Parties = append(masks[class].Parties, views.MaskIdentity(party.ID, party.Identity))
		if !party.Contact.IsEmpty() {
			contacts.Parties = append(contacts.Parties, views.PartyContact{Party: party.ID, Contact: party.Contact})
			contactMasks.Parties = append(contactMasks.Parties, views.MaskContact(party.ID, party.Contact))
		}
		if party.Role == casework.Perpetrator {
			facts = append(facts, partyFacts{party.ID, party.Relationship, party.Typology, party.Allegation})
		}
	}
	return []part{
		full(authz.VictimIdentity, identities[authz.VictimIdentity]),
		masked(authz.VictimIdentity, masks[authz.VictimIdentity]),
		full(authz.Children, identities[authz.Children]),
		masked(authz.Children, masks[authz.Children]),
		full(authz.PerpetratorIdentity, perpetratorContent{*identities[authz.PerpetratorIdentity], facts}),
		masked(authz.PerpetratorIdentity, masks[authz.PerpetratorIdentity]),
		full(authz.SafeContact, contacts),
		masked(authz.SafeContact, contactMasks),
		full(authz.CourseOfConduct, conductContent{c.Conduct}),
	}
}

func (c Case) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	root.addAssigned(tokens)
	root.addConvenors(tokens)
	tokens.add(relayed, overseenIn(root.Area), inEmergency(c.ID))
	for _, assignment := range root.Assignments {
		tokens.add(givenTo(assignment.Practitioner))
	}
	for _, agency := range root.PartyAgencies {
		tokens.add(overseenIn(agency), workedOnBy(agency))
	}
	root.addListed(tokens)
	root.addSpoc(tokens)
	root.addNominal(tokens)
	return tokens
}

// addConvenors lets in who coordinates the area, and by name those of them to whom
// the case is restricted.
func (h *caseHead) addConvenors(tokens tokenSet) {
	tokens.add(convenedIn(h.Area))
	for _, named := range h.Restricted {
		tokens.add(convenedBy(h.Area, named))
	}
}

// addNominal lets in the area's MAPPA coordinators, to cases with a nominal only:
// a perpetrator who is none is not there until referred (access matrix, note 19).
func (h *caseHead) addNominal(tokens tokenSet) {
	if h.HasNominal {
		tokens.add(nominalIn(h.Area))
	}
}

// addAssigned lets in the practitioners assigned to the case and their
// supervisors.
func (h *caseHead) addAssigned(tokens tokenSet) {
	for _, assignment := range h.Assignments {
		h.addAssignment(tokens, assignment)
	}
}

// addAssignment lets in one practitioner. Giving a case to a prosecutor is
// submitting its file to them: they hold it as filed.
func (h *caseHead) addAssignment(tokens tokenSet, assignment assignmentHead) {
	if assignment.AgencyType == sharing.Cps {
		tokens.add(filedWith(assignment.Practitioner))
	} else {
		tokens.add(assignedTo(assignment.Practitioner))
	}
	if assignment.Team != "" {
		tokens.add(supervisedIn(assignment.Team))
	}
}

// addAssignedOf lets in the practitioners of one agency who are assigned, and
// their supervisors.
func (h *caseHead) addAssignedOf(tokens tokenSet, agency string) {
	for _, assignment := range h.Assignments {
		if assignment.Agency == agency {
			h.addAssignment(tokens, assignment)
		}
	}
}

// addOwner lets in the practitioners of the owning agency who are assigned to
// the case, their supervisors, and the agency's representatives at the meetings
// that hear it.
func (h *caseHead) addOwner(tokens tokenSet, agency string) {
	h.addOwnerOnCase(tokens, agency)
	for _, listing := range h.Listings {
		tokens.add(ownedAtMeeting(listing.Meeting, agency))
	}
}

// addOwnerOnCase lets in the owner's practitioners who are assigned and their
// supervisors, and not who only represents the agency at a meeting.
func (h *caseHead) addOwnerOnCase(tokens tokenSet, agency string) {
	for _, assignment := range h.Assignments {
		if assignment.Agency != agency {
			continue
		}
		tokens.add(ownedByPerson(assignment.Practitioner))
		if assignment.Team != "" {
			tokens.add(ownedByTeam(assignment.Team))
		}
	}
}

// addRecipient lets in the people of an agency that something was released to.
func (h *caseHead) addRecipient(tokens tokenSet, agency string) {
	for _, assignment := range h.Assignments {
		if assignment.Agency != agency {
			continue
		}
		tokens.add(releasedToPerson(assignment.Practitioner))
		if assignment.Team != "" {
			tokens.add(releasedToTeam(assignment.Team))
		}
	}
	for _, listing := range h.Listings {
		tokens.add(releasedAtMeeting(listing.Meeting, agency))
	}
}

// addListed lets in who takes part in the meetings that hear the case.
func (h *caseHead) addListed(tokens tokenSet) {
	for _, listing := range h.Listings {
		tokens.add(representedAt(listing.Meeting), chairedAt(listing.Meeting), invitedTo(listing.Item))
	}
}

// addChairs lets in the chairs of the meetings that hear the case.
func (h *caseHead) addChairs(tokens tokenSet) {
	for _, listing := range h.Listings {
		tokens.add(chairedAt(listing.Meeting))
	}
}

// addSpoc lets in the area's single points of contact for stalking, to stalking
// cases only (NPCC/CPS protocol 4.1).
func (h *caseHead) addSpoc(tokens tokenSet) {
	if h.Type == casework.StalkingNotDomestic || h.Conduct == casework.ConductStalking {
		tokens.add(spocOf(h.Area))
	}
}

// decodeCase reads a case as far as the opener permits.
func decodeCase(doc store.Document, open opener) (Case, error) {
	var head caseHead
	if err := decode(doc.Head, &head); err != nil {
		return Case{}, err
	}
	c := Case{
		Case: casework.Case{
			ID: doc.ID, Reference: head.Reference, Type: head.Type, Status: head.Status, RiskLevel: head.RiskLevel,
			OpenedOn: head.OpenedOn, ClosedOn: head.ClosedOn, Area: head.Area, PartyAgencies: head.PartyAgencies,
		},
		Listings:   head.Listings,
		Restricted: head.Restricted,
		Excluded:   head.Excluded,
		HasNominal: head.HasNominal,
		agencies:   map[string]sharing.AgencyType{},
		conduct:    head.Conduct,
	}
	for _, assignment := range head.Assignments {
		c.Assignments = append(c.Assignments, assignment.Assignment)
		c.agencies[assignment.Agency] = assignment.AgencyType
	}
	for _, party := range head.Parties {
		c.Parties = append(c.Parties, casework.Party{ID: party.ID, Role: party.Role})
	}
	return c.openParts(open)
}

// openParts returns the case with the sections that the opener permits.
func (c Case) openParts(open opener) (Case, error) {
	var victims, children views.Identities
	var perpetrators perpetratorContent
	var contacts views.Contacts
	var conduct conductContent
	for _, section := range []struct {
		class authz.DataClass
		into  any
	}{
		{authz.VictimIdentity, &victims},
		{authz.Children, &children},
		{authz.PerpetratorIdentity, &perpetrators},
		{authz.SafeContact, &contacts},
		{authz.CourseOfConduct, &conduct},
	} {
		if err := open(section.class, authz.Full, section.into); err != nil {
			return Case{}, err
		}
	}
	c.Conduct = conduct.Decisions
	known := slices.Concat(victims.Parties, children.Parties, perpetrators.Parties)
	for i := range c.Parties {
		party := &c.Parties[i]
		for _, identity := range known {
			if identity.Party == party.ID {
				party.Identity = identity.Identity
			}
		}
		for _, contact := range contacts.Parties {
			if contact.Party == party.ID {
				party.Contact = contact.Contact
			}
		}
		for _, fact := range perpetrators.Facts {
			if fact.Party == party.ID {
				party.Relationship, party.Typology, party.Allegation = fact.Relationship, fact.Typology, fact.Allegation
			}
		}
	}
	return c, nil
}

// viewCase makes the view of a case from what of it is clear.
func viewCase(record views.Record, doc store.Document) (views.Case, error) {
	var head caseHead
	if err := decode(doc.Head, &head); err != nil {
		return views.Case{}, err
	}
	view := views.Case{
		Record: record, Reference: head.Reference, Type: head.Type, Status: head.Status, RiskLevel: head.RiskLevel,
		OpenedOn: head.OpenedOn, AreaID: head.Area, Parties: head.Parties, Listed: len(head.Listings) > 0,
		Version: int(revision(doc)),
	}
	if view.Listed {
		view.IsRepeat = head.Listings[len(head.Listings)-1].Repeat
	}
	return view, nil
}
