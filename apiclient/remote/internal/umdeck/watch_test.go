package umdeck

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/remote/internal/link"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// quiet is a body that says nothing until its request ends.
type quiet struct{ r *http.Request }

func (q quiet) Read([]byte) (int, error) {
	<-q.r.Context().Done()
	return 0, q.r.Context().Err()
}

func (quiet) Close() error { return nil }

func watchOver(t *testing.T, tr roundTrip) (took time.Duration, err error) {
	t.Helper()
	c := &Client{link: link.New(link.Config{Transport: tr}), home: "http://site.example", closed: make(chan struct{})}
	start := time.Now()
	err = c.Watch(t.Context(), -1, func([]apiclient.LogEntry) error { return nil })
	return time.Since(start), err
}

// TestAway watches a site that does not come back: after half a minute that is
// the caller's to know.
func TestAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		took, err := watchOver(t, func(*http.Request) (*http.Response, error) {
			tries++
			return nil, io.ErrUnexpectedEOF
		})
		if apiclient.KindOf(err) != apiclient.Unavailable || tries != mostPauses+1 || took < 20*time.Second || took > 40*time.Second {
			t.Errorf("Watch ends after %s and %d tries with %v", took, tries, err)
		}
	})
}

// TestSilence watches a site whose stream falls silent without an end: it is
// opened again.
func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		took, err := watchOver(t, func(r *http.Request) (*http.Response, error) {
			tries++
			head := &http.Response{StatusCode: 200, Header: http.Header{}, Body: quiet{r}}
			if tries == 3 {
				head.StatusCode, head.Body = 403, io.NopCloser(strings.NewReader(`{"code":"umdeck_forbidden","message":"Not you."}`))
			}
			return head, nil
		})
		if apiclient.KindOf(err) != apiclient.Forbidden || took < 2*silence || took > 2*silence+5*time.Second {
			t.Errorf("Watch ends after %s and %d tries with %v", took, tries, err)
		}
	})
}
