package apiclient

// A UserAction is an action and whom it is done to.
type UserAction struct {
	Action Action
	Users  []UserID // 1 to MaxTargets
	Role   RoleSlug // of an action on roles: the one to give or to take
	Mail   *bool    // nil: the site's settings say which of the mails go; false: none goes; true: they go although they are off
}

// MaxTargets is how many users one action may name; a caller with more works in parts.
const MaxTargets = 1000

// Validate returns an Error of kind Invalid that says what is wrong with a.
func (a UserAction) Validate() error {
	switch {
	case len(a.Users) == 0:
		return FieldErrorf("users", "The action names no user; give at least one.")
	case len(a.Users) > MaxTargets:
		return FieldErrorf("users", "The action names %d users; act on at most %d at a time.", len(a.Users), MaxTargets)
	case a.Action.OnRoles() && a.Role == "":
		return FieldErrorf("role", "The action names no role; give its slug, such as subscriber.")
	}
	switch a.Action {
	case ActionApprove, ActionReject, ActionPending, ActionResend, ActionDeactivate, ActionReactivate, ActionRole, ActionAddRole, ActionRemoveRole, ActionDelete:
		return nil
	}
	return FieldErrorf("action", "%q is no action on users; use approve, reject, pending, resend, deactivate, reactivate, role, add_role, remove_role or delete.", string(a.Action))
}

// A Plan is what an action would do, user by user, before anything is done.
type Plan struct {
	Action    UserAction
	Predicted bool // the rules say so, but the site decides, and its status of a user may not be known
	Steps     []Step
}

// Allowed counts the steps that are not refused.
func (p Plan) Allowed() int {
	n := 0
	for _, s := range p.Steps {
		if s.Refused == "" {
			n++
		}
	}
	return n
}

// A Step is what an action would do to one user.
type Step struct {
	User     UserID
	Login    string     // empty when there is no such user
	Refused  string     // why it would not be done, as a sentence; empty: it would
	From, To Status     // the same where the status would not change
	Roles    []RoleSlug // the user's roles afterwards; nil: unchanged
	Mails    []PlannedMail
	Triggers []PlannedTrigger
	Warning  string // what an administrator may not expect, as a sentence
}

// A PlannedMail is an e-mail that a step is about.
type PlannedMail struct {
	Slug MailSlug
	Off  string // why it would not go, as a clause; empty: it would
}

// A PlannedTrigger is a trigger that a step would raise, and a zap that it would fire.
type PlannedTrigger struct {
	Trigger Trigger
	Zap     ZapID  // 0: no zap of this trigger is running, or the site does not tell
	Name    string // of the zap
	Targets int    // subscriptions that would get a delivery; -1: the site does not tell
}

// An Outcome is what an action did to one user.
type Outcome struct {
	User     UserID
	Login    string
	From, To Status
	Err      *Error // nil: done
}
