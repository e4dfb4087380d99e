package wire

import "umdeck/apiclient"

// A UserAction is an action and whom it is done to.
type UserAction struct {
	Action apiclient.Action   `json:"action"`
	Users  []apiclient.UserID `json:"users"`
	Role   apiclient.RoleSlug `json:"role,omitempty"`
	Mail   *bool              `json:"mail,omitempty"` // absent: as the site's settings say
}

// UserActionOf returns the twin of a.
func UserActionOf(a apiclient.UserAction) UserAction {
	a.Users = some(a.Users)
	return UserAction(a)
}

// Domain returns the action.
func (a UserAction) Domain() apiclient.UserAction {
	a.Users = none(a.Users)
	return apiclient.UserAction(a)
}

// A Plan is what an action would do.
type Plan struct {
	Action    UserAction `json:"action"`
	Predicted bool       `json:"predicted,omitempty"`
	Steps     []Step     `json:"steps"`
}

// PlanOf returns the twin of p.
func PlanOf(p apiclient.Plan) Plan {
	return Plan{UserActionOf(p.Action), p.Predicted, each(p.Steps, stepOf)}
}

// Domain returns the plan.
func (p Plan) Domain() apiclient.Plan {
	return apiclient.Plan{Action: p.Action.Domain(), Predicted: p.Predicted, Steps: back(p.Steps, Step.domain)}
}

// A Step is what an action would do to one user.
type Step struct {
	User     apiclient.UserID     `json:"user"`
	Login    string               `json:"login"`
	Refused  string               `json:"refused,omitempty"`
	From     apiclient.Status     `json:"from"`
	To       apiclient.Status     `json:"to"`
	Roles    []apiclient.RoleSlug `json:"roles,omitzero"` // absent: unchanged
	Mails    []PlannedMail        `json:"mails"`
	Triggers []PlannedTrigger     `json:"triggers"`
	Warning  string               `json:"warning,omitempty"`
}

func stepOf(s apiclient.Step) Step {
	return Step{
		User: s.User, Login: s.Login, Refused: s.Refused, From: s.From, To: s.To, Roles: s.Roles, Warning: s.Warning,
		Mails:    each(s.Mails, func(m apiclient.PlannedMail) PlannedMail { return PlannedMail(m) }),
		Triggers: each(s.Triggers, func(t apiclient.PlannedTrigger) PlannedTrigger { return PlannedTrigger(t) }),
	}
}

func (s Step) domain() apiclient.Step {
	return apiclient.Step{
		User: s.User, Login: s.Login, Refused: s.Refused, From: s.From, To: s.To, Roles: s.Roles, Warning: s.Warning,
		Mails:    back(s.Mails, func(m PlannedMail) apiclient.PlannedMail { return apiclient.PlannedMail(m) }),
		Triggers: back(s.Triggers, func(t PlannedTrigger) apiclient.PlannedTrigger { return apiclient.PlannedTrigger(t) }),
	}
}

// A PlannedMail is an e-mail that a step is about.
type PlannedMail struct {
	Slug apiclient.MailSlug `json:"slug"`
	Off  string             `json:"off,omitempty"`
}

// A PlannedTrigger is a trigger that a step would raise.
type PlannedTrigger struct {
	Trigger apiclient.Trigger `json:"trigger"`
	Zap     apiclient.ZapID   `json:"zap"`
	Name    string            `json:"name"`
	Targets int               `json:"targets"`
}

// An Outcome is what an action did to one user.
type Outcome struct {
	User  apiclient.UserID `json:"user"`
	Login string           `json:"login"`
	From  apiclient.Status `json:"from"`
	To    apiclient.Status `json:"to"`
	Err   *Failure         `json:"error,omitempty"` // absent: done
}

// OutcomeOf returns the twin of o.
func OutcomeOf(o apiclient.Outcome) Outcome {
	return Outcome{o.User, o.Login, o.From, o.To, FailureOf(o.Err)}
}

// Domain returns the outcome.
func (o Outcome) Domain() apiclient.Outcome {
	return apiclient.Outcome{User: o.User, Login: o.Login, From: o.From, To: o.To, Err: o.Err.Domain()}
}
