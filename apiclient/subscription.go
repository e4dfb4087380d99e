package apiclient

import (
	"context"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
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
	// never post to is Invalid. Signing is set when it was added, and never told again.
	AddSubscription(ctx context.Context, n NewSubscription) (s Subscription, added bool, err error)
	// UpdateSubscription changes what u names: it pauses, resumes, also after a
	// suspension, and sets how the target is posted to. A subscription that is gone is
	// Conflict.
	UpdateSubscription(ctx context.Context, id SubscriptionID, u SubscriptionUpdate) (Subscription, error)
	// RotateSubscription gives the subscription a new signing secret, which is told by
	// Signing here and never again. The secret before signs too for as long as overlap,
	// 24 hours for 0; one before that is dropped at once. A subscription that is gone is
	// Conflict, and an overlap below 0 or above MaxOverlap Invalid.
	RotateSubscription(ctx context.Context, id SubscriptionID, overlap time.Duration) (Subscription, error)
	// RemoveSubscription ends a subscription: it and its waiting deliveries are gone. One
	// that is gone stays so. With tell the target is told afterwards by one HTTP DELETE,
	// Zapier's reverse unsubscribe, which pauses the zap there; the attempt is returned,
	// whatever came of it. Without tell it is nil.
	RemoveSubscription(ctx context.Context, id SubscriptionID, tell bool) (*Attempt, error)
	// SubscriptionHours returns the hours of a subscription from that in which since is, the
	// zero time being the beginning, oldest first. Those in which nothing happened are left
	// out (see EachHour), and those of more than KeptHours ago are not kept.
	SubscriptionHours(ctx context.Context, id SubscriptionID, since time.Time) ([]SubscriptionHour, error)
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
	Signing Secret // the Standard Webhooks secret ("whsec_..."); only from AddSubscription and RotateSubscription

	Strict       bool            // one delivery at a time: a failure holds all later ones
	Rate         float64         // hooks a second at most; 0: no limit of its own
	Schedule     []time.Duration // the waits between tries; nil: the site's own
	RotatedUntil time.Time       // until when the secret before signs too; zero or past: it does not

	Failures    int       // attempts in a row that the target was down for
	BrokenSince time.Time // when the breaker opened; zero: it is closed
	ProbeAt     time.Time // when it is tried next while the breaker is open
	SuccessAt   time.Time // the last success; without one, when it was made or resumed

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
	if !utf8.ValidString(n.URL) {
		return FieldErrorf(field, "The target is not UTF-8 text; encode it as %%XX.")
	}
	if strings.ContainsFunc(n.URL, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
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
	case strings.Contains(n.URL, "#"): // an empty one is no part of u
		return FieldErrorf(field, "The target has a #fragment, which is never sent; leave it away.")
	}
	return nil
}
