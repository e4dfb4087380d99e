package delivery

import (
	"context"
	"net"
	"time"
)

// Dial connects as a request does whose URL nobody has looked at.
func (s *Sender) Dial(ctx context.Context, address string) (net.Conn, error) {
	return s.transport.DialContext(ctx, "tcp", address)
}

// Limits returns the time limits: to connect, of the TLS handshake, to the answer's
// head, and in all.
func (s *Sender) Limits() [4]time.Duration {
	return [4]time.Duration{s.cfg.Connect, s.cfg.TLS, s.cfg.FirstByte, s.cfg.Total}
}
