package link

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"umdeck/apiclient"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var secret = apiclient.NewSecret("abcd EFGH ijkl MNOP qrst UVWX")

// serve runs a site that answers everything with h, and a client for it.
func serve(t *testing.T, h http.HandlerFunc) (*Client, string) {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	c := New(Config{User: "admin", Password: secret, Timeout: 5 * time.Second})
	t.Cleanup(c.Close)
	return c, srv.URL
}

// answer writes a status, heads in pairs and a body.
func answer(status int, body string, heads ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(heads); i += 2 {
			w.Header().Set(heads[i], heads[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // the client may be gone
	}
}

// cut announces more than it sends.
func cut(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	_, _ = io.WriteString(w, `{"success":true,"da`) // the client may be gone
}

const home = `<!DOCTYPE html><html><head><title>Ada &amp; Friends</title></head><body><script>{"success":true}</script></body></html>`

// TestFaults answers with what is no answer: each has its kind, its sentence, and
// a word on whether a write may have been done.
func TestFaults(t *testing.T) {
	html := []string{"Content-Type", "text/html; charset=UTF-8"}
	for _, c := range []struct {
		name   string
		h      http.HandlerFunc
		zapier bool
		kind   apiclient.Kind
		want   string
		lost   bool
	}{
		{"a page from the extension", answer(200, home, html...), true, apiclient.Unavailable, `The Zapier extension did not answer: the site gave a page, "Ada & Friends"`, true},
		{"a page from REST", answer(200, home, html...), false, apiclient.Unavailable, `with a page, "Ada & Friends" and not with JSON`, true},
		{"a stored page", answer(200, home, append(html, "X-Cache", "HIT from edge")...), true, apiclient.Unavailable, "A page cache answered", true},
		{"an old page", answer(200, home, append(html, "Age", "120")...), true, apiclient.Unavailable, "(Age: 120)", true},
		{"a marked page", answer(200, home+"<!-- Performance optimized by W3 Total Cache -->", html...), true, apiclient.Unavailable, "it is marked w3 total cache", true},
		{"nothing", answer(200, ""), true, apiclient.Unavailable, "with nothing (200, an empty page)", true},
		{"half an object", answer(200, `{"success":`), true, apiclient.Unavailable, "broken off or no valid JSON", true},
		{"cut", cut, true, apiclient.Unavailable, "was cut in the middle of the answer", true},
		{"more than 8 MiB", answer(200, `"`+strings.Repeat("x", MaxBody)+`"`), true, apiclient.Unavailable, "more than 8 MiB", true},
		{"to https", redirectTo("https", ""), true, apiclient.Unavailable, "The site answers on https only (301); connect to https://127.0.0.1:", false},
		{"to another host", answer(301, "", "Location", "https://www.example.com/blog/wp-json/wp/v2"), true, apiclient.Unavailable, "connect to https://www.example.com/blog.", false},
		{"to the login page", answer(302, "", "Location", "/wp-login.php?redirect_to=%2F"), true, apiclient.Unauthorized, "sends um_test to its login page", false},
		{"to nowhere", answer(302, ""), true, apiclient.Unavailable, "redirect (302) to nowhere", false},
		{"a redirect with JSON", answer(302, "{}", "Location", "https://www.example.com/"), true, apiclient.Unavailable, "connect to https://www.example.com.", false},
		{"the server's own password", answer(401, home, "Www-Authenticate", `Basic realm="x"`), true, apiclient.Unauthorized, "The web server itself asks for a password", false},
		{"a firewall", answer(403, home, html...), true, apiclient.Forbidden, "A firewall or security plugin refused um_test (403", false},
		{"a challenge", answer(403, home, "Cf-Mitigated", "challenge"), true, apiclient.Forbidden, "Cloudflare asks for proof of a browser", false},
		{"not found", answer(404, home, html...), true, apiclient.NotFound, "There is no WordPress at http://127.0.0.1:", false},
		{"not allowed", answer(405, home, html...), true, apiclient.Forbidden, "The web server refuses um_test (405", false},
		{"too large", answer(413, home, html...), true, apiclient.Invalid, "refuses um_test (413", false},
		{"too many", answer(429, home, "Retry-After", "30"), true, apiclient.Unavailable, "too many requests (429) and asks to come back in 30s", false},
		{"maintenance", answer(503, "Briefly unavailable for scheduled maintenance.", "Retry-After", "600"), true, apiclient.Unavailable, "in maintenance mode (503) and asks to come back in 10m0s", false},
		{"no gateway", answer(502, home, "Retry-After", "60"), true, apiclient.Unavailable, "gets no answer from WordPress (502", true},
		{"an empty 500", answer(500, ""), true, apiclient.Unavailable, "(500, an empty page); the PHP error log", true},
		{"a page with 500", answer(500, home), true, apiclient.Unavailable, `broke while answering um_test (500, "Ada & Friends")`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, base := serve(t, c.h)
			_, err := client.Do(t.Context(), Request{Method: "POST", URL: base + "/?action=um_test", Name: "um_test", Form: url.Values{}, Zapier: c.zapier})
			if apiclient.KindOf(err) != c.kind || !strings.Contains(fmt.Sprint(err), c.want) {
				t.Errorf("the error is %s: %v; want %s with %q", apiclient.KindOf(err), err, c.kind, c.want)
			}
			if Lost(err) != c.lost {
				t.Errorf("Lost is %t; want %t", Lost(err), c.lost)
			}
		})
	}
}

func redirectTo(scheme, host string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		target := *r.URL
		target.Scheme, target.Host = scheme, host
		if host == "" {
			target.Host = r.Host
		}
		http.Redirect(w, r, target.String(), http.StatusMovedPermanently)
	}
}

// TestAnswers takes what is an answer: JSON, whatever stands before or around it.
func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		name, body, json, warning string
	}{
		{"plain", `{"success":true}`, `{"success":true}`, ""},
		{"with a mark and spaces", "\xef\xbb\xbf  {\"success\":true}\r\n", `{"success":true}`, ""},
		{"after PHP's words", "<br />\n<b>Warning</b>:  Undefined \x1b[31mkey in <b>/srv/x.php</b> on line <b>12</b><br />\n{\"success\":true}", `{"success":true}`, "PHP prints messages"},
		{"an error", `{"code":"rest_forbidden"}`, `{"code":"rest_forbidden"}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, base := serve(t, answer(200, c.body))
			a, err := client.Do(t.Context(), Request{URL: base, Name: "x", Safe: true})
			if err != nil || string(a.JSON) != c.json {
				t.Fatalf("the answer is %q, %v; want %q", a.JSON, err, c.json)
			}
			got := strings.Join(client.Warnings(), " ")
			if !strings.Contains(got, c.warning) || c.warning == "" && got != "" || strings.ContainsRune(got, '\x1b') {
				t.Errorf("the warnings are %q; want %q", got, c.warning)
			}
		})
	}
}

// TestClock reads the Date of sites whose clock is wrong.
func TestClock(t *testing.T) {
	for _, c := range []struct {
		off  time.Duration
		want string
	}{{0, ""}, {4 * time.Minute, ""}, {2 * time.Hour, "about 2h0m0s ahead"}, {-time.Hour, "about 1h0m0s behind"}} {
		client, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
			answer(200, "{}", "Date", time.Now().Add(c.off).UTC().Format(http.TimeFormat))(w, r)
		})
		if _, err := client.Do(t.Context(), Request{URL: base, Name: "x"}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(client.Warnings(), " "); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("a clock that is off by %s: %q", c.off, got)
		}
	}
}

// A transport answers without a network, so that tests own the time.
type transport func(n int, r *http.Request) (*http.Response, error)

type counted struct {
	n  int
	do transport
}

func (c *counted) RoundTrip(r *http.Request) (*http.Response, error) {
	c.n++
	return c.do(c.n, r)
}

func status(code int, body string, head http.Header) *http.Response {
	if head == nil {
		head = http.Header{}
	}
	return &http.Response{StatusCode: code, Header: head, Body: io.NopCloser(strings.NewReader(body)), ProtoMajor: 1, ProtoMinor: 1}
}

// TestRetries counts the tries and the time that they take.
func TestRetries(t *testing.T) {
	retryAfter := func(s string) http.Header { return http.Header{"Retry-After": {s}} }
	ok := status
	for _, c := range []struct {
		name     string
		safe     bool
		do       transport
		tries    int
		min, max time.Duration
		kind     apiclient.Kind
		good     bool
	}{
		{"good at once", true, func(int, *http.Request) (*http.Response, error) { return ok(200, "{}", nil), nil }, 1, 0, 0, 0, true},
		{"reset, then good", true, func(n int, _ *http.Request) (*http.Response, error) {
			if n == 1 {
				return nil, io.ErrUnexpectedEOF
			}
			return ok(200, "{}", nil), nil
		}, 2, 150 * time.Millisecond, 300 * time.Millisecond, 0, true},
		{"asked to wait", true, func(n int, _ *http.Request) (*http.Response, error) {
			if n < 3 {
				return status(429, "<html>", retryAfter("7")), nil
			}
			return ok(200, "{}", nil), nil
		}, 3, 14 * time.Second, 15 * time.Second, 0, true},
		{"asked until a date", true, func(n int, r *http.Request) (*http.Response, error) {
			if n == 1 {
				return status(503, "<html>", retryAfter(time.Now().Add(5*time.Second).UTC().Format(http.TimeFormat))), nil
			}
			return ok(200, "{}", nil), nil
		}, 2, 4 * time.Second, 6 * time.Second, 0, true},
		{"asked to wait too long", true, func(int, *http.Request) (*http.Response, error) {
			return status(503, "<html>", retryAfter("600")), nil
		}, 1, 0, 0, apiclient.Unavailable, false},
		{"never good", true, func(int, *http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }, 3, 450 * time.Millisecond, time.Second, apiclient.Unavailable, false},
		{"a write", false, func(int, *http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }, 1, 0, 0, apiclient.Unavailable, false},
		{"a firewall", true, func(int, *http.Request) (*http.Response, error) { return status(403, "<html>", nil), nil }, 1, 0, 0, apiclient.Forbidden, false},
		{"busy in JSON", true, func(int, *http.Request) (*http.Response, error) { return status(503, `{"code":"x"}`, nil), nil }, 3, 450 * time.Millisecond, time.Second, 0, true},
		{"no answer", true, func(_ int, r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}, 1, 30 * time.Second, 30 * time.Second, apiclient.Unavailable, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tr := &counted{do: c.do}
				client := New(Config{Transport: tr})
				start := time.Now()
				_, err := client.Do(t.Context(), Request{URL: "http://site.example/", Name: "x", Safe: c.safe})
				took := time.Since(start)
				if tr.n != c.tries || took < c.min || took > c.max {
					t.Errorf("%d tries in %s; want %d in %s to %s", tr.n, took, c.tries, c.min, c.max)
				}
				if c.good != (err == nil) || err != nil && apiclient.KindOf(err) != c.kind {
					t.Errorf("the error is %v", err)
				}
			})
		})
	}
}

func TestStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		client := New(Config{Transport: &counted{do: func(int, *http.Request) (*http.Response, error) {
			return status(429, "<html>", http.Header{"Retry-After": {"15"}}), nil
		}}})
		start := time.Now()
		_, err := client.Do(ctx, Request{URL: "http://site.example/", Name: "x", Safe: true})
		if took := time.Since(start); err == nil || took != time.Second {
			t.Errorf("ended after %s with %v; want the error of the first try after 1s", took, err)
		}
	})
}

// TestSecrets makes a site echo the credentials in everything that is quoted.
func TestSecrets(t *testing.T) {
	var log bytes.Buffer
	plain := strings.ReplaceAll(secret.Reveal(), " ", "")
	echo := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "https://example.com/"+plain)
		w.WriteHeader(500)
		_, _ = fmt.Fprintf(w, "<title>%s %s %s</title>", r.Header.Get("Authorization"), secret.Reveal(), plain) // the client may be gone
	}
	srv := httptest.NewServer(http.HandlerFunc(echo))
	t.Cleanup(srv.Close)
	client := New(Config{User: "admin", Password: secret, Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	t.Cleanup(client.Close)
	_, err := client.Do(t.Context(), Request{Method: "POST", URL: srv.URL, Name: "x", Form: url.Values{"user_password": {secret.Reveal()}}})
	text := log.String() + fmt.Sprintf("%+v", client.cfg)
	for e := err; e != nil; e = errors.Unwrap(e) {
		text += e.Error()
	}
	for _, form := range []string{secret.Reveal(), plain, basic("admin", secret.Reveal())} {
		if strings.Contains(text, form) {
			t.Errorf("%q is in: %s", form, text)
		}
	}
	if !strings.Contains(text, "••••") {
		t.Errorf("the echo was not quoted at all: %s", text)
	}
}

// TestOtherHost follows no redirect: the credentials stay with the site.
func TestOtherHost(t *testing.T) {
	called := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	t.Cleanup(other.Close)
	client, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if user, password, ok := r.BasicAuth(); !ok || user != "admin" || password != secret.Reveal() {
			t.Errorf("the site gets %q, %q", user, password)
		}
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	})
	for _, method := range []string{"GET", "POST"} {
		if _, err := client.Do(t.Context(), Request{Method: method, URL: base, Name: "x"}); err == nil {
			t.Errorf("%s: no error", method)
		}
	}
	if called {
		t.Error("the redirect was followed")
	}
}

func TestClosedAndReadOnly(t *testing.T) {
	called := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		called++
		_, _ = io.WriteString(w, "{}") // the client may be gone
	}))
	t.Cleanup(srv.Close)
	client := New(Config{ReadOnly: true})
	_, err := client.Do(t.Context(), Request{Method: "POST", URL: srv.URL, Name: "um_delete_user"})
	if apiclient.KindOf(err) != apiclient.Forbidden || called != 0 {
		t.Errorf("a write in a read-only session: %v, %d requests; want Forbidden and none", err, called)
	}
	if _, err := client.Do(t.Context(), Request{Method: "POST", URL: srv.URL, Name: "um_get_fields", Safe: true}); err != nil || called != 1 {
		t.Errorf("a read in a read-only session: %v, %d requests", err, called)
	}
	client.Close()
	client.Close()
	if _, err := client.Do(t.Context(), Request{URL: srv.URL, Name: "x", Safe: true}); apiclient.KindOf(err) != apiclient.Unavailable {
		t.Errorf("after Close: %v; want Unavailable", err)
	}
}

func TestRetryAfter(t *testing.T) {
	for _, c := range []struct {
		n      int
		asked  time.Duration
		jitter float64
		want   time.Duration
		again  bool
	}{
		{1, 0, 0, 150 * time.Millisecond, true},
		{1, 0, 1, 300 * time.Millisecond, true},
		{2, 0, 0.5, 450 * time.Millisecond, true},
		{3, 0, 0, 0, false},
		{1, 20 * time.Second, 0, 20 * time.Second, true},
		{1, 21 * time.Second, 0, 0, false},
	} {
		if got, again := retryAfter(c.n, c.asked, c.jitter); got != c.want || again != c.again {
			t.Errorf("retryAfter(%d, %s, %v) = %s, %t; want %s, %t", c.n, c.asked, c.jitter, got, again, c.want, c.again)
		}
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"<b>Fatal</b>: x\n on   line 1", "Fatal : x on line 1"},
		{"a\x1b[31mred\x07 \u202eexe", "a[31mred exe"},
		{"<script>alert(1)</script>Hello &amp; bye", "Hello & bye"},
		{strings.Repeat("ж", 50), strings.Repeat("ж", 19) + "…"},
		{"bad \xff byte", "bad byte"},
	} {
		if got := Clean(c.in, 20); got != c.want {
			t.Errorf("Clean(%q) = %q; want %q", c.in, got, c.want)
		}
	}
}

func FuzzFindJSON(f *testing.F) {
	for _, s := range []string{"{}", "x\n{}", "\xef\xbb\xbf[1]", home, "<br />\n{\"a\":1}\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		value, notice, ok := findJSON(body)
		if ok && len(value)+len(notice) > len(body) {
			t.Errorf("%q gives %q after %q", body, value, notice)
		}
		if ok && !strings.HasSuffix(strings.TrimSpace(string(body)), string(value)) {
			t.Errorf("%q does not end with %q", body, value)
		}
		if got := []rune(Clean(string(body), 40)); len(got) > 40 {
			t.Errorf("Clean leaves %d characters", len(got))
		}
		Title(body)
	})
}
