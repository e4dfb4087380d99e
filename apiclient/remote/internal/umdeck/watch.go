package umdeck

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/remote/internal/link"
	"umdeck/apiclient/wire"
)

const (
	silence = 50 * time.Second // a stream without a line for so long is dead: heartbeats come every 15 s
	pause   = 250 * time.Millisecond
)

// Watch follows the log. A stream that breaks is opened once more at once, after the last
// entry that fn took, because proxies cut long answers; a site that does not answer
// then is away, and the caller is told.
func (c *Client) Watch(ctx context.Context, after int64, fn func([]apiclient.LogEntry) error) error {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-c.closed:
			cancel()
		case <-ended:
		}
	}()
	w := watcher{c: c, after: after, fn: fn}
	err := w.run(inner)
	switch {
	case ctx.Err() != nil:
		return nil
	case inner.Err() != nil:
		return apiclient.Errorf(apiclient.Unavailable, "The connection to the site is closed; open it again.")
	}
	return err
}

// A watcher is one call of Watch.
type watcher struct {
	c     *Client
	after int64
	fn    func([]apiclient.LogEntry) error
	fnErr error
	lines int // seen on the present stream
}

func (w *watcher) run(ctx context.Context) error {
	for again := false; ; again = true {
		w.lines = 0
		err := w.stream(ctx)
		switch {
		case w.fnErr != nil:
			return w.fnErr
		case ctx.Err() != nil:
			return ctx.Err()
		}
		if e, ok := errors.AsType[*apiclient.Error](err); ok && e.Kind != apiclient.Unavailable {
			return err
		}
		if again && w.lines == 0 {
			return away(err)
		}
		timer := time.NewTimer(pause + time.Duration(rand.Int64N(int64(pause))))
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}

func away(err error) error {
	if e, ok := errors.AsType[*apiclient.Error](err); ok {
		return e
	}
	return &apiclient.Error{Kind: apiclient.Unavailable, Message: "The site's log breaks off again and again; look whether a proxy cuts long answers.", Err: err}
}

// stream reads one stream until it ends, breaks or falls silent.
func (w *watcher) stream(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r, err := request(w.c, wire.Watch, wire.WatchRequest{After: w.after})
	if err != nil {
		return err
	}
	r.Header = http.Header{"Accept": {wire.EventStream}}
	if w.after >= 0 {
		r.Header.Set(wire.LastEventID, strconv.FormatInt(w.after, 10))
	}
	dead := time.AfterFunc(silence, cancel)
	defer dead.Stop()
	resp, err := w.c.link.Open(ctx, r)
	if s, ok := errors.AsType[*link.StatusError](err); ok {
		return refusal("Watch", s.Answer)
	}
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // only read
	alive := func() {
		dead.Reset(silence)
		if w.lines++; w.lines == 1 {
			if w.fnErr = w.fn(nil); w.fnErr != nil { // connected
				cancel()
			}
		}
	}
	return wire.ReadEntries(resp.Body, alive, func(entries []apiclient.LogEntry) error {
		if w.fnErr != nil {
			return w.fnErr
		}
		if w.fnErr = w.fn(entries); w.fnErr == nil && len(entries) > 0 {
			w.after = entries[len(entries)-1].Seq
		}
		return w.fnErr
	})
}
