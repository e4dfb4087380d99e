package umdeck

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/remote/internal/link"
	"umdeck/apiclient/wire"
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

// TestAway watches a site that does not come back: the caller knows within a second.
func TestAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		took, err := watchOver(t, func(*http.Request) (*http.Response, error) {
			tries++
			return nil, io.ErrUnexpectedEOF
		})
		if apiclient.KindOf(err) != apiclient.Unavailable || tries != 2 || took > time.Second {
			t.Errorf("Watch ends after %s and %d tries with %v", took, tries, err)
		}
	})
}

// TestConnected is told of each stream that is open, before its entries; a stream that
// breaks off is opened again, and the second break without a line is the caller's.
func TestConnected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var entry strings.Builder
		if err := writeEntry(&entry, 7); err != nil {
			t.Fatal(err)
		}
		bodies := []string{": hello\n\n", entry.String(), ""}
		c := &Client{home: "http://site.example", closed: make(chan struct{}), link: link.New(link.Config{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			body := bodies[0]
			bodies = bodies[1:]
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
		})})}
		var got []int
		err := c.Watch(t.Context(), -1, func(list []apiclient.LogEntry) error {
			got = append(got, len(list))
			return nil
		})
		if apiclient.KindOf(err) != apiclient.Unavailable || len(bodies) != 0 {
			t.Errorf("Watch: %v with %d streams left; want Unavailable after the last", err, len(bodies))
		}
		if diff := cmp.Diff([]int{0, 0, 1}, got); diff != "" {
			t.Errorf("entries by call (-want +got):\n%s", diff)
		}
	})
}

// writeEntry writes an entry with that number to a stream.
func writeEntry(w io.Writer, seq int64) error {
	e, err := wire.LogEntry{Seq: seq, Kind: apiclient.LogEvent}.Encode()
	if err != nil {
		return err
	}
	return wire.WriteEntries(w, []wire.EncodedEntry{e})
}

// TestConnectedRefused ends with the error of a caller that refuses to be connected.
func TestConnectedRefused(t *testing.T) {
	enough := errors.New("enough")
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if err := writeEntry(w, 1); err != nil {
			t.Error(err)
		}
	})
	calls := 0
	err := c.Watch(t.Context(), 0, func([]apiclient.LogEntry) error { calls++; return enough })
	if !errors.Is(err, enough) || calls != 1 {
		t.Errorf("Watch: %v after %d calls; want the function's error after one", err, calls)
	}
}

// TestSilence watches a site whose stream falls silent without an end: it is
// opened again.
func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		took, err := watchOver(t, func(r *http.Request) (*http.Response, error) {
			tries++
			head := &http.Response{StatusCode: 200, Header: http.Header{}, Body: quiet{r}}
			if tries == 2 {
				head.StatusCode, head.Body = 403, io.NopCloser(strings.NewReader(`{"code":"umdeck_forbidden","message":"Not you."}`))
			}
			return head, nil
		})
		if apiclient.KindOf(err) != apiclient.Forbidden || took < silence || took > silence+time.Second {
			t.Errorf("Watch ends after %s and %d tries with %v", took, tries, err)
		}
	})
}
