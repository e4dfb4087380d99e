package apiclient

import (
	"fmt"
	"slices"
)

// Action is something done to users of a site.
type Action string

// The actions on users. The first six change the status as Ultimate Member's row
// actions do; Apply tells what each one does.
const (
	ActionApprove    Action = "approve"
	ActionReject     Action = "reject"
	ActionPending    Action = "pending" // put as pending administrator review
	ActionResend     Action = "resend"  // send, or send again, the activation e-mail
	ActionDeactivate Action = "deactivate"
	ActionReactivate Action = "reactivate"
	ActionRole       Action = "role"        // give exactly one role, as WordPress's "Change role to" does: all others go
	ActionAddRole    Action = "add_role"    // give one role more
	ActionRemoveRole Action = "remove_role" // take one role away; who has no other gets the role of new accounts
	ActionDelete     Action = "delete"      // remove the account
)

// StatusActions returns the six actions that change a status, in the order in
// which Ultimate Member lists them.
func StatusActions() []Action {
	return []Action{ActionApprove, ActionReject, ActionPending, ActionResend, ActionDeactivate, ActionReactivate}
}

// OnRoles reports whether the action changes roles and names one.
func (a Action) OnRoles() bool {
	return a == ActionRole || a == ActionAddRole || a == ActionRemoveRole
}

// Title returns the action in Ultimate Member's words.
func (a Action) Title() string {
	switch a {
	case ActionApprove:
		return "Approve"
	case ActionReject:
		return "Reject"
	case ActionPending:
		return "Put as pending"
	case ActionResend:
		return "Send activation email"
	case ActionDeactivate:
		return "Deactivate"
	case ActionReactivate:
		return "Reactivate"
	case ActionRole:
		return "Change role"
	case ActionAddRole:
		return "Add role"
	case ActionRemoveRole:
		return "Remove role"
	case ActionDelete:
		return "Delete"
	}
	return string(a)
}

// Done returns the action as a thing that has happened, such as "approved".
func (a Action) Done() string {
	switch a {
	case ActionApprove:
		return "approved"
	case ActionReject:
		return "rejected"
	case ActionPending:
		return "put as pending"
	case ActionResend:
		return "put as awaiting e-mail confirmation"
	case ActionDeactivate:
		return "deactivated"
	case ActionReactivate:
		return "reactivated"
	case ActionRole:
		return "given the role"
	case ActionAddRole:
		return "given one role more"
	case ActionRemoveRole:
		return "rid of the role"
	case ActionDelete:
		return "deleted"
	}
	return string(a)
}

// A HashChange says what happens to an account's activation hash.
type HashChange int

// What can happen to the hash.
const (
	HashKept HashChange = iota
	HashCleared
	HashRenewed // a new one, and the expiry is written anew or removed with it
)

// An Effect is what a change of status brings about.
type Effect struct {
	From, To    Status
	Hash        HashChange
	EndSessions bool     // the user is logged out everywhere
	Mail        MailSlug // empty: none
	Trigger     Trigger  // empty: none
	Warning     string   // what an administrator may not expect, as a sentence
}

// Changed reports whether the stored status is another one afterwards.
func (e Effect) Changed() bool { return e.From != e.To }

// Apply says what the action does to an account in status from, by the guards of
// Ultimate Member 2.13 (includes/common/class-users.php). refused is the reason,
// as a sentence, when the guard forbids it. Only the six status actions apply.
func (a Action) Apply(from Status) (e Effect, refused string) {
	e = Effect{From: from, Hash: HashCleared}
	if refused = a.guard(from); refused != "" {
		return Effect{}, refused
	}
	lockedOut := from == StatusApproved || from == StatusUndefined
	switch a {
	case ActionApprove:
		e.To, e.Mail = StatusApproved, MailWelcome
		if from == StatusAwaitingReview {
			e.Mail, e.Trigger = MailApproved, TriggerApprove
		}
	case ActionReject:
		e.To, e.Mail, e.EndSessions = StatusRejected, MailRejected, true
	case ActionPending:
		e.To, e.Mail, e.EndSessions = StatusAwaitingReview, MailPending, true
		if lockedOut {
			e.Warning = "The member is logged out and cannot log in until an administrator approves the account."
		}
	case ActionResend:
		e.To, e.Mail, e.EndSessions, e.Hash = StatusAwaitingEmail, MailCheckmail, true, HashRenewed
		if lockedOut {
			e.Warning = "The member is logged out and cannot log in until the link in the e-mail is opened."
		}
	case ActionDeactivate:
		e.To, e.Mail, e.EndSessions = StatusInactive, MailInactive, true
	case ActionReactivate:
		e.To, e.Mail = StatusApproved, MailWelcome
	default: // guard refused it
	}
	return e, ""
}

// guard returns why the action is forbidden for an account in status from; empty: it
// is not.
func (a Action) guard(from Status) string {
	switch {
	case !slices.Contains(StatusActions(), a):
		return fmt.Sprintf("%q does not change a status.", string(a))
	case a == ActionApprove && from == StatusApproved:
		return "The account is approved already."
	case a == ActionApprove && from == StatusInactive:
		return "An inactive account cannot be approved; reactivate it."
	case a == ActionReject && from != StatusAwaitingReview:
		return fmt.Sprintf("Only an account that awaits review can be rejected, and this one is %s; put it as pending first, or deactivate it.", lower(from))
	case a == ActionPending && from == StatusAwaitingReview:
		return "The account awaits review already."
	case a == ActionDeactivate && from == StatusInactive:
		return "The account is inactive already."
	case a == ActionReactivate && from != StatusInactive:
		return fmt.Sprintf("Only an inactive account can be reactivated, and this one is %s.", lower(from))
	}
	return ""
}

func lower(s Status) string {
	switch s {
	case StatusUndefined:
		return "without a status"
	case StatusAwaitingEmail:
		return "awaiting e-mail confirmation"
	default:
		return string(s)
	}
}

// ChangeStatus says what writing a status directly does, as the API's
// um_account_status and a form's field do. The guards of the row actions do not
// hold there, since the caller names the result and not the way: the same status
// is no change and sends nothing, approved from inactive is a reactivation,
// rejected is allowed from anywhere and flagged, awaiting_email_confirmation sends
// the activation e-mail. A status of the site's own is written as it is.
func ChangeStatus(from, to Status) Effect {
	if from == to {
		return Effect{From: from, To: to}
	}
	var a Action
	switch to {
	case StatusApproved:
		a = ActionApprove
		if from == StatusInactive {
			a = ActionReactivate
		}
	case StatusAwaitingReview:
		a = ActionPending
	case StatusAwaitingEmail:
		a = ActionResend
	case StatusInactive:
		a = ActionDeactivate
	case StatusRejected:
		if from == StatusAwaitingReview {
			a = ActionReject
			break
		}
		return Effect{
			From: from, To: to, Hash: HashCleared, EndSessions: true, Mail: MailRejected,
			Warning: "Ultimate Member itself rejects only accounts that await review.",
		}
	default:
		return Effect{From: from, To: to}
	}
	e, _ := a.Apply(from)
	return e
}
