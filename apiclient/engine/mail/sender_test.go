package mail_test

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/mail"
	"umdeck/apiclient/engine/mail/smtptest"
	"umdeck/apiclient/engine/outbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// letters is a Source of one letter.
type letters struct {
	letter mail.Letter
	server mail.Server
	err    error
}

func (l letters) Letter(context.Context, apiclient.MailID) (mail.Letter, mail.Server, error) {
	return l.letter, l.server, l.err
}

func letter() mail.Letter {
	return mail.Letter{
		MessageID: "abc@example.com", To: "ada@example.com", At: time.Now().Add(-time.Minute),
		Text: mail.Text{Subject: "Zoë & Søn", Plain: "Hello Zoë\n.\nbye\n", HTML: "<p>Hello Zoë</p>"},
	}
}

func serverOf(s *smtptest.Server, security string) mail.Server {
	return mail.Server{Host: s.Host, Port: s.Port, Security: security, FromName: "Søn", From: "site@example.com"}
}

// send makes one attempt.
func send(t *testing.T, l mail.Letter, server mail.Server, cfg mail.Config) (outbox.Result, *mail.Sender) {
	t.Helper()
	cfg.Source = letters{letter: l, server: server}
	s, err := mail.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s.Send(t.Context(), outbox.Item{ID: 1, Lane: "mail"}), s
}

func TestSend(t *testing.T) {
	for _, c := range []struct {
		name, security string
		server         smtptest.Config
		user           string
	}{
		{"starttls", apiclient.SMTPStartTLS, smtptest.Config{StartTLS: true}, ""},
		{"starttls with a login", apiclient.SMTPStartTLS, smtptest.Config{StartTLS: true, User: "site", Password: "a b"}, "site"},
		{"tls", apiclient.SMTPTLS, smtptest.Config{TLS: true}, ""},
		{"tls with a login", apiclient.SMTPTLS, smtptest.Config{TLS: true, User: "site", Password: "a b"}, "site"},
		{"none", apiclient.SMTPNone, smtptest.Config{}, ""},
		{"none with a login", apiclient.SMTPNone, smtptest.Config{User: "site", Password: "a b"}, "site"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := smtptest.Start(t, c.server)
			server := serverOf(s, c.security)
			server.User, server.Password = c.user, apiclient.NewSecret(c.server.Password)
			r, sender := send(t, letter(), server, mail.Config{Roots: s.Roots})
			a, ok := r.Report.(apiclient.MailAttempt)
			if r.Verdict != outbox.Done || r.Error != "" || !ok || a.Server != server.Address() || sender.Trouble() != "" {
				t.Fatalf("%+v; want done", r)
			}
			got := s.Wait(t, 1)[0]
			if got.From != "site@example.com" || got.To != "ada@example.com" {
				t.Errorf("the envelope is from %s to %s", got.From, got.To)
			}
			checkMessage(t, got)
		})
	}
}

// checkMessage reads a letter as its receiver does.
func checkMessage(t *testing.T, got smtptest.Letter) {
	t.Helper()
	head := map[string]string{}
	for _, name := range []string{"Message-Id", "To", "Auto-Submitted", "Mime-Version"} {
		head[name] = got.Message.Header.Get(name)
	}
	var words mime.WordDecoder
	for _, name := range []string{"Subject", "From"} {
		text, err := words.DecodeHeader(got.Message.Header.Get(name))
		if err != nil {
			t.Error(err)
		}
		head[name] = text
	}
	want := map[string]string{
		"Message-Id": "<abc@example.com>", "To": "<ada@example.com>", "Auto-Submitted": "auto-generated", "Mime-Version": "1.0",
		"Subject": "Zoë & Søn", "From": `Søn <site@example.com>`,
	}
	if diff := cmp.Diff(want, head); diff != "" {
		t.Errorf("head (-want +got):\n%s", diff)
	}
	kind, options, err := mime.ParseMediaType(got.Message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("it is %s, %v", kind, err)
	}
	parts := multipart.NewReader(got.Message.Body, options["boundary"])
	for _, want := range []string{"text/plain; charset=UTF-8|Hello Zoë\r\n.\r\nbye\r\n", "text/html; charset=UTF-8|<p>Hello Zoë</p>"} {
		p, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(p))
		if got := p.Header.Get("Content-Type") + "|" + string(body); err != nil || got != want {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
}

func TestTextAlone(t *testing.T) {
	s := smtptest.Start(t, smtptest.Config{})
	l := letter()
	l.HTML = ""
	if r, _ := send(t, l, serverOf(s, apiclient.SMTPNone), mail.Config{}); r.Verdict != outbox.Done {
		t.Fatal(r.Error)
	}
	if got := s.Wait(t, 1)[0].Message.Header.Get("Content-Type"); got != "text/plain; charset=UTF-8" {
		t.Errorf("it is %s", got)
	}
}

// TestNothingIsAHeader puts lines into everything that a stranger has a say in.
func TestNothingIsAHeader(t *testing.T) {
	s := smtptest.Start(t, smtptest.Config{})
	l := letter()
	l.Subject = "a\r\nBcc: eve@example.com\r\n\r\nb"
	if r, _ := send(t, l, serverOf(s, apiclient.SMTPNone), mail.Config{}); r.Verdict != outbox.Done {
		t.Fatalf("%+v", r)
	}
	if h := s.Wait(t, 1)[0].Message.Header; h.Get("Bcc") != "" || h.Get("Subject") == "" {
		t.Errorf("head %v", h)
	}
	server := serverOf(s, apiclient.SMTPNone)
	server.FromName = "x\r\nBcc: eve@example.com"
	if r, _ := send(t, letter(), server, mail.Config{}); r.Verdict != outbox.GiveUp {
		t.Errorf("%+v; want it given up", r)
	}
	l = letter()
	l.To = "ada@example.com>\r\nRCPT TO:<eve@example.com"
	if r, _ := send(t, l, serverOf(s, apiclient.SMTPNone), mail.Config{}); r.Verdict != outbox.GiveUp {
		t.Errorf("%+v; want it given up", r)
	}
}

// TestJudge lets the server answer in every way, and looks what becomes of the mail.
func TestJudge(t *testing.T) {
	answer := func(code int) func(string) error {
		return func(string) error { return smtptest.Answer(code, "because \x1b[2J of this") }
	}
	text := func(err error) func(smtptest.Letter) error { return func(smtptest.Letter) error { return err } }
	for _, c := range []struct {
		name   string
		server smtptest.Config
		want   outbox.Verdict
		code   int
		slow   bool
		says   string
	}{
		{"the recipient later", smtptest.Config{Rcpt: answer(451)}, outbox.Retry, 451, false, "to the recipient's address"},
		{"the recipient never", smtptest.Config{Rcpt: answer(550)}, outbox.GiveUp, 550, false, "because [2J of this"},
		{"the text later", smtptest.Config{Data: text(smtptest.Answer(452, "full"))}, outbox.Retry, 452, false, "full to the text"},
		{"the text never", smtptest.Config{Data: text(smtptest.Answer(554, "spam"))}, outbox.GiveUp, 554, false, "spam to the text"},
		{"the sender later", smtptest.Config{Mail: answer(451)}, outbox.Stall, 451, false, "to the sender's address"},
		{"the sender never", smtptest.Config{Mail: answer(553)}, outbox.Stall, 553, false, "to the sender's address"},
		{"too large", smtptest.Config{Mail: answer(552)}, outbox.GiveUp, 552, false, ""},
		{"not now", smtptest.Config{Rcpt: answer(421)}, outbox.Stall, 421, false, ""},
		{"no login given", smtptest.Config{User: "a", Password: "b"}, outbox.Stall, 530, false, "530"},
		{"dropped at the sender", smtptest.Config{Mail: func(string) error { return smtptest.ErrDrop }}, outbox.Stall, 0, false, "closed the connection"},
		{"dropped at the recipient", smtptest.Config{Rcpt: func(string) error { return smtptest.ErrDrop }}, outbox.Retry, 0, true, "closed the connection"},
		{"dropped at the text", smtptest.Config{Data: text(smtptest.ErrDrop)}, outbox.Retry, 0, true, "closed the connection"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := smtptest.Start(t, c.server)
			r, sender := send(t, letter(), serverOf(s, apiclient.SMTPNone), mail.Config{})
			a, _ := r.Report.(apiclient.MailAttempt)
			if r.Verdict != c.want || a.Code != c.code || r.Slow != c.slow || !strings.Contains(r.Error, c.says) || strings.Contains(r.Error, "\x1b") || a.Error != r.Error {
				t.Errorf("%+v; want verdict %d, code %d, slow %t, %q", r, c.want, c.code, c.slow, c.says)
			}
			if (sender.Trouble() != "") != (c.want == outbox.Stall) {
				t.Errorf("trouble is %q", sender.Trouble())
			}
		})
	}
}

// TestTrouble meets servers that cannot be talked to: whatever it is, the mail keeps
// its tries, and the person is told what to do.
func TestTrouble(t *testing.T) {
	silent, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	// Port 1: a port that was bound and given back may be another test's server by now.
	gone := &smtptest.Server{Host: "127.0.0.1", Port: 1}
	at := func(l net.Listener) *smtptest.Server {
		return &smtptest.Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port}
	}
	for _, c := range []struct {
		name     string
		server   *smtptest.Server
		security string
		edit     func(*mail.Server)
		roots    bool
		says     string
		fix      string
	}{
		{name: "nobody", server: gone, security: "none", says: "refuses the connection", fix: "smtp_port"},
		{name: "silence", server: at(silent), security: "none", says: "took too long", fix: "log"},
		{name: "silence at TLS", server: at(silent), security: "tls", says: "does not speak TLS", fix: "starttls"},
		{name: "no such host", server: gone, security: "none", edit: func(s *mail.Server) { s.Host = "no-such-host.invalid" }, says: "has no address", fix: "smtp_host"},
		{name: "no starttls", server: smtptest.Start(t, smtptest.Config{}), security: "starttls", says: "offers no STARTTLS", fix: "tls"},
		{name: "tls at a plain port", server: smtptest.Start(t, smtptest.Config{}), security: "tls", says: "does not speak TLS", fix: "starttls"},
		{name: "unknown root", server: smtptest.Start(t, smtptest.Config{StartTLS: true}), security: "starttls", says: "nobody known has signed", fix: "certificate"},
		{name: "unknown root at TLS", server: smtptest.Start(t, smtptest.Config{TLS: true}), security: "tls", says: "nobody known has signed", fix: "certificate"},
		{name: "another name", server: smtptest.Start(t, smtptest.Config{StartTLS: true, Name: "mail.example.com"}), security: "starttls", roots: true, says: "for another name", fix: "smtp_host"},
		{name: "expired", server: smtptest.Start(t, smtptest.Config{StartTLS: true, Expired: true}), security: "starttls", roots: true, says: "not valid at this time", fix: "Renew"},
		{name: "no login", server: smtptest.Start(t, smtptest.Config{StartTLS: true}), security: "starttls", roots: true, edit: func(s *mail.Server) { s.User = "a" }, says: "offers no login", fix: "smtp_user"},
		{
			name: "wrong password", server: smtptest.Start(t, smtptest.Config{StartTLS: true, User: "a", Password: "right"}), security: "starttls", roots: true,
			edit: func(s *mail.Server) { s.User, s.Password = "a", apiclient.NewSecret("wr0ng-password") }, says: "535", fix: "smtp_password",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := serverOf(c.server, c.security)
			if c.edit != nil {
				c.edit(&server)
			}
			cfg := mail.Config{Connect: 2 * time.Second, Roots: x509.NewCertPool()}
			if c.name == "silence" || c.name == "silence at TLS" {
				cfg.Connect = 200 * time.Millisecond
			}
			if c.roots {
				cfg.Roots = c.server.Roots
			}
			r, sender := send(t, letter(), server, cfg)
			if r.Verdict != outbox.Stall || r.After < 5*time.Second || !strings.Contains(r.Error, c.says) || sender.Trouble() != r.Error {
				t.Errorf("%+v, trouble %q; want a stall that says %q", r, sender.Trouble(), c.says)
			}
			test := sender.Test(t.Context(), server, letter())
			if test.Error != r.Error || !strings.Contains(test.Fix, c.fix) || !strings.HasSuffix(test.Fix, ".") {
				t.Errorf("the test says %q and %q; want %q and …%s…", test.Error, test.Fix, r.Error, c.fix)
			}
			if all := fmt.Sprint(r, test); strings.Contains(all, "wr0ng") {
				t.Errorf("the password is shown: %s", all)
			}
		})
	}
}

// TestPauses looks that the pauses of a server in trouble grow up to an hour, that one
// success ends them, and that a mail is given up after five days.
func TestPauses(t *testing.T) {
	var refuse atomic.Bool
	refuse.Store(true)
	s := smtptest.Start(t, smtptest.Config{Mail: func(string) error {
		if refuse.Load() {
			return smtptest.Answer(451, "later")
		}
		return nil
	}})
	l := letter()
	sender, err := mail.New(mail.Config{Source: &letters{letter: l, server: serverOf(s, apiclient.SMTPNone)}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 9 {
		got = append(got, sender.Send(t.Context(), outbox.Item{ID: 1}).After.String())
	}
	if want := "5s 30s 2m0s 10m0s 30m0s 1h0m0s 1h0m0s 1h0m0s 1h0m0s"; strings.Join(got, " ") != want {
		t.Errorf("pauses %v; want %s", got, want)
	}
	refuse.Store(false)
	if r := sender.Send(t.Context(), outbox.Item{ID: 1}); r.Verdict != outbox.Done || sender.Trouble() != "" {
		t.Errorf("%+v, trouble %q", r, sender.Trouble())
	}
	refuse.Store(true)
	if r := sender.Send(t.Context(), outbox.Item{ID: 1}); r.After != 5*time.Second {
		t.Errorf("after a success the first pause is %v", r.After)
	}
	l.At = time.Now().Add(-mail.Patience - time.Hour)
	if r, _ := send(t, l, serverOf(s, apiclient.SMTPNone), mail.Config{}); r.Verdict != outbox.GiveUp || !strings.Contains(r.Error, "within 5 days") {
		t.Errorf("%+v; want it given up", r)
	}
}

func TestRate(t *testing.T) {
	s := smtptest.Start(t, smtptest.Config{})
	server := serverOf(s, apiclient.SMTPNone)
	server.PerMinute = 30
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	sender, err := mail.New(mail.Config{Source: letters{letter: letter(), server: server}, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	done, minute := 0, now.Add(time.Minute)
	for now.Before(minute) {
		switch r := sender.Send(t.Context(), outbox.Item{ID: 1}); r.Verdict {
		case outbox.Done:
			done++
		case outbox.Stall:
			if r.After <= 0 || r.After > 2*time.Second || r.Report != nil {
				t.Fatalf("%+v; want a pause of up to 2 s and no attempt", r)
			}
			now = now.Add(r.After)
		default:
			t.Fatalf("%+v", r)
		}
	}
	if done < 30 || done > 31 || sender.Trouble() != "" {
		t.Errorf("%d mails in a minute, trouble %q; want 30", done, sender.Trouble())
	}
}

// TestCutShort ends a send whose server does not answer any more.
func TestCutShort(t *testing.T) {
	reached, release := make(chan struct{}), make(chan struct{})
	s := smtptest.Start(t, smtptest.Config{Data: func(smtptest.Letter) error {
		close(reached)
		<-release
		return nil
	}})
	defer close(release)
	sender, err := mail.New(mail.Config{Source: letters{letter: letter(), server: serverOf(s, apiclient.SMTPNone)}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-reached
		cancel()
	}()
	if r := sender.Send(ctx, outbox.Item{ID: 1}); r.Verdict != outbox.Retry {
		t.Errorf("%+v; want a retry", r)
	}
}

func TestSlowServer(t *testing.T) {
	release := make(chan struct{})
	s := smtptest.Start(t, smtptest.Config{Data: func(smtptest.Letter) error {
		<-release
		return nil
	}})
	defer close(release)
	r, _ := send(t, letter(), serverOf(s, apiclient.SMTPNone), mail.Config{Total: 200 * time.Millisecond})
	if r.Verdict != outbox.Retry || !r.Slow || !strings.Contains(r.Error, "took too long") {
		t.Errorf("%+v; want a retry, slowed", r)
	}
}

func TestWithdrawn(t *testing.T) {
	for err, want := range map[error]outbox.Verdict{mail.ErrWithdrawn: outbox.Skip, io.ErrUnexpectedEOF: outbox.Stall} {
		s, nerr := mail.New(mail.Config{Source: letters{err: err}})
		if nerr != nil {
			t.Fatal(nerr)
		}
		if r := s.Send(t.Context(), outbox.Item{ID: 1}); r.Verdict != want {
			t.Errorf("%v: %+v; want %d", err, r, want)
		}
	}
}

// TestDialogue shows what was said, without the password.
func TestDialogue(t *testing.T) {
	s := smtptest.Start(t, smtptest.Config{StartTLS: true, User: "site", Password: "secret-horse"})
	server := serverOf(s, apiclient.SMTPStartTLS)
	server.User, server.Password = "site", apiclient.NewSecret("secret-horse")
	sender, err := mail.New(mail.Config{Source: letters{}, Roots: s.Roots})
	if err != nil {
		t.Fatal(err)
	}
	got := sender.Test(t.Context(), server, letter())
	all := strings.Join(got.Dialogue, "\n")
	for _, want := range []string{"C: EHLO example.com", "C: STARTTLS", "C: MAIL FROM:<site@example.com>", "C: RCPT TO:<ada@example.com>", "C: DATA", "S: 250"} {
		if !strings.Contains(all, want) {
			t.Errorf("the dialogue lacks %q:\n%s", want, all)
		}
	}
	if got.Error != "" || got.Fix != "" || got.Server != server.Address() || strings.Contains(all, "horse") {
		t.Errorf("%+v", got)
	}
}
