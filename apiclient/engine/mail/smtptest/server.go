// Package smtptest is a mail server for tests: it speaks SMTP on a port of the
// loopback interface, with STARTTLS, TLS or neither, wants a login or not, keeps
// what it is given, and answers as the test says.
package smtptest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/mail"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Config says what the server is like. The zero value takes all mails without TLS
// and without a login.
type Config struct {
	StartTLS bool   // offers STARTTLS
	TLS      bool   // is TLS from the start
	Name     string // that its certificate is for; empty: 127.0.0.1 and localhost
	Expired  bool   // its certificate has ended

	User, Password string // of the login; empty: it wants none

	// The answers; nil is 250. ErrDrop closes the connection instead, and a function
	// that waits is a slow server.
	Mail func(from string) error
	Rcpt func(to string) error
	Data func(Letter) error
}

// A Letter is a mail that the server was given.
type Letter struct {
	From, To string // of the envelope
	Raw      []byte
	Message  *mail.Message // its header
	Took     bool          // the server answered 250
}

// ErrDrop is an answer that closes the connection.
var ErrDrop = errors.New("smtptest: drop")

// Answer is an answer of that code, such as 451.
func Answer(code int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 7, 1}, Message: text}
}

// A Server is a mail server that runs until the end of the test.
type Server struct {
	Host  string
	Port  int
	Roots *x509.CertPool // that its certificate is signed by

	cfg Config

	mu      sync.Mutex // guards what follows
	letters []Letter
	news    chan struct{} // closed at the next letter
}

// Start starts a server.
func Start(t testing.TB, cfg Config) *Server {
	t.Helper()
	s := &Server{cfg: cfg, news: make(chan struct{})}
	own := s.certify(t)
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s.Host = host
	if s.Port, err = strconv.Atoi(port); err != nil {
		t.Fatal(err)
	}
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		w := &session{server: s, conn: c}
		if cfg.User == "" {
			return w, nil
		}
		return &guarded{session: w}, nil
	}))
	srv.Domain, srv.AllowInsecureAuth, srv.ErrorLog = "mail.example.com", !cfg.StartTLS && !cfg.TLS, log.New(io.Discard, "", 0)
	if cfg.StartTLS {
		srv.TLSConfig = own
	}
	if cfg.TLS {
		l = tls.NewListener(l, own)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = srv.Serve(l) // it says that it was closed
	}()
	t.Cleanup(func() {
		_ = l.Close() // Close of the server misses a listener that Serve has not got to yet
		_ = srv.Close()
		<-ended
	})
	return s
}

// Letters returns what the server was given so far, in order.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter(nil), s.letters...)
}

// Wait returns the letters as soon as there are n of them that the server took, and
// fails the test when that takes too long.
func (s *Server) Wait(t testing.TB, n int) []Letter {
	t.Helper()
	limit := time.NewTimer(3 * time.Minute)
	defer limit.Stop()
	for {
		s.mu.Lock()
		list, news := append([]Letter(nil), s.letters...), s.news
		s.mu.Unlock()
		took := 0
		for _, l := range list {
			if l.Took {
				took++
			}
		}
		if took >= n {
			return list
		}
		select {
		case <-news:
		case <-limit.C:
			t.Fatalf("the mail server took %d mails; want %d", took, n)
		}
	}
}

func (s *Server) keep(l Letter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.letters = append(s.letters, l)
	close(s.news)
	s.news = make(chan struct{})
}

// A session is a connection.
type session struct {
	server   *Server
	conn     *smtp.Conn
	from, to string
}

func (w *session) answer(err error) error {
	if errors.Is(err, ErrDrop) {
		_ = w.conn.Conn().Close()
	}
	return err
}

func (w *session) Reset() { w.from, w.to = "", "" }

func (w *session) Logout() error { return nil }

func (w *session) Mail(from string, _ *smtp.MailOptions) error {
	w.from = from
	if w.server.cfg.Mail == nil {
		return nil
	}
	return w.answer(w.server.cfg.Mail(from))
}

func (w *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	w.to = to
	if w.server.cfg.Rcpt == nil {
		return nil
	}
	return w.answer(w.server.cfg.Rcpt(to))
}

func (w *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	l := Letter{From: w.from, To: w.to, Raw: raw}
	if l.Message, err = mail.ReadMessage(bytes.NewReader(raw)); err != nil {
		return err
	}
	if w.server.cfg.Data != nil {
		err = w.server.cfg.Data(l)
	}
	l.Took = err == nil
	w.server.keep(l)
	return w.answer(err)
}

// guarded is a session that wants a login.
type guarded struct {
	*session
	in bool
}

func (g *guarded) AuthMechanisms() []string { return []string{sasl.Plain} }

func (g *guarded) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != g.server.cfg.User || password != g.server.cfg.Password {
			return smtp.ErrAuthFailed
		}
		g.in = true
		return nil
	}), nil
}

func (g *guarded) Mail(from string, o *smtp.MailOptions) error {
	if !g.in {
		return Answer(530, "log in first")
	}
	return g.session.Mail(from, o)
}

// certify makes a certificate and whom it is signed by.
func (s *Server) certify(t testing.TB) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "smtptest"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if template.DNSNames = []string{s.cfg.Name}; s.cfg.Name == "" {
		template.DNSNames, template.IPAddresses = []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	if s.cfg.Expired {
		template.NotAfter = time.Now().Add(-time.Hour)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	s.Roots = x509.NewCertPool()
	s.Roots.AddCert(leaf)
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}}}
}
