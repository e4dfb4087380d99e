package apiclient

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Zaps reads and changes zaps, which Ultimate Member also calls UM field groups.
type Zaps interface {
	// Zaps returns the zaps that q asks for, by id.
	Zaps(ctx context.Context, q ZapQuery) ([]Zap, error)
	// Zap returns one zap.
	Zap(ctx context.Context, id ZapID) (Zap, error)
	// CreateZap stores a new zap. A field that the catalogue does not have, or a
	// secret one, is Invalid.
	CreateZap(ctx context.Context, n NewZap) (Zap, error)
	// UpdateZap changes what u names; all or nothing. A zap that stops running
	// makes no deliveries from then on and holds those that wait.
	UpdateZap(ctx context.Context, id ZapID, u ZapUpdate) (Zap, error)
	// DeleteZap removes the zap and ends its subscriptions; its deliveries stay in the log.
	DeleteZap(ctx context.Context, id ZapID) error
	// FieldGroup returns the zap's fields as Zapier reads them. Zaps that Zapier
	// would not be shown (not running, or a draft) are returned too, and say so.
	FieldGroup(ctx context.Context, id ZapID) (FieldGroup, error)
	// SampleZap returns the body that the trigger zap would send for the user, or
	// placeholders in the real forms for user 0. It sends nothing.
	SampleZap(ctx context.Context, id ZapID, user UserID) (Payload, error)
}

// ZapID is the number of a zap: the API's um_zap_id, group_field_id,
// um_actions_triggers and get_fields. 0 is no zap.
type ZapID int64

// ZapKind says which way a zap works.
type ZapKind string

// The kinds of zap.
const (
	ZapTrigger ZapKind = "trigger" // an event here starts something there
	ZapAction  ZapKind = "action"  // something there changes a user here
)

// ZapStatus says whether a zap works.
type ZapStatus string

// The statuses of a zap, in Ultimate Member's words.
const (
	ZapRunning ZapStatus = "running" // events are delivered, calls are accepted
	ZapStopped ZapStatus = "stopped" // neither; keeps its settings and subscriptions
	ZapDraft   ZapStatus = "draft"   // as stopped, and Zapier is not offered it
)

// A Zap is a named choice of fields with a direction: what Zapier reads and sends.
type Zap struct {
	ID      ZapID
	Name    string
	Kind    ZapKind
	Event   Trigger   // of a trigger zap; empty for an action, or where the site does not tell
	Status  ZapStatus // empty: the site does not tell
	Fields  []string  // field keys in order
	Origins []Origin  // further origins that a trigger zap fires for, beyond Trigger.Fires
	Created time.Time // zero: not known
	Updated time.Time

	Subscriptions int // how many are active; -1: not known
}

// A ZapQuery asks for zaps; what is zero does not restrict.
type ZapQuery struct {
	Kind ZapKind
}

// A NewZap is a zap to be stored. Name and Kind are required, and Event for a trigger.
type NewZap struct {
	Name    string
	Kind    ZapKind
	Event   Trigger
	Status  ZapStatus // empty: draft
	Fields  []string
	Origins []Origin
}

// Validate returns an Error of kind Invalid that says what is wrong with n,
// fields of the catalogue apart.
func (n NewZap) Validate() error {
	if strings.TrimSpace(n.Name) == "" {
		return FieldErrorf("name", "The zap has no name; give one.")
	}
	if len(n.Name) > 200 {
		return FieldErrorf("name", "The zap's name is %d bytes long; use at most 200.", len(n.Name))
	}
	if err := CheckName("name", "The zap's name", n.Name); err != nil {
		return err
	}
	switch n.Kind {
	case ZapTrigger:
		if _, err := ParseTrigger(string(n.Event)); err != nil {
			return err
		}
	case ZapAction:
		if n.Event != "" {
			return FieldErrorf("event", "An action zap waits for no event; leave it away, or make the zap a trigger.")
		}
	default:
		return FieldErrorf("kind", "%q is no kind of zap; use trigger or action.", string(n.Kind))
	}
	if err := n.Status.validate(); err != nil {
		return err
	}
	for i, key := range n.Fields {
		if slices.Contains(n.Fields[:i], key) {
			return FieldErrorf("fields", "The field %s is listed twice; list it once.", key)
		}
	}
	return validateOrigins(n.Origins)
}

// A ZapUpdate says what to change; what is nil stays as it is. The kind of a zap never changes.
type ZapUpdate struct {
	Name    *string
	Status  *ZapStatus
	Event   *Trigger
	Fields  []string // nil: unchanged; not nil: all of them, in order
	Origins []Origin // nil: unchanged
}

// Apply returns z as u changes it, or an Error of kind Invalid.
func (u ZapUpdate) Apply(z Zap) (Zap, error) {
	if u.Name != nil {
		z.Name = *u.Name
	}
	if u.Status != nil {
		if *u.Status == "" {
			return z, FieldErrorf("status", "The zap's status is empty; use running, stopped or draft.")
		}
		z.Status = *u.Status
	}
	if u.Event != nil {
		z.Event = *u.Event
	}
	if u.Fields != nil {
		z.Fields = u.Fields
	}
	if u.Origins != nil {
		z.Origins = u.Origins
	}
	return z, NewZap{z.Name, z.Kind, z.Event, z.Status, z.Fields, z.Origins}.Validate()
}

func (s ZapStatus) validate() error {
	switch s {
	case "", ZapRunning, ZapStopped, ZapDraft:
		return nil
	}
	return FieldErrorf("status", "%q is no status of a zap; use running, stopped or draft.", string(s))
}

func validateOrigins(list []Origin) error {
	for _, o := range list {
		switch o {
		case OriginForm, OriginAdmin, OriginAPI, OriginCRM, OriginCron, OriginConsole:
		default:
			return FieldErrorf("origins", "%q is no origin; use form, admin, api, crm, cron or console.", string(o))
		}
	}
	return nil
}

// Listens reports whether a trigger zap fires for a change of that origin.
func (z Zap) Listens(o Origin) bool {
	return z.Event.Fires(o) || slices.Contains(z.Origins, o)
}

// A FieldGroup is a zap from Zapier's side: the answer of um_get_fields, and why
// Zapier would not get it.
type FieldGroup struct {
	Zap    Zap
	Fields []Field // in the zap's order
	Hidden []HiddenField
	Notice string // why Zapier cannot read the group now, as a sentence; empty: it can
}

// A HiddenField is a field that the zap names and Zapier does not get.
type HiddenField struct {
	Key string
	Why string // one sentence
}
