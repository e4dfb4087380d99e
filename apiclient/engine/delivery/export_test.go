package delivery

import (
	"context"
	"net"
	"syscall"
	"time"
)

// Dial connects as a request does whose URL nobody has looked at.
func (s *Sender) Dial(ctx context.Context, address string) (net.Conn, error) {
	return s.transport.DialContext(ctx, "tcp", address)
}

// Let dials as a request does, but for its end: what the guard lets through is not
// connected to, which is context.Canceled.
func (s *Sender) Let(ctx context.Context, address string) error {
	d := *s.dialer
	guard := d.Control
	d.Control = func(network, address string, c syscall.RawConn) error {
		if err := guard(network, address, c); err != nil {
			return err
		}
		return context.Canceled
	}
	c, err := d.DialContext(ctx, "tcp", address)
	if err == nil {
		_ = c.Close()
	}
	return err
}

// Limits returns the time limits: to connect, of the TLS handshake, to the answer's
// head, and in all.
func (s *Sender) Limits() [4]time.Duration {
	return [4]time.Duration{s.cfg.Connect, s.cfg.TLS, s.cfg.FirstByte, s.cfg.Total}
}
