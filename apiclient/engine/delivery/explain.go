package delivery

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"unicode"
)

// errTotal is why an attempt ends that took longer than Config.Total.
var errTotal = errors.New("the attempt took too long")

// explain turns the error of an attempt into its class and a clause. Timeouts
// come before the phases that they end, and a failed handshake before the reset
// that may be its form.
func (s *Sender) explain(err error, t *trace) (class, clause string) {
	var dns *net.DNSError
	var op *net.OpError
	refused, isRefused := errors.AsType[*RefusedError](err)
	switch {
	case isRefused:
		return ClassRefused, clean(refused.Error())
	case errors.As(err, &dns):
		return ClassDNS, clean(fmt.Sprintf("no address for the host %s: %s", dns.Name, dns.Err))
	case isTimeout(err):
		return ClassTimeout, s.late(err, t)
	case errors.As(err, &op) && op.Op == "dial":
		return ClassConnect, clean("no connection: " + op.Err.Error())
	case t.handshakeFailed() || isTLS(err):
		return ClassTLS, clean("no TLS session: " + err.Error())
	case isReset(err):
		return ClassReset, "the connection was closed before the answer's head had ended"
	case errors.Is(err, context.Canceled):
		return ClassOther, "the attempt was cut short because the engine stopped"
	}
	return ClassOther, clean(err.Error())
}

// late says which of the time limits has passed.
func (s *Sender) late(err error, t *trace) string {
	switch phase := t.reached(); {
	case errors.Is(err, errTotal):
		return fmt.Sprintf("no answer within %v in all", s.cfg.Total)
	case phase < connected:
		return fmt.Sprintf("no connection within %v", s.cfg.Connect)
	case phase == shaking:
		return fmt.Sprintf("no TLS session within %v", s.cfg.TLS)
	}
	return fmt.Sprintf("no answer within %v", s.cfg.FirstByte)
}

func isTimeout(err error) bool {
	if errors.Is(err, errTotal) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, syscall.ETIMEDOUT) {
		return true
	}
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

func isTLS(err error) bool {
	var header tls.RecordHeaderError
	var alert tls.AlertError
	var cert *tls.CertificateVerificationError
	var host x509.HostnameError
	return errors.As(err, &header) || errors.As(err, &alert) || errors.As(err, &cert) || errors.As(err, &host)
}

func isReset(err error) bool {
	for _, target := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

// clean makes a clause of what may hold a stranger's text: on one line, without
// control characters, and short.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if r := []rune(s); len(r) > 300 {
		return string(r[:299]) + "…"
	}
	return s
}
