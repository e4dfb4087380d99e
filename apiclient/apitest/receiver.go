package apitest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"umdeck/apiclient"
)

// A Receiver is a subscriber on 127.0.0.1 that keeps what is posted to it.
type Receiver struct {
	URL    string
	Hooks  chan Hook // what came, in its order; at most 1000 wait
	answer atomic.Int64
}

// A Hook is one request that a [Receiver] got.
type Hook struct {
	Method string
	Path   string
	Header http.Header
	Body   []byte
}

// NewReceiver starts a receiver that answers 200 and ends with the test.
func NewReceiver(t *testing.T) *Receiver {
	t.Helper()
	r := &Receiver{Hooks: make(chan Hook, 1000)}
	r.Answer(http.StatusOK)
	srv := httptest.NewServer(http.HandlerFunc(r.serve))
	t.Cleanup(srv.Close)
	r.URL = srv.URL
	return r
}

// Answer sets the status of the answers from now on.
func (r *Receiver) Answer(status int) { r.answer.Store(int64(status)) }

func (r *Receiver) serve(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(io.LimitReader(req.Body, 1<<20))
	if err != nil {
		return // the sender went away: there is nobody to answer
	}
	select {
	case r.Hooks <- Hook{req.Method, req.URL.Path, req.Header.Clone(), body}:
	default: // full: a test that gets here has stopped reading
	}
	w.WriteHeader(int(r.answer.Load()))
}

// Next returns the next hook, or fails the test when none comes.
func (r *Receiver) Next(t *testing.T) Hook {
	t.Helper()
	select {
	case h := <-r.Hooks:
		return h
	case <-time.After(patience):
		t.Fatal("no hook came")
		return Hook{}
	}
}

// None fails the test when hooks are waiting to be read.
func (r *Receiver) None(t *testing.T) {
	t.Helper()
	select {
	case h := <-r.Hooks:
		t.Errorf("a hook came that should not: %s", h.Body)
	default:
	}
}

// Signed reports whether the hook carries the Standard Webhooks signature that
// the secret makes.
func (h Hook) Signed(secret apiclient.Secret) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret.Reveal(), "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	_, _ = io.WriteString(mac, h.Header.Get("webhook-id")+"."+h.Header.Get("webhook-timestamp")+".") // a hash never fails
	_, _ = mac.Write(h.Body)
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for got := range strings.FieldsSeq(h.Header.Get("webhook-signature")) {
		if hmac.Equal([]byte(got), []byte(want)) {
			return true
		}
	}
	return false
}
