package attached_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"image/png"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"accord/domain/fault"
	"accord/internal/attached"
)

// refused checks that an error is a fault that names its rule or constraint and says a
// sentence without anything of the file.
func refused(tb testing.TB, err error, says string) {
	tb.Helper()
	f := fault.Of(err)
	if f == nil {
		tb.Fatalf("error is %v, not a fault", err)
	}
	switch f.Code {
	case fault.RuleViolation:
		if f.Rule != "ATTACHMENT_TYPE" || f.Source != "Accord, attachments" {
			tb.Errorf("rule %q of %q", f.Rule, f.Source)
		}
	case fault.BadInput:
		if !strings.HasPrefix(f.Path, "input.") || f.Constraint == "" {
			tb.Errorf("path %q, constraint %q", f.Path, f.Constraint)
		}
	default:
		tb.Errorf("code %s", f.Code)
	}
	if !strings.Contains(f.Message, says) {
		tb.Errorf("message is %q, want one with %q", f.Message, says)
	}
}

func TestWhatAgenciesHoldMayBeAttached(t *testing.T) {
	t.Parallel()
	for _, s := range samples(t) {
		got, err := attached.Check(s.name, s.declared, s.content)
		if want := (attached.Accepted{Name: s.name, MediaType: s.declared, Size: len(s.content)}); err != nil || got != want {
			t.Errorf("%s: %+v, %v", s.name, got, err)
		}
	}
}

func TestOtherNamesOfTheSameFormat(t *testing.T) {
	t.Parallel()
	by := map[string]sample{}
	for _, s := range samples(t) {
		by[s.name] = s
	}
	cases := []struct{ sample, name, declared, want string }{
		{"door.jpg", "door.jpeg", "image/jpeg", "image/jpeg"},
		{"door.jpg", "DOOR.JPG", "image/jpg", "image/jpeg"},
		{"door.jpg", "door.jpg", "image/pjpeg", "image/jpeg"},
		{"voicemail.mp3", "voicemail.mp3", "audio/mp3", "audio/mpeg"},
		{"voicemail.wav", "voicemail.wav", "audio/x-wav", "audio/wav"},
		{"voicemail.wav", "voicemail.wav", "audio/wave", "audio/wav"},
		{"voicemail.wav", "voicemail.wav", "audio/vnd.wave", "audio/wav"},
		{"statement.pdf", "Statement.PDF", "Application/PDF", "application/pdf"},
		{"messages.txt", "messages.txt", "text/plain; charset=utf-8", "text/plain"},
	}
	for _, c := range cases {
		got, err := attached.Check(c.name, c.declared, by[c.sample].content)
		if err != nil || got.MediaType != c.want || got.Name != c.name {
			t.Errorf("%s as %s: %+v, %v", c.name, c.declared, got, err)
		}
	}
}

func TestTextThatIsATableOrDataIsText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"a", "\ufeffFrom the notebook of Windows\r\n", "date,time,caller\n22/11,07:40,unknown\n23/11,07:41,unknown\n",
		"date\ttime\n22/11\t07:40\n23/11\t07:41\n", `{"sender":"x","text":"y"}`, "{\"a\":1}\n{\"a\":2}\n", "1 < 2 and <3 for you",
		"Zoë, 李明, محمد, ਗੁਰਪ੍ਰੀਤ, Ó Súilleabháin\n", strings.Repeat("07:40 outside again\n", 10_000),
	} {
		if _, err := attached.Check("messages.txt", "text/plain", []byte(text)); err != nil {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

func TestTextThatIsNotUTF8IsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"caf\xe9 at noon\n", "\xff\xfeH\x00e\x00", "a\x00b", "an \x1b[31mescape", "a bell\x07", strings.Repeat("a", 5000) + "\x00", strings.Repeat("a", 5000) + "\xe9", "a\u0085b",
	} {
		if got, err := attached.Check("messages.txt", "text/plain", []byte(text)); err == nil {
			t.Errorf("%.40q is accepted as %+v", text, got)
		} else {
			refused(t, err, "")
		}
	}
}

func TestExtensionDeclaredTypeAndContentAgree(t *testing.T) {
	t.Parallel()
	all := samples(t)
	for _, name := range all {
		for _, declared := range all {
			for _, content := range all {
				got, err := attached.Check(name.name, declared.declared, content.content)
				held := content.declared
				if name.declared == "text/plain" && held == "message/rfc822" {
					held = "text/plain" // a message as it was sent is text too
				}
				agree := name.declared == held && declared.declared == held
				if agree != (err == nil) {
					t.Errorf("%s declared %s holding %s: %+v, %v", name.name, declared.declared, content.name, got, err)
				}
				if err != nil {
					refused(t, err, "")
				}
			}
		}
	}
}

func TestProgramsUnderAnotherNameAreRefused(t *testing.T) {
	t.Parallel()
	for what, content := range programs {
		for _, s := range samples(t) {
			got, err := attached.Check(s.name, s.declared, content)
			if err == nil {
				t.Errorf("%s is accepted as %+v", what, got)
				continue
			}
			refused(t, err, "")
		}
	}
}

func TestFormatsOutsideTheListAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, declared string }{
		{"plan.docm", "application/vnd.ms-word.document.macroEnabled.12"},
		{"plan.docm", word},
		{"plan.dotx", word},
		{"plan.doc", "application/msword"},
		{"calls.xlsm", sheet},
		{"calls.xlsb", sheet},
		{"statement.pdf.exe", "application/pdf"},
		{"statement.pdf.", "application/pdf"},
		{"page.html", "text/html"},
		{"page.htm", "text/plain"},
		{"drawing.svg", "image/svg+xml"},
		{"all.zip", "application/zip"},
		{"run.js", "text/plain"},
		{"link.lnk", "text/plain"},
	} {
		for _, s := range samples(t) {
			_, err := attached.Check(c.name, c.declared, s.content)
			refused(t, err, "one of these formats")
		}
	}
}

func TestADeclaredTypeMustBeOne(t *testing.T) {
	t.Parallel()
	for _, declared := range []string{"", "pdf", "application/octet-stream", "application/pdf, text/html", "application/pdf;charset", "text/html", "*/*", "application/pdf\r\nX: y"} {
		_, err := attached.Check("statement.pdf", declared, pdf())
		refused(t, err, "media type")
	}
}

func TestEmptyAndLargeFilesAreRefused(t *testing.T) {
	t.Parallel()
	_, err := attached.Check("messages.txt", "text/plain", nil)
	refused(t, err, "not empty")
	_, err = attached.Check("messages.txt", "text/plain", bytes.Repeat([]byte("a"), attached.MaxSize+1))
	refused(t, err, "at most 8 MB")
	if got, err := attached.Check("messages.txt", "text/plain", bytes.Repeat([]byte("a"), attached.MaxSize)); err != nil || got.Size != 8*1024*1024 {
		t.Errorf("8 MB: %+v, %v", got, err)
	}
}

func TestTwoFormatsInOneFileAreRefused(t *testing.T) {
	t.Parallel()
	jar := archive(t, part{"META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n"})
	cases := []struct {
		what, name, declared string
		content              []byte
		says                 string
	}{
		{"a PDF behind other bytes", "a.pdf", "application/pdf", append([]byte("MZ or anything\n"), pdf()...), ""},
		{"a PDF behind a page", "a.pdf", "application/pdf", append([]byte("<html><!--\n"), pdf()...), ""},
		{"a PDF behind one space", "a.pdf", "application/pdf", append([]byte(" "), pdf()...), ""},
		{"a PDF of no version", "a.pdf", "application/pdf", append([]byte("%PDF-x\n"), pdf()...), ""},
		{"a PDF without an end", "a.pdf", "application/pdf", bytes.ReplaceAll(pdf(), []byte("%%EOF"), []byte("%%EOG")), "not what the file's name says"},
		{"a page behind a PDF", "a.pdf", "application/pdf", append(pdf(), "<script>alert(1)</script>"...), "before or behind"},
		{"an archive behind a PDF", "a.pdf", "application/pdf", append(pdf(), jar...), "before or behind"},
		{"an archive behind a PDF, closed again", "a.pdf", "application/pdf", append(append(pdf(), jar...), "\n%%EOF\n"...), "before or behind"},
		{"an archive behind a PNG", "a.png", "image/png", append(pngPicture(t), jar...), "before or behind"},
		{"one byte behind a PNG", "a.png", "image/png", append(pngPicture(t), 0), "before or behind"},
		{"a PNG cut short", "a.png", "image/png", pngPicture(t)[:len(pngPicture(t))-5], "not what the file's name says"},
		{"the beginning of a PNG", "a.png", "image/png", pngPicture(t)[:20], "not what the file's name says"},
		{"an archive behind a JPEG", "a.jpg", "image/jpeg", append(jpegPicture(t), jar...), "before or behind"},
		{"the beginning of a JPEG", "a.jpg", "image/jpeg", jpegPicture(t)[:20], "not what the file's name says"},
		{"an archive behind a sound", "a.mp3", "audio/mpeg", append(mp3(), jar...), "before or behind"},
		{"an archive behind a film", "a.mp4", "video/mp4", append(mp4(), jar...), "before or behind"},
		{"an archive behind a recording", "a.wav", "audio/wav", append(wav(), jar...), "before or behind"},
		{"a document behind other bytes", "a.docx", word, append([]byte("MZ"), docx(t)...), ""},
		{"bytes behind a document", "a.docx", word, append(docx(t), 0), "before or behind"},
		{"a document behind an archive", "a.docx", word, append(bytes.Clone(jar), docx(t)...), ""},
		{"a document behind a document", "a.docx", word, append(docx(t), docx(t)...), "before or behind"},
		{"a document behind another", "a.docx", word, append(docx(t, part{"word/a.xml", "<a/>"}), docx(t)...), "before or behind"},
		{"a document told of the one before it", "a.docx", word, moved(docx(t, part{"word/a.xml", "<a/>"}), docx(t)), "before or behind"},
		{"a document with a note of its archive", "a.docx", word, commented(t), "before or behind"},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			_, err := attached.Check(c.name, c.declared, c.content)
			refused(t, err, c.says)
		})
	}
}

// moved is an archive behind other bytes whose directory knows where it stands.
func moved(before, content []byte) []byte {
	told := central(content, func(entry []byte) {
		binary.LittleEndian.PutUint32(entry[42:], binary.LittleEndian.Uint32(entry[42:])+uint32(len(before)))
	})
	end := told[len(told)-22:]
	binary.LittleEndian.PutUint32(end[16:], binary.LittleEndian.Uint32(end[16:])+uint32(len(before)))
	return append(before, told...)
}

func commented(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range wordParts() {
		in, err := w.Create(p.name)
		if err != nil {
			t.Fatalf("create: %v", err)
		}
		in.Write([]byte(p.text))
	}
	w.SetComment("<script>alert(1)</script>")
	if err := w.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	return b.Bytes()
}

func TestTheEndOfAPDFMayBePadded(t *testing.T) {
	t.Parallel()
	for _, padding := range []string{"", "\r\n", "\n\n  ", "\x00\x00\x00\x00"} {
		if _, err := attached.Check("a.pdf", "application/pdf", append(bytes.TrimSpace(pdf()), padding...)); err != nil {
			t.Errorf("%q: %v", padding, err)
		}
	}
}

func TestWhatATelephoneAddsToAJPEGStays(t *testing.T) {
	t.Parallel()
	content := append(jpegPicture(t), "\x00\x00\x01\x0a\x0e\x00\x00\x00Image_UTC_Data1763800000SEFHk"...)
	if _, err := attached.Check("a.jpg", "image/jpeg", append(content, jpegPicture(t)...)); err != nil {
		t.Errorf("%v", err)
	}
}

func TestAMessageHasADateAndASender(t *testing.T) {
	t.Parallel()
	for what, text := range map[string]string{
		"no date":         "From: a@example.org\r\nSubject: x\r\n\r\nbody\r\n",
		"no sender":       "Date: Sun, 22 Nov 2026 07:59:58 +0000\r\nSubject: x\r\n\r\nbody\r\n",
		"two senders' @@": "From: a@@example.org\r\nDate: Sun, 22 Nov 2026 07:59:58 +0000\r\n\r\nbody\r\n",
		"no headers":      "only some text\r\n",
		"a zero":          string(eml()) + strings.Repeat("a", 4000) + "\x00",
		"an archive":      string(eml()) + string(archive(t, part{"a.exe", "MZ"})),
	} {
		if _, err := attached.Check("a.eml", "message/rfc822", []byte(text)); err == nil {
			t.Errorf("%s: accepted", what)
		} else {
			refused(t, err, "")
		}
	}
}

func TestAnAnimationIsNoPicture(t *testing.T) {
	t.Parallel()
	still := pngPicture(t)
	if _, err := png.DecodeConfig(bytes.NewReader(still)); err != nil {
		t.Fatalf("sample: %v", err)
	}
	// acTL behind IHDR makes an animation of it.
	moving := bytes.Clone(still[:33])
	moving = append(moving, "\x00\x00\x00\x08acTL\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00"...)
	moving = append(moving, still[33:]...)
	_, err := attached.Check("a.png", "image/png", moving)
	refused(t, err, "not what the file's name says")
}

func TestAnyBytesBeforeAFileAreRefused(t *testing.T) {
	t.Parallel()
	all := samples(t)
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.SampledFrom(all).Draw(rt, "sample")
		if s.declared == "text/plain" || s.declared == "message/rfc822" || strings.HasPrefix(s.declared, "audio/") || strings.HasPrefix(s.declared, "video/") {
			rt.Skip("more of the same may stand before it")
		}
		before := rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(rt, "before")
		_, err := attached.Check(s.name, s.declared, append(before, s.content...))
		refused(t, err, "")
	})
}

func TestADocumentCutShortIsRefused(t *testing.T) {
	t.Parallel()
	whole := docx(t)
	for n := range whole {
		if got, err := attached.Check("plan.docx", word, whole[:n]); err == nil {
			t.Fatalf("%d of %d bytes are accepted: %+v", n, len(whole), got)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, s := range samples(f) {
		f.Add(s.name, s.declared, s.content)
	}
	for what, content := range programs {
		f.Add(what+".pdf", "application/pdf", content)
	}
	f.Add("../../etc/passwd.txt", "text/plain", []byte("x"))
	f.Fuzz(func(t *testing.T, name, declared string, content []byte) {
		got, err := attached.Check(name, declared, content)
		if err != nil {
			refused(t, err, "")
			if got != (attached.Accepted{}) {
				t.Fatalf("%+v beside an error", got)
			}
			return
		}
		if got.Size != len(content) || got.Size == 0 || got.Size > attached.MaxSize {
			t.Fatalf("size %d of %d bytes", got.Size, len(content))
		}
		sound(t, got.Name)
		again, err := attached.Check(got.Name, got.MediaType, content)
		if err != nil || again != got {
			t.Fatalf("what was accepted as %+v is now %+v, %v", got, again, err)
		}
		if bytes.HasPrefix(content, []byte("MZ")) && got.MediaType != "text/plain" && got.MediaType != "message/rfc822" {
			t.Fatalf("a program is accepted as %s", got.MediaType)
		}
	})
}

func ExampleCheck() {
	_, err := attached.Check("statement.pdf", "application/pdf", []byte("MZ\x90\x00"))
	fmt.Println(fault.Of(err).Rule, fault.Of(err).Message)
	// Output: ATTACHMENT_TYPE The content is not what the file's name says. Save the file again in the format it is to have, and attach that.
}
