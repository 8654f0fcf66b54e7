package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"accord/authz"
	"accord/internal/store"
)

// written is the JSON of an entry.
type written struct {
	At         string          `json:"at"`
	Request    ID              `json:"request"`
	Person     ID              `json:"person"`
	Agency     ID              `json:"agency"`
	Roles      []string        `json:"roles"`
	System     System          `json:"system"`
	Purpose    authz.Purpose   `json:"purpose"`
	Operation  string          `json:"operation"`
	Action     Action          `json:"action"`
	Outcome    string          `json:"outcome"`
	Rule       Rule            `json:"rule"`
	Part       int             `json:"part"`
	Parts      int             `json:"parts"`
	Sights     []writtenSight  `json:"sights"`
	Records    []writtenRecord `json:"records"`
	Recipients []ID            `json:"recipients"`
}

type writtenSight struct {
	Full   []string `json:"full"`
	Masked []string `json:"masked"`
}

type writtenRecord struct {
	ID      ID         `json:"id"`
	Kind    store.Kind `json:"kind"`
	Version int64      `json:"version"`
	Sight   *int       `json:"sight"`
}

// Decode reads an entry and accepts nothing that Encode would not have written
// byte for byte. Its errors do not quote what they read.
func Decode(encoded []byte) (Entry, error) {
	if len(encoded) > MaxEntry {
		return Entry{}, fmt.Errorf("an audit entry of more than %d bytes", MaxEntry)
	}
	var w written
	if err := json.Unmarshal(encoded, &w); err != nil {
		return Entry{}, errors.New("an audit entry that is not JSON of its form")
	}
	entry, err := w.entry()
	if err != nil {
		return Entry{}, err
	}
	again, err := entry.Encode()
	if err != nil {
		return Entry{}, err
	}
	if !bytes.Equal(again, encoded) {
		return Entry{}, errors.New("an audit entry that is not written in its one form")
	}
	return entry, nil
}

func (w *written) entry() (Entry, error) {
	at, err := time.Parse(timeForm, w.At)
	if err != nil {
		return Entry{}, errors.New("the time of an audit entry is malformed")
	}
	entry := Entry{
		At: at.UTC(), Request: w.Request, Person: w.Person, Agency: w.Agency, System: w.System,
		Purpose: w.Purpose, Action: w.Action, Rule: w.Rule, Part: w.Part, Parts: w.Parts,
		Operation:  Operation(max(0, slices.Index(operationNames[:], w.Operation))), //nolint:gosec // few names
		Outcome:    Outcome(max(0, slices.Index(outcomeNames[:], w.Outcome))),       //nolint:gosec // few names
		Recipients: w.Recipients,
	}
	for _, name := range w.Roles {
		role, unknown := authz.ParseRole(name)
		if unknown != nil {
			return Entry{}, errors.New("a role of an audit entry is none of the enumeration")
		}
		entry.Roles = append(entry.Roles, role)
	}
	sights := make([]sight, len(w.Sights))
	for i, s := range w.Sights {
		if sights[i].full, err = parseClasses(s.Full); err != nil {
			return Entry{}, err
		}
		if sights[i].masked, err = parseClasses(s.Masked); err != nil {
			return Entry{}, err
		}
	}
	for _, r := range w.Records {
		seen := RecordSeen{Record: r.ID, Kind: r.Kind, Version: r.Version}
		if r.Sight != nil {
			if *r.Sight < 0 || *r.Sight >= len(sights) {
				return Entry{}, errors.New("a record of an audit entry refers to no sight")
			}
			seen.Full, seen.Masked = sights[*r.Sight].full, sights[*r.Sight].masked
		}
		entry.Records = append(entry.Records, seen)
	}
	return entry, nil
}

func parseClasses(names []string) (set Classes, err error) {
	for _, name := range names {
		class, err := authz.ParseDataClass(name)
		if err != nil {
			return 0, errors.New("a class of an audit entry is none of the enumeration")
		}
		set = set.With(class)
	}
	return set, nil
}
