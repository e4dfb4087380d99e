package wire

import (
	"time"

	"umdeck/apiclient"
)

// A Zap is a named choice of fields with a direction.
type Zap struct {
	ID            apiclient.ZapID     `json:"id"`
	Name          string              `json:"name"`
	Kind          apiclient.ZapKind   `json:"kind"`
	Event         apiclient.Trigger   `json:"event,omitempty"`
	Status        apiclient.ZapStatus `json:"status,omitempty"`
	Fields        []string            `json:"fields"`
	Origins       []apiclient.Origin  `json:"origins"`
	Created       time.Time           `json:"created,omitzero"`
	Updated       time.Time           `json:"updated,omitzero"`
	Subscriptions int                 `json:"subscriptions"` // -1: not known
}

// ZapOf returns the twin of z.
func ZapOf(z apiclient.Zap) Zap {
	w := Zap(z)
	w.Fields, w.Origins = some(z.Fields), some(z.Origins)
	w.Created, w.Updated = z.Created.UTC(), z.Updated.UTC()
	return w
}

// Domain returns the zap.
func (z Zap) Domain() apiclient.Zap {
	d := apiclient.Zap(z)
	d.Fields, d.Origins = none(z.Fields), none(z.Origins)
	d.Created, d.Updated = z.Created.UTC(), z.Updated.UTC()
	return d
}

// A ZapRef names a zap.
type ZapRef struct {
	ID apiclient.ZapID `json:"-" path:"id"`
}

// A ZapsRequest asks for zaps.
type ZapsRequest struct {
	Kind apiclient.ZapKind `json:"-" query:"kind"` // empty: both
}

// A SampleRequest asks for the body that a zap would send.
type SampleRequest struct {
	ID   apiclient.ZapID  `json:"-" path:"id"`
	User apiclient.UserID `json:"-" query:"user"` // 0: placeholders
}

// A NewZap is a zap to be stored.
type NewZap struct {
	Name    string              `json:"name"`
	Kind    apiclient.ZapKind   `json:"kind"`
	Event   apiclient.Trigger   `json:"event,omitempty"`
	Status  apiclient.ZapStatus `json:"status,omitempty"`
	Fields  []string            `json:"fields,omitempty"`
	Origins []apiclient.Origin  `json:"origins,omitempty"`
}

// NewZapOf returns the twin of n.
func NewZapOf(n apiclient.NewZap) NewZap { return NewZap(n) }

// Domain returns the new zap.
func (n NewZap) Domain() apiclient.NewZap {
	n.Fields, n.Origins = none(n.Fields), none(n.Origins)
	return apiclient.NewZap(n)
}

// A ZapUpdate says what to change of a zap; what is absent stays as it is.
type ZapUpdate struct {
	ID      apiclient.ZapID      `json:"-" path:"id"`
	Name    *string              `json:"name,omitempty"`
	Status  *apiclient.ZapStatus `json:"status,omitempty"`
	Event   *apiclient.Trigger   `json:"event,omitempty"`
	Fields  []string             `json:"fields,omitzero"`
	Origins []apiclient.Origin   `json:"origins,omitzero"`
}

// ZapUpdateOf returns the twin of u.
func ZapUpdateOf(id apiclient.ZapID, u apiclient.ZapUpdate) ZapUpdate {
	return ZapUpdate{id, u.Name, u.Status, u.Event, u.Fields, u.Origins}
}

// Domain returns the update.
func (u ZapUpdate) Domain() apiclient.ZapUpdate {
	return apiclient.ZapUpdate{Name: u.Name, Status: u.Status, Event: u.Event, Fields: u.Fields, Origins: u.Origins}
}
