package records

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"accord/authz"
	"accord/domain/sharing"
	"accord/internal/secrets/identifier"
	"accord/internal/views"
)

// ConditionWatch starts a session of the system capacity that tells practitioners that
// a condition of access is about to lapse. It puts alerts into inboxes, and reaches
// nothing else.
func (r *Records) ConditionWatch(ctx context.Context) *Session {
	return r.Begin(ctx, authz.Capacity{System: "condition watch", Roles: []authz.Role{authz.AlertPost}}, r.NewIdentifier("request"))
}

// LapsingAlert is an alert that a condition of access lapses soon.
type LapsingAlert struct {
	ID string // the same whoever raises it, so that it is raised once
	To string // practitioner id
}

// LapsingAlerts lists whom to tell that a condition of access lapses soon and who was
// not told of that condition and day: the practitioner and whoever supervises them; of
// an agency's agreement whoever supervises at the agency, and the auditors of its areas.
func (s *Session) LapsingAlerts(ctx context.Context) ([]LapsingAlert, error) {
	directory := s.names.directory
	to := map[string]string{}
	tell := func(of string, lapse sharing.Lapse, practitioners []string) {
		for _, practitioner := range practitioners {
			to[s.records.lapsingID(of, lapse, practitioner)] = practitioner
		}
	}
	for _, practitioner := range directory.practitioners {
		if len(practitioner.Roles) == 0 {
			continue
		}
		agency := directory.agencies[practitioner.Agency]
		for _, lapse := range sharing.Lapsing(agency, practitioner, s.Today()) {
			if lapse.Of == sharing.CurrentAgreement {
				tell(agency.ID, lapse, directory.answerableFor(agency))
			} else {
				tell(practitioner.ID, lapse, append(directory.SupervisorsOf(practitioner.ID), practitioner.ID))
			}
		}
	}
	ids := slices.Sorted(maps.Keys(to))
	for some := range slices.Chunk(ids, lapsingAtOnce) {
		told, err := s.records.store.GetMany(ctx, some)
		if err != nil {
			return nil, fmt.Errorf("reading who was told what lapses: %w", err)
		}
		for _, doc := range told {
			delete(to, doc.ID)
		}
	}
	var alerts []LapsingAlert
	for _, id := range slices.Sorted(maps.Keys(to)) {
		alerts = append(alerts, LapsingAlert{id, to[id]})
	}
	return alerts, nil
}

// lapsingAtOnce is how many alerts are looked for at once.
const lapsingAtOnce = 500

// lapsingID is the id of the alert to somebody that a condition of an agency or of a
// practitioner lapses on a day. Nobody without the keys can tell it.
func (r *Records) lapsingID(of string, lapse sharing.Lapse, to string) string {
	sum := sha256.Sum256([]byte(r.keyring.Blind("lapsing", fmt.Sprintf("%s\n%s\n%d\n%s", of, lapse.Of, lapse.Last, to))))
	return string(views.AlertKind) + "_" + identifier.Encode(sum[:identifier.Bytes])
}

// answerableFor lists who answers for the agreement of an agency: whoever supervises a
// team there, and the auditors of its areas. Sorted.
func (d *Directory) answerableFor(agency sharing.Agency) []string {
	var people []string
	for id, practitioner := range d.practitioners {
		if practitioner.Agency == agency.ID && len(practitioner.Supervises) > 0 {
			people = append(people, id)
		}
	}
	for _, area := range agency.Areas {
		people = append(people, d.Holding(authz.Auditor, area)...)
	}
	slices.Sort(people)
	return slices.Compact(people)
}
