package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"pgregory.net/rapid"
)

// compact writes an unsigned token from the text of its header and claims.
func compact(header, claims string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode([]byte(claims)) + ".c2lnbmF0dXJl"
}

// What is read before verification decides whose keys are tried, so it must be
// what the verification will read, and reading it must survive anything.
func FuzzIssuerReadBeforeVerification(f *testing.F) {
	for _, seed := range []string{
		"", ".", "..", "...", "a.b.c",
		compact(`{"alg":"ES256","typ":"at+jwt"}`, `{"iss":"https://a.example","sub":"s"}`),
		compact(`{"alg":"ES256"}`, `{"iss":"https://a.example","iss":"https://b.example"}`),
		compact(`{"alg":"ES256"}`, `{"ISS":"https://a.example"}`),
		compact(`{"alg":"none"}`, `{"iss":["https://a.example"]}`),
		compact(`{"alg":"ES256","typ":7}`, `null`),
		strings.Repeat("a", 10_000),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		read, err := readUnverified(token)
		if err != nil {
			if read != (unverified{}) {
				t.Fatal("a malformed token says something")
			}
			return
		}
		if read.issuer == "" {
			t.Fatalf("read %+v", read)
		}
		parsed, err := jose.ParseSigned(token, []jose.SignatureAlgorithm{jose.ES256, jose.RS256})
		if err != nil {
			return // never gets as far as a key
		}
		var claims map[string]any
		if err := json.Unmarshal(parsed.UnsafePayloadWithoutVerification(), &claims); err != nil || claims["iss"] != read.issuer {
			t.Fatalf("read issuer %q, the verifier will read %v (%v)", read.issuer, claims["iss"], err)
		}
	})
}

func TestOnlyAnAccessTokenIsAnAccessToken(t *testing.T) {
	for tokenType, is := range map[string]bool{
		"at+jwt": true, "AT+JWT": true, "application/at+jwt": true,
		"": false, "JWT": false, "jwt": false, "id+jwt": false, "logout+jwt": false, "at+jwt" + " ": false, "text/at+jwt": false,
	} {
		if got := (unverified{tokenType: tokenType}).isAccessToken(); got != is {
			t.Errorf("typ %q: %v", tokenType, got)
		}
	}
}

// Whatever is added and asked for, no more than the limit is held, and what is
// found is what was added last.
func TestVerifiedTokensAreBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(2, 9).Draw(t, "limit")
		tokens := newVerifiedTokens(limit)
		added := map[[sha256.Size]byte]Principal{}
		var last [sha256.Size]byte
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			digest := sha256.Sum256([]byte{rapid.Byte().Draw(t, "token") % 16})
			if rapid.Bool().Draw(t, "add") {
				principal := Principal{Subject: rapid.StringN(1, 3, -1).Draw(t, "subject")}
				tokens.add(digest, verifiedToken{principal: principal})
				added[digest], last = principal, digest
				if _, ok := tokens.find(last); !ok {
					t.Fatal("what was just added is gone")
				}
			} else if found, ok := tokens.find(digest); ok && found.principal != added[digest] {
				t.Fatalf("found %+v, added %+v", found.principal, added[digest])
			}
			if held := len(tokens.young) + len(tokens.old); held > limit {
				t.Fatalf("%d held, limit %d", held, limit)
			}
		}
	})
}

// A key set names what it holds, whatever the order it is written in, so that
// tokens verified before stay so when nothing but the order changed.
func TestAKeySetIsTheSameInAnyOrder(t *testing.T) {
	written := make([]json.RawMessage, 3)
	for i := range written {
		private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if written[i], err = json.Marshal(jose.JSONWebKey{Key: private.Public()}); err != nil {
			t.Fatal(err)
		}
	}
	digest := func(order ...int) [sha256.Size]byte {
		var document struct {
			Keys []json.RawMessage `json:"keys"`
		}
		for _, i := range order {
			document.Keys = append(document.Keys, written[i])
		}
		body, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		keys, err := readKeys(body)
		if err != nil {
			t.Fatal(err)
		}
		return keys.digest
	}
	if digest(0, 1) != digest(1, 0) {
		t.Error("the order of the keys matters")
	}
	if digest(0, 1) == digest(0, 2) {
		t.Error("other keys make the same set")
	}
}
