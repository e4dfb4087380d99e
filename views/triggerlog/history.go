package triggerlog

import (
	"cmp"
	"context"
	"slices"
	"time"

	"umdeck/apiclient"
)

const (
	pageSize  = 200 // deliveries, and events, that are asked for at once
	enough    = 50  // rows for which one need not ask again
	maxRounds = 6   // questions for one load: among many events few may have made nothing
)

// A history reads the log backwards, from the newest row on. It is a value: each load
// returns the one that goes on after it.
type history struct {
	deliveries, events stream
	rest               []*row // the newest first: read, and not yet followed by all that came after them
}

// A stream is one of the two lists that the history is merged from.
type stream struct {
	filter apiclient.Filter
	next   apiclient.Cursor
	ended  bool
	oldest time.Time // of the rows so far; zero: none was read
}

func newHistory(f apiclient.Filter) history {
	events, some := eventFilter(f)
	return history{deliveries: stream{filter: f}, events: stream{filter: events, ended: !some}}
}

// ended reports whether there is nothing older.
func (h history) ended() bool { return h.deliveries.ended && h.events.ended && len(h.rest) == 0 }

// load returns the next rows, the oldest first.
func (h history) load(ctx context.Context, api apiclient.Deliveries) ([]*row, history, error) {
	h.rest = slices.Clone(h.rest)
	for range maxRounds {
		if err := h.read(ctx, api); err != nil {
			return nil, h, err
		}
		if h.ready() >= enough || h.deliveries.ended && h.events.ended {
			break
		}
	}
	n := h.ready()
	rows := slices.Clone(h.rest[:n])
	slices.Reverse(rows)
	h.rest = slices.Clone(h.rest[n:])
	return rows, h, nil
}

// read asks for a page of each list that is behind the other one.
func (h *history) read(ctx context.Context, api apiclient.Deliveries) error {
	late := h.frontier()
	if d := &h.deliveries; d.behind(late) {
		page, err := api.Deliveries(ctx, apiclient.DeliveryQuery{Filter: d.filter, After: d.next, Limit: pageSize})
		if err != nil {
			return err
		}
		d.took(page.Next)
		for _, one := range page.Deliveries {
			d.saw(one.At)
			h.rest = append(h.rest, &row{Delivery: one})
		}
	}
	if e := &h.events; e.behind(late) {
		page, err := api.Events(ctx, apiclient.EventQuery{Filter: e.filter, After: e.next, Limit: pageSize})
		if err != nil {
			return err
		}
		e.took(page.Next)
		for _, one := range page.Events {
			e.saw(one.At)
			if one.Deliveries == 0 {
				h.rest = append(h.rest, eventRow(one))
			}
		}
	}
	slices.SortStableFunc(h.rest, newestFirst)
	return nil
}

func (s *stream) took(next apiclient.Cursor) { s.next, s.ended = next, next == "" }

func (s *stream) saw(at time.Time) {
	if s.oldest.IsZero() || at.Before(s.oldest) {
		s.oldest = at
	}
}

// behind reports whether the list holds up rows that are older than late.
func (s *stream) behind(late time.Time) bool {
	return !s.ended && (s.oldest.IsZero() || !s.oldest.Before(late))
}

// frontier returns the moment down to which both lists were read; zero: all of it.
func (h history) frontier() time.Time {
	var late time.Time
	for _, s := range []stream{h.deliveries, h.events} {
		if !s.ended && s.oldest.After(late) {
			late = s.oldest
		}
	}
	return late
}

// ready returns how many rows have nothing before them that was not read.
func (h history) ready() int {
	late := h.frontier()
	n, _ := slices.BinarySearchFunc(h.rest, late, func(r *row, late time.Time) int {
		if r.At.Before(late) {
			return 1
		}
		return -1
	})
	return n
}

func newestFirst(a, b *row) int {
	return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.EventID, a.EventID), cmp.Compare(b.ID, a.ID))
}
