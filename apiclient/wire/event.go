package wire

import (
	"time"

	"umdeck/apiclient"
)

// An Event is one trigger raised for one user.
type Event struct {
	ID         apiclient.EventID `json:"id"`
	Trigger    apiclient.Trigger `json:"trigger"`
	User       apiclient.UserID  `json:"user"`
	Login      string            `json:"login"`
	Origin     apiclient.Origin  `json:"origin"`
	Actor      string            `json:"actor,omitempty"`
	At         time.Time         `json:"at,omitzero"`
	Deliveries int               `json:"deliveries"`
	Skipped    string            `json:"skipped,omitempty"`
}

// EventOf returns the twin of e.
func EventOf(e apiclient.Event) Event {
	e.At = e.At.UTC()
	return Event(e)
}

// Domain returns the event.
func (e Event) Domain() apiclient.Event {
	e.At = e.At.UTC()
	return apiclient.Event(e)
}

// An EventPage is a part of the list of events.
type EventPage struct {
	Events []Event          `json:"events"`
	Next   apiclient.Cursor `json:"next,omitempty"`
}

// EventPageOf returns the twin of p.
func EventPageOf(p apiclient.EventPage) EventPage { return EventPage{each(p.Events, EventOf), p.Next} }

// Domain returns the page.
func (p EventPage) Domain() apiclient.EventPage {
	return apiclient.EventPage{Events: back(p.Events, Event.Domain), Next: p.Next}
}

// A FireRequest raises a trigger for a user.
type FireRequest struct {
	Trigger apiclient.Trigger `json:"-" path:"trigger"`
	User    apiclient.UserID  `json:"user"`
}
