package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

// A ticking is the time and the ticks of an engine, in a test's hand.
type ticking struct {
	*clock
	ticks map[time.Duration]chan time.Time
}

func newTicking() *ticking {
	return &ticking{newClock(), map[time.Duration]chan time.Time{time.Hour: make(chan time.Time), 5 * time.Second: make(chan time.Time)}}
}

func (c *ticking) of(every time.Duration) (<-chan time.Time, func()) {
	return c.ticks[every], func() {}
}

// tick lets what is done at that pace be done: when it returns, all before is over.
func (c *ticking) tick(t *testing.T, every time.Duration) {
	t.Helper()
	select {
	case c.ticks[every] <- c.now():
	case <-time.After(15 * time.Second):
		t.Fatalf("nobody takes the ticks of %s", every)
	}
}

// roomy says that half of the disk is free, however full this machine's is.
func roomy() float64 { return 0.5 }

// run opens and runs an engine on the ticking.
func (c *ticking) run(t *testing.T, dir string) *engine.Engine {
	t.Helper()
	e, err := engine.Open(t.Context(), placed(t, engine.Config{Dir: dir, AllowPrivateTargets: true, Now: c.now, Ticks: c.of, DiskFree: roomy}))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		if err := e.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return e
}

// TestUndefinedStatuses approves accounts without a status, when the engine begins and
// every hour, and nobody else's.
func TestUndefinedStatuses(t *testing.T) {
	dir, c := t.TempDir(), newTicking()
	e := c.run(t, dir)
	c.tick(t, time.Hour)
	const many = 120 // more than two batches
	for i := range many {
		must(e.CreateUser(t.Context(), apitest.User(fmt.Sprint("u", i), apitest.Approved)))(t)
	}
	ada := must(e.CreateUser(t.Context(), apitest.User("ada", apitest.AwaitingEmail)))(t)
	busy := must(e.CreateUser(t.Context(), apitest.User("busy", apitest.Approved)))(t)
	off := must(e.CreateUser(t.Context(), apitest.User("off", apitest.Inactive)))(t)
	subscribed(t, e, apitest.TriggerZap("Approval", apiclient.TriggerApprove, "user_login"), "a")
	memberSite{dir: dir}.execute(t, `UPDATE users SET status = '' WHERE login LIKE 'u%' OR login IN ('ada', 'busy')`)
	memberSite{dir: dir}.execute(t, `INSERT INTO user_fields (user_id, key, is_list, value, value_key) VALUES (?, '_um_registration_in_progress', 0, '1', '1')`, busy.ID)
	events := len(must(e.Events(t.Context(), apiclient.EventQuery{Limit: 1000}))(t).Events)

	c.tick(t, time.Hour) // begins a pass
	c.tick(t, time.Hour) // when that is over
	counts := must(e.CountUsers(t.Context(), apiclient.Filter{}))(t).ByStatus
	if counts[apiclient.StatusApproved] != many+2 || counts[apiclient.StatusUndefined] != 1 {
		t.Errorf("%v; want %d approved and 1 undefined", counts, many+2)
	}
	if u := must(e.User(t.Context(), busy.ID))(t); u.Status != apiclient.StatusUndefined {
		t.Errorf("who is being registered is %q", u.Status)
	}
	if u := must(e.User(t.Context(), off.ID))(t); u.Status != apiclient.StatusInactive {
		t.Errorf("who was inactive is %q", u.Status)
	}
	if now := len(must(e.Events(t.Context(), apiclient.EventQuery{Limit: 1000}))(t).Events); now != events {
		t.Errorf("%d events more; want none", now-events)
	}
	audits := must(e.Audits(t.Context(), apiclient.AuditQuery{Limit: 1000, Filter: apiclient.FieldIs("origin", string(apiclient.OriginCron))}))(t).Audits
	if len(audits) != many+1 || audits[0].Action != "users.approve" || !strings.Contains(audits[0].After, `"account_status":"approved"`) {
		t.Errorf("%d rows of the audit, the last %+v; want %d", len(audits), audits[0], many+1)
	}
	if a := must(e.User(t.Context(), ada.ID))(t); a.Status != apiclient.StatusApproved {
		t.Errorf("ada is %q", a.Status)
	}

	memberSite{dir: dir}.execute(t, `DELETE FROM user_fields WHERE user_id = ?`, busy.ID)
	c.tick(t, time.Hour)
	c.tick(t, time.Hour)
	if u := must(e.User(t.Context(), busy.ID))(t); u.Status != apiclient.StatusApproved {
		t.Errorf("who is registered by now is %q", u.Status)
	}
}
