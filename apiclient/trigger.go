package apiclient

import (
	"context"
	"slices"
	"time"
)

// Trigger is an event that a zap can wait for: one of the seven of the Zapier
// extension's API document.
type Trigger string

// The triggers.
const (
	TriggerRegistration Trigger = "um_registration_complete" // a user registered
	TriggerLogin        Trigger = "um_user_login"            // a user logged in through the login form
	TriggerDelete       Trigger = "um_delete_user"           // an account is removed, whoever does it; not the API's action of that name
	TriggerEditProfile  Trigger = "um_user_edit_profile"     // the profile form was saved
	TriggerApprove      Trigger = "um_admin_approve_account" // an account that awaited review was approved
	TriggerActivation   Trigger = "um_user_email_activation" // the link of the activation mail was opened
	TriggerAccount      Trigger = "um_user_updated_account"  // a tab of the account page was saved
)

// Triggers returns the seven triggers in the order of the API document.
func Triggers() []Trigger {
	return []Trigger{TriggerRegistration, TriggerLogin, TriggerDelete, TriggerEditProfile, TriggerApprove, TriggerActivation, TriggerAccount}
}

// ParseTrigger returns the trigger named s, or an Error of kind Invalid.
func ParseTrigger(s string) (Trigger, error) {
	if slices.Contains(Triggers(), Trigger(s)) {
		return Trigger(s), nil
	}
	return "", FieldErrorf("trigger", "%q is no trigger; use one of um_registration_complete, um_user_login, um_delete_user, um_user_edit_profile, um_admin_approve_account, um_user_email_activation, um_user_updated_account.", s)
}

// Title returns the API document's description of the trigger.
func (t Trigger) Title() string {
	switch t {
	case TriggerRegistration:
		return "When a new user registers"
	case TriggerLogin:
		return "When a user logs in"
	case TriggerDelete:
		return "When a user deletes account"
	case TriggerEditProfile:
		return "When user updates profile"
	case TriggerApprove:
		return "When admin approves pending account"
	case TriggerActivation:
		return "When user activates via email"
	case TriggerAccount:
		return "When user updates account form"
	}
	return string(t)
}

// Fires reports whether Ultimate Member itself raises the trigger for a change
// of that origin. Deletion and approval are raised whoever causes them, because
// they listen to the account; registration by a form or by an administrator, and
// not by the API; the others by the site's own forms alone.
func (t Trigger) Fires(o Origin) bool {
	switch t {
	case TriggerDelete, TriggerApprove:
		return true
	case TriggerRegistration:
		return o == OriginForm || o == OriginAdmin || o == OriginConsole
	default:
		return o == OriginForm
	}
}

// EventID is the number of an event, from 1 on, rising in the order of commits.
type EventID int64

// An Event is one trigger raised for one user.
type Event struct {
	ID      EventID
	Trigger Trigger
	User    UserID
	Login   string // as it was then: the user may be gone
	Origin  Origin
	Actor   string // login of who caused it; empty: not known
	At      time.Time
	// Deliveries is how many deliveries it made; where that is 0, Skipped says why
	// as a sentence (no zap of that trigger is running, nobody is subscribed, ...).
	Deliveries int
	Skipped    string
}

// An EventQuery asks for one page of events, newest first.
type EventQuery struct {
	Filter Filter // columns: id, trigger, user, login, origin, actor, at
	After  Cursor
	Limit  int // 1 to MaxLimit; 0: 50
}

// An EventPage is a part of the list of events.
type EventPage struct {
	Events []Event
	Next   Cursor // empty: this is the last page
}

// Firer raises triggers by hand.
type Firer interface {
	// FireTrigger raises t for the user as if it had just happened, with the
	// origin of the actor, and for every running zap of that trigger whatever
	// origins it listens to. Nothing is done to the user.
	FireTrigger(ctx context.Context, t Trigger, user UserID) (Event, error)
}
