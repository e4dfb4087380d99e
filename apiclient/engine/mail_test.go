package engine_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/mail/smtptest"
)

// theSettings changes settings, given as key, value, key, value.
func theSettings(t *testing.T, api apiclient.API, pairs ...string) {
	t.Helper()
	values := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	must(api.ChangeSettings(t.Context(), values))(t)
}

// at lets the engine mail through the server.
func at(t *testing.T, api apiclient.API, s *smtptest.Server) {
	t.Helper()
	theSettings(t, api, "smtp_host", s.Host, "smtp_port", strconv.Itoa(s.Port), "smtp_security", "none", "umdeck_mail_rate", "0")
}

// mailsOf returns the mails, oldest first, as "slug to state why".
func mailsOf(t *testing.T, api apiclient.API) []apiclient.Mail {
	t.Helper()
	list := must(api.Mails(t.Context(), apiclient.MailQuery{Limit: apiclient.MaxLimit}))(t).Mails
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list
}

func told(list []apiclient.Mail) string {
	var words []string
	for _, m := range list {
		words = append(words, strings.TrimSpace(string(m.Slug)+" "+m.To+" "+string(m.State)+" "+m.Why))
	}
	return strings.Join(words, "\n")
}

func newcomer(login string, status apiclient.Status) apiclient.NewUser {
	return apiclient.NewUser{Login: login, Email: login + "@example.com", Status: status}
}

func act(t *testing.T, api apiclient.API, a apiclient.Action, mail *bool, ids ...apiclient.UserID) {
	t.Helper()
	for _, o := range must(api.DoUsers(t.Context(), apiclient.UserAction{Action: a, Users: ids, Mail: mail}))(t) {
		if o.Err != nil {
			t.Fatalf("%s: %v", a, o.Err)
		}
	}
}

// TestMailsPosted goes through what posts mails, with no mail server: each is kept,
// with the reason.
func TestMailsPosted(t *testing.T) {
	e := open(t, t.TempDir())
	theSettings(t, e, "admin_email", "one@example.com, two@example.com", "approved_email_on", "on", "notification_deletion_on", "1")
	ada := must(e.CreateUser(t.Context(), newcomer("ada", apiclient.StatusAwaitingReview)))(t)
	act(t, e, apiclient.ActionApprove, nil, ada.ID)
	act(t, e, apiclient.ActionDeactivate, new(false), ada.ID)
	act(t, e, apiclient.ActionReactivate, nil, ada.ID)
	act(t, e, apiclient.ActionResend, new(true), ada.ID)
	act(t, e, apiclient.ActionDelete, nil, ada.ID)
	bob := must(e.CreateUser(t.Context(), newcomer("bob", apiclient.StatusApproved)))(t)
	act(t, e, apiclient.ActionDelete, nil, bob.ID)
	fake := newcomer("fake", apiclient.StatusApproved)
	fake.Email = "nobody5f2a11c9@example.com"
	must(e.CreateUser(t.Context(), fake))(t)
	const held, off = "held no mail server is configured", "suppressed its template is off"
	const unapproved = "suppressed the account was not approved, and Ultimate Member mails no others when it deletes them"
	want := strings.Join([]string{
		"pending_email ada@example.com " + off,
		"approved_email ada@example.com " + held,
		"inactive_email ada@example.com suppressed whoever caused it asked for no mail",
		"welcome_email ada@example.com " + held,
		"checkmail_email ada@example.com " + held,
		"deletion_email ada@example.com " + unapproved,
		"notification_deletion one@example.com " + unapproved,
		"notification_deletion two@example.com " + unapproved,
		"welcome_email bob@example.com " + held,
		"deletion_email bob@example.com " + held,
		"notification_deletion one@example.com " + held,
		"notification_deletion two@example.com " + held,
		"welcome_email nobody5f2a11c9@example.com suppressed the address is one that Ultimate Member makes up for who has none",
	}, "\n")
	if got := told(mailsOf(t, e)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if m := mailsOf(t, e)[1]; m.Cause != "users.approve (console)" && !strings.HasPrefix(m.Cause, "users.approve") || m.Login != "ada" || m.User != ada.ID || m.MessageID == "" {
		t.Errorf("%+v", m)
	}
}

// TestLinksAreHidden looks that the secret of an activation link is seen by nobody who
// does not ask for it, and by whom it was mailed to.
func TestLinksAreHidden(t *testing.T) {
	s := smtptest.Start(t, smtptest.Config{})
	r := run(t, t.TempDir())
	defer closeRun(t, r)
	at(t, r, s)
	theSettings(t, r, "checkmail_email_on", "on")
	ada := must(r.CreateUser(t.Context(), newcomer("ada", apiclient.StatusAwaitingEmail)))(t)
	raw := string(s.Wait(t, 1)[0].Raw)
	raw = strings.ReplaceAll(strings.ReplaceAll(raw, "=\r\n", ""), "=3D", "=")
	_, rest, ok := strings.Cut(raw, "hash=")
	if !ok || len(rest) < 40 {
		t.Fatalf("the mail has no link: %s", raw)
	}
	hash := rest[:40]
	id := mailsOf(t, r)[0].ID
	waitState(t, r, id, apiclient.MailDone)
	m := must(r.Mail(t.Context(), id))(t)
	if strings.Contains(m.Text+m.HTML+m.Subject, hash) || !strings.Contains(m.Text, "hash=••••••••&user_id="+strconv.Itoa(int(ada.ID))) || len(m.Log) != 1 {
		t.Errorf("it shows %+v", m)
	}
	seen := must(r.RevealMail(t.Context(), id))(t)
	if !strings.Contains(seen.Text, hash) {
		t.Errorf("revealed, it lacks the link: %s", seen.Text)
	}
	audits := must(r.Audits(t.Context(), apiclient.AuditQuery{Limit: 1}))(t).Audits
	if audits[0].Action != "mails.reveal" || !strings.Contains(audits[0].Subject, fmt.Sprint("mail ", id)) {
		t.Errorf("the audit says %+v", audits[0])
	}
	made := must(r.ResendMail(t.Context(), id))(t)
	if strings.Contains(made.Text, hash) || made.ResendOf != id || made.MessageID == m.MessageID {
		t.Errorf("sent again: %+v", made)
	}
	s.Wait(t, 2)
	act(t, r, apiclient.ActionApprove, nil, ada.ID)
	if _, err := r.ResendMail(t.Context(), id); apiclient.KindOf(err) != apiclient.Conflict {
		t.Errorf("a mail whose link is over was sent again: %v", err)
	}
}

func closeRun(t *testing.T, r running) {
	t.Helper()
	if err := r.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// waitState waits until a mail is in the state.
func waitState(t *testing.T, api apiclient.API, id apiclient.MailID, want apiclient.MailState) apiclient.Mail {
	t.Helper()
	limit, tick := time.NewTimer(30*time.Second), time.NewTicker(20*time.Millisecond)
	defer limit.Stop()
	defer tick.Stop()
	for {
		m := must(api.Mail(t.Context(), id))(t)
		if m.State == want {
			return m
		}
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatalf("mail %d is %s (%s %s); want %s", id, m.State, m.Why, m.Error, want)
		}
	}
}

// TestHeldMailsGo configures a mail server at last: young mails go, and old ones do not.
func TestHeldMailsGo(t *testing.T) {
	now := atomic.Int64{}
	now.Store(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC).UnixMilli())
	e, err := engine.Open(t.Context(), placed(t, engine.Config{Dir: t.TempDir(), Now: func() time.Time { return time.UnixMilli(now.Load()) }}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	must(e.CreateUser(t.Context(), newcomer("old", apiclient.StatusApproved)))(t)
	now.Add((apiclient.MailHeldFor + time.Minute).Milliseconds())
	must(e.CreateUser(t.Context(), newcomer("young", apiclient.StatusApproved)))(t)
	theSettings(t, e, "smtp_host", "127.0.0.1")
	if got, want := told(mailsOf(t, e)), "welcome_email old@example.com suppressed no mail server was configured within 24 hours\nwelcome_email young@example.com due"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	theSettings(t, e, "smtp_host", "")
	if got := told(mailsOf(t, e)[1:]); got != "welcome_email young@example.com held no mail server is configured" {
		t.Errorf("without a server: %s", got)
	}
}

// TestServerInTrouble lets the server refuse the login: mails wait without losing a try,
// the site says why, and the right password lets them go at once.
func TestServerInTrouble(t *testing.T) {
	s := smtptest.Start(t, smtptest.Config{User: "site", Password: "right"})
	r := run(t, t.TempDir())
	defer closeRun(t, r)
	at(t, r, s)
	theSettings(t, r, "smtp_user", "site", "smtp_password", "wrong")
	for _, login := range []string{"a", "b", "c", "d", "e", "f"} {
		must(r.CreateUser(t.Context(), newcomer(login+"user", apiclient.StatusApproved)))(t)
	}
	limit, tick := time.NewTimer(30*time.Second), time.NewTicker(20*time.Millisecond)
	defer limit.Stop()
	defer tick.Stop()
	for warned := false; !warned; {
		warned = strings.Contains(strings.Join(must(r.Site(t.Context()))(t).Warnings, " "), "Mails wait: 127.0.0.1:")
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatal("the site does not warn")
		}
	}
	for _, m := range mailsOf(t, r) {
		if m.State != apiclient.MailDue && m.State != apiclient.MailClaimed {
			t.Errorf("%+v; want it to wait", m)
		}
	}
	if test := must(r.TestMail(t.Context(), "ada@example.com"))(t); test.Error == "" || !strings.Contains(test.Fix, "smtp_password") {
		t.Errorf("the test says %+v", test)
	}
	theSettings(t, r, "smtp_password", "right")
	s.Wait(t, 6)
	if test := must(r.TestMail(t.Context(), "ada@example.com"))(t); test.Error != "" {
		t.Errorf("the test says %+v", test)
	}
}

// TestMailServerAnswers takes a mail through a refusal for now and one for good.
func TestMailServerAnswers(t *testing.T) {
	var answers atomic.Int64
	s := smtptest.Start(t, smtptest.Config{Rcpt: func(to string) error {
		switch {
		case strings.HasPrefix(to, "gone"):
			return smtptest.Answer(550, "no such user")
		case answers.Add(1) == 1:
			return smtptest.Answer(451, "greylisted")
		}
		return nil
	}})
	r := run(t, t.TempDir())
	defer closeRun(t, r)
	at(t, r, s)
	must(r.CreateUser(t.Context(), newcomer("gone", apiclient.StatusApproved)))(t)
	dead := waitState(t, r, mailsOf(t, r)[0].ID, apiclient.MailDead)
	if dead.Code != 550 || !strings.Contains(dead.Error, "no such user") || dead.Attempts != 1 {
		t.Errorf("%+v", dead)
	}
	must(r.CreateUser(t.Context(), newcomer("grey", apiclient.StatusApproved)))(t)
	done := waitState(t, r, mailsOf(t, r)[1].ID, apiclient.MailDone)
	if done.Attempts != 2 || done.Log[0].Code != 451 || done.Log[1].Code != 0 || done.SentAt.IsZero() {
		t.Errorf("%+v", done)
	}
}

// TestPlanIsExact compares what a plan says of mails with what becomes of them.
func TestPlanIsExact(t *testing.T) {
	e := open(t, t.TempDir())
	theSettings(t, e, "smtp_host", "127.0.0.1")
	for _, a := range []apiclient.Action{apiclient.ActionPending, apiclient.ActionResend, apiclient.ActionDeactivate, apiclient.ActionDelete} {
		for _, wish := range []*bool{nil, new(false), new(true)} {
			u := must(e.CreateUser(t.Context(), newcomer("u"+strconv.Itoa(len(mailsOf(t, e))), apiclient.StatusApproved)))(t)
			p := must(e.PlanUsers(t.Context(), apiclient.UserAction{Action: a, Users: []apiclient.UserID{u.ID}, Mail: wish}))(t)
			before := len(mailsOf(t, e))
			act(t, e, a, wish, u.ID)
			after := mailsOf(t, e)[before:]
			if len(after) != len(p.Steps[0].Mails) {
				t.Fatalf("%s: planned %+v, posted %s", a, p.Steps[0].Mails, told(after))
			}
			for i, planned := range p.Steps[0].Mails {
				if m := after[i]; planned.Slug != m.Slug || planned.Off != m.Why || (planned.Off == "") != (m.State == apiclient.MailDue) {
					t.Errorf("%s: planned %+v, posted %s", a, planned, told(after[i:i+1]))
				}
			}
		}
	}
}

// TestKillWhileMailing kills the engine while the server has the text and has not
// answered: the mail comes once more with the same Message-ID, and no mail is lost.
func TestKillWhileMailing(t *testing.T) {
	reached, release := make(chan struct{}, 100), make(chan struct{})
	s := smtptest.Start(t, smtptest.Config{Data: func(smtptest.Letter) error {
		reached <- struct{}{}
		<-release
		return nil
	}})
	dir := t.TempDir()
	e, err := engine.Open(t.Context(), placed(t, engine.Config{Dir: dir}))
	if err != nil {
		t.Fatal(err)
	}
	at(t, e, s)
	const mails = 6
	for i := range mails {
		must(e.CreateUser(t.Context(), newcomer("user"+strconv.Itoa(i), apiclient.StatusApproved)))(t)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$", "-test.v")
	child.Env = inherit(dir, childDir+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
		}
	}()
	<-reached
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed
	ended(t, dir)
	close(release)
	r := run(t, dir)
	defer closeRun(t, r)
	for _, m := range mailsOf(t, r) {
		waitState(t, r, m.ID, apiclient.MailDone)
	}
	seen := map[string]int{}
	for _, l := range s.Letters() {
		seen[l.Message.Header.Get("Message-Id")]++
	}
	if len(seen) != mails {
		t.Errorf("%d different mails came; want %d", len(seen), mails)
	}
	for id, n := range seen {
		if n > 2 {
			t.Errorf("the mail %s came %d times", id, n)
		}
	}
}
