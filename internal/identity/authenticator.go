package identity

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"accord/authz"
	"accord/domain/fault"
)

// PurposeHeader is the request header in which a caller says what for.
const PurposeHeader = "Accord-Purpose"

// ErrDirectoryUnavailable is the cause when the directory could not say who a
// verified person is.
var ErrDirectoryUnavailable = errors.New("directory cannot be reached")

var (
	errNoBearer      = errors.New("request has no bearer token")
	errManyHeaders   = errors.New("request has more than one Authorization header")
	errNoCapacity    = errors.New("person is not in the directory")
	errEmptyCapacity = errors.New("directory gave no person's capacity")
)

// Directory knows who works for which agency, in which roles and areas.
type Directory interface {
	// Capacity returns the capacity of the practitioner who signs in as the
	// subject at the issuer. It has a person, an agency and at least one role,
	// and names no system. The Purpose in it is not read. Nobody by that name,
	// or nobody who may act today, is fault.NotFound; any other error says that
	// the directory cannot tell, and holds ids at most.
	Capacity(ctx context.Context, issuer, subject string) (authz.Capacity, error)
}

// Authenticator turns a request into a capacity. It is safe for concurrent use.
type Authenticator struct {
	verifier  *Verifier
	directory Directory
}

// NewAuthenticator joins the two halves of signing in: who it is, which the
// verifier proves, and as what, which only the directory says.
func NewAuthenticator(verifier *Verifier, directory Directory) *Authenticator {
	return &Authenticator{verifier: verifier, directory: directory}
}

// Authenticate returns in whose name the request is made, with the purpose it
// declares. Every failure to say so is the same fault.SignIn, an outage of the
// issuer or the directory included; the cause inside tells the log which
// (ErrIssuerUnreachable, ErrDirectoryUnavailable). Only who is signed in hears
// of a malformed purpose (fault.BadInput): the capacity, without a purpose, comes
// with the fault.
func (a *Authenticator) Authenticate(ctx context.Context, request *http.Request) (authz.Capacity, error) {
	token, err := bearer(request.Header)
	if err != nil {
		return authz.Capacity{}, fault.SignIn(err)
	}
	principal, err := a.verifier.Verify(ctx, token)
	if err != nil {
		return authz.Capacity{}, err
	}
	capacity, err := a.directory.Capacity(ctx, principal.Issuer, principal.Subject)
	// Somebody for whom a condition of access has lapsed signs in without a role, to be
	// told what has lapsed.
	if err == nil && (capacity.Person == "" || capacity.Agency == "" || capacity.System != "") {
		err = errEmptyCapacity
	}
	if err != nil {
		return authz.Capacity{}, fault.SignIn(directoryCause(principal, err))
	}
	declared, err := purpose(request.Header)
	switch {
	case err != nil:
		return capacity, err
	case declared == authz.Emergency:
		return capacity, fault.Refused("BREAK_GLASS is entered by itself while emergency access runs; declare what you do under it, such as SAFETY_PLANNING.")
	case declared != "" && !capacity.MayDeclare(declared):
		return capacity, fault.Refused("None of your roles at this agency works for this purpose. Leave the header out, or declare one that is yours.")
	}
	capacity.Purpose = declared
	return capacity, nil
}

func directoryCause(principal Principal, err error) error {
	switch {
	case fault.Is(err, fault.NotFound):
		err = errNoCapacity
	case errors.Is(err, errEmptyCapacity):
	default:
		err = fmt.Errorf("%w: %w", ErrDirectoryUnavailable, err)
	}
	return fmt.Errorf("issuer %s: %w", principal.Issuer, err)
}

// bearer reads the one bearer token (RFC 6750 2.1).
func bearer(header http.Header) (string, error) {
	values := header.Values("Authorization")
	if len(values) > 1 {
		return "", errManyHeaders
	}
	if len(values) == 0 {
		return "", errNoBearer
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	token = strings.TrimLeft(token, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", errNoBearer
	}
	return token, nil
}

// errPurpose lists the purposes that a request may declare.
var errPurpose = fault.Input(PurposeHeader, "enum", "Declare one of "+listed(authz.Declarable())+" in "+PurposeHeader+", or leave the header out.")

// listed is the purposes in words.
func listed(purposes []authz.Purpose) string {
	var words strings.Builder
	for at, purpose := range purposes {
		switch {
		case at > 0 && at == len(purposes)-1:
			words.WriteString(" or ")
		case at > 0:
			words.WriteString(", ")
		}
		words.WriteString(string(purpose))
	}
	return words.String()
}

// purpose reads the declared purpose; without the header it is a routine read.
func purpose(header http.Header) (authz.Purpose, error) {
	values := header.Values(PurposeHeader)
	if len(values) == 0 {
		return "", nil
	}
	if len(values) > 1 {
		return "", fault.Input(PurposeHeader, "single", "Give one purpose in one header.")
	}
	declared := authz.Purpose(values[0])
	if !slices.Contains(authz.Purposes(), declared) {
		return "", errPurpose
	}
	return declared, nil
}
