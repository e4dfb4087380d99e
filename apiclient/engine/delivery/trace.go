package delivery

import (
	"crypto/tls"
	"net/http/httptrace"
	"slices"
	"sync"

	"umdeck/apiclient"
)

// phase is how far an attempt has come.
type phase int

const (
	connecting phase = iota
	connected
	shaking // in the TLS handshake
	sending
)

// A trace watches one attempt: the transport tells it from several goroutines,
// some of which may outlive the attempt.
type trace struct {
	mu     sync.Mutex // guards all below
	phase  phase
	failed bool // the TLS handshake
	lines  []apiclient.Header
}

// hooks are what the transport calls.
func (t *trace) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		ConnectDone: func(_, _ string, err error) {
			if err == nil {
				t.reach(connected)
			}
		},
		TLSHandshakeStart: func() { t.reach(shaking) },
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.failed = err != nil
		},
		GotConn: func(httptrace.GotConnInfo) {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.phase, t.failed, t.lines = sending, false, nil // on a second connection the head is written again
		},
		WroteHeaderField: func(name string, values []string) {
			t.mu.Lock()
			defer t.mu.Unlock()
			for _, v := range values {
				t.lines = append(t.lines, apiclient.Header{Name: name, Value: v})
			}
		},
	}
}

func (t *trace) reach(p phase) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.phase = max(t.phase, p)
}

func (t *trace) reached() phase {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.phase
}

func (t *trace) handshakeFailed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.failed
}

// head returns the header lines as they were written.
func (t *trace) head() []apiclient.Header {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.lines)
}
