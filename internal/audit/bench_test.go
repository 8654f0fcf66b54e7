package audit_test

import (
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"accord/authz"
	"accord/internal/audit"
)

// pack is the entry of a meeting pack: 12 cases with what hangs on them.
func pack() audit.Entry {
	ids := identifiers()
	entry := look(ids, noon)
	entry.Action, entry.Records = "meeting", nil
	for range 12 {
		for _, kind := range []string{"case", "assessment", "plan", "action", "action", "research", "research"} {
			entry.Records = append(entry.Records, audit.RecordSeen{
				Record: audit.ID(ids.New(kind)), Kind: "case", Version: 2,
				Full: audit.ClassesOf(authz.CaseCore, authz.VictimIdentity).With(authz.DataClass(len(kind))),
			})
		}
	}
	return entry
}

func BenchmarkEncode(b *testing.B) {
	for name, entry := range map[string]audit.Entry{"one record": look(identifiers(), noon), "pack of 84 records": pack()} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				encoded, err := entry.Encode()
				if err != nil {
					b.Fatal(err)
				}
				size = len(encoded)
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	encoded, err := pack().Encode()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := audit.Decode(encoded); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSign(b *testing.B) {
	signer, origin := logKey(b, 1, origin1)
	sign := audit.Signer(origin.Name, signer)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sign(tlog.Tree{N: 1}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	log, origin := newLog(b, 2000)
	b.Run(fmt.Sprintf("%d entries", len(log.entries)), func(b *testing.B) {
		for b.Loop() {
			if _, err := audit.Verify(b.Context(), log, origin); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(log.entries)), "ns/entry")
	})
}
