package bench

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"accord/cmd/accord/stage"
)

// measuredRequests are asked once more, one by one, to say where the time goes:
// the stopwatch would be in the figures of the others.
const measuredRequests = 60

// viewers are those whose pack is measured.
var viewers = []struct{ login, name string }{
	{"coord.ellis", "coordinator"},
	{"hv.osei", "representative"},
	{"pc.ahmed", "investigator"},
}

// BenchmarkPack asks for the pack of a meeting of twenty cases, over HTTP on this
// machine, as those who prepare it, sit at it and work on its cases. The figures
// of go test are of the whole request, the client of the benchmark included.
func BenchmarkPack(b *testing.B) {
	watch := &stopwatch{}
	s := stage.New(b, stage.Options{Seed: 1, Empty: true, Around: watch.around})
	writeWorld(b, s)
	body := packRequest(b, meetingReference)
	for _, viewer := range viewers {
		b.Run(viewer.name, func(b *testing.B) {
			client := &asker{url: s.URL(), token: s.Token(b, viewer.login), body: body}
			answer := client.ask(b)
			checkPack(b, answer)
			b.ReportAllocs()
			before := computed(b)
			for b.Loop() {
				client.ask(b)
			}
			b.ReportMetric(float64((computed(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
			watch.start()
			for range measuredRequests {
				client.ask(b)
			}
			watch.stop()
			watch.report(b)
			b.ReportMetric(float64(len(answer)), "answer-bytes")
		})
	}
}

// readsOfPack are the meeting, again for its list, the list items, and the five
// kinds of record below them, each read for all cases at once.
const readsOfPack = 8

func TestThePackOfTwentyCasesIsReadAtOnce(t *testing.T) {
	watch := &stopwatch{}
	s := stage.New(t, stage.Options{Seed: 1, Empty: true, Around: watch.around})
	writeWorld(t, s)
	for _, viewer := range viewers {
		client := &asker{url: s.URL(), token: s.Token(t, viewer.login), body: packRequest(t, meetingReference)}
		watch.start()
		answer := client.ask(t)
		watch.stop()
		checkPack(t, answer)
		if reads := watch.phases["fetch"].begun; reads != readsOfPack {
			t.Errorf("the pack of the %s reads the store %d times, want %d", viewer.name, reads, readsOfPack)
		}
		// What is measured is as long as what other systems are measured with.
		if size := len(answer); viewer.login == "coord.ellis" && (size < 65_000 || size > 75_000) {
			t.Errorf("the coordinator's pack has %d bytes, want about 70,000", size)
		}
	}
}

// computed is the processor time this process has used: on a busy machine it says
// more than the time on the clock.
func computed(tb testing.TB) time.Duration {
	tb.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		tb.Fatalf("reading the processor time: %v", err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// report says how long a request took in each phase, and how often it read the
// store for its records.
func (s *stopwatch) report(b *testing.B) {
	b.Helper()
	perRequest := func(total time.Duration) float64 {
		return float64(total.Microseconds()) / measuredRequests
	}
	for _, name := range phaseNames {
		phase := s.phases[name]
		if phase == nil || phase.now != 0 {
			b.Fatalf("the phase %s was not measured", name)
		}
		b.ReportMetric(perRequest(phase.total), name+"-µs/op")
	}
	b.ReportMetric(perRequest(s.request.total-s.any.total), "execute-µs/op")
	deciding := s.phases["scope"].total + s.phases["sight"].total
	b.ReportMetric(100*float64(deciding)/float64(s.request.total), "relations-and-sight-%")
	b.ReportMetric(float64(s.phases["fetch"].begun)/measuredRequests, "fetches/op")
}

// asker asks one question as one person, again and again.
type asker struct {
	url, token string
	body       []byte
	answer     bytes.Buffer
}

// ask returns the answer, which is good until the next question.
func (a *asker) ask(tb testing.TB) []byte {
	tb.Helper()
	request, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, a.url, bytes.NewReader(a.body))
	if err != nil {
		tb.Fatalf("making a request: %v", err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+a.token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		tb.Fatalf("asking: %v", err)
	}
	a.answer.Reset()
	_, err = io.Copy(&a.answer, response.Body)
	if closed := response.Body.Close(); err != nil || closed != nil || response.StatusCode != http.StatusOK {
		tb.Fatalf("answered %d, %v, %v", response.StatusCode, err, closed)
	}
	return a.answer.Bytes()
}

// packRequest is the question that accord demo prints, as a request body.
func packRequest(tb testing.TB, meeting string) []byte {
	tb.Helper()
	query, err := os.ReadFile(filepath.Join("..", "cmd", "accord", "meeting_pack.graphql"))
	if err != nil {
		tb.Fatalf("reading the query: %v", err)
	}
	body, err := json.Marshal(map[string]any{
		"query": strings.Join(strings.Fields(string(query)), " "), "variables": map[string]string{"reference": meeting},
	})
	if err != nil {
		tb.Fatalf("encoding the question: %v", err)
	}
	return body
}

// checkPack fails on anything but a pack of twenty cases: a refusal is fast.
func checkPack(tb testing.TB, answer []byte) {
	tb.Helper()
	var pack struct {
		Data struct {
			Meeting *struct {
				List []struct{ Position int }
			}
		}
		Errors []json.RawMessage
	}
	if err := json.Unmarshal(answer, &pack); err != nil {
		tb.Fatalf("reading the pack: %v", err)
	}
	if pack.Errors != nil || pack.Data.Meeting == nil || len(pack.Data.Meeting.List) != listedCases {
		tb.Fatalf("that is not the pack: %s", answer[:min(len(answer), 400)])
	}
}
