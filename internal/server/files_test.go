package server_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"accord/authz"
	"accord/domain/fault"
	"accord/internal/server"
)

// drawer keeps what is sent and gives what it has.
type drawer struct {
	sent  []server.Upload
	has   server.Attached
	fails error
	asked func(ctx context.Context, id string) // called first, when it is not nil
}

func (d *drawer) Attach(_ context.Context, file server.Upload) (server.Attached, error) {
	d.sent = append(d.sent, file)
	return server.Attached{ID: "attachment_1", Name: file.Name, Type: "application/pdf", Size: len(file.Content)}, d.fails
}

func (d *drawer) Fetch(ctx context.Context, id string) (server.Attached, error) {
	if d.asked != nil {
		d.asked(ctx, id)
	}
	return d.has, d.fails
}

func withFiles(d *drawer) func(*server.Config) {
	return func(c *server.Config) { c.Files = d }
}

// upload is a request that attaches a file; headers come in pairs and replace, and one
// that is empty is left out.
func upload(body io.Reader, headers ...string) *http.Request {
	request := httptest.NewRequest(http.MethodPost, server.AttachmentsPath, body)
	all := append([]string{
		"Authorization", token, "Accord-Record", "incident_1", "Accord-File-Name", "canary%20%C3%A9tat+1.pdf", "Content-Type", "application/pdf",
	}, headers...)
	for pair := range slices.Chunk(all, 2) {
		request.Header.Set(pair[0], pair[1])
		if pair[1] == "" {
			request.Header.Del(pair[0])
		}
	}
	return request
}

func download(headers ...string) *http.Request {
	request := httptest.NewRequest(http.MethodGet, server.AttachmentsPath+"/attachment_1", http.NoBody)
	for pair := range slices.Chunk(append([]string{"Authorization", token}, headers...), 2) {
		request.Header.Set(pair[0], pair[1])
	}
	return request
}

func TestAFileArrivesAsItWasSent(t *testing.T) {
	for name, body := range map[string]io.Reader{
		"of a length that is said": strings.NewReader("canary"), "of none": iotest.OneByteReader(strings.NewReader("canary")),
	} {
		d := &drawer{}
		s := serve(t, withFiles(d))
		answer := s.send(upload(body, "Accord-Idempotency-Key", "once"))
		want := []server.Upload{{Record: "incident_1", Name: "canary état+1.pdf", Type: "application/pdf", Content: []byte("canary"), IdempotencyKey: "once"}}
		if !reflect.DeepEqual(d.sent, want) {
			t.Errorf("%s: sent %+v", name, d.sent)
		}
		told := `{"data":{"attachment":{"id":"attachment_1","name":"canary état+1.pdf","size":6,"type":"application/pdf"}}}`
		if answer.Code != http.StatusCreated || answer.Body.String() != told || answer.Header().Get("Location") != "/attachments/attachment_1" {
			t.Errorf("%s: answered %d %s %v", name, answer.Code, answer.Body, answer.Header())
		}
		if strings.Contains(s.log.String(), "anary") || !strings.Contains(s.log.String(), `"operation":"upload"`) || s.audited.Load() != 1 {
			t.Errorf("%s: logged %s, entered %d times", name, s.log, s.audited.Load())
		}
	}
}

// unread is a body that nobody may read.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body is read")
	return 0, io.EOF
}

// Who is not signed in, comes too often, or says wrong what a file is, sends it to nobody.
func TestNothingOfAFileIsReadBeforeItMayCome(t *testing.T) {
	once := refusal("BAD_USER_INPUT", "Send Accord-Record, Accord-File-Name and Content-Type once each, and Accord-Idempotency-Key at most once.", `,"constraint":"once","path":"headers"`)
	for name, c := range map[string]struct {
		change  func(*http.Request)
		status  int
		want    string
		entered int64
	}{
		"nobody":          {func(r *http.Request) { r.Header.Del("Authorization") }, 401, `{"errors":[{"message":"Sign in to continue.","extensions":{"code":"UNAUTHENTICATED"}}]}`, 0},
		"no record":       {func(r *http.Request) { r.Header.Del("Accord-Record") }, 400, once, 1},
		"two records":     {func(r *http.Request) { r.Header.Add("Accord-Record", "b") }, 400, once, 1},
		"no name":         {func(r *http.Request) { r.Header.Del("Accord-File-Name") }, 400, once, 1},
		"two names":       {func(r *http.Request) { r.Header.Add("Accord-File-Name", "b.exe") }, 400, once, 1},
		"no type":         {func(r *http.Request) { r.Header.Del("Content-Type") }, 400, once, 1},
		"two types":       {func(r *http.Request) { r.Header.Add("Content-Type", "text/html") }, 400, once, 1},
		"two keys":        {func(r *http.Request) { r.Header["Accord-Idempotency-Key"] = []string{"a", "b"} }, 400, once, 1},
		"half an escape":  {func(r *http.Request) { r.Header.Set("Accord-File-Name", "a%2.pdf") }, 400, refusal("BAD_USER_INPUT", "Send the name of the file in UTF-8, percent-encoded.", `,"constraint":"percentEncoding","path":"Accord-File-Name"`), 1},
		"compressed":      {func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }, 415, refusal("BAD_USER_INPUT", "Send the request without compression.", `,"constraint":"encoding","path":"Content-Encoding"`), 1},
		"a length beyond": {func(r *http.Request) { r.ContentLength = 11 }, 413, refusal("BAD_USER_INPUT", "The body is longer than 10 bytes.", `,"constraint":"size","path":"body"`), 1},
	} {
		d := &drawer{}
		s := serve(t, func(c *server.Config) { c.Files, c.MaxFile = d, 10 })
		request := upload(unread{t}, "Expect", "100-continue")
		c.change(request)
		answer := s.send(request)
		if answer.Code != c.status || answer.Body.String() != c.want || s.audited.Load() != c.entered || len(d.sent) > 0 {
			t.Errorf("%s: answered %d %s, entered %d times", name, answer.Code, answer.Body, s.audited.Load())
		}
		if strings.Contains(s.log.String(), "anary") {
			t.Errorf("%s: logged %s", name, s.log)
		}
	}
	s := serve(t, func(c *server.Config) {
		c.Files, c.Rate = &drawer{}, server.RateLimit{PerSecond: 1, Burst: 1, People: 1}
	})
	s.send(download())
	if answer := s.send(upload(unread{t}, "Expect", "100-continue")); answer.Code != http.StatusTooManyRequests {
		t.Errorf("one too many is answered %d %s", answer.Code, answer.Body)
	}
}

func TestAFileThatIsTooLongOrNotWholeIsNotTaken(t *testing.T) {
	for name, c := range map[string]struct {
		body   io.Reader
		length int64
		status int
	}{
		"as long as may be": {strings.NewReader("0123456789"), 10, 201}, "as long, unsaid": {strings.NewReader("0123456789"), -1, 201},
		"longer, unsaid": {strings.NewReader("01234567890"), -1, 413}, "endless": {endless{}, -1, 413},
		"not whole": {strings.NewReader("01234"), 10, 400}, "broken off": {iotest.ErrReader(errors.New("canary")), -1, 400},
	} {
		d := &drawer{}
		s := serve(t, func(c *server.Config) { c.Files, c.MaxFile = d, 10 })
		request := upload(c.body)
		request.ContentLength = c.length
		answer := s.send(request)
		if answer.Code != c.status || (len(d.sent) > 0) != (c.status == http.StatusCreated) || s.audited.Load() != 1 {
			t.Errorf("%s: answered %d %s", name, answer.Code, answer.Body)
		}
	}
}

// endless never ends.
type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

// A file leaves as something to be kept, never as something a browser would run or show
// as part of a page, and whole.
func TestAFileLeavesAsOneThatIsKept(t *testing.T) {
	d := &drawer{has: server.Attached{ID: "attachment_1", Name: "canary.txt", Type: "text/plain", Content: []byte("canary words")}}
	s := serve(t, withFiles(d))
	answer := s.send(download("Range", "bytes=0-3", "If-None-Match", "*", "If-Modified-Since", "Thu, 03 Dec 2026 12:00:00 GMT"))
	if answer.Code != http.StatusOK || answer.Body.String() != "canary words" {
		t.Errorf("answered %d %s", answer.Code, answer.Body)
	}
	want := http.Header{
		"Accept-Ranges": {"none"}, "Cache-Control": {"no-store"}, "Content-Length": {"12"}, "Content-Type": {"text/plain; charset=utf-8"},
		"Content-Disposition":     {`attachment; filename="attachment.txt"; filename*=UTF-8''canary.txt`},
		"Content-Security-Policy": {"sandbox; default-src 'none'; frame-ancestors 'none'"}, "Cross-Origin-Resource-Policy": {"same-origin"},
		"Referrer-Policy": {"no-referrer"}, "X-Content-Type-Options": {"nosniff"}, "X-Frame-Options": {"DENY"},
	}
	if !reflect.DeepEqual(answer.Header(), want) {
		t.Errorf("with %v", answer.Header())
	}
	if strings.Contains(s.log.String(), "anary") || !strings.Contains(s.log.String(), `"operation":"download"`) || s.audited.Load() != 1 {
		t.Errorf("logged %s, entered %d times", s.log, s.audited.Load())
	}
}

// Whatever a file is called, its name is in one header, whole, and changes no other.
func TestAnyNameOfAFileIsCarriedWhole(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.OneOf(
			rapid.String(), rapid.SampledFrom([]string{`a"; filename="b.exe`, "a.pdf\r\nX: y", "صورة.jpg", "a+b c%.pdf", ".", "a.ex/e", "", "a.\xff"}),
		).Draw(rt, "name")
		d := &drawer{has: server.Attached{Name: name, Type: "application/pdf", Content: []byte("x")}}
		header := serve(t, withFiles(d)).send(download()).Header()["Content-Disposition"]
		if len(header) != 1 {
			rt.Fatalf("%q: %q", name, header)
		}
		plain, encoded, _ := strings.Cut(header[0], "; filename*=UTF-8''")
		if strings.IndexFunc(encoded, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"\;,'()<>@:/[]?={}`, r) }) >= 0 {
			rt.Errorf("%q is not encoded in %q", name, header[0])
		}
		if _, said, err := mime.ParseMediaType("attachment; filename*=UTF-8''" + encoded); err != nil || said["filename"] != name {
			rt.Errorf("%q arrives as %q, %v", name, said, err)
		}
		if _, said, err := mime.ParseMediaType(plain); err != nil || !strings.HasPrefix(said["filename"], "attachment") {
			rt.Errorf("%q: without its words it is %q, %v", name, plain, err)
		}
	})
}

func TestFilesAreSentAndFetchedInOneWayEach(t *testing.T) {
	post := refusal("BAD_USER_INPUT", "Send the file in a POST request.", `,"constraint":"method","path":"method"`)
	get := refusal("BAD_USER_INPUT", "Ask for the file in a GET request.", `,"constraint":"method","path":"method"`)
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace} {
		for path, only := range map[string]string{server.AttachmentsPath: http.MethodPost, server.AttachmentsPath + "/attachment_1": http.MethodGet} {
			if method == only {
				continue
			}
			d := &drawer{}
			request := httptest.NewRequest(method, path, unread{t})
			request.Header.Set("Authorization", token)
			answer := serve(t, withFiles(d)).send(request)
			want := post
			if only == http.MethodGet {
				want = get
			}
			if answer.Code != http.StatusMethodNotAllowed || answer.Body.String() != want || answer.Header().Get("Allow") != only {
				t.Errorf("%s %s: answered %d %s, Allow %q", method, path, answer.Code, answer.Body, answer.Header().Get("Allow"))
			}
		}
	}
	for _, request := range []*http.Request{upload(unread{t}), download()} {
		if answer := serve(t, nil).send(request); answer.Code != http.StatusNotFound {
			t.Errorf("a server without files answers %d %s", answer.Code, answer.Body)
		}
	}
}

// What goes wrong with a file is said in the words and with the status of any refusal.
func TestWhatGoesWrongWithAFileIsSaidAsAnywhere(t *testing.T) {
	for name, c := range map[string]struct {
		fails  error
		status int
		want   string
	}{
		"a rule":    {fault.Rule("ATTACHMENT_TYPE", "Accord, attachments", "Attach another."), 400, refusal("RULE_VIOLATION", "Attach another.", `,"rule":"ATTACHMENT_TYPE","source":"Accord, attachments"`)},
		"missing":   {fmt.Errorf("canary: %w", fault.Missing()), 404, refusal("NOT_FOUND", "There is nothing here that you can see.", "")},
		"not yours": {fault.Refused("This is not yours to change."), 403, refusal("FORBIDDEN", "This is not yours to change.", "")},
		"stale":     {fault.Stale(), 409, refusal("CONFLICT", "The record has changed since you read it. Read it again and repeat your change.", "")},
		"no part":   {fault.NotAvailable(errors.New("canary")), 503, refusal("UNAVAILABLE", "Accord cannot answer at the moment. Nothing was changed; try again.", `,"correlationId":"req_1"`)},
		"too late":  {fmt.Errorf("canary: %w", context.DeadlineExceeded), 503, refusal("UNAVAILABLE", "Accord did not answer in time. Before you repeat a change, read the record again.", `,"correlationId":"req_1"`)},
		"a fault":   {errors.New("canary"), 500, refusal("INTERNAL", "Accord could not do this because of a fault of its own. Give the correlation id to those who run it.", `,"correlationId":"req_1"`)},
	} {
		for _, request := range []*http.Request{upload(strings.NewReader("canary")), download()} {
			s := serve(t, withFiles(&drawer{fails: c.fails, has: server.Attached{Content: []byte("canary")}}))
			answer := s.send(request)
			if answer.Code != c.status || answer.Body.String() != c.want || s.audited.Load() != 1 || answer.Header().Get("Content-Disposition") != "" {
				t.Errorf("%s, %s: answered %d %s %v", name, request.Method, answer.Code, answer.Body, answer.Header())
			}
			if strings.Contains(s.log.String(), "anary") {
				t.Errorf("%s: logged %s", name, s.log)
			}
		}
	}
}

// No byte of a file leaves before its entry is there.
func TestWithoutAnEntryNoFileLeaves(t *testing.T) {
	for _, c := range []struct {
		request *http.Request
		says    string
	}{
		{download(), "Nothing was changed; try again."},
		{upload(strings.NewReader("canary")), "Before you repeat a change, read the record again."},
	} {
		d := &drawer{has: server.Attached{Name: "canary.pdf", Type: "application/pdf", Content: []byte("canary")}}
		s := serve(t, func(config *server.Config) {
			config.Files = d
			config.BeforeAnswer = func(context.Context) error { return errors.New("the log is full") }
		})
		answer := s.send(c.request)
		if answer.Code != http.StatusServiceUnavailable || !strings.Contains(answer.Body.String(), c.says) || strings.Contains(answer.Body.String(), "anary") ||
			answer.Header().Get("Content-Disposition") != "" || answer.Header().Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("answered %d %s %v", answer.Code, answer.Body, answer.Header())
		}
	}
}

// Eight files are in memory at once. The next waits for room in the time it has, and one
// that ends badly makes room like any other.
func TestFilesWaitForRoomInMemory(t *testing.T) {
	leave, here := make(chan struct{}), make(chan struct{})
	d := &drawer{}
	d.asked = func(context.Context, string) {
		here <- struct{}{}
		<-leave
		panic("canary")
	}
	s := serve(t, func(c *server.Config) { c.Files, c.Deadline = d, 20*time.Millisecond })
	over := make(chan int)
	for range 8 {
		go func() { over <- s.send(download()).Code }()
		<-here
	}
	for _, request := range []*http.Request{download(), upload(unread{t}, "Expect", "100-continue")} {
		if answer := s.send(request); answer.Code != http.StatusServiceUnavailable || !strings.Contains(answer.Body.String(), "UNAVAILABLE") {
			t.Errorf("the ninth is answered %d %s", answer.Code, answer.Body)
		}
	}
	close(leave)
	for range 8 {
		if code := <-over; code != http.StatusInternalServerError {
			t.Errorf("a panic is answered %d", code)
		}
	}
	d.asked = nil
	if answer := s.send(download()); answer.Code != http.StatusOK {
		t.Errorf("when they have left: %d %s", answer.Code, answer.Body)
	}
}

// Somebody who sends a file a byte at a time is cut off by the limits of the connection,
// and holds no room in memory from then on.
func TestAFileThatComesTooSlowlyIsCutOff(t *testing.T) {
	d := &drawer{}
	s := serve(t, withFiles(d))
	ctx, stop := context.WithCancel(t.Context())
	limits := server.DefaultConnectionLimits()
	limits.Read = 50 * time.Millisecond
	listener, over := listen(t), make(chan error, 1)
	go func() { over <- server.Serve(ctx, listener, s.handler, limits) }()
	for range 9 {
		connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(connection, "POST /attachments HTTP/1.1\r\nHost: a\r\nAuthorization: "+token+
			"\r\nAccord-Record: a\r\nAccord-File-Name: a.pdf\r\nContent-Type: application/pdf\r\nContent-Length: 100\r\n\r\nslowly"); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
		if err != nil {
			t.Fatal(err)
		}
		if body, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusBadRequest || !bytes.Contains(body, []byte("did not arrive whole")) {
			t.Errorf("answered %d %s", answer.StatusCode, body)
		}
		_ = answer.Body.Close()
		_ = connection.Close()
	}
	stop()
	if err := <-over; err != nil || len(d.sent) > 0 {
		t.Errorf("%v; taken %v", err, d.sent)
	}
}

// Whoever may not send a file is told so while they are still sending it.
func TestWhoSendsAFileForNothingIsTold(t *testing.T) {
	s := serve(t, withFiles(&drawer{}))
	ctx, stop := context.WithCancel(t.Context())
	listener, over := listen(t), make(chan error, 1)
	go func() { over <- server.Serve(ctx, listener, s.handler, server.DefaultConnectionLimits()) }()
	for name, c := range map[string]struct {
		bearer string
		length int
		status int
	}{
		"nobody": {"", 8 << 20, 401}, "a stranger": {"Bearer stranger", 8 << 20, 401}, "too long": {token, 9 << 20, 413},
	} {
		request := upload(bytes.NewReader(make([]byte, c.length)), "Authorization", c.bearer)
		sent, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+listener.Addr().String()+server.AttachmentsPath, request.Body)
		if err != nil {
			t.Fatal(err)
		}
		sent.Header, sent.ContentLength = request.Header, int64(c.length)
		answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(sent)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if answer.StatusCode != c.status {
			t.Errorf("%s is answered %d", name, answer.StatusCode)
		}
		_ = answer.Body.Close()
	}
	stop()
	if err := <-over; err != nil {
		t.Error(err)
	}
}

// A purpose that is not theirs is told to somebody before anything is read of a file.
func TestTheHeadersOfSomebodySignedInComeBeforeTheirFile(t *testing.T) {
	d := &drawer{}
	s := serve(t, func(c *server.Config) {
		c.Files = d
		c.Authenticate = func(context.Context, *http.Request) (authz.Capacity, error) {
			return authz.Capacity{Person: "prac_1", Agency: "agency_1", Roles: []authz.Role{authz.Idva}}, fault.Refused("That purpose is not of your role.")
		}
	})
	for _, request := range []*http.Request{upload(unread{t}, "Expect", "100-continue"), download()} {
		if answer := s.send(request); answer.Code != http.StatusForbidden || len(d.sent) > 0 {
			t.Errorf("answered %d %s", answer.Code, answer.Body)
		}
	}
}
