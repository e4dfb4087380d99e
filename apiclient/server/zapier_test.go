package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/server"
	"umdeck/apiclient/wire"
)

const formType = "application/x-www-form-urlencoded"

var zapierHeader = map[string]string{"X-Request": "um_zapier"}

func zapier(t *testing.T, r *rig, action, kind, body string) answer {
	t.Helper()
	return r.do(t, ask{method: "POST", path: "/?action=" + action, user: "admin", kind: kind, body: body, header: zapierHeader})
}

// encodings are the three ways to send the same texts.
func encodings(t *testing.T, values map[string]string) map[string][2]string {
	t.Helper()
	if values == nil {
		values = map[string]string{}
	}
	form := url.Values{}
	for k, v := range values {
		form.Set(k, v)
	}
	object, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	var parts bytes.Buffer
	w := multipart.NewWriter(&parts)
	for _, k := range slices.Sorted(maps.Keys(values)) {
		if err := w.WriteField(k, values[k]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return map[string][2]string{
		"JSON": {jsonType, string(object)}, "form": {formType, form.Encode()}, "multipart": {w.FormDataContentType(), parts.String()},
	}
}

const existsBody = `{"success":false,"data":"The Email address or Username is already registered. To update an existing user, turn \"On\" the option \"Update when the account exists\"."}`

// TestActions has a case for each answer of the API document, in each encoding.
func TestActions(t *testing.T) {
	member := map[string]string{
		"username": "zoe", "um_actions_triggers": "4", "um_account_role": "subscriber", "um_account_status": "awaitingemailconfirmation",
		"um_update_on_exists": "No", "user_email": "zoe@example.com", "first_name": "Zoë & <Søn>", "birth_date": "December 8, 1996",
		"gender": "Female", "agree": "Yes", "languages_few": "English, Zulu", "last_name": "", "utm_source": "ignored",
	}
	with := func(changes ...string) map[string]string {
		m := maps.Clone(member)
		for i := 0; i < len(changes); i += 2 {
			if m[changes[i]] = changes[i+1]; changes[i+1] == "-" {
				delete(m, changes[i])
			}
		}
		return m
	}
	const (
		notRunning = `{"success":false,"data":"This UM Zap is not running or disabled."}`
		noUser     = `{"success":false,"data":"Account not found in the website"}`
		updated    = `{"success":true,"data":"User account has been updated."}`
		options    = `{"success":true,"data":{"id":"get_fields","key":"get_fields","label":"UM Field Group","type":"string","helpText":"Choose a UM Field group created in WP Admin > Ultimate Member > Zaps.","choices":`
	)
	missing := func(name string) string { return `{"success":false,"data":"Missing required parameter: ` + name + `"}` }
	cases := []struct {
		name, action string
		params       map[string]string
		status       int
		body         string
	}{
		{"auth", "um_zapier_auth_test", nil, 200, `{"success":true,"data":"UM Zapier is connected!"}`},
		{"statuses", "um_get_account_statuses", nil, 200, `{"success":true,"data":{"approved":"Approved","awaiting_email_confirmation":"Awaiting Email Confirmation","awaiting_admin_review":"Awaiting Admin Review","inactive":"Inactive","rejected":"Rejected","on_leave":"On leave"}}`},
		{"roles", "um_account_roles", nil, 200, `{"success":true,"data":{"administrator":"Administrator","helper":"Helper","um_member":"Member & Friend","subscriber":"Subscriber"}}`},
		{"action zaps", "um_get_zap_actions_options", nil, 200, options + `{"4":"Import \"members\" <b> & Søn","6":"Stopped action"},"altersDynamicFields":true,"required":true}}`},
		{"trigger zaps", "um_get_zap_triggers_options", nil, 200, options + `{"5":"New User Registration","9":"Stopped trigger"},"altersDynamicFields":true,"required":true}}`},

		{"fields", "um_get_fields", map[string]string{"get_fields": "4"}, 200, `{"success":true,"data":[` +
			`{"id":"first_name","key":"first_name","label":"First Name","type":"string","required":false,"list":false,"search":false,"altersDynamicFields":false},` +
			`{"id":"birth_date","key":"birth_date","label":"Birth Date","type":"string","required":false,"list":false,"search":false,"altersDynamicFields":false},` +
			`{"id":"languages_few","key":"languages_few","label":"Languages","type":"string","required":false,"list":true,"search":false,"altersDynamicFields":false,"choices":{"Zulu":"Zulu","English":"English","Arabic":"Arabic"}},` +
			`{"id":"gender","key":"gender","label":"Gender","type":"string","required":false,"list":false,"search":false,"altersDynamicFields":false,"choices":{"Male":"Male","Female":"Female"}},` +
			`{"id":"agree","key":"agree","label":"Agree","type":"boolean","required":false,"list":false,"search":false,"altersDynamicFields":false}]}`},
		{"fields of a trigger", "um_get_fields", map[string]string{"get_fields": "9"}, 400, notRunning},
		{"fields of none", "um_get_fields", map[string]string{"get_fields": "999"}, 400, notRunning},
		{"fields of a draft", "um_get_fields", map[string]string{"get_fields": "8"}, 400, notRunning},
		{"fields, nothing", "um_get_fields", nil, 400, missing("get_fields")},
		{"fields, a word", "um_get_fields", map[string]string{"get_fields": "four"}, 400, `{"success":false,"data":"The parameter get_fields is \"four\"; use a whole number."}`},

		{"register", "um_register_user", member, 201, `{"success":true,"data":{"message":"User account has been created.","user":{"ID":101,"user_login":"zoe","user_email":"zoe@example.com","display_name":"","user_registered":"2026-11-21 17:00:00","account_status":"awaiting_email_confirmation","roles":["subscriber"],"first_name":"Zoë &","birth_date":"1996-12-08","languages_few":["English","Zulu"],"gender":"Female","agree":true},"requests":101}}`},
		{"register, exists", "um_register_user", with("username", "ADA"), 400, existsBody},
		{"register, address exists", "um_register_user", with("user_email", "Ada@Example.com"), 400, existsBody},
		{"register, update", "um_register_user", with("username", "ada@example.com", "um_update_on_exists", "Yes", "user_email", ""), 200, updated},
		{"register, update by address", "um_register_user", with("user_email", "ada@example.com", "um_update_on_exists", "yes"), 200, updated},
		{"register, taken meanwhile", "um_register_user", with("username", "race"), 400, existsBody},
		{"register, stopped zap", "um_register_user", with("um_actions_triggers", "6"), 400, notRunning},
		{"register, trigger zap", "um_register_user", with("um_actions_triggers", "5"), 400, notRunning},
		{"register, no zap", "um_register_user", with("um_actions_triggers", "-"), 400, missing("um_actions_triggers")},
		{"register, no username", "um_register_user", with("username", " "), 400, missing("username")},
		{"register, no role", "um_register_user", with("um_account_role", "-"), 400, missing("um_account_role")},
		{"register, no status", "um_register_user", with("um_account_status", ""), 400, missing("um_account_status")},
		{"register, no update", "um_register_user", with("um_update_on_exists", "-"), 400, missing("um_update_on_exists")},
		{"register, maybe", "um_register_user", with("um_update_on_exists", "Maybe"), 400, `{"success":false,"data":"The parameter um_update_on_exists is \"Maybe\"; use \"Yes\" or \"No\"."}`},
		{"register, no such role", "um_register_user", with("um_account_role", "king"), 400, `{"success":false,"data":"\"king\" is no role of this site; use one of administrator, helper, um_member, subscriber."}`},

		{"update", "um_update_user", with("username", "ada"), 200, updated},
		{"update, unknown", "um_update_user", with("username", "nobody"), 400, noUser},
		{"update, a number", "um_update_user", with("username", "7"), 400, noUser},
		{"update, stopped", "um_update_user", with("username", "ada", "um_actions_triggers", "6"), 400, notRunning},
		{"update, no role", "um_update_user", with("username", "ada", "um_account_role", ""), 400, missing("um_account_role")},

		{"delete, unknown", "um_delete_user", map[string]string{"username": "nobody", "um_actions_triggers": "4", "email_on_account_deletion": "No"}, 400, noUser},
		{"delete, a number", "um_delete_user", map[string]string{"username": "7", "um_actions_triggers": "4", "email_on_account_deletion": "No"}, 400, noUser},
		{"delete, an id", "um_delete_user", map[string]string{"username": "#7", "um_actions_triggers": "4", "email_on_account_deletion": "No"}, 400, noUser},
		{"delete, stopped", "um_delete_user", map[string]string{"username": "ada", "um_actions_triggers": "6", "email_on_account_deletion": "No"}, 400, notRunning},
		{"delete, no mail", "um_delete_user", map[string]string{"username": "ada", "um_actions_triggers": "4"}, 400, missing("email_on_account_deletion")},
		{"delete, oneself", "um_delete_user", map[string]string{"username": "admin", "um_actions_triggers": "4", "email_on_account_deletion": "No"}, 400, `{"success":false,"data":"You cannot delete yourself."}`},
		{"delete", "um_delete_user", map[string]string{"username": "ada@example.com", "um_actions_triggers": "4", "email_on_account_deletion": "Yes"}, 200, `{"success":true,"data":"The account has been successfully deleted."}`},

		{"list, the newest user", "um_zapier_activity_perform_list", map[string]string{"group_field_id": "5"}, 200, `{"id":5,"um_zap_name":"New User Registration","um_zap_id":5,"user_id":1,"user_email":"admin@example.com","first_name":"","last_name":""}`},
		{"list", "um_zapier_activity_perform_list", map[string]string{"group_field_id": "5", "user_id": "2"}, 200, `{"id":5,"um_zap_name":"New User Registration","um_zap_id":5,"user_id":2,"user_email":"ada@example.com","first_name":"Ada","last_name":""}`},
		{"list, unknown user", "um_zapier_activity_perform_list", map[string]string{"group_field_id": "5", "user_id": "99"}, 400, noUser},
		{"list, action zap", "um_zapier_activity_perform_list", map[string]string{"group_field_id": "4"}, 400, notRunning},
		{"list, stopped", "um_zapier_activity_perform_list", map[string]string{"group_field_id": "9"}, 400, notRunning},
		{"list, nothing", "um_zapier_activity_perform_list", nil, 400, missing("group_field_id")},

		{"subscribe", "umm_zapier_subscribe", map[string]string{"group_field_id": "5", "subscription_target_url": "https://hooks.zapier.com/a?b=c&d"}, 201, `{"success":true,"data":{"id":101,"group_field_id":5,"subscription_target_url":"https://hooks.zapier.com/a?b=c&d"}}`},
		{"subscribe, stopped", "umm_zapier_subscribe", map[string]string{"group_field_id": "9", "subscription_target_url": "https://hooks.zapier.com/a"}, 400, notRunning},
		{"subscribe, action zap", "umm_zapier_subscribe", map[string]string{"group_field_id": "4", "subscription_target_url": "https://hooks.zapier.com/a"}, 400, notRunning},
		{"subscribe, no URL", "umm_zapier_subscribe", map[string]string{"group_field_id": "5"}, 400, missing("subscription_target_url")},
		{"subscribe, bad URL", "umm_zapier_subscribe", map[string]string{"group_field_id": "5", "subscription_target_url": "ftp://x"}, 400, `{"success":false,"data":"The target starts with \"ftp\"; use https://."}`},
		{"unsubscribe, never was", "umm_zapier_unsubscribe", map[string]string{"group_field_id": "5", "subscription_target_url": "https://x"}, 200, `{"success":true,"data":"The subscription has ended."}`},
		{"unsubscribe, no zap", "umm_zapier_unsubscribe", map[string]string{"group_field_id": "999", "subscription_target_url": "https://x"}, 200, `{"success":true,"data":"The subscription has ended."}`},
		{"unsubscribe, no id", "umm_zapier_unsubscribe", map[string]string{"id": "12345"}, 200, `{"success":true,"data":"The subscription has ended."}`},
		{"unsubscribe, nothing", "umm_zapier_unsubscribe", nil, 400, missing("group_field_id")},
	}
	for _, c := range cases {
		for name, encoded := range encodings(t, c.params) {
			t.Run(c.name+"/"+name, func(t *testing.T) {
				r := start(t, server.Config{})
				zapier(t, r, c.action, encoded[0], encoded[1]).want(t, c.status, c.body)
			})
		}
	}
}

func TestEmptyOptionsAreAnObject(t *testing.T) {
	r := start(t, server.Config{})
	clear(r.zaps)
	for _, action := range []string{"um_get_zap_actions_options", "um_get_zap_triggers_options"} {
		if got := zapier(t, r, action, "", ""); !strings.Contains(got.body, `"choices":{},`) {
			t.Errorf("%s: %s", action, got.body)
		}
	}
}

// TestRegistrationTakes compares what reaches the site.
func TestRegistrationTakes(t *testing.T) {
	r := start(t, server.Config{})
	body := `{"username":"new@example.com","um_actions_triggers":4,"um_account_role":"um_member","um_account_status":"Approved","um_update_on_exists":false,
		"first_name":"A","last_name":"","nickname":null,"user_password":" with spaces ","user_url":"https://a.example","display_name":"A B",
		"languages_few":["Zulu","Arabic"],"description":"x","agree":true,"user_registered":"2020-01-01 00:00:00","role":"administrator","roles":["administrator"],
		"account_status":"rejected","wp_capabilities":"x","user_login":"other","unknown":[1,2]}`
	if got := zapier(t, r, "um_register_user", jsonType, body); got.status != 201 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	want := apiclient.NewUser{
		Login: "new@example.com", Email: "new@example.com", DisplayName: "A B", URL: "https://a.example",
		Password: apiclient.NewSecret(" with spaces "), Roles: []apiclient.RoleSlug{"um_member"}, Status: apiclient.StatusApproved,
		Fields: map[string]apiclient.Value{
			"first_name": apiclient.Text("A"), "description": apiclient.Text("x"), "agree": apiclient.Text("true"), "languages_few": apiclient.List("Zulu", "Arabic"),
		},
	}
	secrets := cmp.Comparer(func(a, b apiclient.Secret) bool { return a.Reveal() == b.Reveal() })
	if diff := cmp.Diff([]apiclient.NewUser{want}, r.made, secrets); diff != "" {
		t.Errorf("the new user (-want +got):\n%s", diff)
	}
	form := "username=ada&um_actions_triggers=4&um_account_role=subscriber&um_account_status=on_leave&user_email=&languages_few[]=Zulu&languages_few[]=English&birth_date=1990-02-30"
	if got := zapier(t, r, "um_update_user", formType, form); got.status != 400 || len(r.edits) != 0 {
		t.Errorf("a date that does not exist: %d %s", got.status, got.body)
	}
	if got := zapier(t, r, "um_update_user", formType, strings.Replace(form, "02-30", "02-28", 1)); got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	status := apiclient.Status("on_leave")
	edit := apiclient.UserUpdate{Status: &status, Roles: []apiclient.RoleSlug{"subscriber"}, Fields: map[string]apiclient.Value{
		"languages_few": apiclient.List("Zulu", "English"), "birth_date": apiclient.Text("1990-02-28"),
	}}
	if diff := cmp.Diff([]apiclient.UserUpdate{edit}, r.edits); diff != "" {
		t.Errorf("the update (-want +got):\n%s", diff)
	}
	for _, a := range r.actors {
		if want := (apiclient.Actor{ID: 1, Login: "admin", Origin: apiclient.OriginAPI}); a != want {
			t.Fatalf("%+v acted; want %+v", a, want)
		}
	}
	if strings.Contains(r.log.String(), "with spaces") {
		t.Error("a password is in the log")
	}
}

func TestSubscribing(t *testing.T) {
	r := start(t, server.Config{})
	const target = "group_field_id=5&subscription_target_url=https%3A%2F%2Fexample.com%2Fh"
	first := `{"success":true,"data":{"id":101,"group_field_id":5,"subscription_target_url":"https://example.com/h"}}`
	zapier(t, r, "umm_zapier_subscribe", formType, target).want(t, 201, first)
	zapier(t, r, "umm_zapier_subscribe", formType, target).want(t, 200, first)
	zapier(t, r, "umm_zapier_unsubscribe", formType, target)
	if got := r.subs[101].State; got != apiclient.SubscriptionGone {
		t.Errorf("after unsubscribing by URL it is %s", got)
	}
	zapier(t, r, "umm_zapier_subscribe", formType, target).want(t, 201, strings.Replace(first, "101", "102", 1))
	zapier(t, r, "umm_zapier_unsubscribe", jsonType, `{"subscription_id":102}`)
	if got := r.subs[102].State; got != apiclient.SubscriptionGone {
		t.Errorf("after unsubscribing by id it is %s", got)
	}
}

func TestZapierRefuses(t *testing.T) {
	r := start(t, server.Config{})
	const failed = `{"success":false,"data":"Zapier Authorization Failed"}`
	auth := ask{method: "POST", path: "/?action=um_zapier_auth_test", user: "admin", header: zapierHeader}
	change := func(fn func(*ask)) ask { a := auth; fn(&a); return a }
	for name, a := range map[string]ask{
		"no header":      change(func(a *ask) { a.header = nil }),
		"another header": change(func(a *ask) { a.header = map[string]string{"X-Request": "UM_Zapier"} }),
		"nobody":         change(func(a *ask) { a.user = "" }),
		"wrong password": change(func(a *ask) { a.password = "wrong" }),
		"unknown user":   change(func(a *ask) { a.user = "nobody" }),
		"a subscriber":   change(func(a *ask) { a.user = "ada" }),
	} {
		t.Run(name, func(t *testing.T) { r.do(t, a).want(t, 401, failed) })
	}
	for name, c := range map[string]struct {
		a    ask
		want string
	}{
		"GET":            {change(func(a *ask) { a.method = "GET" }), "called with POST, not GET"},
		"PUT":            {change(func(a *ask) { a.method = "PUT" }), "called with POST, not PUT"},
		"unknown":        {change(func(a *ask) { a.path = "/?action=um_nonsense" }), `no action \"um_nonsense\"`},
		"case":           {change(func(a *ask) { a.path = "/?action=UM_ZAPIER_AUTH_TEST" }), "no action"},
		"none":           {change(func(a *ask) { a.path = "/" }), "names no action"},
		"two":            {change(func(a *ask) { a.path += "&action=um_register_user" }), "names 2 actions"},
		"action in body": {change(func(a *ask) { a.path, a.kind, a.body = "/", formType, "action=um_zapier_auth_test" }), "names no action"},
	} {
		t.Run(name, func(t *testing.T) {
			got := r.do(t, c.a)
			if got.status != 404 || !strings.HasPrefix(got.body, `{"success":false,"data":"`) || !strings.Contains(got.body, c.want) {
				t.Errorf("%d %s; want 404 with %q", got.status, got.body, c.want)
			}
		})
	}
}

func TestZapierHostileBodies(t *testing.T) {
	r := start(t, server.Config{})
	for name, c := range map[string]struct {
		kind, body string
		status     int
		want       string
	}{
		"text":               {"text/plain", "get_fields=4", 415, "type is not known"},
		"no type":            {"", "get_fields=4", 415, "type is not known"},
		"latin 1":            {formType + "; charset=iso-8859-1", "get_fields=4", 415, "type is not known"},
		"large":              {formType, "get_fields=4&x=" + strings.Repeat("a", wire.MaxBody), 413, "larger than"},
		"large multipart":    {"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n" + strings.Repeat("a", wire.MaxBody+1) + "\r\n--b--", 413, "larger than"},
		"many":               {formType, "get_fields=4" + strings.Repeat("&x[]=1", 1001), 400, "more than 1000"},
		"many names":         {jsonType, `{` + manyNames(1001) + `}`, 400, "more than 1000"},
		"list":               {jsonType, `[4]`, 400, "JSON object"},
		"scalar":             {jsonType, `4`, 400, "JSON object"},
		"half":               {jsonType, `{"get_fields":4`, 400, "JSON"},
		"nested":             {jsonType, `{"get_fields":{"a":4}}`, 400, "nested"},
		"nested list":        {jsonType, `{"get_fields":[[4]]}`, 400, "nested"},
		"key twice":          {jsonType, `{"get_fields":4,"get_fields":5}`, 400, "twice"},
		"name twice":         {formType, "get_fields=4&get_fields=5", 400, "get_fields is there 2 times"},
		"a list":             {jsonType, `{"get_fields":[4,5]}`, 400, "get_fields is there 2 times"},
		"bytes":              {formType, "get_fields=%ff", 400, "UTF-8"},
		"bytes in JSON":      {jsonType, "{\"get_fields\":\"\xff\"}", 400, "UTF-8"},
		"NUL":                {formType, "get_fields=4%00", 400, "NUL"},
		"NUL in JSON":        {jsonType, `{"get_fields":"4\u0000"}`, 400, "NUL"},
		"bad escape":         {formType, "get_fields=%zz", 400, "escape"},
		"negative":           {formType, "get_fields=-4", 400, "whole number"},
		"fraction":           {jsonType, `{"get_fields":4.5}`, 400, "whole number"},
		"huge":               {formType, "get_fields=99999999999999999999", 400, "whole number"},
		"file":               {"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"get_fields\"; filename=\"x\"\r\n\r\n4\r\n--b--", 400, "is a file"},
		"cut multipart":      {"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"get_fields\"\r\n\r\n4", 400, "cannot be read"},
		"no name":            {formType, "=4", 400, "no name"},
		"long name":          {formType, strings.Repeat("n", 256) + "=4", 400, "256 bytes"},
		"deep":               {jsonType, strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100), 400, "deep"},
		"empty boundary":     {"multipart/form-data", "x", 400, "cannot be read"},
		"SQL is only a text": {formType, "get_fields=" + url.QueryEscape("4' OR '1'='1"), 400, "whole number"},
	} {
		t.Run(name, func(t *testing.T) {
			got := zapier(t, r, "um_get_fields", c.kind, c.body)
			if got.status != c.status || !strings.HasPrefix(got.body, `{"success":false,"data":"`) || !strings.Contains(got.body, c.want) {
				t.Errorf("%d %.300s; want %d with %q", got.status, got.body, c.status, c.want)
			}
		})
	}
}

func manyNames(n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("\"n%d\":1", i)
	}
	return strings.Join(names, ",")
}

func TestQueryAndBodyAreOne(t *testing.T) {
	r := start(t, server.Config{})
	if got := zapier(t, r, "um_get_fields&get_fields=4", "", ""); got.status != 200 {
		t.Errorf("in the query: %d %s", got.status, got.body)
	}
	if got := zapier(t, r, "um_get_fields&get_fields=4", jsonType, `{"get_fields":"4","action":"um_get_fields"}`); got.status != 200 {
		t.Errorf("in both: %d %s", got.status, got.body)
	}
	if got := zapier(t, r, "um_get_fields&get_fields=4", jsonType, `{"get_fields":"5"}`); got.status != 400 || !strings.Contains(got.body, "one value in the address") {
		t.Errorf("different: %d %s", got.status, got.body)
	}
}

func TestZapierRightsAreNotGained(t *testing.T) {
	r := start(t, server.Config{})
	call := func(user, action, params string) answer {
		return r.do(t, ask{method: "POST", path: "/?action=" + action, user: user, kind: formType, header: zapierHeader, body: "um_actions_triggers=4&um_account_status=approved&um_update_on_exists=Yes&email_on_account_deletion=No&" + params})
	}
	for name, c := range map[string]struct {
		user, action, params string
		status               int
	}{
		"give administrator":    {"helper", "um_register_user", "username=x@example.com&um_account_role=administrator", 403},
		"give helper":           {"helper", "um_register_user", "username=x@example.com&um_account_role=helper", 403},
		"promote":               {"helper", "um_update_user", "username=ada&um_account_role=administrator", 403},
		"change administrator":  {"helper", "um_update_user", "username=admin&um_account_role=subscriber&user_password=mine", 403},
		"register over":         {"helper", "um_register_user", "username=admin&um_account_role=subscriber&user_password=mine", 403},
		"delete administrator":  {"helper", "um_delete_user", "username=admin", 403},
		"delete without right":  {"editor", "um_delete_user", "username=ada", 403},
		"give subscriber":       {"helper", "um_register_user", "username=x@example.com&um_account_role=subscriber", 201},
		"delete a member":       {"helper", "um_delete_user", "username=seven", 200},
		"administrator, as one": {"admin", "um_register_user", "username=y@example.com&um_account_role=administrator", 403}, // the setting is off
	} {
		t.Run(name, func(t *testing.T) {
			if got := call(c.user, c.action, c.params); got.status != c.status {
				t.Errorf("%d %s; want %d", got.status, got.body, c.status)
			}
		})
	}
}
