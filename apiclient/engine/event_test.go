package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
	"umdeck/apiclient/engine"
)

// as returns a context of an actor of that origin.
func as(t testing.TB, o apiclient.Origin) context.Context {
	return apiclient.WithActor(t.Context(), apiclient.Actor{Login: "who", Origin: o})
}

// subscribed makes a zap and subscribes a target that is never reached: nothing runs.
func subscribed(t testing.TB, e *engine.Engine, n apiclient.NewZap, targets ...string) apiclient.Zap {
	t.Helper()
	z := must(e.CreateZap(t.Context(), n))(t)
	for _, target := range targets {
		if _, _, err := e.AddSubscription(t.Context(), apiclient.NewSubscription{Zap: z.ID, URL: "https://example.com/" + target}); err != nil {
			t.Fatal(err)
		}
	}
	return z
}

// TestOrigins does things from each origin and looks which zaps fired.
func TestOrigins(t *testing.T) {
	e := open(t, t.TempDir())
	subscribed(t, e, apitest.TriggerZap("Registration", apiclient.TriggerRegistration, "user_login"), "r")
	subscribed(t, e, apitest.TriggerZap("Profile", apiclient.TriggerEditProfile, "user_login"), "p")
	subscribed(t, e, apitest.TriggerZap("Approval", apiclient.TriggerApprove, "user_login"), "a")
	subscribed(t, e, apitest.TriggerZap("Deletion", apiclient.TriggerDelete, "user_login"), "d")
	also := apitest.TriggerZap("Profile by the API", apiclient.TriggerEditProfile, "user_login")
	also.Origins = []apiclient.Origin{apiclient.OriginAPI}
	subscribed(t, e, also, "p")

	for origin, want := range map[apiclient.Origin]string{
		apiclient.OriginForm:    "Registration, Approval, Profile, Profile by the API, Deletion",
		apiclient.OriginAdmin:   "Registration, Approval, Deletion",
		apiclient.OriginConsole: "Registration, Approval, Deletion",
		apiclient.OriginAPI:     "Approval, Profile by the API, Deletion",
		apiclient.OriginCRM:     "Approval, Deletion",
		apiclient.OriginCron:    "Approval, Deletion",
	} {
		t.Run(string(origin), func(t *testing.T) {
			ctx := as(t, origin)
			u := must(e.CreateUser(ctx, apitest.User("u-"+string(origin), apitest.AwaitingReview)))(t)
			must(e.UpdateUser(ctx, u.ID, apiclient.UserUpdate{Status: new(apiclient.StatusApproved)}))(t)
			must(e.UpdateUser(ctx, u.ID, apiclient.UserUpdate{DisplayName: new("New")}))(t)
			must(e.DoUsers(ctx, apiclient.UserAction{Action: apiclient.ActionDelete, Users: []apiclient.UserID{u.ID}}))(t)
			var got []string
			list := must(e.Deliveries(ctx, apiclient.DeliveryQuery{Filter: apiclient.FieldIs("login", u.Login)}))(t).Deliveries
			for i := range list {
				got = append(got, list[len(list)-1-i].ZapName)
			}
			if diff := cmp.Diff(want, strings.Join(got, ", ")); diff != "" {
				t.Errorf("the zaps that fired (-want +got):\n%s", diff)
			}
			events := must(e.Events(ctx, apiclient.EventQuery{Filter: apiclient.FieldIs("login", u.Login)}))(t).Events
			if len(events) != 4 {
				t.Errorf("%d events; want 4, whether anything was sent or not", len(events))
			}
			for _, ev := range events {
				if ev.Origin != origin || ev.Actor != "who" || (ev.Deliveries == 0) != (ev.Skipped != "") {
					t.Errorf("event %+v", ev)
				}
			}
		})
	}
}

// TestQuiet has no zaps: only what Ultimate Member raises itself is an event.
func TestQuiet(t *testing.T) {
	for origin, want := range map[apiclient.Origin]string{
		apiclient.OriginForm:    "um_registration_complete um_user_edit_profile um_admin_approve_account um_delete_user",
		apiclient.OriginAdmin:   "um_registration_complete um_admin_approve_account um_delete_user",
		apiclient.OriginConsole: "um_registration_complete um_admin_approve_account um_delete_user",
		apiclient.OriginAPI:     "um_admin_approve_account um_delete_user",
	} {
		t.Run(string(origin), func(t *testing.T) {
			e, ctx := open(t, t.TempDir()), as(t, origin)
			live := func(login string) {
				u := must(e.CreateUser(ctx, apitest.User(login, apitest.AwaitingReview)))(t)
				must(e.UpdateUser(ctx, u.ID, apiclient.UserUpdate{DisplayName: new("New")}))(t)
				must(e.DoUsers(ctx, apiclient.UserAction{Action: apiclient.ActionApprove, Users: []apiclient.UserID{u.ID}}))(t)
				must(e.DoUsers(ctx, apiclient.UserAction{Action: apiclient.ActionDelete, Users: []apiclient.UserID{u.ID}}))(t)
			}
			raised := func(login string) string {
				var got []string
				for _, ev := range must(e.Events(ctx, apiclient.EventQuery{Filter: apiclient.FieldIs("login", login)}))(t).Events {
					got = append(got, string(ev.Trigger))
				}
				slices.Reverse(got)
				return strings.Join(got, " ")
			}
			live("ada")
			if got := raised("ada"); got != want {
				t.Errorf("without zaps: %s; want %s", got, want)
			}
			draft := apitest.TriggerZap("Draft", apiclient.TriggerEditProfile, "user_login")
			draft.Status = apiclient.ZapDraft
			must(e.CreateZap(ctx, draft))(t)
			live("bob")
			if got := raised("bob"); !strings.Contains(got, "um_user_edit_profile") {
				t.Errorf("with a zap that is a draft: %s; want the edit too, and why it was skipped", got)
			}
		})
	}
}

// TestSkipped reads why an event made no delivery.
func TestSkipped(t *testing.T) {
	e := open(t, t.TempDir())
	u := must(e.CreateUser(t.Context(), apitest.User("ada")))(t)
	fire := func(ctx context.Context) string {
		return must(e.FireTrigger(ctx, apiclient.TriggerLogin, u.ID))(t).Skipped
	}
	edit := func(ctx context.Context) string {
		must(e.UpdateUser(ctx, u.ID, apiclient.UserUpdate{URL: new("https://example.com")}))(t)
		return must(e.Events(ctx, apiclient.EventQuery{Limit: 1}))(t).Events[0].Skipped
	}
	want := func(got, text string) {
		t.Helper()
		if got != text {
			t.Errorf("skipped because %q; want %q", got, text)
		}
	}
	want(fire(t.Context()), "No zap waits for um_user_login.")
	draft := apitest.TriggerZap("Login", apiclient.TriggerLogin, "user_login")
	draft.Status = apiclient.ZapDraft
	z := subscribed(t, e, draft)
	want(fire(t.Context()), "The zap 1 (Login) is a draft, and no other one of um_user_login is running.")
	must(e.UpdateZap(t.Context(), z.ID, apiclient.ZapUpdate{Status: new(apiclient.ZapRunning)}))(t)
	want(fire(t.Context()), "Nobody is subscribed to the zap 1 (Login).")
	subscribed(t, e, apitest.TriggerZap("Profile", apiclient.TriggerEditProfile, "user_login"), "x")
	want(edit(as(t, apiclient.OriginAPI)), "The zap 2 (Profile) does not fire for changes of origin api.")
	want(edit(as(t, apiclient.OriginForm)), "")
}

// TestDeletionBody is the user as they were before the deletion.
func TestDeletionBody(t *testing.T) {
	e := open(t, t.TempDir())
	subscribed(t, e, apitest.TriggerZap("Bye", apiclient.TriggerDelete, "user_email", "first_name", "languages"), "x", "y")
	u := must(e.CreateUser(t.Context(), apitest.User("ada", apitest.Answer("first_name", "Ada & <b>x"), apitest.AnswerValue("languages", apiclient.List("English", "French")))))(t)
	must(e.DoUsers(t.Context(), apiclient.UserAction{Action: apiclient.ActionDelete, Users: []apiclient.UserID{u.ID}}))(t)
	list := must(e.Deliveries(t.Context(), apiclient.DeliveryQuery{}))(t).Deliveries
	if len(list) != 2 {
		t.Fatalf("%d deliveries; want 2", len(list))
	}
	for _, d := range list {
		d = must(e.Delivery(t.Context(), d.ID))(t)
		want := fmt.Sprintf(`{"id":%d,"um_zap_name":"Bye","um_zap_id":1,"user_id":%d,"user_email":"ada@example.com","first_name":"Ada & x","languages":["English","French"]}`, d.EventID, u.ID)
		if diff := cmp.Diff(want, string(d.Body)); diff != "" {
			t.Errorf("the body (-want +got):\n%s", diff)
		}
	}
}

// TestFrozen changes everything after the event: the body stays.
func TestFrozen(t *testing.T) {
	e := open(t, t.TempDir())
	z := subscribed(t, e, apitest.TriggerZap("Login", apiclient.TriggerLogin, "first_name"), "x")
	u := must(e.CreateUser(t.Context(), apitest.User("ada", apitest.Answer("first_name", "Ada"))))(t)
	must(e.FireTrigger(t.Context(), apiclient.TriggerLogin, u.ID))(t)
	body := func(id apiclient.DeliveryID) string { return string(must(e.Delivery(t.Context(), id))(t).Body) }
	first := must(e.Deliveries(t.Context(), apiclient.DeliveryQuery{}))(t).Deliveries[0]
	before := body(first.ID)
	must(e.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Fields: map[string]apiclient.Value{"first_name": apiclient.Text("Other")}}))(t)
	must(e.UpdateZap(t.Context(), z.ID, apiclient.ZapUpdate{Name: new("Renamed"), Fields: []string{"last_name"}}))(t)
	again := must(e.Redeliver(t.Context(), first.ID))(t)
	if again.WebhookID == first.WebhookID {
		t.Error("the redelivery has the id of the first one")
	}
	for _, id := range []apiclient.DeliveryID{first.ID, again.ID} {
		if diff := cmp.Diff(before, body(id)); diff != "" {
			t.Errorf("delivery %d (-then +now):\n%s", id, diff)
		}
	}
}

// TestAllOrNothing has an update fail on its last part: nothing of it is there,
// no event and no audit entry.
func TestAllOrNothing(t *testing.T) {
	e := open(t, t.TempDir())
	subscribed(t, e, apitest.TriggerZap("Profile", apiclient.TriggerEditProfile, "user_login"), "x")
	u := must(e.CreateUser(t.Context(), apitest.User("ada")))(t)
	must(e.CreateUser(t.Context(), apitest.User("bob")))(t)
	count := func() (n [3]int) {
		n[0] = len(must(e.Events(t.Context(), apiclient.EventQuery{}))(t).Events)
		n[1] = len(must(e.Audits(t.Context(), apiclient.AuditQuery{}))(t).Audits)
		n[2] = len(must(e.Deliveries(t.Context(), apiclient.DeliveryQuery{}))(t).Deliveries)
		return n
	}
	before := count()
	for name, update := range map[string]apiclient.UserUpdate{
		"an address that is taken": {Email: new("BOB@example.com"), DisplayName: new("New")},
		"a second address":         {Fields: map[string]apiclient.Value{"secondary_user_email": apiclient.Text("bob@example.com"), "first_name": apiclient.Text("X")}},
		"the own address":          {Fields: map[string]apiclient.Value{"secondary_user_email": apiclient.Text("ada@example.com"), "first_name": apiclient.Text("X")}},
		"part of the account":      {Fields: map[string]apiclient.Value{"account_status": apiclient.Text("rejected"), "first_name": apiclient.Text("X")}},
		"a password":               {Password: new(apiclient.NewSecret(`back\slash`)), DisplayName: new("New")},
	} {
		if _, err := e.UpdateUser(as(t, apiclient.OriginForm), u.ID, update); err == nil {
			t.Errorf("%s: updated", name)
		}
	}
	if diff := cmp.Diff(u, must(e.User(t.Context(), u.ID))(t)); diff != "" {
		t.Errorf("the user (-before +after):\n%s", diff)
	}
	if after := count(); after != before {
		t.Errorf("events, audit and deliveries: %v; want %v", after, before)
	}
}
