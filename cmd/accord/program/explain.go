package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"accord/authz"
	"accord/domain/calendar"
	"accord/graph"
	"accord/internal/records"
)

// ExplainRequest asks why somebody holds what they hold of a field.
type ExplainRequest struct {
	Data, Keys string // folders; no program may be running on them
	MongoDB    string // address of the cluster that holds the documents; empty when Data does
	Policy     string // file of the access policy; empty: the one that Accord ships
	As         string // how the practitioner signs in, or the practitioner's id
	Case       string // reference
	Field      string // type and field of the schema, such as "Person.address"
	Purpose    string // as it would be declared; empty for a routine read
	Clock      func() time.Time
	Entropy    io.Reader
}

// Explanation is why somebody holds what they hold of a field.
type Explanation struct {
	records.Explanation
	SignIn string
	Field  graph.Field
	Table  *authz.Table
}

// Explain explains a decision. It opens the data as a program does, and enters in the
// audit log that it was asked.
func Explain(ctx context.Context, request ExplainRequest) (_ Explanation, err error) {
	marks, err := graph.ReadMarks(graph.NewExecutableSchema(graph.Config{}).Schema())
	if err != nil {
		return Explanation{}, fmt.Errorf("reading the schema: %w", err)
	}
	told := Explanation{}
	if told.Field, err = marks.Field(request.Field); err != nil {
		return Explanation{}, err //nolint:wrapcheck // it is one sentence for the operator
	}
	if len(told.Field.Kinds) == 0 || told.Field.Directory {
		return Explanation{}, fmt.Errorf("%s is no field of a record that belongs to a case", request.Field)
	}
	purpose := authz.Purpose(request.Purpose)
	if purpose != "" && !slices.Contains(authz.Purposes(), purpose) {
		return Explanation{}, errors.New("there is no such purpose: the README lists them")
	}
	opened, err := openToExplain(ctx, request)
	if err != nil {
		return Explanation{}, err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	directory := opened.records.Directory()
	capacity, err := capacityNamed(directory, request.As, calendar.DateIn(request.Clock()))
	if err != nil {
		return Explanation{}, err
	}
	capacity.Purpose = purpose
	session := opened.records.Begin(ctx, capacity, opened.records.NewIdentifier("request"))
	told.SignIn, told.Table = directory.SignIn(capacity.Person), session.Table()
	if told.Explanation, err = session.Explain(ctx, request.Case, told.Field.Kinds...); err != nil {
		return Explanation{}, fmt.Errorf("explaining: %w", err)
	}
	return told, nil
}

// openToExplain opens data and records without serving them. Data and keys that a
// program serves are refused, and so is a log that is not the one the keys have seen.
func openToExplain(ctx context.Context, request ExplainRequest) (_ *Program, err error) {
	if request.Data, err = dataFolder(request.Data); err != nil {
		return nil, err
	}
	if request.Keys, err = keyFolder(request.Keys); err != nil {
		return nil, err
	}
	if err = oneStore(request.Data, request.MongoDB); err != nil {
		return nil, err
	}
	opened := &Program{logger: slog.New(slog.DiscardHandler)}
	defer func() {
		if err != nil {
			err = errors.Join(err, opened.Close())
		}
	}()
	if opened.policy, err = openPolicy(request.Policy, nil); err != nil {
		return nil, err
	}
	keyring, documents, err := opened.openData(ctx, Config{
		Data: request.Data, Keys: request.Keys, MongoDB: request.MongoDB, Clock: request.Clock, Entropy: request.Entropy,
	})
	if err != nil {
		return nil, err
	}
	if err = opened.keepLog(ctx, keyring, documents.Log()); err != nil {
		return nil, err
	}
	opened.records, err = records.Open(ctx, records.Config{
		Store: documents, Keyring: keyring, Policy: opened.policy.current, Clock: request.Clock,
	})
	if err != nil {
		return nil, fmt.Errorf("opening the records: %w", err)
	}
	return opened, nil
}

// capacityNamed is in whose name the one practitioner acts on a day that a name can
// mean.
func capacityNamed(directory *records.Directory, name string, day calendar.Date) (authz.Capacity, error) {
	named := directory.Named(name)
	switch len(named) {
	case 0:
		return authz.Capacity{}, errors.New("nobody in the directory signs in by that name: give it as at sign-in, behind the agency (southvale-police/pc.ward), or the practitioner's id")
	case 1:
	default:
		var forms []string
		for _, practitioner := range named {
			forms = append(forms, directory.SignIn(practitioner))
		}
		return authz.Capacity{}, fmt.Errorf("%d people sign in by that name: give one of %s", len(named), strings.Join(forms, ", "))
	}
	capacity, acts := directory.CapacityOf(named[0], day)
	if !acts {
		return authz.Capacity{}, errors.New("the practitioner holds no role: nothing is there for them")
	}
	return capacity, nil
}
