package store

import (
	"context"

	"umdeck/apiclient"
)

const eventColumns = `e.id, e.trigger, e.user_id, e.login, e.origin, e.actor, e.at, e.deliveries, e.skipped`

func scanEvent(s scanner) (e apiclient.Event, err error) {
	var at int64
	err = s.Scan(&e.ID, &e.Trigger, &e.User, &e.Login, &e.Origin, &e.Actor, &at, &e.Deliveries, &e.Skipped)
	e.At = unstamp(at)
	return e, err
}

// InsertEvent stores an event, tells watchers and returns its number. It must say
// how many deliveries it makes, or why none.
func (tx *Tx) InsertEvent(ctx context.Context, e apiclient.Event) (apiclient.EventID, error) {
	id, err := tx.addNew(ctx, eventSheet,
		e.Trigger, e.User, e.Login, e.Origin, e.Actor, stamp(e.At), e.Deliveries, e.Skipped)
	if err != nil {
		return 0, err
	}
	e.ID = apiclient.EventID(id)
	return e.ID, tx.logEvent(ctx, e)
}

type eventRow apiclient.Event

func (r eventRow) place() (string, int64) { return "", int64(r.ID) }

// Events returns one page of events, newest first.
func (tx *Tx) Events(ctx context.Context, q apiclient.EventQuery) (apiclient.EventPage, error) {
	where, err := tx.where(ctx, eventNoun, q.Filter, "")
	if err != nil {
		return apiclient.EventPage{}, err
	}
	rows, next, err := page(ctx, tx, newestFirst(`SELECT `+eventColumns+` FROM events e`, "e.id", where, q.After, q.Limit), func(s scanner) (eventRow, error) {
		e, err := scanEvent(s)
		return eventRow(e), err
	})
	p := apiclient.EventPage{Next: next, Events: make([]apiclient.Event, len(rows))}
	for i, r := range rows {
		p.Events[i] = apiclient.Event(r)
	}
	return p, err
}
