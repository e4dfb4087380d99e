package apitest

import (
	"time"

	"umdeck/apiclient"
)

// A UserOption changes a user that [User] is about to return.
type UserOption func(*apiclient.NewUser)

// User returns an account to be registered, with an address at example.com.
func User(login string, more ...UserOption) apiclient.NewUser {
	n := apiclient.NewUser{Login: login, Email: login + "@example.com"}
	for _, m := range more {
		m(&n)
	}
	return n
}

// Approved makes the account approved.
func Approved(n *apiclient.NewUser) { n.Status = apiclient.StatusApproved }

// Inactive makes the account inactive.
func Inactive(n *apiclient.NewUser) { n.Status = apiclient.StatusInactive }

// Rejected makes the account rejected.
func Rejected(n *apiclient.NewUser) { n.Status = apiclient.StatusRejected }

// AwaitingReview makes the account wait for an administrator.
func AwaitingReview(n *apiclient.NewUser) { n.Status = apiclient.StatusAwaitingReview }

// AwaitingEmail makes the account wait for its activation link.
func AwaitingEmail(n *apiclient.NewUser) { n.Status = apiclient.StatusAwaitingEmail }

// InStatus puts the account in the status s.
func InStatus(s apiclient.Status) UserOption {
	return func(n *apiclient.NewUser) { n.Status = s }
}

// Email gives the account that address.
func Email(address string) UserOption {
	return func(n *apiclient.NewUser) { n.Email = address }
}

// DisplayName gives the account that name.
func DisplayName(name string) UserOption {
	return func(n *apiclient.NewUser) { n.DisplayName = name }
}

// Role gives the account those roles and no other.
func Role(slugs ...apiclient.RoleSlug) UserOption {
	return func(n *apiclient.NewUser) { n.Roles = slugs }
}

// Registered makes the account that old.
func Registered(at time.Time) UserOption {
	return func(n *apiclient.NewUser) { n.Registered = at }
}

// Answer stores text under a field key.
func Answer(key, text string) UserOption { return AnswerValue(key, apiclient.Text(text)) }

// AnswerValue stores a value under a field key.
func AnswerValue(key string, v apiclient.Value) UserOption {
	return func(n *apiclient.NewUser) {
		if n.Fields == nil {
			n.Fields = map[string]apiclient.Value{}
		}
		n.Fields[key] = v
	}
}

// TriggerZap returns a running trigger zap of that event and fields.
func TriggerZap(name string, event apiclient.Trigger, fields ...string) apiclient.NewZap {
	return apiclient.NewZap{Name: name, Kind: apiclient.ZapTrigger, Event: event, Status: apiclient.ZapRunning, Fields: fields}
}

// ActionZap returns a running action zap of those fields.
func ActionZap(name string, fields ...string) apiclient.NewZap {
	return apiclient.NewZap{Name: name, Kind: apiclient.ZapAction, Status: apiclient.ZapRunning, Fields: fields}
}
