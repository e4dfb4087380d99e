package views_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// zapsOf are three zaps: running for logins, a draft for registrations, and an action.
func zapsOf(s *stage) {
	s.user(apitest.User("ada", apitest.Approved, apitest.Answer("first_name", "Ada")))
	s.zap(apitest.TriggerZap("Logins", apiclient.TriggerLogin, "user_email", "first_name"))
	s.zap(apiclient.NewZap{Name: "Newcomers", Kind: apiclient.ZapTrigger, Event: apiclient.TriggerRegistration, Status: apiclient.ZapDraft, Fields: []string{"user_email"}})
	s.zap(apitest.ActionZap("Import", "user_email", "last_name"))
}

// zapNamed returns a zap as it is now, or ends the test.
func (s *stage) zapNamed(name string) apiclient.Zap {
	s.t.Helper()
	zaps, err := s.api.Zaps(s.ctx, apiclient.ZapQuery{})
	must(s.t, err)
	at := slices.IndexFunc(zaps, func(z apiclient.Zap) bool { return z.Name == name })
	if at < 0 {
		s.t.Fatalf("there is no zap %q in %v", name, zaps)
	}
	return zaps[at]
}

func TestCreateZap(t *testing.T) {
	in(t, play{seed: zapsOf, start: "zaps"}, func(t *testing.T, s *stage, press func(string)) {
		s.WaitText("Newcomers")
		press("n")
		s.WaitText("New zap")
		press(tab)
		s.WaitText("Name is needed")
		press("Deleted → CRM" + tab + tab + down + down + tab)
		s.WaitText("draft: as stopped")
		press(up + up + tab) // running
		s.WaitText("one a line")
		press(enter + "no_such_field" + save)
		s.WaitText("The catalogue has no field \"no_such_field\"")
		press(strings.Repeat(back, len("no_such_field")) + "country" + save)
		s.WaitText("“Deleted → CRM” is zap 4, running.")
		s.cursorOn("Deleted → CRM")
		z := s.zapNamed("Deleted → CRM")
		if z.Event != apiclient.TriggerDelete || !slices.Equal(z.Fields, []string{"user_email", "first_name", "last_name", "country"}) || len(z.Origins) != 0 {
			t.Errorf("stored %+v", z)
		}
	})
}

func TestEditZapAndItsOrder(t *testing.T) {
	in(t, play{seed: zapsOf, start: "zaps"}, func(t *testing.T, s *stage, press func(string)) {
		s.cursorOn("Logins")
		press("e")
		s.WaitText("Edit zap 1")
		press(" and more" + tab + tab + tab)
		s.WaitText("one a line")
		press("\x1b[H" + strings.Repeat(up, 3) + "country" + enter) // before the first
		press(tab)
		s.WaitText("space switches")
		press(down + down + " " + save) // form, admin, console
		s.WaitText("“Logins and more” is saved.")
		z := s.zapNamed("Logins and more")
		if diff := cmp.Diff([]string{"country", "user_email", "first_name"}, z.Fields); diff != "" {
			t.Errorf("fields (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]apiclient.Origin{apiclient.OriginConsole}, z.Origins); diff != "" {
			t.Errorf("origins (-want +got):\n%s", diff)
		}
		s.WaitText("form, console")
		press("e")
		s.WaitText("Edit zap 1")
		press(save)
		s.WaitText("Nothing was changed.")
	})
}

func TestRunStopAndDraft(t *testing.T) {
	in(t, play{seed: zapsOf, start: "zaps"}, func(t *testing.T, s *stage, press func(string)) {
		s.cursorOn("Logins")
		press("r")
		s.WaitText("The zap is running already.")
		press("x")
		s.WaitText("“Logins”: stopped.")
		if got := s.zapNamed("Logins").Status; got != apiclient.ZapStopped {
			t.Errorf("it is %s", got)
		}
		press("u")
		s.WaitText("“Logins”: as before.")
		if got := s.zapNamed("Logins").Status; got != apiclient.ZapRunning {
			t.Errorf("it is %s", got)
		}
		press("Vb")
		s.WaitText("Draft 2 zaps") // the third one is a draft
		s.WaitText("#1 “Logins”")
		press("y")
		s.WaitText("2 zaps: draft.")
		press("u")
		s.WaitText("2 zaps: as before.")
		if got := s.zapNamed("Import").Status; got != apiclient.ZapRunning {
			t.Errorf("it is %s", got)
		}
	})
}

func TestBodyForAUser(t *testing.T) {
	in(t, play{seed: zapsOf, start: "zaps"}, func(t *testing.T, s *stage, press func(string)) {
		s.cursorOn("Logins")
		press("t")
		s.WaitText("Nothing is sent.")
		press("nobody" + enter)
		s.WaitText("nobody")
		s.WaitGone("Nothing is sent.")
		press("t")
		s.WaitText("Nothing is sent.")
		press("ada" + enter)
		s.WaitText("“Logins” for ada")
		s.WaitText(`"first_name": "Ada"`)
		press("y")
		s.WaitText("copied the body")
		var body map[string]any
		must(t, json.Unmarshal([]byte(s.clip.last(t)), &body))
		if body["user_email"] != "ada@example.com" {
			t.Errorf("copied %v", body)
		}
		press(esc + "t")
		s.WaitText("Nothing is sent.")
		s.WaitText("│ ada ") // it remembers whom
		press(esc)
		s.WaitGone("Nothing is sent.")
		press("jj")
		s.cursorOn("Import")
		press("t")
		s.WaitText("This is an action zap")
	})
}

func TestFireDelivers(t *testing.T) {
	receiver := apitest.NewReceiver(t)
	s := raise(t, play{start: "zaps", seed: func(s *stage) {
		zapsOf(s)
		s.subscription(s.zapNamed("Logins").ID, receiver.URL+"/hook")
	}})
	s.cursorOn("Logins")
	s.Keys("f")
	s.WaitText("As if it had just happened")
	s.Keys(enter)
	s.WaitText("Name a user")
	s.Keys("ada" + enter)
	s.WaitText("um_user_login for ada: 1 delivery on the way.")
	if hook := receiver.Next(t); !strings.Contains(string(hook.Body), "ada@example.com") {
		t.Errorf("sent %s", hook.Body)
	}
	s.Keys("j")
	s.cursorOn("Newcomers")
	s.Keys("f")
	s.WaitText("Fire um_registration_complete")
	s.Keys("ada" + enter)
	s.WaitText("delivers nothing")
}

func TestDeleteZap(t *testing.T) {
	in(t, play{start: "zaps", seed: func(s *stage) {
		zapsOf(s)
		s.subscription(s.zapNamed("Logins").ID, "http://127.0.0.1:9999/hook")
	}}, func(t *testing.T, s *stage, press func(string)) {
		s.cursorOn("Logins")
		press("d")
		s.WaitText("1 target is subscribed to it.")
		s.Slow("delete 2" + enter)
		s.WaitText("that is not the phrase")
		s.Slow(kill + "delete 1" + enter)
		s.WaitText("“Logins” is deleted.")
		s.WaitText("Zaps ─ 2")
		s.cursorOn("Newcomers")
	})
}

func TestAddFieldsToAZap(t *testing.T) {
	in(t, play{seed: zapsOf, start: "zaps"}, func(t *testing.T, s *stage, press func(string)) {
		s.cursorOn("Logins")
		press("+")
		s.WaitText("Add fields to “Logins”")
		press("birth_date")
		s.WaitText("birth_date")
		press(" " + enter)
		s.WaitText("1 field added to “Logins”.")
		if diff := cmp.Diff([]string{"user_email", "first_name", "birth_date"}, s.zapNamed("Logins").Fields); diff != "" {
			t.Errorf("fields (-want +got):\n%s", diff)
		}
		s.WaitText("birth_date") // the preview has it
		press("u")
		s.WaitText("has the fields that it had.")
		if got := len(s.zapNamed("Logins").Fields); got != 2 {
			t.Errorf("%d fields", got)
		}
	})
}

func TestSubscribeFromTheZap(t *testing.T) {
	in(t, play{seed: zapsOf, start: "zaps"}, func(t *testing.T, s *stage, press func(string)) {
		s.cursorOn("Logins")
		press("S")
		s.WaitText("Subscribe to “Logins”")
		press("hooks.example.com" + enter)
		s.WaitText("write it as https://host/path")
		press(kill + "http://127.0.0.1:25/hook" + enter)
		s.WaitText("The target's port 25 belongs to SMTP")
		press(kill + "https://hooks.example.com/catch/8f2c" + enter)
		s.WaitText("hooks.example.com/…8f2c is subscribed to “Logins”.")
		s.WaitText("The signing secret of hooks.example.com/…8f2c")
		press(esc)
		s.WaitGone("whsec_")
		s.cursorOn("Logins")
		press("S")
		s.WaitText("Subscribe to “Logins”")
		press("https://hooks.example.com/catch/8f2c" + enter)
		s.WaitText("was subscribed to “Logins” before; it is active.")
		if strings.Contains(s.Screen(), "whsec_") {
			t.Errorf("the secret is shown again\n%s", s.Screen())
		}
	})
}

func TestZapsLeadToTheirPlaces(t *testing.T) {
	in(t, play{seed: zapsOf, start: "zaps"}, func(t *testing.T, s *stage, press func(string)) {
		s.cursorOn("Logins")
		press("o")
		s.WaitText("filter zap:1")
		s.WaitText("first_name")
		press("o")
		s.WaitText("[2 Zaps]")
		s.WaitText("#1 Logins")
		press("L")
		s.WaitText("[5 Trigger log]")
		s.WaitText("zap:1")
	})
}
