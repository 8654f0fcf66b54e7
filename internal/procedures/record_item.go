package procedures

import (
	"context"
	"slices"

	"accord/domain/casework"
	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/records"
	"accord/internal/views"
)

// ItemRecording is something an agency holds on a case.
type ItemRecording struct {
	Case           string
	Kind           sharing.ItemKind
	About          string // party id; empty: the case as a whole
	Basis          sharing.Basis
	Text           string
	IdempotencyKey string // empty: none
}

// RecordItem records what the viewer's agency holds on a case. It stays the
// agency's own until it is released.
func RecordItem(ctx context.Context, s *records.Session, recording ItemRecording) (views.InformationItem, error) {
	const procedure = "recordItem"
	receipt, done, err := s.Retried(ctx, procedure, recording.IdempotencyKey, recording)
	if err != nil {
		return views.InformationItem{}, err
	}
	if done {
		return s.InformationItem(ctx, views.KindOfItem(recording.Kind), receipt.Result[0])
	}
	held, err := s.LoadCaseHead(ctx, recording.Case)
	if err != nil {
		return views.InformationItem{}, err
	}
	directory := s.Records().Directory()
	agency, _ := directory.Agency(s.Capacity().Agency)
	item := sharing.OwnedItem{
		ID: s.Records().Identifier(views.KindOfItem(recording.Kind)), Case: recording.Case, Agency: agency.ID, Kind: recording.Kind,
		About: recording.About, Basis: recording.Basis, Text: recording.Text, RecordedBy: s.Capacity().Person, RecordedAt: s.Now(),
	}
	if err := item.Check(agency.Type); err != nil {
		return views.InformationItem{}, refused(ctx, s, procedure, err)
	}
	if item.About != "" && !slices.ContainsFunc(held.Value.Parties, func(p casework.Party) bool { return p.ID == item.About }) {
		return views.InformationItem{}, refused(ctx, s, procedure, fault.Input("input.about", "known", "Name a party of the case, or leave it out."))
	}
	change := s.Change(recording.Case)
	if err := records.Create(change, records.OwnedItem{OwnedItem: item}); err != nil {
		return views.InformationItem{}, err
	}
	change.Remember(receipt, item.ID)
	if err := s.Apply(ctx, procedure, change); err != nil {
		return views.InformationItem{}, err
	}
	return s.InformationItem(ctx, views.KindOfItem(item.Kind), item.ID)
}
