package views_test

import (
	"regexp"
	"strings"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// targets are three subscriptions of the zap Logins.
func targets(url string) func(s *stage) {
	return func(s *stage) {
		zapsOf(s)
		for _, name := range []string{"one1", "two2", "three"} {
			s.subscription(s.zapNamed("Logins").ID, url+"/hook/"+name)
		}
	}
}

// states returns the states of the subscriptions by id.
func (s *stage) states() string {
	s.t.Helper()
	subs, err := s.api.Subscriptions(s.ctx, 0)
	must(s.t, err)
	var list []string
	for _, sub := range subs {
		list = append(list, string(sub.State))
	}
	return strings.Join(list, " ")
}

func TestPauseAndResume(t *testing.T) {
	in(t, play{seed: targets("http://127.0.0.1:9999"), start: "subscriptions"}, func(t *testing.T, s *stage, press func(string)) {
		s.cursorOn("…one1")
		press("x")
		s.WaitText("paused, and its deliveries are held.")
		if got := s.states(); got != "paused active active" {
			t.Error(got)
		}
		s.WaitText("paused by an operator")
		press("x")
		s.WaitText("active, and what was held goes out.")
		press("V")
		s.WaitText("3 marked")
		press("x")
		s.WaitText("Pause 3 subscriptions")
		s.WaitText("…two2 of “Logins”")
		press("y")
		s.WaitText("3 subscriptions: paused")
		if got := s.states(); got != "paused paused paused" {
			t.Error(got)
		}
	})
}

func TestEditAndRotateSubscription(t *testing.T) {
	in(t, play{seed: targets("http://127.0.0.1:9999"), start: "subscriptions", w: 120, h: 36}, func(t *testing.T, s *stage, press func(string)) {
		s.cursorOn("…one1")
		press("e")
		s.WaitText("is posted to")
		press(" \t2.5\t5s 1x" + enter)
		s.WaitText("is no wait; write it as 30s, 2m or 1h.")
		press("\x7f\x7f" + "2m" + enter)
		s.WaitText("from the next try on")
		sub, err := s.api.Subscription(s.ctx, 1)
		must(t, err)
		if !sub.Strict || sub.Rate != 2.5 || len(sub.Schedule) != 2 {
			t.Errorf("strict %t, %v a second, waits %v", sub.Strict, sub.Rate, sub.Schedule)
		}
		s.WaitText("yes: one at a time")
		s.WaitText("2.5 a second at most")
		s.WaitText("5s 2m")
		s.WaitText("none yet") // its last success, which the API dates to when it was made
		press("W")
		s.WaitText("for 24 hours")
		s.Keys("y")
		s.WaitText("whsec_")
		s.WaitText("It is shown this once.")
		press(esc)
		s.WaitGone("whsec_")
		s.WaitText("signs until")
	})
}

func TestAddAndRemoveSubscription(t *testing.T) {
	in(t, play{seed: targets("http://127.0.0.1:9999"), start: "subscriptions"}, func(t *testing.T, s *stage, press func(string)) {
		s.cursorOn("…one1")
		press("n")
		s.WaitText("Subscribe to which zap?")
		press("newcom" + enter)
		s.WaitText("Subscribe to “Newcomers”")
		press("https://hooks.example.com/new1" + enter)
		s.WaitText("is subscribed to “Newcomers”.")
		s.WaitText("whsec_")
		press(esc)
		s.WaitGone("whsec_")
		s.cursorOn("hooks.example.com")
		press("d")
		s.WaitText("The log stays.")
		s.Slow("unsubscribe 4" + enter)
		s.WaitText("is unsubscribed.")
		s.WaitText("gone")
		press("x")
		s.WaitText("The subscription has ended")
		press("r")
		s.WaitText("is subscribed to “Newcomers” again.")
		if strings.Contains(s.Screen(), "whsec_") {
			t.Errorf("the secret is shown again\n%s", s.Screen())
		}
		if got := s.states(); got != "active active active active" {
			t.Error(got)
		}
		press("V")
		s.WaitText("4 marked")
		press("d")
		s.WaitText("Unsubscribe 4 subscriptions")
		s.Slow("unsubscribe all 4" + enter)
		s.WaitText("4 subscriptions are unsubscribed.")
		if got := s.states(); got != "gone gone gone gone" {
			t.Error(got)
		}
	})
}

// TestSecretOfANewSubscription shows what its hooks are signed with, once.
func TestSecretOfANewSubscription(t *testing.T) {
	receiver := apitest.NewReceiver(t)
	in(t, play{seed: targets(receiver.URL), start: "subscriptions"}, func(t *testing.T, s *stage, press func(string)) {
		s.cursorOn("…one1")
		press("n")
		s.WaitText("Subscribe to which zap?")
		press("newcom" + enter)
		s.WaitText("Subscribe to “Newcomers”")
		press(receiver.URL + "/hook/new1" + enter)
		s.WaitText("The signing secret of " + apiclient.HideURL(receiver.URL+"/hook/new1"))
		s.WaitText("It is shown this once.")
		secret := regexp.MustCompile(`whsec_[A-Za-z0-9+/=]+`).FindString(s.Screen())
		s.WaitText("is subscribed to “Newcomers”") // before the next message takes its place
		press("y")
		s.WaitText("copied the signing secret")
		if got := s.clip.last(t); got != secret {
			t.Errorf("copied %q; shown was %q", got, secret)
		}
		s.WaitGone("whsec_")
		s.cursorOn("…new1")
		press("t")
		if hook := receiver.Next(t); hook.Path != "/hook/new1" || !hook.Signed(apiclient.NewSecret(secret)) {
			t.Errorf("the hook at %s is not signed with the secret that was shown", hook.Path)
		}
	})
}

func TestSendTheSample(t *testing.T) {
	receiver := apitest.NewReceiver(t)
	s := raise(t, play{seed: targets(receiver.URL), start: "subscriptions"})
	s.cursorOn("…one1")
	s.Keys("t")
	s.WaitText("The sample is on its way to")
	if hook := receiver.Next(t); hook.Path != "/hook/one1" || !strings.Contains(string(hook.Body), "test@example.com") {
		t.Errorf("sent %s to %s", hook.Body, hook.Path)
	}
	s.WaitText("✓ 200") // the preview, without a key
	s.WaitText("1 attempt")
}

func TestTheURLIsASecret(t *testing.T) {
	in(t, play{seed: targets("http://127.0.0.1:9999"), start: "subscriptions"}, func(t *testing.T, s *stage, press func(string)) {
		s.cursorOn("…one1")
		press(enter)
		s.WaitText("m reveals")
		if strings.Contains(s.Screen(), "http://") {
			t.Errorf("the URL is on the screen\n%s", s.Screen())
		}
		press("m")
		s.WaitText("http://127.0.0.1:9999/hook/one1")
		press("y")
		s.WaitText("copied 1 URL")
		if got := s.clip.last(t); got != "http://127.0.0.1:9999/hook/one1" {
			t.Errorf("copied %q", got)
		}
		press(esc + "z")
		s.WaitText("#1 Logins")
	})
}

func TestNobodyIsSubscribed(t *testing.T) {
	s := raise(t, play{start: "subscriptions"})
	s.WaitText("Nobody is subscribed. n adds a target.")
	s.Keys("n")
	s.WaitText("There is no trigger zap; make one first.")
	s.Keys(esc + "x")
	s.WaitText("There is no subscription under the cursor.")
	if got := s.states(); got != "" {
		t.Error(got)
	}
}
