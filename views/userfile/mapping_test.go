package userfile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/views/userfile"
)

func rules() userfile.Rules {
	fields := append(apiclient.PredefinedFields(), apiclient.Field{Key: "shoe_size", Label: "Größe (EU)"}, apiclient.Field{Key: "twin_a", Label: "Twin"}, apiclient.Field{Key: "twin_b", Label: "Twin"})
	return userfile.Rules{Fields: fields, Keys: append(apiclient.AccountKeys(), "user_pass", "user_nicename")}
}

func TestMap(t *testing.T) {
	for header, want := range map[string]string{
		"user_login": "user_login", "User Login": "user_login", "Login": "user_login", "E-Mail": "user_email", "EMAIL ADDRESS": "user_email",
		"User Pass": "user_pass", "First Name": "first_name", "Biography": "description", "größe (eu)": "shoe_size", "Birth Date": "birth_date",
		"wp_capabilities": "roles", "wp_2_capabilities": "roles", "User Role": "roles", "role": "role", "Registered": "user_registered", "last login": "_um_last_login",
		"ID": "-", "wp_user_level": "-", "session_tokens": "-", "umdeck_problem": "-", "um_user_profile_url_slug_user_login": "-",
		"Twin": "?", "colour": "?", "user_login2": "?", "名前": "?",
	} {
		m, unknown, err := userfile.Map([]string{header}, rules())
		if err != nil {
			t.Fatalf("%s: %v", header, err)
		}
		got := m[0].Key
		switch {
		case len(unknown) > 0:
			got = "?"
		case got == "":
			got = "-"
		}
		if got != want {
			t.Errorf("%s is %s; want %s", header, got, want)
		}
		if (m[0].Why == "") != (got == header || got == "?") {
			t.Errorf("%s is %s because of %q", header, got, m[0].Why)
		}
	}
}

func TestMapRules(t *testing.T) {
	r := rules()
	r.Named = map[string]string{"colour": "nickname", "first_name": ""}
	r.Ignore = []string{"meta_*", "a[b"}
	m, unknown, err := userfile.Map([]string{"user_email", "colour", "first_name", "meta_1", "a[b", "xyz"}, r)
	if err != nil {
		t.Fatal(err)
	}
	want := userfile.Mapping{
		{Header: "user_email", Key: "user_email"},
		{"colour", "nickname", "as --map says"},
		{"first_name", "", "as --map says"},
		{"meta_1", "", "as --ignore-columns says"},
		{"a[b", "", "as --ignore-columns says"},
		{Header: "xyz"},
	}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("the mapping (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"xyz"}, unknown); diff != "" {
		t.Errorf("unknown headers (-want +got):\n%s", diff)
	}
	row := userfile.Row{Cells: []apiclient.Value{apiclient.Text("a@example.com"), apiclient.Text(" "), apiclient.Text("x"), apiclient.List(), apiclient.List("")}}
	var got []string
	if err := m.Each(row, func(key string, v apiclient.Value) error { got = append(got, key+"="+v.String()); return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"user_email=a@example.com"}, got); diff != "" {
		t.Errorf("the values of a row (-want +got):\n%s", diff)
	}
	for name, c := range map[string]struct {
		header []string
		change func(*userfile.Rules)
	}{
		"no header":        {[]string{"user_email", ""}, func(*userfile.Rules) {}},
		"twice":            {[]string{"user_email", "user_email"}, func(*userfile.Rules) {}},
		"the same":         {[]string{"Email", "user_email"}, func(*userfile.Rules) {}},
		"one role":         {[]string{"role", "roles"}, func(*userfile.Rules) {}},
		"one login":        {[]string{"username", "user_login"}, func(*userfile.Rules) {}},
		"no such column":   {[]string{"user_email"}, func(r *userfile.Rules) { r.Named = map[string]string{"x": "nickname"} }},
		"no such field":    {[]string{"user_email"}, func(r *userfile.Rules) { r.Named = map[string]string{"user_email": "x"} }},
		"nothing to leave": {[]string{"user_email"}, func(r *userfile.Rules) { r.Ignore = []string{"x*"} }},
		"no pattern":       {[]string{"user_email"}, func(r *userfile.Rules) { r.Ignore = []string{"x["} }},
	} {
		r := rules()
		c.change(&r)
		if _, _, err := userfile.Map(c.header, r); apiclient.KindOf(err) != apiclient.Invalid {
			t.Errorf("%s: %v; want Invalid", name, err)
		}
	}
}

func TestPHP(t *testing.T) {
	for text, want := range map[string]string{
		`a:0:{}`:                                 "[]",
		`a:1:{i:0;s:4:"Male";}`:                  "[Male]",
		`a:2:{i:0;s:5:"Chess";i:7;s:0:"";}`:      "[Chess ]",
		`a:1:{s:1:"k";s:7:"Zoë";"x";}`:           "no",
		`a:1:{s:1:"k";s:6:"a";b:1";}`:            "[a\";b:1]",
		`a:4:{i:0;i:5;i:1;d:2.5;i:2;b:1;i:3;N;}`: "[5 2.5 1 ]",
		` a:1:{i:0;b:0;} `:                       "[]",
		`a:1:{i:0;a:0:{}}`:                       "no",
		`a:1:{i:0;O:8:"stdClass":0:{}}`:          "no",
		`a:2:{i:0;i:1;}`:                         "no",
		`a:1:{i:0;i:1;i:2;i:3;}`:                 "no",
		`a:1:{i:0;i:x;}`:                         "no",
		`a:1:{i:0;s:9:"a";}`:                     "no",
		`a:1:{i:0;s:-1:"a";}`:                    "no",
		`a:2147483647:{`:                         "no",
		`a:99999999999999999999:{}`:              "no",
		`s:1:"a";`:                               "no",
		`Male`:                                   "no",
		``:                                       "no",
		`a:0:{}x`:                                "no",
	} {
		got := "no"
		if v, ok := userfile.List(text); ok {
			got = fmt.Sprint(v.List)
		}
		if got != want {
			t.Errorf("%s is %s; want %s", text, got, want)
		}
	}
	roles, ok := userfile.Roles(`a:3:{s:6:"editor";b:1;s:10:"subscriber";b:0;s:9:"um_member";s:1:"1";}`)
	if diff := cmp.Diff([]apiclient.RoleSlug{"editor", "um_member"}, roles); !ok || diff != "" {
		t.Errorf("roles, read %t (-want +got):\n%s", ok, diff)
	}
	if _, ok := userfile.Roles("editor"); ok {
		t.Error("a slug is read as an array")
	}
}

func FuzzPHP(f *testing.F) {
	f.Add(`a:1:{i:0;s:4:"Male";}`)
	f.Add(`a:4:{i:0;i:5;i:1;d:2.5;i:2;b:1;i:3;N;}`)
	f.Add(`a:1:{i:0;s:5:"a";b";}`)
	f.Fuzz(func(t *testing.T, text string) {
		v, ok := userfile.List(text)
		if !ok {
			return
		}
		if v.List == nil || len(v.List) > len(text) {
			t.Errorf("%q has %d elements", text, len(v.List))
		}
		for _, s := range v.List {
			if !strings.Contains(text, s) && s != "1" {
				t.Errorf("%q of %q comes from nowhere", s, text)
			}
		}
	})
}

func FuzzMap(f *testing.F) {
	f.Add("user_email", "Shoe size")
	f.Add("E-Mail", "wp_capabilities")
	f.Fuzz(func(t *testing.T, a, b string) {
		m, unknown, err := userfile.Map([]string{a, b}, rules())
		if err != nil {
			if apiclient.KindOf(err) != apiclient.Invalid {
				t.Error(err)
			}
			return
		}
		if len(m) != 2 || m[0].Header != a || m[1].Header != b || m[0].Key != "" && userfile.Same(m[0].Key) == userfile.Same(m[1].Key) {
			t.Errorf("%q and %q are %+v, unknown %q", a, b, m, unknown)
		}
	})
}

func TestSeen(t *testing.T) {
	s := userfile.NewSeen()
	for _, c := range []struct {
		kind, text string
		line, was  int
	}{{"login", "ada", 2, 0}, {"address", "ada", 2, 0}, {"login", "bob", 3, 0}, {"login", "ada", 4, 2}, {"login", "ada", 5, 2}, {"log", "inada", 6, 0}} {
		if got := s.Line(c.kind, c.text); got != c.was {
			t.Errorf("%s %s was in line %d; want %d", c.kind, c.text, got, c.was)
		}
		s.Add(c.kind, c.text, c.line)
	}
}
