package apiclient

import (
	"context"
	"net/url"
	"strings"
	"time"
)

// Subscriptions reads and changes who is told of a trigger zap's events.
type Subscriptions interface {
	// Subscriptions returns the subscriptions of a zap, or of all zaps for 0, by id.
	Subscriptions(ctx context.Context, zap ZapID) ([]Subscription, error)
	// Subscription returns one subscription.
	Subscription(ctx context.Context, id SubscriptionID) (Subscription, error)
	// AddSubscription subscribes the URL to the trigger zap. The same zap and URL
	// again is the same subscription (added is false then), and revives one that
	// is gone. A zap that is no trigger is Conflict, and a URL that the site would
	// never post to is Invalid.
	AddSubscription(ctx context.Context, n NewSubscription) (s Subscription, added bool, err error)
	// UpdateSubscription pauses or resumes; a subscription that is gone is Conflict.
	UpdateSubscription(ctx context.Context, id SubscriptionID, state SubscriptionState) (Subscription, error)
	// RemoveSubscription ends a subscription: it and its waiting deliveries are gone.
	RemoveSubscription(ctx context.Context, id SubscriptionID) error
	// TestSubscription sends the zap's sample to the target once, as a delivery
	// without an event, and returns that delivery as it waits to be sent.
	TestSubscription(ctx context.Context, id SubscriptionID) (Delivery, error)
}

// SubscriptionID is the number of a subscription; 0 is none.
type SubscriptionID int64

// SubscriptionState says whether a subscription gets deliveries.
type SubscriptionState string

// The states of a subscription.
const (
	SubscriptionActive    SubscriptionState = "active"    // deliveries are made and sent
	SubscriptionPaused    SubscriptionState = "paused"    // by an operator: made and held
	SubscriptionSuspended SubscriptionState = "suspended" // by the engine, after days of failures: made and held
	SubscriptionGone      SubscriptionState = "gone"      // ended by 410, by unsubscribing or with its zap: none are made
)

// A Subscription is a target that a trigger zap's events are posted to.
type Subscription struct {
	ID      SubscriptionID
	Zap     ZapID
	ZapName string
	Event   Trigger
	URL     string // a secret of the subscriber: show Target, not this
	State   SubscriptionState
	Why     string // what put it into a state other than active, as a clause; may be empty
	By      string // login of who subscribed
	Created time.Time
	Signing Secret // the Standard Webhooks secret ("whsec_..."); empty where it is not told

	Done, Dead, Waiting int       // deliveries by what became of them
	LastCode            int       // status of the last attempt's answer; 0: none, or no answer
	LastError           string    // what went wrong in the last attempt; empty: nothing
	LastAt              time.Time // of the last attempt; zero: none
}

// Target returns the URL with its secret part hidden: the host and the last four
// characters, as in "hooks.zapier.com/…/8f2c".
func (s Subscription) Target() string { return HideURL(s.URL) }

// HideURL returns the host of a URL and the last four characters of its path.
func HideURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "…"
	}
	tail := strings.TrimRight(u.Path, "/")
	if u.RawQuery != "" {
		tail += "?" + u.RawQuery
	}
	switch r := []rune(tail); {
	case len(r) == 0:
		return u.Host
	case len(r) <= 5:
		return u.Host + tail
	default:
		return u.Host + "/…" + string(r[len(r)-4:])
	}
}

// A NewSubscription is a target to be subscribed to a zap.
type NewSubscription struct {
	Zap ZapID
	URL string
}

// MaxURL is the length in bytes that a target may have.
const MaxURL = 2048

// Validate returns an Error of kind Invalid that says why nothing could ever be
// posted to the target. Whether its address is allowed is the site's to say.
func (n NewSubscription) Validate() error {
	const field = "subscription_target_url"
	if n.Zap <= 0 {
		return FieldErrorf("group_field_id", "The subscription names no zap; give the id of a trigger zap.")
	}
	if strings.TrimSpace(n.URL) == "" {
		return FieldErrorf(field, "The subscription has no target; give the URL to post to.")
	}
	if len(n.URL) > MaxURL {
		return FieldErrorf(field, "The target is %d bytes long; use at most %d.", len(n.URL), MaxURL)
	}
	if strings.ContainsFunc(n.URL, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return FieldErrorf(field, "The target has a space or a control character in it; encode it as %%XX.")
	}
	u, err := url.Parse(n.URL)
	switch {
	case err != nil:
		return &Error{Kind: Invalid, Field: field, Message: "The target is no URL; write it as https://host/path.", Err: err}
	case u.Scheme == "":
		return FieldErrorf(field, "The target is no URL; write it as https://host/path.")
	case u.Scheme != "https" && u.Scheme != "http":
		return FieldErrorf(field, "The target starts with %q; use https://.", u.Scheme)
	case u.Hostname() == "":
		return FieldErrorf(field, "The target has no host; write it as https://host/path.")
	case u.User != nil:
		return FieldErrorf(field, "The target has a user name in it; leave that away.")
	case u.Fragment != "":
		return FieldErrorf(field, "The target has a #fragment, which is never sent; leave it away.")
	}
	return nil
}
