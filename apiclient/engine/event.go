package engine

import (
	"context"
	"fmt"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// Events returns one page of events, newest first.
func (e *Engine) Events(ctx context.Context, q apiclient.EventQuery) (apiclient.EventPage, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (apiclient.EventPage, error) { return tx.Events(ctx, q) })
}

// FireTrigger raises t for the user as if it had just happened.
func (e *Engine) FireTrigger(ctx context.Context, t apiclient.Trigger, user apiclient.UserID) (event apiclient.Event, err error) {
	if _, err := apiclient.ParseTrigger(string(t)); err != nil {
		return event, err
	}
	err = e.changeUser(ctx, user, func(ctx context.Context, tx *store.Tx) error {
		a, err := tx.Account(ctx, user)
		if err != nil {
			return err
		}
		if event, err = e.raise(ctx, tx, moment{trigger: t, user: a.User, byHand: true}); err != nil {
			return err
		}
		return e.audit(ctx, tx, "triggers.fire", subjectUser(a.User), nil, parts{"trigger": t, "deliveries": event.Deliveries})
	})
	return event, err
}

// A moment is one at which a trigger is raised.
type moment struct {
	trigger apiclient.Trigger
	user    apiclient.User // with its fields
	byHand  bool           // every running zap fires, whatever it listens to
}

// raise records the event and makes its deliveries. It belongs into the
// transaction of the change; for a deletion, before that. A trigger that Ultimate
// Member would not raise for the origin, and that no zap waits for either, is no
// event: the log would be full of them.
func (e *Engine) raise(ctx context.Context, tx *store.Tx, m moment) (apiclient.Event, error) {
	actor := apiclient.ActorOf(ctx)
	event := apiclient.Event{
		Trigger: m.trigger, User: m.user.ID, Login: m.user.Login, Origin: actor.Origin, Actor: actor.Login, At: tx.Now(),
	}
	r, err := e.rules(ctx, tx)
	if err != nil {
		return event, err
	}
	raised := r.raise(m.trigger, actor.Origin)
	if len(r.zaps[m.trigger]) == 0 && !m.byHand && !raised {
		return event, nil
	}
	firing, skipped := r.firing(m.trigger, actor.Origin, m.byHand || raised)
	for _, f := range firing {
		event.Deliveries += len(f.targets)
	}
	if event.Deliveries == 0 {
		event.Skipped = skipped
	}
	if event.ID, err = tx.InsertEvent(ctx, event); err != nil || event.Deliveries == 0 {
		return event, err
	}
	return event, e.send(ctx, tx, r, m, event, firing)
}

// send makes the deliveries of an event: one for each target of each zap that fires, with
// the body as it is now.
func (e *Engine) send(ctx context.Context, tx *store.Tx, r *rules, m moment, event apiclient.Event, firing []firing) error {
	info, err := e.info(ctx, tx)
	if err != nil {
		return err
	}
	for _, f := range firing {
		until, why, err := e.loops(ctx, tx, m, f.zap)
		if err != nil {
			return err
		}
		body, err := encode(apiclient.NewPayload(int64(event.ID), f.zap, groupOf(f.zap, r.catalogue).Fields, &m.user, info))
		if err != nil {
			return err
		}
		payload, err := tx.InsertPayload(body)
		if err != nil {
			return err
		}
		for _, t := range f.targets {
			d := apiclient.Delivery{
				WebhookID: e.webhookID(), EventID: event.ID, Event: m.trigger, Zap: f.zap.ID, ZapName: f.zap.Name,
				User: m.user.ID, Login: m.user.Login, Body: body,
			}
			if why != "" {
				d.State, d.NextAt, d.Error = apiclient.DeliveryHeld, until, why
			}
			if _, err := tx.InsertDeliveryTo(ctx, d, payload, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// raise reports whether the site raises the trigger for changes of that origin: as
// Ultimate Member does, and registration and edit by the API where the setting says so.
func (r *rules) raise(t apiclient.Trigger, o apiclient.Origin) bool {
	if t.Fires(o) || o != apiclient.OriginAPI || t != apiclient.TriggerRegistration && t != apiclient.TriggerEditProfile {
		return t.Fires(o)
	}
	return r.options.On("umdeck_api_fires")
}

// encode returns the bytes of a payload. json.Marshal would escape <, > and & in
// what MarshalJSON gives.
func encode(p apiclient.Payload) ([]byte, error) {
	b, err := p.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("encode a payload: %w", err)
	}
	return b, nil
}

// A firing is a zap that fires, and whom it tells.
type firing struct {
	zap     apiclient.Zap
	targets []store.Target
}

// firing returns those of a trigger's zaps that it fires: all that run, or only those that
// listen to the origin; and, for when nobody is told, why as a sentence.
func (r *rules) firing(t apiclient.Trigger, o apiclient.Origin, all bool) (list []firing, skipped string) {
	skipped = fmt.Sprintf("No zap waits for %s.", t)
	running, listening := false, false
	for _, z := range r.zaps[t] {
		switch {
		case z.Status != apiclient.ZapRunning:
			if !running {
				skipped = fmt.Sprintf("The zap %d (%s) is %s, and no other one of %s is running.", z.ID, z.Name, stateWord(z.Status), t)
			}
			continue
		case !all && !z.Listens(o):
			if !listening {
				skipped = fmt.Sprintf("The zap %d (%s) does not fire for changes of origin %s.", z.ID, z.Name, o)
			}
			running = true
			continue
		}
		running, listening = true, true
		f := firing{zap: z, targets: r.targets[z.ID]}
		if len(f.targets) == 0 {
			skipped = fmt.Sprintf("Nobody is subscribed to the zap %d (%s).", z.ID, z.Name)
		}
		list = append(list, f)
	}
	return list, skipped
}

func stateWord(s apiclient.ZapStatus) string {
	if s == apiclient.ZapDraft {
		return "a draft"
	}
	return string(s)
}
