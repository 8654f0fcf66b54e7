package procedures

import (
	"context"
	"time"

	"accord/authz"
	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/records"
	"accord/internal/views"
)

// RevealRequest is whose safe contact is needed, and what for.
type RevealRequest struct{ Case, Party, Reason string }

// RevealSafeContact shows how one person is reached safely, once: the address too where
// the viewer may have it revealed in full, the number alone otherwise. That it was
// shown, to whom and why is kept in the case and entered in the audit log in one commit
// before anything is opened.
func RevealSafeContact(ctx context.Context, s *records.Session, request RevealRequest) (views.SafeContact, error) {
	const procedure = "revealSafeContact"
	contact, err := s.LoadContact(ctx, request.Case, request.Party)
	if err != nil {
		return views.SafeContact{}, refused(ctx, s, procedure, err)
	}
	if err = checkReveal(s, contact, request.Reason); err != nil {
		return views.SafeContact{}, refused(ctx, s, procedure, err)
	}
	shown, err := s.RevealedSince(ctx, request.Case, s.Now().Add(-24*time.Hour))
	if err != nil {
		return views.SafeContact{}, err
	}
	if shown >= revealsADay {
		return views.SafeContact{}, refused(ctx, s, procedure, fault.Rule("REVEAL_OFTEN", "Caldicott principle 3",
			"You were shown this twenty times within a day. Note it where you keep it safely, or ask the MARAC coordinator."))
	}
	change := s.Change(request.Case)
	if err := records.CreateByRule(change, records.Reveal{Reveal: sharing.Reveal{
		ID: s.Records().Identifier(views.RevealKind), Case: request.Case, Party: request.Party, By: s.Capacity().Person,
		Agency: s.Capacity().Agency, Reason: request.Reason, At: s.Now(), Whole: contact.Level == authz.Full,
	}}); err != nil {
		return views.SafeContact{}, err
	}
	change.Reveals(contact)
	if err := s.Apply(ctx, procedure, change); err != nil {
		return views.SafeContact{}, err
	}
	return s.ShowContact(ctx, contact)
}

// revealsADay bounds how often one person is shown safe contact of one case, so that
// nobody fills the case's room with reveals, after which nobody would be shown any.
const revealsADay = 20

func checkReveal(s *records.Session, contact records.Contact, reason string) error {
	if contact.Level < authz.Masked {
		return fault.Refused("How this person is reached safely is not yours to be shown. Ask who works with them.")
	}
	if s.Capacity().Purpose == "" {
		return fault.Rule("REVEAL_PURPOSE", "Data Protection Act 2018 s.62; Caldicott principle 1",
			"Say what it is for: declare a purpose with the header Accord-Purpose.")
	}
	return sharing.CheckReason("input.reason", reason)
}
