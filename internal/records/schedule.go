package records

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"accord/authz"
	"accord/internal/audit"
	"accord/internal/secrets/identifier"
	"accord/internal/store"
)

// scheduleFamily is the one family of the jobs that Accord does by itself.
const scheduleFamily = "jobs"

// jobKind is where a job stands. It says nothing of any record and is no part of
// the API.
const jobKind store.Kind = "job"

// jobsByTurn names the index that walks the jobs, the next due first.
const jobsByTurn = "jobs_next"

// PlannedJob is where a job stands: when its next turn is and who has it now. Times
// are UTC, to the millisecond.
type PlannedJob struct {
	Name        string    // such as "list relay"
	NextAt      time.Time // due from then on
	Holder      string    // who takes the turn now; empty: nobody does
	LeasedUntil time.Time // nobody else takes it before; zero without a holder
	LastDone    time.Time // when the last turn that did not fail was over; zero: there was none
	Failures    int       // turns that have failed since

	doc store.Document // as it was read
}

// ID is the id of the job.
func (j PlannedJob) ID() string { return j.id() }

// Version tells one state of a job from every other.
func (j PlannedJob) Version() int64 { return j.doc.Version }

type jobHead struct {
	Name        string
	NextAt      time.Time
	Holder      string
	LeasedUntil time.Time
	LastDone    time.Time
	Failures    int
}

func (j PlannedJob) kind() store.Kind    { return jobKind }
func (j PlannedJob) id() string          { return jobID(j.Name) }
func (j PlannedJob) family() string      { return scheduleFamily }
func (j PlannedJob) row() authz.ClassSet { return authz.SetOf() }

func (j PlannedJob) head() any {
	return jobHead{j.Name, j.NextAt, j.Holder, j.LeasedUntil, j.LastDone, j.Failures}
}

func (j PlannedJob) fields() []store.Field {
	return []store.Field{{Name: "next", Value: store.Number(j.NextAt.UnixMilli())}}
}

func (j PlannedJob) parts() []part             { return nil }
func (j PlannedJob) tokens(*caseHead) tokenSet { return tokenSet{} }

// jobID is the same for the same job wherever it is planned, so that of two
// programs that plan it one comes first.
func jobID(name string) string {
	sum := sha256.Sum256([]byte("job\n" + name))
	return "job_" + identifier.Encode(sum[:identifier.Bytes])
}

func decodeJob(doc store.Document) (PlannedJob, error) {
	var head jobHead
	if err := decode(doc.Head, &head); err != nil {
		return PlannedJob{}, err
	}
	return PlannedJob{
		Name: head.Name, NextAt: head.NextAt.UTC(), Holder: head.Holder, LeasedUntil: head.LeasedUntil.UTC(),
		LastDone: head.LastDone.UTC(), Failures: head.Failures, doc: doc,
	}, nil
}

// Schedule keeps where every job stands, so that it outlives the program and that
// of several programs one takes a turn. What it writes about is Accord itself: a turn
// has no entry in the audit log, and what a job looks at or changes has its own.
type Schedule struct{ records *Records }

// Schedule is the schedule of the jobs.
func (r *Records) Schedule() Schedule { return Schedule{r} }

// Jobs returns every job that was planned, the next due first. One that cannot be read
// is left out, so that it keeps no other from its turn; Plan says why.
func (s Schedule) Jobs(ctx context.Context) ([]PlannedJob, error) {
	page, err := s.records.stored.Find(ctx, store.Query{Index: jobsByTurn, Limit: store.MaxPage})
	if err != nil {
		return nil, fmt.Errorf("reading the schedule: %w", err)
	}
	jobs := make([]PlannedJob, 0, len(page.Documents))
	for _, doc := range page.Documents {
		if !s.believes(ctx, doc) {
			continue
		}
		if job, err := s.jobOf(doc); err == nil {
			jobs = append(jobs, job)
		}
	}
	return jobs, nil
}

// Plan plans a job for the moment. Nothing happens to one that is planned already,
// nor while the audit log is empty: there is nothing to look after yet, and a store
// with documents and no log is one whose log was taken away. One that is not as
// records wrote it says nothing that is worth keeping: it begins again, and the audit
// log tells.
func (s Schedule) Plan(ctx context.Context, name string, at time.Time) error {
	_, err := s.records.stored.Log().Checkpoint(ctx)
	if errors.Is(err, store.ErrAbsent) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the audit log: %w", err)
	}
	job := PlannedJob{Name: name, NextAt: at}
	var entries [][]byte
	doc, err := s.records.stored.Get(ctx, job.id())
	switch {
	case errors.Is(err, store.ErrAbsent):
	case err != nil:
		return fmt.Errorf("reading the schedule: %w", err)
	case s.believes(ctx, doc):
		_, err = s.jobOf(doc)
		return err
	default:
		job.doc = store.Document{Version: doc.Version}
		entry := s.records.upkeep(ctx, s.records.NewIdentifier("request")).entry(audit.Alteration, "planAgain")
		entry.Records = []audit.RecordSeen{{Record: audit.ID(doc.ID), Kind: jobKind, Version: doc.Version + 1}}
		if entries, err = encodeEntries(entry); err != nil {
			return err
		}
	}
	_, _, err = s.write(ctx, job, entries)
	return err
}

// Keep writes where a job stands now, as it is given, and returns it with its new
// version; false when it is no longer as it was read: then nothing is written.
func (s Schedule) Keep(ctx context.Context, job PlannedJob) (PlannedJob, bool, error) {
	return s.write(ctx, job, nil)
}

func (s Schedule) write(ctx context.Context, job PlannedJob, entries [][]byte) (PlannedJob, bool, error) {
	head, err := encode(job.head())
	if err != nil {
		return job, false, err
	}
	read := job.doc
	job.doc = store.Document{
		ID: job.id(), Kind: job.kind(), Family: job.family(), Version: read.Version + 1, Head: head,
		Fields: s.records.forms.fieldsOf(job, upkept(read)),
	}
	err = s.records.store.Apply(ctx, store.Batch{
		Family: job.family(), Writes: []store.Write{{Document: job.doc, Expect: read.Version}}, Entries: entries,
	})
	switch {
	case errors.Is(err, store.ErrStale), errors.Is(err, store.ErrDuplicate):
		return job, false, nil
	case err != nil:
		return job, false, fmt.Errorf("writing the schedule: %w", err)
	default:
		return job, true, nil
	}
}

// believes reports whether the document is as records wrote it.
func (s Schedule) believes(ctx context.Context, doc store.Document) bool {
	return attested{s.records.stored, s.records.keyring}.check(ctx, doc) == nil
}

func (s Schedule) jobOf(doc store.Document) (PlannedJob, error) {
	doc, err := s.records.forms.lift(doc)
	if err != nil {
		return PlannedJob{}, err
	}
	return decodeJob(doc)
}
