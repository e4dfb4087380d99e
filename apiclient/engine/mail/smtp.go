package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"net"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/log"
	"github.com/wneessen/go-mail/smtp"

	"umdeck/apiclient"
)

// A phase is how far a conversation with the server has come.
type phase int

const (
	reaching  phase = iota // finding and reaching the host
	greeting               // the server's first words, EHLO and STARTTLS
	securing               // the TLS handshake of a connection that is TLS from the start
	entering               // the login
	naming                 // MAIL FROM
	directing              // RCPT TO
	writing                // DATA and the text
)

// A conversation is one connection to a mail server.
type conversation struct {
	server Server
	phase  phase
	conn   net.Conn
	heard  log.Logger // nil: nobody listens
}

// deliver hands the letter to the server. heard, if not nil, is told what is said.
// nil: the server took the letter.
func (s *Sender) deliver(ctx context.Context, server Server, l Letter, heard log.Logger) *failure {
	c := &conversation{server: server, heard: heard}
	msg, err := message(server, l)
	if err != nil {
		return &failure{server: server, phase: directing, code: 550, err: err} // it can never be sent
	}
	dial, cancel := context.WithTimeout(ctx, s.cfg.Connect)
	defer cancel()
	client, err := c.open(dial, s.cfg)
	if err != nil {
		c.close()
		return c.fail(err)
	}
	defer c.close()
	if err := client.UpdateDeadline(s.cfg.Total); err != nil {
		return c.fail(err)
	}
	stop := context.AfterFunc(ctx, c.close) // the one way to end a read
	defer stop()
	return c.hand(client, server, l.To, msg)
}

// hand makes the part of the conversation that is about the mail.
func (c *conversation) hand(client *smtp.Client, server Server, to string, msg *gomail.Msg) *failure {
	c.phase = naming
	if err := client.Mail("<" + server.From + ">"); err != nil {
		return c.fail(err)
	}
	c.phase = directing
	if err := client.Rcpt("<" + to + ">"); err != nil {
		return c.fail(err)
	}
	c.phase = writing
	w, err := client.Data()
	if err != nil {
		return c.fail(err)
	}
	if _, err := msg.WriteTo(w); err != nil {
		return c.fail(err)
	}
	if err := w.Close(); err != nil {
		return c.fail(err)
	}
	if end, ok := w.(*smtp.DataCloser); ok && c.heard != nil { // the one answer that the library does not tell
		c.heard.Debugf(log.Log{Direction: log.DirServerToClient, Format: "250 %s", Messages: []any{end.ServerResponse()}})
	}
	_ = client.Quit() // the server has the mail, whatever it says now
	return nil
}

// open connects, secures the connection and logs in.
func (c *conversation) open(ctx context.Context, cfg Config) (*smtp.Client, error) {
	_, domain, _ := strings.Cut(c.server.From, "@")
	secured := &tls.Config{ServerName: c.server.Host, RootCAs: cfg.Roots, MinVersion: tls.VersionTLS12}
	options := []gomail.Option{
		gomail.WithPort(c.server.Port), gomail.WithTimeout(cfg.Connect), gomail.WithHELO(cmp.Or(domain, "localhost")),
		gomail.WithTLSConfig(secured), gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithDialContextFunc(c.dialer(secured)),
	}
	switch c.server.Security {
	case apiclient.SMTPTLS:
		options = append(options, gomail.WithSSL())
	case apiclient.SMTPNone:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if c.server.User != "" {
		options = append(options, gomail.WithUsername(c.server.User), gomail.WithPassword(c.server.Password.Reveal()), gomail.WithOpportunisticSMTPAuth(c.mechanisms()...))
	}
	if c.heard != nil {
		options = append(options, gomail.WithLogger(c.heard), gomail.WithDebugLog())
	}
	client, err := gomail.NewClient(c.server.Host, options...)
	if err != nil {
		return nil, err
	}
	return client.DialToSMTPClientWithContext(ctx)
}

// mechanisms are the ways to log in, the best first. Without TLS, which the settings
// allow for this machine or on demand, the password goes in the open.
func (c *conversation) mechanisms() []gomail.SMTPAuthType {
	list := []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1}
	if c.server.Security == apiclient.SMTPNone {
		return append(list, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc)
	}
	return append(list, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin)
}

// dialer connects, by TLS where the connection is TLS from the start, and notes the
// connection: the library leaves it open when the server refuses what follows.
func (c *conversation) dialer(secured *tls.Config) gomail.DialContextFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		var dialer net.Dialer
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		c.conn, c.phase = conn, greeting
		if c.server.Security != apiclient.SMTPTLS {
			return conn, nil
		}
		c.phase = securing
		t := tls.Client(conn, secured)
		if err := t.HandshakeContext(ctx); err != nil {
			return nil, err
		}
		c.phase = greeting
		return t, nil
	}
}

func (c *conversation) close() {
	if c.conn != nil {
		_ = c.conn.Close() // nothing is waited for any more
	}
}

// message makes the bytes of a letter. The library encodes what is not ASCII and
// refuses addresses that are none, so that nothing in a letter can be a header.
func message(server Server, l Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.FromFormat(server.FromName, server.From); err != nil {
		return nil, err
	}
	if err := m.To(l.To); err != nil {
		return nil, err
	}
	m.Subject(l.Subject)
	m.SetMessageIDWithValue(l.MessageID)
	m.SetDateWithValue(l.At)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence notice answers it
	m.SetBodyString(gomail.TypeTextPlain, l.Plain)
	if l.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	}
	return m, nil
}

// Test sends a letter at once and tells how that went.
func (s *Sender) Test(ctx context.Context, server Server, l Letter) apiclient.MailTest {
	d := &dialogue{secret: server.Password}
	begin := time.Now()
	t := apiclient.MailTest{To: l.To, Server: server.Address()}
	f := s.deliver(ctx, server, l, d)
	t.Duration, t.Dialogue = time.Since(begin), d.said()
	if f != nil {
		t.Error, t.Fix = f.clause(), f.fix()
	} else {
		s.Forget()
	}
	return t
}
