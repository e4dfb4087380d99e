package wire

import (
	"time"

	"umdeck/apiclient"
)

// A Delivery is one event on its way to one subscription.
type Delivery struct {
	ID           apiclient.DeliveryID     `json:"id"`
	WebhookID    string                   `json:"webhook_id"`
	EventID      apiclient.EventID        `json:"event_id,omitempty"` // absent: a test
	Event        apiclient.Trigger        `json:"event"`
	Zap          apiclient.ZapID          `json:"zap"`
	ZapName      string                   `json:"zap_name"`
	Subscription apiclient.SubscriptionID `json:"subscription"`
	URL          string                   `json:"url"`
	User         apiclient.UserID         `json:"user,omitempty"`
	Login        string                   `json:"login,omitempty"`
	State        apiclient.DeliveryState  `json:"state"`
	Attempts     int                      `json:"attempts"`
	At           time.Time                `json:"at,omitzero"`
	NextAt       time.Time                `json:"next_at,omitzero"`
	Test         bool                     `json:"test,omitempty"`
	ReplayOf     apiclient.DeliveryID     `json:"replay_of,omitempty"`
	Replay       apiclient.ReplayID       `json:"replay,omitempty"` // absent: no replay has made it
	Code         int                      `json:"code,omitempty"`
	Error        string                   `json:"error,omitempty"`
	Millis       Millis                   `json:"ms,omitempty"`
	Body         []byte                   `json:"body,omitempty"` // Base64: the bytes as they are sent
	Log          []Attempt                `json:"log,omitempty"`
}

// DeliveryOf returns the twin of d.
func DeliveryOf(d apiclient.Delivery) Delivery {
	return Delivery{
		ID: d.ID, WebhookID: d.WebhookID, EventID: d.EventID, Event: d.Event, Zap: d.Zap, ZapName: d.ZapName,
		Subscription: d.Subscription, URL: d.URL, User: d.User, Login: d.Login, State: d.State, Attempts: d.Attempts,
		At: d.At.UTC(), NextAt: d.NextAt.UTC(), Test: d.Test, ReplayOf: d.ReplayOf, Replay: d.Replay,
		Code: d.Code, Error: d.Error, Millis: MillisOf(d.Duration), Body: d.Body, Log: back(d.Log, AttemptOf),
	}
}

// Domain returns the delivery.
func (d Delivery) Domain() apiclient.Delivery {
	return apiclient.Delivery{
		ID: d.ID, WebhookID: d.WebhookID, EventID: d.EventID, Event: d.Event, Zap: d.Zap, ZapName: d.ZapName,
		Subscription: d.Subscription, URL: d.URL, User: d.User, Login: d.Login, State: d.State, Attempts: d.Attempts,
		At: d.At.UTC(), NextAt: d.NextAt.UTC(), Test: d.Test, ReplayOf: d.ReplayOf, Replay: d.Replay,
		Code: d.Code, Error: d.Error, Duration: d.Millis.Duration(), Body: none(d.Body), Log: back(d.Log, Attempt.Domain),
	}
}

// A DeliveryRef names a delivery.
type DeliveryRef struct {
	ID apiclient.DeliveryID `json:"-" path:"id"`
}

// An Attempt is one HTTP request for a delivery.
type Attempt struct {
	Number   int       `json:"number"`
	At       time.Time `json:"at,omitzero"`
	Millis   Millis    `json:"ms"`
	Code     int       `json:"code,omitempty"`
	Class    string    `json:"class,omitempty"`
	Error    string    `json:"error,omitempty"`
	Request  []Header  `json:"request,omitempty"`
	Response []Header  `json:"response,omitempty"`
	Body     []byte    `json:"body,omitempty"` // Base64
}

// A Header is one line of a request's or an answer's head.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// AttemptOf returns the twin of a.
func AttemptOf(a apiclient.Attempt) Attempt {
	header := func(h apiclient.Header) Header { return Header(h) }
	return Attempt{
		Number: a.Number, At: a.At.UTC(), Millis: MillisOf(a.Duration), Code: a.Code, Class: a.Class, Error: a.Error,
		Request: back(a.Request, header), Response: back(a.Response, header), Body: a.Body,
	}
}

// Domain returns the attempt.
func (a Attempt) Domain() apiclient.Attempt {
	header := func(h Header) apiclient.Header { return apiclient.Header(h) }
	return apiclient.Attempt{
		Number: a.Number, At: a.At.UTC(), Duration: a.Millis.Duration(), Code: a.Code, Class: a.Class, Error: a.Error,
		Request: back(a.Request, header), Response: back(a.Response, header), Body: none(a.Body),
	}
}

// A PageRequest asks for one page of deliveries, events, mails, replays or the audit.
type PageRequest struct {
	Filter Filter           `json:"-" query:"filter"`
	After  apiclient.Cursor `json:"-" query:"after"`
	Limit  int              `json:"-" query:"limit"`
}

// A DeliveryPage is a part of the list of deliveries.
type DeliveryPage struct {
	Deliveries []Delivery       `json:"deliveries"`
	Next       apiclient.Cursor `json:"next,omitempty"`
}

// DeliveryPageOf returns the twin of p.
func DeliveryPageOf(p apiclient.DeliveryPage) DeliveryPage {
	return DeliveryPage{each(p.Deliveries, DeliveryOf), p.Next}
}

// Domain returns the page.
func (p DeliveryPage) Domain() apiclient.DeliveryPage {
	return apiclient.DeliveryPage{Deliveries: back(p.Deliveries, Delivery.Domain), Next: p.Next}
}
