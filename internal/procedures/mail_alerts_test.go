package procedures_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/cmd/accord/stage"
	"accord/domain/sharing"
	"accord/internal/mail"
	"accord/internal/procedures"
	"accord/internal/records"
)

// postbox is a mail server as a sender meets it.
type postbox struct {
	mutex  sync.Mutex
	taken  []string // addresses, in order
	answer func(address string) error
}

func (p *postbox) Send(_ context.Context, address string) error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.answer != nil {
		if err := p.answer(address); err != nil {
			return err
		}
	}
	p.taken = append(p.taken, address)
	return nil
}

func (p *postbox) to(login string) int {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	sent := 0
	for _, address := range p.taken {
		if strings.HasPrefix(address, login+"@") {
			sent++
		}
	}
	return sent
}

// permanent is how the real sender says that a recipient cannot be reached.
func permanent(t *testing.T) error {
	t.Helper()
	smtp, err := mail.New(mail.Config{
		Server: "127.0.0.1:1", Security: mail.ClearText, From: "accord@accord.example", SignIn: "https://accord.example/",
		Clock: func() time.Time { return stage.Start },
	})
	if err != nil {
		t.Fatal(err)
	}
	err = smtp.Send(t.Context(), "no address")
	if !mail.IsPermanent(err) {
		t.Fatalf("a recipient without an address: %v", err)
	}
	return err
}

// tell has alerts raised about a case, and delivers them.
func tell(t *testing.T, s *stage.Stage, caseID string, kind sharing.AlertKind, logins ...string) {
	t.Helper()
	session := s.As(t, "coord.ellis")
	held, err := session.LoadCase(t.Context(), caseID)
	if err != nil {
		t.Fatal(err)
	}
	change := session.Change(caseID)
	for _, login := range logins {
		if err := session.Tell(change, kind, held.Value, s.Capacity(t, login).Person); err != nil {
			t.Fatal(err)
		}
	}
	if err := session.Apply(t.Context(), "tell", change); err != nil {
		t.Fatal(err)
	}
	deliverAll(t, s)
}

func deliverAll(t *testing.T, s *stage.Stage) {
	t.Helper()
	err := procedures.Deliver(t.Context(), s.Program.Records(), func(gone records.Consequence) { t.Errorf("%+v is dropped", gone) })
	if err != nil {
		t.Fatal(err)
	}
}

// later puts the stage's clock forward and does what is due.
func later(t *testing.T, s *stage.Stage, by time.Duration) error {
	t.Helper()
	s.Clock.Set(s.Clock.Now().Add(by))
	return s.Program.TakeTurns(t.Context())
}

// mailOf are the states of the e-mail of somebody's alerts, newest first.
func mailOf(t *testing.T, s *stage.Stage, login string) []sharing.MailState {
	t.Helper()
	session := s.As(t, login)
	page, err := session.Alerts(t.Context(), false, records.PageRequest{First: 100})
	if err != nil {
		t.Fatal(err)
	}
	states := make([]sharing.MailState, 0, len(page.Edges))
	for _, edge := range page.Edges {
		held, err := session.LoadAlert(t.Context(), edge.Node.ID)
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, held.Value.Mail)
	}
	return states
}

func all(t *testing.T, states []sharing.MailState, want sharing.MailState, count int) {
	t.Helper()
	if len(states) != count || slices.ContainsFunc(states, func(one sharing.MailState) bool { return one != want }) {
		t.Errorf("the e-mails stand at %v, want %d %s", states, count, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Several alerts are one e-mail; whoever comes soon after waits until ten minutes have
// passed, and nobody else waits for that.
func TestSeveralAlertsAreOneEMailAndTheNextComesTenMinutesLater(t *testing.T) {
	box := &postbox{}
	s := stage.New(t, stage.Options{Mail: box})
	caseID := firstListed(t, s)
	tell(t, s, caseID, sharing.AlertReleased, "pc.ahmed", "pc.ahmed", "pc.ahmed", "idva.byrne")
	tell(t, s, caseID, sharing.AlertReleaseEnded, "pc.ahmed")
	must(t, later(t, s, 0))
	if box.to("pc.ahmed") != 1 || box.to("idva.byrne") != 1 || len(box.taken) != 2 {
		t.Errorf("e-mails went to %v", box.taken)
	}
	all(t, mailOf(t, s, "pc.ahmed"), sharing.MailSent, 4)
	must(t, later(t, s, 4*time.Minute))
	tell(t, s, caseID, sharing.AlertSearched, "pc.ahmed", "ds.reid")
	must(t, later(t, s, 6*time.Minute-time.Second))
	if box.to("pc.ahmed") != 1 || box.to("ds.reid") != 1 {
		t.Errorf("before ten minutes have passed e-mails went to %v", box.taken)
	}
	must(t, later(t, s, 30*time.Second))
	if box.to("pc.ahmed") != 2 || len(box.taken) != 4 {
		t.Errorf("after ten minutes e-mails went to %v", box.taken)
	}
	must(t, later(t, s, time.Hour))
	if len(box.taken) != 4 {
		t.Errorf("without a new alert e-mails went to %v", box.taken)
	}
}

// What the server said while the connection broke nobody knows: the e-mail goes out
// again, and never not at all.
func TestAnEMailThatMayHaveGoneOutIsSentAgainAndThenNoMore(t *testing.T) {
	box := &postbox{}
	s := stage.New(t, stage.Options{Mail: box})
	caseID := firstListed(t, s)
	tell(t, s, caseID, sharing.AlertReleased, "pc.ahmed", "idva.byrne")
	out := 0
	box.answer = func(address string) error {
		if strings.HasPrefix(address, "pc.ahmed@") && out < 1 {
			out++
			return errors.New("the connection broke after the e-mail was taken")
		}
		return nil
	}
	if err := later(t, s, 0); err == nil || strings.Contains(err.Error(), "@") {
		t.Errorf("the job ends with %v", err)
	}
	all(t, mailOf(t, s, "pc.ahmed"), sharing.MailDue, 1)
	if box.to("idva.byrne") != 1 {
		t.Error("one recipient's trouble is another's")
	}
	for range 5 {
		must(t, later(t, s, 5*time.Minute))
	}
	if out+box.to("pc.ahmed") != 2 || box.to("idva.byrne") != 1 {
		t.Errorf("%d went out before, then e-mails to %v", out, box.taken)
	}
	all(t, mailOf(t, s, "pc.ahmed"), sharing.MailSent, 1)
	if strings.Contains(s.Log(), "@") {
		t.Errorf("the log holds an address: %s", s.Log())
	}
}

// A program that is killed between sending and noting has sent one e-mail, and the next
// program sends it once more.
func TestAProgramKilledBetweenSendingAndNotingSendsOneEMailTwice(t *testing.T) {
	folder, signIn, box := t.TempDir(), stage.NewSignIn(t), &postbox{}
	s := stage.New(t, stage.Options{Folder: folder, SignIn: signIn, Mail: box})
	tell(t, s, firstListed(t, s), sharing.AlertReleased, "pc.ahmed", "idva.byrne", "ds.reid")
	killed := func() (killed any) {
		defer func() { killed = recover() }()
		_, _ = procedures.MailAlerts(t.Context(), s.Program.Records(), procedures.Post{
			Send:        func(ctx context.Context, to string) error { _ = box.Send(ctx, to); panic("killed") },
			IsPermanent: mail.IsPermanent,
		})
		return nil
	}()
	if killed == nil || len(box.taken) != 1 {
		t.Fatalf("killed: %v, e-mails to %v", killed, box.taken)
	}
	s.Close(t)
	s = stage.New(t, stage.Options{Folder: folder, SignIn: signIn, Mail: box})
	for range 3 {
		must(t, later(t, s, time.Hour))
	}
	if len(box.taken) != 4 {
		t.Errorf("e-mails went to %v", box.taken)
	}
	for _, login := range []string{"pc.ahmed", "idva.byrne", "ds.reid"} {
		if sent := box.to(login); sent < 1 || sent > 2 {
			t.Errorf("%s has had %d e-mails", login, sent)
		}
	}
}

// Who cannot be reached is given up, and the log says who it is by their id.
func TestAnAddressThatTakesNoMailIsGivenUp(t *testing.T) {
	refusal := permanent(t)
	tried := 0
	box := &postbox{}
	box.answer = func(address string) error {
		if strings.HasPrefix(address, "pc.ahmed@") {
			tried++
			return refusal
		}
		return nil
	}
	s := stage.New(t, stage.Options{Mail: box})
	caseID := firstListed(t, s)
	tell(t, s, caseID, sharing.AlertReleased, "pc.ahmed", "idva.byrne")
	for range 4 {
		must(t, later(t, s, time.Hour))
	}
	all(t, mailOf(t, s, "pc.ahmed"), sharing.MailGivenUp, 1)
	if tried != 1 || box.to("idva.byrne") != 1 {
		t.Errorf("tried %d times, and e-mails went to %v", tried, box.taken)
	}
	if log := s.Log(); !strings.Contains(log, `"practitioner":"`+s.Capacity(t, "pc.ahmed").Person+`"`) || strings.Contains(log, "@") {
		t.Errorf("the log says %s", log)
	}
}

// A mail server that is gone for days keeps an e-mail waiting for four of them.
func TestAnEMailIsTriedForFourDays(t *testing.T) {
	box := &postbox{answer: func(string) error { return errors.New("nobody answers") }}
	s := stage.New(t, stage.Options{Mail: box})
	tell(t, s, firstListed(t, s), sharing.AlertReleased, "pc.ahmed")
	if err := later(t, s, sharing.MailFor-time.Minute); err == nil {
		t.Error("the job says nothing of a server that is gone")
	}
	all(t, mailOf(t, s, "pc.ahmed"), sharing.MailDue, 1)
	must(t, later(t, s, time.Minute))
	all(t, mailOf(t, s, "pc.ahmed"), sharing.MailGivenUp, 1)
}

// Who has seen an alert, has no address or has left is sent nothing, and without a
// mail server nobody is: not even once there is one.
func TestNobodyIsSentAnEMailThatWouldTellThemNothing(t *testing.T) {
	box := &postbox{}
	s := stage.New(t, stage.Options{Mail: box})
	caseID := firstListed(t, s)
	change := func(login string, to func(*sharing.Practitioner)) {
		entry, _ := s.Program.Records().Directory().Practitioner(s.Capacity(t, login).Person)
		to(&entry)
		must(t, procedures.EnrolPractitioner(t.Context(), s.As(t, "sys.kerr"), entry))
	}
	change("idva.byrne", func(p *sharing.Practitioner) { p.Mail = "" })
	tell(t, s, caseID, sharing.AlertReleased, "pc.ahmed", "idva.byrne", "ds.reid", "po.singh")
	all(t, mailOf(t, s, "idva.byrne"), sharing.MailNone, 1)
	session := s.As(t, "pc.ahmed")
	page, err := session.Alerts(t.Context(), true, records.PageRequest{First: 1})
	must(t, err)
	_, err = procedures.AcknowledgeAlert(t.Context(), session, page.Edges[0].Node.ID)
	must(t, err)
	change("ds.reid", func(p *sharing.Practitioner) { p.Roles = nil })
	change("po.singh", func(p *sharing.Practitioner) { p.Mail = "" })
	must(t, later(t, s, time.Hour))
	if len(box.taken) != 0 {
		t.Errorf("e-mails went to %v", box.taken)
	}
	all(t, mailOf(t, s, "pc.ahmed"), sharing.MailNone, 1)
	all(t, mailOf(t, s, "po.singh"), sharing.MailNone, 1)

	folder, signIn := t.TempDir(), stage.NewSignIn(t)
	without := stage.New(t, stage.Options{Folder: folder, SignIn: signIn})
	tell(t, without, firstListed(t, without), sharing.AlertReleased, "pc.ahmed")
	must(t, later(t, without, time.Hour))
	all(t, mailOf(t, without, "pc.ahmed"), sharing.MailNone, 1)
	without.Close(t)
	with := stage.New(t, stage.Options{Folder: folder, SignIn: signIn, Mail: box})
	must(t, later(t, with, time.Hour))
	if len(box.taken) != 0 {
		t.Errorf("a mail server that came later is given %v", box.taken)
	}
}

// The post looks at every alert that waits, however many there are, and each practitioner
// is sent one e-mail for all of theirs.
func TestManyAlertsOfManyAreOneEMailEach(t *testing.T) {
	box := &postbox{}
	s := stage.New(t, stage.Options{Mail: box})
	caseID := firstListed(t, s)
	for i := range 130 {
		s.Clock.Set(stage.Start.Add(time.Duration(i) * time.Millisecond))
		tell(t, s, caseID, sharing.AlertReleased, "pc.ahmed", "idva.byrne")
	}
	must(t, later(t, s, 0))
	if fmt.Sprint(box.to("pc.ahmed"), box.to("idva.byrne"), len(box.taken)) != "1 1 2" {
		t.Errorf("e-mails went to %v", box.taken)
	}
	must(t, later(t, s, time.Hour))
	if len(box.taken) != 2 {
		t.Errorf("e-mails went to %v", box.taken)
	}
}
