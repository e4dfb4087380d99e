package filter_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
)

var members = []apiclient.User{
	{
		ID: 1, Login: "ada", Email: "ada@example.com", DisplayName: "Ada Lovelace", Status: apiclient.StatusApproved, Roles: []apiclient.RoleSlug{"um_vip", "subscriber"},
		Registered: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), LastLogin: time.Date(2026, 5, 6, 7, 0, 0, 500e6, time.UTC),
		Fields: map[string]apiclient.Value{
			"first_name": apiclient.Text("Ada"), "last_name": apiclient.Text("Lovelace"), "age": apiclient.Text("36"), "birth_date": apiclient.Text("1990-12-10"),
			"languages": apiclient.List("English", "French"), "city": apiclient.Text("London"),
		},
	},
	{
		ID: 20, Login: "bob", Email: "bob@example.org", DisplayName: "Bob (100%)", Status: apiclient.StatusAwaitingReview, Roles: []apiclient.RoleSlug{"subscriber"},
		Registered: time.Date(2026, 1, 31, 23, 59, 59, 999e6, time.UTC),
		Fields:     map[string]apiclient.Value{"first_name": apiclient.Text("Bob"), "age": apiclient.Text("9"), "languages": apiclient.List(), "city": apiclient.Text("none")},
	},
	{
		ID: 300, Login: "çem", Email: "cem@example.com", DisplayName: "Çem Özgür", Registered: time.Date(2025, 2, 1, 0, 0, 0, 0, time.UTC),
		Fields: map[string]apiclient.Value{"last_name": apiclient.Text("Özgür"), "age": apiclient.Text("unknown"), "languages": apiclient.List("Turkish")},
	},
	{ID: 4000, Login: "dan_1", Email: "dan@example.com", Status: "on_hold", Registered: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)},
}

func TestRunOnUsers(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "ada bob çem dan_1",
		"-()":                      "",
		"ADA":                      "ada",
		"ÖZGÜR":                    "çem",
		"example.com":              "ada çem dan_1",
		`"(100%)"`:                 "bob",
		"example OR nobody":        "ada bob çem dan_1",
		"-example.com":             "bob",
		"love* OR bob*":            "ada bob",
		`"ada love"`:               "ada",
		"login:ADA":                "ada",
		"login:ad":                 "",
		"login:*a*":                "ada dan_1",
		"login:d?n_1":              "",
		"login:d*n*1":              "dan_1",
		"email:*.com":              "ada çem dan_1",
		"email:~EXAMPLE.O":         "bob",
		"id:20":                    "bob",
		"id:>20":                   "çem dan_1",
		"id:2..300":                "bob çem",
		"-id:1,20":                 "çem dan_1",
		"role:subscriber":          "ada bob",
		"role:um_vip":              "ada",
		"role:none":                "çem dan_1",
		"-role:um_*":               "bob çem dan_1",
		"status:approved":          "ada",
		"status:pending":           "bob",
		"status:none":              "çem",
		"status:on_hold":           "dan_1",
		"-status:approved":         "bob çem dan_1",
		"registered:2026-01-31":    "bob",
		"registered:2026-01":       "bob",
		"registered:2026":          "ada bob dan_1",
		"registered:<2026-01-31":   "çem",
		"registered:<=2026-01-31":  "bob çem",
		"registered:>2026-01-31":   "ada dan_1",
		"registered:>=2026-01-31":  "ada bob dan_1",
		"registered:2025..2026-01": "bob çem",
		"registered:7d":            "ada",
		"registered:2026-02-01T00:00:00Z..2026-05-01T12:00Z": "ada dan_1",
		"registered:2026-01-31T23:59:59Z":                    "bob",
		"registered:>2026-01-31T23:59:59Z":                   "ada dan_1",
		"last_login:none":                                    "bob çem dan_1",
		"last_login:2026-05-06T07:00:00.5Z":                  "ada",
		"last_login:*":                                       "ada",
		"last_login:<2030":                                   "ada",
		"age:>=10":                                           "ada çem",
		"age:36.0":                                           "",
		"age:9..36":                                          "ada bob",
		"age:none":                                           "dan_1",
		"birth_date:<2000-01-01":                             "ada",
		"birth_date:1990-12-10":                              "ada",
		"languages:french":                                   "ada",
		"languages:none":                                     "bob dan_1",
		"languages:~ish":                                     "ada çem",
		"-languages:English":                                 "bob çem dan_1",
		`city:"none"`:                                        "bob",
		"city:none":                                          "çem dan_1",
		"city:*":                                             "ada bob",
		`city:>""`:                                           "ada bob",
		`city:~""`:                                           "ada bob çem dan_1",
		"city:**":                                            "ada bob çem dan_1",
		"no_such_field:x":                                    "",
		"no_such_field:none":                                 "ada bob çem dan_1",
		"(ada OR bob) status:approved,pending -age:<10": "ada",
	} {
		f, err := filter.Parse(text, users)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, names(f)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// names returns the logins of the members that match.
func names(f apiclient.Filter) string {
	var list []string
	for _, u := range members {
		if filter.Run(f, filter.UserRow(u)) {
			list = append(list, u.Login)
		}
	}
	return strings.Join(list, " ")
}

// TestRunOnTrees runs filters that no text gives.
func TestRunOnTrees(t *testing.T) {
	ada := leaf("login", apiclient.Equals, "ada")
	for _, c := range []struct {
		name string
		f    apiclient.Filter
		want string
	}{
		{"or of nothing", either(), ""},
		{"not of nothing", apiclient.Filter{Op: apiclient.Not}, ""},
		{"not of two", apiclient.Filter{Op: apiclient.Not, Terms: []apiclient.Filter{ada, leaf("id", apiclient.Equals, "1")}}, "bob çem dan_1"},
		{"and of one", all(ada), "ada"},
		{"or of one", either(ada), "ada"},
		{"an unknown operation", apiclient.Filter{Op: 9}, ""},
		{"an unknown comparison", leaf("login", 99, "ada"), ""},
		{"like without a star", leaf("login", apiclient.Like, "ADA"), "ada"},
		{"like a percent sign", leaf("login", apiclient.Like, "%"), ""},
		{"like everything", leaf("login", apiclient.Like, "*"), "ada bob çem dan_1"},
		{"like everything, where nothing is", leaf("city", apiclient.Like, "*"), "ada bob çem dan_1"},
		{"contains nothing", leaf("login", apiclient.Contains, ""), "ada bob çem dan_1"},
		{"equals nothing", leaf("city", apiclient.Equals, ""), "çem dan_1"},
		{"free text by another comparison", leaf("", apiclient.Equals, "LOVE"), "ada"},
		{"no free text", leaf("", apiclient.IsEmpty, ""), "ada bob çem dan_1"},
		{"numbers are no words", leaf("age", apiclient.Greater, "inf"), "çem"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, names(c.f)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			again, err := filter.Parse(filter.String(c.f), users)
			if err != nil {
				t.Fatalf("printed as %s: %v", filter.String(c.f), err)
			}
			if c.f.Match.Op == 99 {
				return // printed as something else on purpose: it has no text
			}
			if diff := cmp.Diff(c.want, names(again)); diff != "" {
				t.Errorf("printed as %s it says (-want +got):\n%s", filter.String(c.f), diff)
			}
		})
	}
}

func TestRunOnTheLog(t *testing.T) {
	d := apiclient.Delivery{
		ID: 9, WebhookID: "msg_1", Event: apiclient.TriggerLogin, Zap: 3, ZapName: "Logins", Subscription: 4, URL: "https://hooks.example.com/hooks/secretkey1234", User: 7, Login: "ada",
		State: apiclient.DeliveryDead, Attempts: 8, Code: 503, Duration: 2500 * time.Millisecond, At: now(), Error: "the answer was 503",
	}
	for text, want := range map[string]bool{
		"ada": true, "logins": true, "msg_1": true, "secretkey": false, "503": true, "id:9": true, "event:um_user_login": true, "zap:3": true, "zap:4": false,
		"subscription:4": true, "user:7": true, "login:ada": true, "state:dead,gone": true, "state:done": false, "attempts:>5": true, "code:5xx": true, "code:4xx": false,
		"ms:>2s": true, "ms:<2500": false, "ms:2500": true, "at:1h": true, "at:today": true, "test:false": true, "test:true": false, "code:none": false,
	} {
		f, err := filter.Parse(text, deliveries)
		if err != nil || filter.Run(f, filter.DeliveryRow(d)) != want {
			t.Errorf("%s: %v, want %t", text, err, want)
		}
	}
	e := apiclient.Event{ID: 5, Trigger: apiclient.TriggerDelete, User: 7, Login: "ada", Origin: apiclient.OriginAPI, Actor: "admin", At: now()}
	for text, want := range map[string]bool{
		"admin": true, "id:5": true, "trigger:um_delete_user": true, "event:~delete": true, "user:7": true, "login:ada": true, "origin:api,crm": true, "origin:form": false, "actor:none": false, "at:today": true,
	} {
		f, err := filter.Parse(text, filter.Options{Columns: filter.Events(), Now: now})
		if err != nil || filter.Run(f, filter.EventRow(e)) != want {
			t.Errorf("%s: %v, want %t", text, err, want)
		}
	}
	a := apiclient.Audit{ID: 6, At: now(), Actor: "admin", Origin: apiclient.OriginConsole, Action: "users.approve", Subject: "user 7 (ada)"}
	for text, want := range map[string]bool{
		"ada": true, "id:6": true, "action:users.*": true, "subject:~ada": true, "actor:admin": true, "origin:console": true, "at:>today": false,
	} {
		f, err := filter.Parse(text, filter.Options{Columns: filter.Audits(), Now: now})
		if err != nil || filter.Run(f, filter.AuditRow(a)) != want {
			t.Errorf("%s: %v, want %t", text, err, want)
		}
	}
}

// TestRunDeliveries asks of one delivery what people ask the log.
func TestRunDeliveries(t *testing.T) {
	d := apiclient.Delivery{
		ID: 9, State: apiclient.DeliveryDead, Event: apiclient.TriggerLogin, User: 7, Login: "Anna", Duration: 501 * time.Millisecond,
		At: now().Add(-59 * time.Minute), URL: "https://Hooks.Zapier.com:8443/hooks/catch/1/secret?a=b",
	}
	for text, want := range map[string]bool{
		"state:dead event:um_user_login target:hooks.zapier.com user:anna ms:>500 since:1h": true,
		"target:HOOKS.zapier.com": true, "target:hooks.zapier.com:8443": true, "target:hooks.zapier.com:443": false, "target:*.zapier.com": true,
		"target:~zapier": true, "target:~secret": false, "target:*/*": false, "target:~a=b": false, "secret": false, "target:*": true, "target:none": false, "-target:example.com": true,
		"user:7": true, "user:8": false, `user:"7"`: false, "user:bob": false, "user:an*": true, "user:bob,7": true, "user:none": false,
		"since:59m": true, "since:58m": false, "-since:58m": true, "since:today": true, "since:2026-05-07": false,
		"ms:>501": false, "ms:>=0.5s": true,
	} {
		f, err := filter.Parse(text, deliveries)
		if err != nil || filter.Run(f, filter.DeliveryRow(d)) != want {
			t.Errorf("%s: %v, want %t", text, err, want)
		}
	}
}

func TestHosts(t *testing.T) {
	for raw, want := range map[string][]string{
		"https://Example.COM/x":       {"example.com"},
		"http://example.com:9000":     {"example.com", "example.com:9000"},
		"http://[::1]:9000/a":         {"::1", "[::1]:9000"},
		"http://user:pw@example.com/": {"example.com"},
		"":                            nil,
		"/path":                       nil,
		"http://%zz":                  nil,
	} {
		if diff := cmp.Diff(want, filter.Hosts(raw)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", raw, diff)
		}
	}
}

func TestRunMails(t *testing.T) {
	m := apiclient.Mail{ID: 9, Slug: apiclient.MailCheckmail, To: "ada@example.com", User: 7, Login: "ada", Subject: "Confirm", State: apiclient.MailSuppressed, Why: "checkmail_email is off", At: now()}
	for text, want := range map[string]bool{
		"confirm": true, "off": true, "id:9": true, "slug:checkmail_email": true, "to:*@example.com": true, "user:7": true, "login:bob": false,
		"state:suppressed": true, "state:done": false, "subject:~conf": true, "attempts:0": true, "at:today": true,
	} {
		f, err := filter.Parse(text, filter.Options{Columns: filter.Mails(), Now: now})
		if err != nil || filter.Run(f, filter.MailRow(m)) != want {
			t.Errorf("%s: %v, want %t", text, err, want)
		}
	}
}

func TestRunReplays(t *testing.T) {
	r := apiclient.Replay{ID: 9, By: "Ada", At: now(), State: apiclient.ReplayRunning, Key: "repair", Subscription: 3, Total: 60, Made: 40, Dead: 2}
	for text, want := range map[string]bool{
		"repair": true, "ada": true, "running": false, "id:9": true, "state:running": true, "state:done,stopped": false, "by:ada": true, "by:bob": false,
		"since:1h": true, "at:today": true, "ended:none": true, "-ended:none": false, "subscription:3": true, "key:rep*": true, "total:>=60": true, "dead:>0 done:0": true,
		"gone:>0": false, "made:40..50 skipped:0": true,
	} {
		f, err := filter.Parse(text, filter.Options{Columns: filter.Replays(), Now: now})
		if err != nil || filter.Run(f, filter.ReplayRow(r)) != want {
			t.Errorf("%s: %v, want %t", text, err, want)
		}
	}
}

// TestRowsKnowTheirColumns checks rows and declared columns against one another.
func TestRowsKnowTheirColumns(t *testing.T) {
	for name, c := range map[string]struct {
		columns []filter.Column
		row     filter.Row
	}{
		"users": {filter.Users(), filter.UserRow(members[0])}, "events": {filter.Events(), filter.EventRow(apiclient.Event{})},
		"deliveries": {filter.Deliveries(), filter.DeliveryRow(apiclient.Delivery{})}, "audits": {filter.Audits(), filter.AuditRow(apiclient.Audit{})}, "mails": {filter.Mails(), filter.MailRow(apiclient.Mail{})},
		"replays": {filter.Replays(), filter.ReplayRow(apiclient.Replay{})},
	} {
		seen := map[string]bool{}
		for _, col := range append(c.columns, filter.Column{}) {
			known := col.Name
			if col.Kind == filter.Since {
				known = col.Of // it is never asked for itself
			}
			if _, ok := c.row(known); !ok {
				t.Errorf("a row of %s does not know %q", name, known)
			}
			if col.Of != "" && !slices.ContainsFunc(c.columns, func(o filter.Column) bool { return o.Name == col.Of }) {
				t.Errorf("the column %s of %s is made of %q, which is none", col.Name, name, col.Of)
			}
			for _, n := range append(col.Aliases, col.Name) {
				if seen[n] {
					t.Errorf("%s have two columns named %s", name, n)
				}
				seen[n] = true
			}
			if col.Name != "" && col.Help == "" {
				t.Errorf("the column %s of %s has no help", col.Name, name)
			}
		}
	}
	var names []string
	for _, c := range filter.Users() {
		names = append(names, c.Name)
	}
	if diff := cmp.Diff(apiclient.UserColumns(), names); diff != "" {
		t.Errorf("the columns of users (-language +filter):\n%s", diff)
	}
}

// tree returns a filter as Parse could give it, of at most the given depth.
func tree(r *rand.Rand, depth int, within apiclient.FilterOp) apiclient.Filter {
	op := apiclient.FilterOp(r.IntN(4))
	if depth == 0 || op == apiclient.Leaf || op == within {
		return randomLeaf(r)
	}
	if op == apiclient.Not {
		return not(tree(r, depth-1, apiclient.Not))
	}
	f := apiclient.Filter{Op: op}
	for range 2 + r.IntN(3) {
		f.Terms = append(f.Terms, tree(r, depth-1, op))
	}
	return f
}

func randomLeaf(r *rand.Rand) apiclient.Filter {
	fields := []string{"", "login", "email", "city", "first_name", "age"}
	texts := []string{"a", "ada", "A b", `"`, `\`, `a\`, "x:y", "-a", "(a)", "AND", "OR", "NOT", "none", "a,b", "a..b", ".", "..", "> 1", "=a", "~a", "ö", "漢字", "7d", "12", "*", "\u00a0", "http://a", ""}
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	field, value := pick(fields), pick(texts)
	op := apiclient.MatchOp(r.IntN(9))
	switch {
	case field == "" && value == "":
		return word("x")
	case field == "":
		return word(value)
	case op == apiclient.IsEmpty:
		return leaf(field, op, "")
	case op == apiclient.Between:
		return between(field, value, pick(texts))
	case op == apiclient.Like:
		if value == "" {
			value = "*" // a lone one asks for what is not empty
		}
		return leaf(field, op, value+"*")
	case op == apiclient.Equals && value == "":
		return leaf(field, op, "x")
	}
	return leaf(field, op, value)
}

// TestStringRoundTrip prints trees of every shape and reads them again.
func TestStringRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 4000 {
		f := tree(r, 4, apiclient.Leaf)
		text := filter.String(f)
		got, err := filter.Parse(text, users)
		if err != nil {
			if strings.Contains(err.Error(), "at most") {
				continue // a large tree
			}
			t.Fatalf("%s: %v", text, err)
		}
		if !reflect.DeepEqual(f, got) {
			t.Fatalf("%s\n%+v\n%+v", text, f, got)
		}
	}
}

func BenchmarkRun(b *testing.B) {
	f, err := filter.Parse("status:approved,pending -email:*.org (ada OR registered:2025)", users)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, u := range members {
			filter.Run(f, filter.UserRow(u))
		}
	}
}
