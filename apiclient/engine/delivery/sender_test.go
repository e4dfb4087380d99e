package delivery_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"go.uber.org/goleak"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/delivery"
	"umdeck/apiclient/engine/outbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var secret = apiclient.NewSecret("whsec_" + base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789abcdef")))

// loopback allows what the sinks of these tests listen on, and nothing else.
var loopback = delivery.Guard{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}

// source has one hook, or one error.
type source struct {
	hook delivery.Hook
	err  error
}

func (s source) Hook(context.Context, outbox.Item) (delivery.Hook, error) {
	return s.hook, s.err
}

// hook returns a delivery to a target.
func hook(url string) delivery.Hook {
	return delivery.Hook{
		URL: url, Body: []byte(`{"id":7,"user_login":"ada"}`), WebhookID: "msg_1", Event: 7,
		Secrets: []apiclient.Secret{secret},
	}
}

// sender returns a Sender of one hook, for as long as the test runs.
func sender(t testing.TB, h delivery.Hook, change func(*delivery.Config)) *delivery.Sender {
	t.Helper()
	cfg := delivery.Config{Source: source{hook: h}, Guard: loopback}
	if change != nil {
		change(&cfg)
	}
	s, err := delivery.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// send makes one attempt at a hook and returns the result with its attempt.
func send(t testing.TB, h delivery.Hook, change func(*delivery.Config)) (outbox.Result, apiclient.Attempt) {
	t.Helper()
	r := sender(t, h, change).Send(t.Context(), outbox.Item{ID: 1})
	a, ok := r.Report.(apiclient.Attempt)
	if !ok {
		t.Fatalf("the report is %T", r.Report)
	}
	return r, a
}

// serve starts a receiver for as long as the test runs.
func serve(t testing.TB, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func TestNewNeedsASource(t *testing.T) {
	if _, err := delivery.New(delivery.Config{}); err == nil {
		t.Error("New without a Source is no error")
	}
}

// TestLimits holds the time limits to what subscribers are told.
func TestLimits(t *testing.T) {
	want := [4]time.Duration{5 * time.Second, 5 * time.Second, 15 * time.Second, 20 * time.Second}
	if got := sender(t, hook(""), nil).Limits(); got != want {
		t.Errorf("limits %v, want %v", got, want)
	}
}

// An arrival is a request as a sink got it.
type arrival struct {
	method, uri, host, body string
	head                    http.Header
}

// post makes one attempt at h with a sink that answers 202 and writes down what arrives.
func post(t *testing.T, path string, change func(*delivery.Hook)) (got arrival, r outbox.Result, a apiclient.Attempt) {
	t.Helper()
	sink := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got = arrival{r.Method, r.RequestURI, r.Host, string(body), r.Header}
		w.Header().Add("X-Answer", "b")
		w.Header().Add("Set-Cookie", "one=1")
		w.Header().Add("Set-Cookie", "two=2")
		w.Header()["Date"] = nil
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte("thanks"))
	})
	h := hook(sink.URL + path)
	if change != nil {
		change(&h)
	}
	r, a = send(t, h, func(c *delivery.Config) { c.UserAgent = "umdeck/1.2" })
	if want := strings.TrimPrefix(sink.URL, "http://"); got.host != want {
		t.Errorf("host %q, want %q", got.host, want)
	}
	return got, r, a
}

// TestRequest looks at what arrives, and verifies it as a receiver would.
func TestRequest(t *testing.T) {
	got, _, _ := post(t, "/hook/1?key=abcd", func(h *delivery.Hook) { h.Test, h.ReplayOf = true, "msg_0" })
	want := arrival{"POST", "/hook/1?key=abcd", got.host, `{"id":7,"user_login":"ada"}`, http.Header{
		"User-Agent": {"umdeck/1.2"}, "Content-Length": {"27"}, "Content-Type": {"application/json"},
		"Webhook-Id": {"msg_1"}, "X-Um-Event-Seq": {"7"}, "X-Um-Test": {"1"}, "X-Um-Replay-Of": {"msg_0"},
		"Webhook-Timestamp": got.head["Webhook-Timestamp"], "Webhook-Signature": got.head["Webhook-Signature"],
	}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(arrival{})); diff != "" {
		t.Errorf("arrived (-want +got):\n%s", diff)
	}
	hook, err := standardwebhooks.NewWebhook(secret.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	if err := hook.Verify([]byte(got.body), got.head); err != nil {
		t.Errorf("verify: %v", err)
	}
}

// TestAttempt looks at what is recorded.
func TestAttempt(t *testing.T) {
	before := time.Now()
	got, r, a := post(t, "/hook", nil)
	if r.Verdict != outbox.Done || r.Error != "" {
		t.Errorf("result %+v", r)
	}
	if a.Duration <= 0 || a.At.Before(before) {
		t.Errorf("the attempt began at %v and took %v", a.At, a.Duration)
	}
	want := apiclient.Attempt{
		Number: 1, Code: http.StatusAccepted, Body: []byte("thanks"), At: a.At, Duration: a.Duration,
		Request: []apiclient.Header{
			{Name: "Host", Value: got.host},
			{Name: "User-Agent", Value: "umdeck/1.2"},
			{Name: "Content-Length", Value: "27"},
			{Name: "content-type", Value: "application/json"},
			{Name: "webhook-id", Value: "msg_1"},
			{Name: "webhook-signature", Value: got.head.Get("Webhook-Signature")},
			{Name: "webhook-timestamp", Value: got.head.Get("Webhook-Timestamp")},
			{Name: "x-um-event-seq", Value: "7"},
		},
		Response: []apiclient.Header{
			{Name: "Content-Length", Value: "6"},
			{Name: "Content-Type", Value: "text/plain; charset=utf-8"},
			{Name: "Set-Cookie", Value: "one=1"},
			{Name: "Set-Cookie", Value: "two=2"},
			{Name: "X-Answer", Value: "b"},
		},
	}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Errorf("recorded (-want +got):\n%s", diff)
	}
}

// TestHeadAsWritten compares the recorded head with the bytes on the wire.
func TestHeadAsWritten(t *testing.T) {
	wire := make(chan string, 1)
	url := listen(t, func(c conn) {
		wire <- c.request()
		c.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
	})
	_, a := send(t, hook(url+"/x"), nil)
	var b bytes.Buffer
	b.WriteString("POST /x HTTP/1.1\r\n")
	for _, h := range a.Request {
		b.WriteString(h.Name + ": " + h.Value + "\r\n")
	}
	b.WriteString("\r\n" + `{"id":7,"user_login":"ada"}`)
	if diff := cmp.Diff(b.String(), <-wire); diff != "" {
		t.Errorf("the record and the wire (-record +wire):\n%s", diff)
	}
}

func TestOptionalHeadersAreAbsent(t *testing.T) {
	sink := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{"X-Um-Test", "X-Um-Replay-Of", "X-Um-Event-Seq", "X-Idempotency-Key", "Accept-Encoding", "Referer"} {
			if v, ok := r.Header[name]; ok {
				t.Errorf("%s is sent: %v", name, v)
			}
		}
	})
	h := hook(sink.URL)
	h.Event = 0
	if r, _ := send(t, h, nil); r.Verdict != outbox.Done {
		t.Errorf("result %+v", r)
	}
}

func TestTwoSecretsWhileRotating(t *testing.T) {
	other := apiclient.NewSecret("whsec_" + base64.StdEncoding.EncodeToString([]byte("another key of some length")))
	var head http.Header
	sink := serve(t, func(_ http.ResponseWriter, r *http.Request) { head = r.Header })
	h := hook(sink.URL)
	h.Secrets = []apiclient.Secret{other, secret}
	send(t, h, nil)
	for _, s := range h.Secrets {
		hook, err := standardwebhooks.NewWebhook(s.Reveal())
		if err != nil {
			t.Fatal(err)
		}
		if err := hook.Verify(h.Body, head); err != nil {
			t.Errorf("verify: %v", err)
		}
		if err := hook.Verify([]byte(`{"id":8}`), head); err == nil {
			t.Error("another body is verified, too")
		}
	}
}

func TestSign(t *testing.T) {
	at := time.Unix(1_614_265_330, 0)
	// The example of the Standard Webhooks specification.
	published := apiclient.NewSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	got, err := delivery.Sign([]apiclient.Secret{published}, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; err != nil || got != want {
		t.Errorf("Sign = %q, %v; want %q", got, err, want)
	}
	for _, bad := range []string{"", "whsec_", "whsec_?", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"} {
		if got, err := delivery.Sign([]apiclient.Secret{apiclient.NewSecret(bad)}, "m", at, nil); err == nil || len(bad) > len("whsec_") && strings.Contains(err.Error(), bad) {
			t.Errorf("Sign with the secret %q = %q, %v", bad, got, err)
		}
	}
	if _, err := delivery.Sign(nil, "m", at, nil); err == nil {
		t.Error("Sign without a secret is no error")
	}
}

func TestSourceErrors(t *testing.T) {
	for _, test := range []struct {
		err  error
		want outbox.Verdict
	}{
		{delivery.ErrWithdrawn, outbox.Skip},
		{errors.New("disk"), outbox.Wait},
		{apiclient.Errorf(apiclient.Unavailable, "The database is away."), outbox.Skip},
	} {
		s := sender(t, delivery.Hook{}, func(c *delivery.Config) { c.Source = source{err: test.err} })
		if r := s.Send(t.Context(), outbox.Item{ID: 1}); r.Verdict != test.want || r.Report != nil {
			t.Errorf("after %v: result %+v", test.err, r)
		}
	}
}

func TestUnusableHooks(t *testing.T) {
	for name, change := range map[string]func(*delivery.Hook){
		"secret": func(h *delivery.Hook) { h.Secrets = nil },
		"header": func(h *delivery.Hook) { h.WebhookID = "a\r\nb" },
	} {
		t.Run(name, func(t *testing.T) {
			h := hook("http://127.0.0.1:1025/secret-path")
			change(&h)
			r, a := send(t, h, nil)
			if r.Verdict != outbox.Retry || a.Class != delivery.ClassOther || strings.Contains(a.Error, "secret-path") {
				t.Errorf("result %+v", r)
			}
		})
	}
}

// TestConnectionsAreKept checks that answers read to their end share a connection.
func TestConnectionsAreKept(t *testing.T) {
	var peers atomic.Pointer[string]
	var opened atomic.Int32
	sink := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if p := peers.Swap(&r.RemoteAddr); p == nil || *p != r.RemoteAddr {
			opened.Add(1)
		}
		_, _ = w.Write(bytes.Repeat([]byte("x"), 16<<10))
	})
	s := sender(t, hook(sink.URL), nil)
	for range 20 {
		if r := s.Send(t.Context(), outbox.Item{ID: 1}); r.Verdict != outbox.Done {
			t.Fatalf("result %+v", r)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections for 20 deliveries, want 1", n)
	}
}

// TestStaleConnection closes a kept connection just before it is used again: that
// is nobody's failure.
func TestStaleConnection(t *testing.T) {
	var requests atomic.Int32
	url := listen(t, func(c conn) {
		c.request()
		requests.Add(1)
		c.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		if requests.Load() == 1 {
			c.request() // reads the second one and hangs up
		}
	})
	s := sender(t, hook(url), nil)
	for n := range 2 {
		if r := s.Send(t.Context(), outbox.Item{ID: 1}); r.Verdict != outbox.Done {
			t.Errorf("send %d: result %+v", n+1, r)
		} else if a := r.Report.(apiclient.Attempt); len(a.Request) != 8 {
			t.Errorf("send %d: recorded head %v", n+1, a.Request)
		}
	}
	if requests.Load() != 2 {
		t.Errorf("%d requests were answered", requests.Load())
	}
}
