package apiclient_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func TestValue(t *testing.T) {
	for _, c := range []struct {
		v     apiclient.Value
		empty bool
		text  string
	}{
		{apiclient.Value{}, true, ""},
		{apiclient.Text(""), true, ""},
		{apiclient.Text("a"), false, "a"},
		{apiclient.List(), true, ""},
		{apiclient.List("", ""), true, ", "},
		{apiclient.List("", "a"), false, ", a"},
		{apiclient.List("a", "b"), false, "a, b"},
	} {
		if c.v.Empty() != c.empty || c.v.String() != c.text {
			t.Errorf("%#v is empty %t and prints %q", c.v, c.v.Empty(), c.v.String())
		}
		if !c.v.Equal(c.v) {
			t.Errorf("%#v is not itself", c.v)
		}
	}
	if apiclient.Text("").Equal(apiclient.List()) || apiclient.Text("a").Equal(apiclient.List("a")) || apiclient.List("a").Equal(apiclient.List("a", "a")) {
		t.Error("a list equals a text, or a longer list")
	}
	if apiclient.List().List == nil {
		t.Error("an empty list is no list")
	}
}

func TestUserValue(t *testing.T) {
	u := apiclient.User{
		Login: "ada", Email: "ada@example.com", DisplayName: "Ada", URL: "https://example.com", Status: apiclient.StatusRejected, Roles: []apiclient.RoleSlug{"um_vip", "subscriber"},
		Fields: map[string]apiclient.Value{"city": apiclient.Text("Oslo"), "user_login": apiclient.Text("not this")},
	}
	for key, want := range map[string]apiclient.Value{
		"user_login": apiclient.Text("ada"), "username": apiclient.Text("ada"), "user_email": apiclient.Text("ada@example.com"), "display_name": apiclient.Text("Ada"),
		"user_url": apiclient.Text("https://example.com"), "account_status": apiclient.Text("rejected"), "role": apiclient.Text("um_vip"), "role_radio": apiclient.Text("um_vip"),
		"roles": apiclient.List("um_vip", "subscriber"), "city": apiclient.Text("Oslo"), "none": {}, "_um_last_login": {}, "user_registered": {},
	} {
		if diff := cmp.Diff(want, u.Value(key)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
	u.Status = apiclient.StatusUnknown
	if v := u.Value("account_status"); !v.Empty() {
		t.Errorf("a status that is not known is sent as %v", v)
	}
}
