package mail

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/outbox"
)

// A Letter is one mail to be sent.
type Letter struct {
	MessageID string // the same on every attempt, without <>
	To        string
	At        time.Time // when it was posted: its header Date
	Text
}

// A Server is where mails are handed over, and in whose name.
type Server struct {
	Host      string
	Port      int
	Security  string // apiclient.SMTPStartTLS, SMTPTLS or SMTPNone
	User      string // empty: nobody logs in
	Password  apiclient.Secret
	FromName  string
	From      string // the address
	PerMinute int    // mails; 0: as many as there are
}

// Address returns host and port.
func (s Server) Address() string { return net.JoinHostPort(s.Host, fmt.Sprint(s.Port)) }

// ServerOf returns the mail server that the settings name. from is the sender's
// address where they name none.
func ServerOf(o apiclient.Options, from string) Server {
	return Server{
		Host: o.Text("smtp_host"), Port: o.Int("smtp_port"), Security: o.Text("smtp_security"), User: o.Text("smtp_user"),
		Password: apiclient.NewSecret(o.Text("smtp_password")), PerMinute: o.Int("umdeck_mail_rate"),
		FromName: cmp.Or(o.Text("mail_from"), o.Text("blogname")), From: cmp.Or(o.Text("mail_from_addr"), from),
	}
}

// ErrWithdrawn is a Source's answer for what must not be sent now: there is no mail
// server any more.
var ErrWithdrawn = errors.New("mail: withdrawn")

// A Source has the mails.
type Source interface {
	// Letter returns the mail as it is to be sent and the server as it is set now, or
	// ErrWithdrawn. After any other error the lane pauses for a moment.
	Letter(ctx context.Context, id apiclient.MailID) (Letter, Server, error)
}

// Patience is how long a mail may wait for a server that takes no mails at all, as
// other mail programs have it (RFC 5321, 4.5.4.1).
const Patience = 5 * 24 * time.Hour

// Config is what a Sender needs. Source is required.
type Config struct {
	Source Source

	Connect time.Duration // for reaching the server, TLS and the login; zero means 15 s
	Total   time.Duration // for handing over a mail after that; zero means 2 min

	Roots  *x509.CertPool   // who may sign certificates; nil means whom the system trusts
	Now    func() time.Time // nil means time.Now
	Logger *slog.Logger     // nil means silence
}

// A Sender hands mails to the mail server. It is the outbox's sender for the lane of
// mails: an item's ID is the mail's.
type Sender struct {
	cfg Config

	mu       sync.Mutex    // guards what follows
	limit    *rate.Limiter // by the wall clock
	rate     int           // that limit has
	troubles int           // failures of the server in a row
	trouble  string        // the last of them, as a clause; empty: the server takes mails
}

var _ outbox.Sender = (*Sender)(nil)

// New returns a Sender.
func New(cfg Config) (*Sender, error) {
	if cfg.Source == nil {
		return nil, errors.New("mail: Source is required")
	}
	cfg.Connect = cmp.Or(cfg.Connect, 15*time.Second)
	cfg.Total = cmp.Or(cfg.Total, 2*time.Minute)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Sender{cfg: cfg}, nil
}

// Trouble returns why no mail gets through at the moment, as a clause that names the
// server; empty: all is well, or nothing was sent yet.
func (s *Sender) Trouble() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trouble
}

// Forget lets the sender begin anew, because the settings have changed.
func (s *Sender) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.troubles, s.trouble = 0, ""
}

// Send makes one attempt at a mail. The result's Report is an
// [apiclient.MailAttempt]; it has none where the server was not asked.
func (s *Sender) Send(ctx context.Context, i outbox.Item) outbox.Result {
	letter, server, err := s.cfg.Source.Letter(ctx, apiclient.MailID(i.ID))
	switch {
	case errors.Is(err, ErrWithdrawn):
		return outbox.Result{Verdict: outbox.Skip}
	case err != nil:
		s.cfg.Logger.Error("load a mail", "mail", i.ID, "err", err)
		return outbox.Result{Verdict: outbox.Stall, After: 5 * time.Second, Error: "the mail could not be read"}
	}
	if wait := s.take(server.PerMinute); wait > 0 {
		return outbox.Result{Verdict: outbox.Stall, After: wait}
	}
	begin := s.cfg.Now()
	f := s.deliver(ctx, server, letter, nil)
	a := apiclient.MailAttempt{At: begin, Duration: s.cfg.Now().Sub(begin), Server: server.Address()}
	if f != nil {
		a.Code, a.Error = f.code, f.clause()
	}
	return s.judge(f, a, begin.Sub(letter.At))
}

// take takes one mail of the rate, or returns how long none is left.
func (s *Sender) take(perMinute int) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if perMinute <= 0 {
		return 0
	}
	if s.limit == nil || s.rate != perMinute {
		// A few at once are still no flood; over a minute the rate holds.
		s.limit, s.rate = rate.NewLimiter(rate.Limit(perMinute)/60, max(1, perMinute/30)), perMinute
	}
	now := s.cfg.Now()
	r := s.limit.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// judge says what is to become of a mail after an attempt, and notes how the server is.
func (s *Sender) judge(f *failure, a apiclient.MailAttempt, age time.Duration) outbox.Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := outbox.Result{Error: a.Error, Report: a}
	if f == nil || !f.lane {
		s.troubles, s.trouble = 0, ""
	}
	switch {
	case f == nil:
		r.Verdict = outbox.Done
	case f.lane:
		s.trouble = a.Error
		wait, _ := outbox.Schedule(min(1+s.troubles, slowest), 0.5)
		s.troubles++
		r.Verdict, r.After = outbox.Stall, min(wait, outbox.MaxWait)
		if age > Patience {
			r.Verdict, r.Error = outbox.GiveUp, "no mail server took it within 5 days: "+a.Error
		}
	case f.code >= 500:
		r.Verdict = outbox.GiveUp
	default:
		r.Verdict, r.Slow = outbox.Retry, f.code == 0
	}
	return r
}

// slowest is the try of the schedule whose wait, an hour, is the longest between two
// looks at a server in trouble.
const slowest = 6
