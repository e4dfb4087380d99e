package column_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
	"umdeck/views/column"
)

var noon = time.Date(2026, 1, 2, 12, 30, 45, 0, time.UTC)

// check holds for the columns of every noun, with the zero row and a full one.
func check[T any](t *testing.T, name string, columns []column.Column[T], rows ...T) {
	t.Helper()
	th := theme.New(theme.Options{})
	var seen []string
	for _, c := range columns {
		if c.Key == "" || c.Title == "" || c.Help == "" || c.Text == nil || c.Value == nil || slices.Contains(seen, c.Key) {
			t.Errorf("%s: column %+q is incomplete, or there twice", name, c.Key)
		}
		seen = append(seen, c.Key)
		if c.Max > 0 && c.Max < c.Min {
			t.Errorf("%s: column %s is at most %d wide and at least %d", name, c.Key, c.Max, c.Min)
		}
		for _, row := range append(rows, *new(T)) {
			_ = c.Text(row)
			if c.Mark != nil && c.Mark(th, row).Glyph == "" {
				t.Errorf("%s: column %s has a mark without a glyph", name, c.Key)
			}
			switch v := c.Value(row).(type) {
			case nil, string, bool, int64, json.Number, []string, time.Time:
			default:
				t.Errorf("%s: column %s has a value of type %T", name, c.Key, v)
			}
		}
	}
	if len(column.Defaults(columns)) == 0 {
		t.Errorf("%s: a table shows no column", name)
	}
	if got := len(column.Table(columns, th, nil)); got != len(columns) {
		t.Errorf("%s: the table has %d columns; want %d", name, got, len(columns))
	}
}

func TestColumns(t *testing.T) {
	event := apiclient.Event{ID: 3, Trigger: apiclient.TriggerLogin, User: 7, Login: "ada", At: noon}
	delivery := fullDelivery()
	attempt := apiclient.Attempt{Number: 2, At: noon, Duration: time.Second, Code: 500}
	check(t, "users", column.Users("first_name"), fullUser())
	check(t, "zaps", column.Zaps(), apiclient.Zap{ID: 4, Name: "New members", Fields: []string{"first_name"}})
	check(t, "fields", column.Fields(), apiclient.PredefinedFields()...)
	check(t, "hidden fields", column.HiddenFields())
	check(t, "subscriptions", column.Subscriptions())
	check(t, "deliveries", column.Deliveries(), delivery)
	check(t, "hours", column.Hours(), apiclient.SubscriptionHour{At: noon, Done: 3, Failed: 1})
	check(t, "replays", column.Replays(), apiclient.Replay{ID: 3, State: apiclient.ReplayRunning, At: noon, Total: 5})
	check(t, "attempts", column.Attempts(), attempt)
	check(t, "log entries", column.LogEntries(), apiclient.LogEntry{Seq: 9, Event: &event}, apiclient.LogEntry{Seq: 10, Delivery: &delivery, Attempt: &attempt})
	check(t, "events", column.Events(), event)
	check(t, "roles", column.Roles())
	check(t, "statuses", column.Statuses())
	check(t, "passwords", column.Passwords())
	check(t, "settings", column.Settings(), apiclient.SettingCatalogue()...)
	check(t, "audits", column.Audits())
}

func fullUser() apiclient.User {
	return apiclient.User{
		ID: 7, Login: "ada", Email: "ada@example.com", DisplayName: "Ada", Status: apiclient.StatusApproved, Roles: []apiclient.RoleSlug{"editor", "um_member"}, Registered: noon,
		Fields: map[string]apiclient.Value{"first_name": apiclient.Text("Zoë & <b>"), "languages": apiclient.List("English"), "role": apiclient.Text("editor")},
	}
}

func fullDelivery() apiclient.Delivery {
	return apiclient.Delivery{
		ID: 1, WebhookID: "msg_1", EventID: 3, Event: apiclient.TriggerLogin, Zap: 4, Subscription: 5, URL: "https://hooks.example.com/secret/abcd",
		User: 7, Login: "ada", State: apiclient.DeliveryDone, Attempts: 1, Code: 200, Duration: 12 * time.Millisecond, At: noon,
	}
}

func asJSON(t *testing.T, p apiclient.Payload) string {
	t.Helper()
	b, err := p.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The keys that scripts rely on come first and in this order.
func TestObject(t *testing.T) {
	columns := column.Users()
	u := fullUser()
	object := append(column.Object(columns, u), column.Answers(columns, u)...)
	want := `{"id":7,"login":"ada","email":"ada@example.com","status":"approved","roles":["editor","um_member"],"display_name":"Ada","registered":"2026-01-02T12:30:45Z","last_login":null,"url":null,"first_name":"Zoë & <b>","languages":["English"],"role":"editor"}`
	if diff := cmp.Diff(want, asJSON(t, object)); diff != "" {
		t.Errorf("a user (-want +got):\n%s", diff)
	}
	u.Status = apiclient.StatusUnknown
	if v, _ := column.Object(columns, u).Get("status"); v != nil {
		t.Errorf("an unknown status is %v; want null", v)
	}
	first, err := column.Choose(column.Deliveries(), "id", "webhook_id", "event", "zap", "subscription", "user", "state", "attempts", "code", "ms", "at")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(column.Keys(column.Deliveries())[:len(first)], column.Keys(first)); diff != "" {
		t.Errorf("the first keys of a delivery (-want +got):\n%s", diff)
	}
	want = `{"id":1,"webhook_id":"msg_1","event":"um_user_login","zap":4,"subscription":5,"user":7,"state":"done","attempts":1,"code":200,"ms":12,"at":"2026-01-02T12:30:45Z"}`
	if diff := cmp.Diff(want, asJSON(t, column.Object(first, fullDelivery()))); diff != "" {
		t.Errorf("a delivery (-want +got):\n%s", diff)
	}
}

func TestSecretTarget(t *testing.T) {
	s := apiclient.Subscription{URL: "https://hooks.example.com/secret/abcd"}
	c, _ := column.Find(column.Subscriptions(), "URL")
	if c.Text(s) != "hooks.example.com/…abcd" || c.Value(s) != s.URL {
		t.Errorf("the target is %q for people and %q for programs", c.Text(s), c.Value(s))
	}
}

func TestChoose(t *testing.T) {
	if _, err := column.Choose(column.Zaps(), "id", "colour"); apiclient.KindOf(err) != apiclient.Invalid {
		t.Errorf("an unknown column: %v; want Invalid", err)
	}
}

// A log entry shows the result of its own attempt.
func TestLogEntry(t *testing.T) {
	d := fullDelivery()
	d.Code, d.Attempts = 0, 0
	e := apiclient.LogEntry{Seq: 12, Kind: apiclient.LogAttempt, Delivery: &d, Attempt: &apiclient.Attempt{Number: 1, Code: 503, Duration: 3 * time.Second, Error: "503 Service Unavailable"}}
	got := column.Object(column.LogEntries(), e)
	for key, want := range map[string]any{"id": int64(1), "seq": int64(12), "code": int64(503), "ms": int64(3000), "attempts": int64(1), "error": "503 Service Unavailable"} {
		if v, _ := got.Get(key); v != want {
			t.Errorf("%s is %v; want %v", key, v, want)
		}
	}
	event := apiclient.LogEntry{Seq: 13, Kind: apiclient.LogEvent, Event: &apiclient.Event{ID: 3, Trigger: apiclient.TriggerLogin, User: 7, Skipped: "Nobody is subscribed."}}
	got = column.Object(column.LogEntries(), event)
	for key, want := range map[string]any{"id": nil, "state": nil, "event": "um_user_login", "user": int64(7), "skipped": "Nobody is subscribed."} {
		if v, _ := got.Get(key); v != want {
			t.Errorf("%s is %v; want %v", key, v, want)
		}
	}
}

func TestRow(t *testing.T) {
	zaps := column.Zaps()
	row := column.Row(zaps, apiclient.Zap{ID: 4, Name: "New members", Kind: apiclient.ZapTrigger, Status: apiclient.ZapRunning, Fields: []string{"first_name"}, Created: noon, Subscriptions: -1})
	for text, want := range map[string]bool{
		"members": true, "kind:trigger": true, "kind:action": false, "id:>3": true, "id:>4": false, "fields:first_name": true, "first_name": true,
		"created:2026-01-02": true, "created:2026-01-03": false, "subscriptions:none": true, "status:running OR id:9": true, "-members": false,
	} {
		f, err := filter.Parse(text, filter.Options{Columns: column.Filters(zaps)})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := filter.Run(f, row); got != want {
			t.Errorf("%s: %t; want %t", text, got, want)
		}
	}
}

func TestTable(t *testing.T) {
	th := theme.New(theme.Options{})
	columns := column.Table(column.Users(), th, func() time.Time { return noon.Add(3 * time.Hour) })
	u := fullUser()
	got := map[string]string{}
	for _, c := range columns {
		got[c.Key] = c.Value(u)
	}
	if got["registered"] != "3h" || got["status"] != th.Glyph.Approved+" Approved" || got["roles"] != "editor, um_member" {
		t.Errorf("the row is %v", got)
	}
}
