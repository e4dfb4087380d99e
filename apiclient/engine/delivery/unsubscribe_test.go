package delivery_test

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient/engine/delivery"
)

// TestUnsubscribe sends the DELETE to receivers that answer in several ways: it is one
// request, whatever they say, without a body and without a signature.
func TestUnsubscribe(t *testing.T) {
	for _, code := range []int{200, 204, 302, 404, 410, 429, 500} {
		var calls atomic.Int32
		var got *http.Request
		var body []byte
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			calls.Add(1)
			got = r
			body, _ = io.ReadAll(r.Body) // an error would be a body
			w.Header().Set("Location", "/elsewhere")
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(code)
		})
		a := sender(t, hook(s.URL), nil).Unsubscribe(t.Context(), s.URL+"/hooks/catch/1/abcd/?x=1")
		if a.Code != code || a.Class != "" || a.Number != 1 || a.At.IsZero() || (a.Error == "") != (code < 300) {
			t.Errorf("answered %d, the attempt is %+v", code, a)
		}
		if n := calls.Load(); n != 1 || got.Method != http.MethodDelete || got.RequestURI != "/hooks/catch/1/abcd/?x=1" || len(body) != 0 {
			t.Errorf("answered %d: %d requests, %s %s with %q", code, n, got.Method, got.RequestURI, body)
		}
		for name := range got.Header {
			if strings.HasPrefix(strings.ToLower(name), "webhook-") || strings.HasPrefix(strings.ToLower(name), "x-") {
				t.Errorf("the request has the header %s", name)
			}
		}
		if diff := cmp.Diff([]string{"umdeck"}, got.Header["User-Agent"]); diff != "" {
			t.Errorf("the sender (-want +got):\n%s", diff)
		}
	}
}

// TestUnsubscribeIsGuarded ends subscriptions of targets that must not be reached.
func TestUnsubscribeIsGuarded(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the target was reached") })
	for target, class := range map[string]string{
		s.URL:                      delivery.ClassRefused,
		"https://169.254.169.254/": delivery.ClassRefused,
		"ftp://example.com/":       delivery.ClassRefused,
		"https://[::1":             delivery.ClassRefused,
	} {
		a := sender(t, hook(s.URL), func(c *delivery.Config) { c.Guard = delivery.Guard{} }).Unsubscribe(t.Context(), target)
		if a.Code != 0 || a.Class != class || a.Error == "" {
			t.Errorf("%s: %+v; want class %s", target, a, class)
		}
	}
}
