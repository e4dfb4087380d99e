package pages_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/enginetest"
	"umdeck/apiclient/engine/mail/smtptest"
	"umdeck/apiclient/server"
)

// patience is how long a page or a hook may take on a slow machine.
const patience = 2 * time.Minute

// TestSiteInBrowser goes the way of a member through a real browser: registers,
// opens the link in the mail, logs in, edits the profile and the account, forgets the
// password, and leaves. Each of it is seen as a hook at a receiver.
func TestSiteInBrowser(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("chromium is missing; install Debian's package chromium")
		}
		t.Skip("chromium is not installed")
	}
	s := startSite(t)
	b := openBrowser(t, chromium)

	const password, next = "Horse-Battery-7", "Staple-Correct-8"
	b.run(t, "register",
		chromedp.Navigate(s.url+"/register"),
		chromedp.SendKeys("#field-user_login", "ada"),
		chromedp.SendKeys("#field-first_name", "Ada"),
		chromedp.SendKeys("#field-last_name", "Lovelace & Søn"),
		chromedp.SendKeys("#field-user_email", "ada@example.com"),
		chromedp.SendKeys("#field-user_password", password),
	)
	s.later(10 * time.Second) // a person takes a while
	b.run(t, "forget to confirm the password", chromedp.Click("main form button"), b.sees("There is a problem"))
	b.run(t, "confirm it",
		chromedp.SendKeys("#field-user_password", password),
		chromedp.SendKeys("#field-confirm_user_password", password),
	)
	s.later(10 * time.Second)
	b.run(t, "send", chromedp.Click("main form button"), b.sees("Before you can log in"))
	s.told(t, apiclient.TriggerRegistration)

	b.run(t, "log in too early", b.login(s, password), b.sees("awaiting email verification"))
	b.run(t, "open the link in the mail", chromedp.Navigate(s.link(t, "act=activate_via_email")), b.sees("Your account is now active"))
	s.told(t, apiclient.TriggerActivation)
	b.run(t, "log in", b.login(s, password), b.sees("Edit profile"))
	s.told(t, apiclient.TriggerLogin)

	b.run(t, "edit the profile",
		chromedp.Click(`a[href*="um_action=edit"]`),
		chromedp.SetValue("#field-description", "First of all.\n<script>document.title='bad'</script>"),
		chromedp.Click("main form button"), b.sees("First of all."),
	)
	s.told(t, apiclient.TriggerEditProfile)
	b.run(t, "change the account",
		chromedp.Navigate(s.url+"/account/general"),
		chromedp.SetValue("#field-last_name", "Byron"),
		chromedp.Click("main form button"), b.sees("Your account was updated successfully"),
	)
	s.told(t, apiclient.TriggerAccount)

	s.review(t)
	s.told(t, apiclient.TriggerApprove)
	b.run(t, "be logged out by the review", chromedp.Navigate(s.url+"/account"), b.sees("Username or Email"))
	b.run(t, "log in after it", b.login(s, password), b.sees("Edit profile"))
	s.told(t, apiclient.TriggerLogin)

	b.run(t, "log out", chromedp.Click("header.site form button"), b.sees("Welcome"), chromedp.Navigate(s.url+"/account"), b.sees("Login"))
	b.run(t, "forget the password",
		chromedp.Navigate(s.url+"/password-reset"), chromedp.SendKeys("#field-username_b", "ada@example.com"),
		chromedp.Click("main form button"), b.sees("please check your inbox"),
	)
	b.run(t, "choose another one",
		chromedp.Navigate(s.link(t, "act=reset_password")),
		chromedp.SendKeys("#field-user_password", next), chromedp.SendKeys("#field-confirm_user_password", next),
		chromedp.Click("main form button"), b.sees("You have successfully changed your password"),
	)
	b.run(t, "the old one is over", b.login(s, password), b.sees("There is a problem"))
	b.run(t, "log in with it", b.login(s, next), b.sees("Edit profile"))
	s.told(t, apiclient.TriggerLogin)
	b.run(t, "find oneself", chromedp.Navigate(s.url+"/members?search=Ada"), b.sees("Ada Byron"))
	b.run(t, "leave",
		chromedp.Navigate(s.url+"/account/delete"), chromedp.SendKeys("#field-single_user_password", next),
		chromedp.Click("main form button"), b.sees("Login"),
	)
	s.told(t, apiclient.TriggerDelete)
	if _, err := s.FindUser(t.Context(), "ada"); apiclient.KindOf(err) != apiclient.NotFound {
		t.Errorf("the account is still there: %v", err)
	}
}

// A page in the browser.
type browser struct {
	context.Context //nolint:containedctx // a tab of chromedp is a context
}

func openBrowser(t *testing.T, chromium string) browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.WSURLReadTimeout(patience),
	)
	all, end := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	t.Cleanup(end)
	tab, closeTab := chromedp.NewContext(all, chromedp.WithLogf(t.Logf), chromedp.WithErrorf(t.Logf))
	t.Cleanup(closeTab)
	if err := chromedp.Do(tab); err != nil { // the browser lives as long as the context of its first run
		t.Fatalf("start the browser: %v", err)
	}
	return browser{tab}
}

// An act is something done in the page.
type act = chromedp.Action[chromedp.Void]

func (b browser) run(t *testing.T, what string, acts ...act) {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.Context, patience)
	defer cancel()
	if err := chromedp.Do(ctx, acts...); err != nil {
		t.Fatalf("%s: %v\n%s", what, err, b.text())
	}
}

// sees waits until the page says something.
func (b browser) sees(text string) act {
	return chromedp.WaitVisible(`//main[contains(translate(normalize-space(.), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'), "` + strings.ToLower(text) + `")]`)
}

func (b browser) login(s *site, password string) act {
	return chromedp.Steps(
		chromedp.Navigate(s.url+"/login"), chromedp.SendKeys("#field-username", "ada"), chromedp.SendKeys("#field-user_password", password),
		chromedp.Click("main form button"),
	)
}

// text is what the page says, for a test that has failed.
func (b browser) text() string {
	ctx, cancel := context.WithTimeout(b.Context, 5*time.Second)
	defer cancel()
	url, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		return err.Error()
	}
	text, err := chromedp.Run(ctx, chromedp.Text("body"))
	if err != nil {
		return url + "\n" + err.Error()
	}
	return url + "\n" + text
}

// A site is a local instance that is served, with a mail server and a receiver of
// its seven triggers.
type site struct {
	*engine.Engine
	url    string
	ahead  *atomic.Int64 // of the real time, in nanoseconds
	mails  *smtptest.Server
	opened int // letters whose link was opened

	mu    sync.Mutex
	hooks []map[string]any
}

func startSite(t *testing.T) *site {
	t.Helper()
	var lc net.ListenConfig
	listener, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{url: "http://" + listener.Addr().String(), ahead: &atomic.Int64{}, mails: smtptest.Start(t, smtptest.Config{})}
	logger := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	s.Engine, err = engine.Open(t.Context(), engine.Config{
		Dir: enginetest.Dir(t), SiteName: "Club", URL: s.url, AllowPrivateTargets: true, Logger: logger,
		Now: func() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) },
	})
	if err != nil {
		t.Fatal(err)
	}
	s.settle(t)
	h, err := server.New(server.Config{API: s.Engine, Members: s.Engine, Authenticate: s.Authenticate, URL: s.url, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() {
		if err := s.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	running.Go(func() {
		if err := h.Serve(ctx, listener); err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	t.Cleanup(func() {
		stop()
		running.Wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// settle makes the zaps, their subscriber, the mail server and a role that wants an
// address to be confirmed.
func (s *site) settle(t *testing.T) {
	t.Helper()
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		hook := map[string]any{}
		if err == nil {
			err = json.Unmarshal(body, &hook)
		}
		if err != nil {
			t.Errorf("hook: %v", err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.hooks = append(s.hooks, hook)
	}))
	t.Cleanup(receiver.Close)
	ctx := apiclient.WithActor(t.Context(), apiclient.Actor{Login: "admin", Origin: apiclient.OriginConsole})
	for _, trigger := range apiclient.Triggers() {
		z, err := s.CreateZap(ctx, apiclient.NewZap{Name: string(trigger), Kind: apiclient.ZapTrigger, Event: trigger, Status: apiclient.ZapRunning, Fields: []string{"user_email", "last_name", "account_status"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.AddSubscription(ctx, apiclient.NewSubscription{Zap: z.ID, URL: receiver.URL}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.ChangeSettings(ctx, map[string]string{
		"checkmail_email_on": "1", "smtp_host": s.mails.Host, "smtp_port": strconv.Itoa(s.mails.Port), "smtp_security": "none",
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.UpdateRole(ctx, "subscriber", apiclient.RoleUpdate{Registration: new("checkmail")}); err != nil {
		t.Fatal(err)
	}
	forms, err := s.Forms(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range forms {
		if f.Mode == apiclient.FormProfile {
			if _, err := s.UpdateForm(ctx, f.ID, apiclient.FormUpdate{Fields: []apiclient.FormField{{Field: apiclient.Field{Key: "description"}}}}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// review puts ada under review, and approves her.
func (s *site) review(t *testing.T) {
	t.Helper()
	ctx := apiclient.WithActor(t.Context(), apiclient.Actor{Login: "admin", Origin: apiclient.OriginConsole})
	ada, err := s.FindUser(ctx, "ada")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []apiclient.Action{apiclient.ActionPending, apiclient.ActionApprove} {
		out, err := s.DoUsers(ctx, apiclient.UserAction{Action: a, Users: []apiclient.UserID{ada.ID}})
		if err != nil || out[0].Err != nil {
			t.Fatalf("%s: %v, %v", a, out, err)
		}
	}
}

// later moves the site's clock.
func (s *site) later(d time.Duration) { s.ahead.Add(int64(d)) }

// told waits for the hook of a trigger about ada.
func (s *site) told(t *testing.T, trigger apiclient.Trigger) {
	t.Helper()
	deadline := time.Now().Add(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for time.Now().Before(deadline) {
		s.mu.Lock()
		hooks := s.hooks
		if len(hooks) > 0 {
			s.hooks = hooks[1:]
		}
		s.mu.Unlock()
		if len(hooks) > 0 {
			want := []any{string(trigger), "ada@example.com"}
			if diff := cmp.Diff(want, []any{hooks[0]["um_zap_name"], hooks[0]["user_email"]}); diff != "" {
				t.Fatalf("the next hook (-want +got):\n%s%v", diff, hooks[0])
			}
			return
		}
		<-tick.C
	}
	t.Fatalf("no hook of %s came", trigger)
}

// address finds addresses in the text of a mail.
var address = regexp.MustCompile(`https?://[^\s"<>]+`)

// link waits for the next mail that has an address with that in it.
func (s *site) link(t *testing.T, part string) string {
	t.Helper()
	for {
		letters := s.mails.Wait(t, s.opened+1)
		text := string(letters[s.opened].Raw)
		s.opened++
		text = strings.NewReplacer("=\r\n", "", "=3D", "=", "&amp;", "&").Replace(text) // quoted-printable
		for _, found := range address.FindAllString(text, -1) {
			if strings.Contains(found, part) {
				return found
			}
		}
	}
}
