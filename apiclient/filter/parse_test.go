package filter_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
)

// now is a Wednesday morning.
func now() time.Time { return time.Date(2026, 5, 6, 7, 8, 9, 123456789, time.UTC) }

var (
	users      = filter.Options{Columns: filter.Users(), AnyField: true, Now: now}
	deliveries = filter.Options{Columns: filter.Deliveries(), Now: now}
)

func leaf(field string, op apiclient.MatchOp, value string) apiclient.Filter {
	return apiclient.Filter{Op: apiclient.Leaf, Match: apiclient.Match{Field: field, Op: op, Value: value}}
}

func between(field, low, high string) apiclient.Filter {
	return apiclient.Filter{Op: apiclient.Leaf, Match: apiclient.Match{Field: field, Op: apiclient.Between, Value: low, High: high}}
}

func word(s string) apiclient.Filter { return leaf("", apiclient.Contains, s) }

func all(terms ...apiclient.Filter) apiclient.Filter {
	return apiclient.Filter{Op: apiclient.And, Terms: terms}
}

func either(terms ...apiclient.Filter) apiclient.Filter {
	return apiclient.Filter{Op: apiclient.Or, Terms: terms}
}

func not(f apiclient.Filter) apiclient.Filter {
	return apiclient.Filter{Op: apiclient.Not, Terms: []apiclient.Filter{f}}
}

// parsed is text, what it means and how it is printed; an empty print is the text.
var parsed = []struct {
	text  string
	want  apiclient.Filter
	print string
}{
	{"", apiclient.Filter{}, ""},
	{" \t\n", apiclient.Filter{}, "-"},
	{"()", apiclient.Filter{}, "-"},
	{"anna", word("anna"), ""},
	{" anna ", word("anna"), "anna"},
	{`"anna maria"`, word("anna maria"), ""},
	{`"say \"hi\" \\ there"`, word(`say "hi" \ there`), ""},
	{`"OR"`, word("OR"), ""},
	{"or", word("or"), ""},
	{"ORder", word("ORder"), ""},
	{"a,b", word("a,b"), ""},
	{"a..b", word("a..b"), ""},
	{"名前", word("名前"), ""},
	{"https://example.com/a?b=c", word("https://example.com/a?b=c"), `"https://example.com/a?b=c"`},
	{`\-anna`, word("-anna"), `"-anna"`},
	{`a\ b`, word("a b"), `"a b"`},
	{"ann*", word("ann"), "ann"},
	{"*ann*", word("ann"), "ann"},
	{`a\*b`, word("a*b"), `"a*b"`},
	{`"ann*"`, word("ann*"), ""},
	{"anna berlin", all(word("anna"), word("berlin")), ""},
	{"anna AND berlin", all(word("anna"), word("berlin")), "anna berlin"},
	{"anna OR bert", either(word("anna"), word("bert")), ""},
	{"a b OR c", either(all(word("a"), word("b")), word("c")), "(a b) OR c"},
	{"a (b OR c)", all(word("a"), either(word("b"), word("c"))), ""},
	{"a(b)c", all(word("a"), word("b"), word("c")), "a b c"},
	{"((a))", word("a"), "a"},
	{"(a b) c", all(word("a"), word("b"), word("c")), "a b c"},
	{"(a OR b) OR c", either(word("a"), word("b"), word("c")), "a OR b OR c"},
	{"a ()", word("a"), "a"},
	{"a OR ()", either(word("a"), apiclient.Filter{}), ""},
	{"-anna", not(word("anna")), ""},
	{"NOT anna", not(word("anna")), "-anna"},
	{"NOT(a b)", not(all(word("a"), word("b"))), "-(a b)"},
	{"--a", not(not(word("a"))), ""},
	{"-()", not(apiclient.Filter{}), ""},
	{"-(a OR -b)", not(either(word("a"), not(word("b")))), ""},
	{"login:ada", leaf("login", apiclient.Equals, "ada"), ""},
	{"LOGIN:Ada", leaf("login", apiclient.Equals, "Ada"), "login:Ada"},
	{"user_login:ada", leaf("login", apiclient.Equals, "ada"), "login:ada"},
	{"login:r*", leaf("login", apiclient.Like, "r*"), ""},
	{`login:"r*"`, leaf("login", apiclient.Equals, "r*"), ""},
	{`login:r\*`, leaf("login", apiclient.Equals, "r*"), `login:"r*"`},
	{`login:\>a\,b\.c*`, leaf("login", apiclient.Like, ">a,b.c*"), ""},
	{"login:-a", leaf("login", apiclient.Equals, "-a"), ""},
	{`login:"a b"`, leaf("login", apiclient.Equals, "a b"), ""},
	{"login:a,b", either(leaf("login", apiclient.Equals, "a"), leaf("login", apiclient.Equals, "b")), ""},
	{`login:"a,b",c*`, either(leaf("login", apiclient.Equals, "a,b"), leaf("login", apiclient.Like, "c*")), ""},
	{"-status:approved,rejected", not(either(leaf("status", apiclient.Equals, "approved"), leaf("status", apiclient.Equals, "rejected"))), ""},
	{"x login:a,b", all(word("x"), either(leaf("login", apiclient.Equals, "a"), leaf("login", apiclient.Equals, "b"))), ""},
	{"login:a,b OR c", either(leaf("login", apiclient.Equals, "a"), leaf("login", apiclient.Equals, "b"), word("c")), "login:a OR login:b OR c"},
	{"email:~example", leaf("email", apiclient.Contains, "example"), ""},
	{`email:~"a b",c*`, either(leaf("email", apiclient.Contains, "a b"), leaf("email", apiclient.Contains, "c*")), `email:~"a b","c*"`},
	{"email:~none", leaf("email", apiclient.Contains, "none"), `email:~"none"`},
	{"city:Oslo", leaf("city", apiclient.Equals, "Oslo"), ""},
	{"City:Oslo", leaf("City", apiclient.Equals, "Oslo"), ""},
	{"city:none", leaf("city", apiclient.IsEmpty, ""), ""},
	{`city:""`, leaf("city", apiclient.IsEmpty, ""), "city:none"},
	{`city:"none"`, leaf("city", apiclient.Equals, "none"), ""},
	{"city:None,Oslo", either(leaf("city", apiclient.IsEmpty, ""), leaf("city", apiclient.Equals, "Oslo")), "city:none,Oslo"},
	{"city:*", not(leaf("city", apiclient.IsEmpty, "")), "-city:none"},
	{"age:>=18", leaf("age", apiclient.AtLeast, "18"), ""},
	{"age:>18", leaf("age", apiclient.Greater, "18"), ""},
	{"age:<=18", leaf("age", apiclient.AtMost, "18"), ""},
	{"age:<18", leaf("age", apiclient.Less, "18"), ""},
	{`age:>"=18"`, leaf("age", apiclient.Greater, "=18"), ""},
	{"age:18..21", between("age", "18", "21"), ""},
	{`age:".5".."6."`, between("age", ".5", "6."), ""},
	{"age:1.5..2.5", between("age", "1.5", "2.5"), ""},
	{"age:18..", leaf("age", apiclient.AtLeast, "18"), "age:>=18"},
	{"age:..21", leaf("age", apiclient.AtMost, "21"), "age:<=21"},
	{"city:**", leaf("city", apiclient.Like, "**"), ""},
	{"id:007", leaf("id", apiclient.Equals, "7"), "id:7"},
	{"id:1..20,30", either(between("id", "1", "20"), leaf("id", apiclient.Equals, "30")), "id:1..20 OR id:30"},
	{"id:>-0.0", leaf("id", apiclient.Greater, "0"), "id:>0"},
	{"id:>1.50", leaf("id", apiclient.Greater, "1.5"), "id:>1.5"},
	{"role:subscriber", leaf("role", apiclient.Equals, "subscriber"), ""},
	{"roles:um_*", leaf("role", apiclient.Like, "um_*"), "role:um_*"},
	{"status:approved", leaf("status", apiclient.Equals, "approved"), ""},
	{"status:Awaiting*", leaf("status", apiclient.Like, "Awaiting*"), ""},
	{"status:awaitingemailconfirmation", leaf("status", apiclient.Equals, "awaiting_email_confirmation"), "status:awaiting_email_confirmation"},
	{`status:"Awaiting Admin Review"`, leaf("status", apiclient.Equals, "awaiting_admin_review"), "status:awaiting_admin_review"},
	{"account_status:Pending", leaf("status", apiclient.Equals, "awaiting_admin_review"), "status:awaiting_admin_review"},
	{"status:none", leaf("status", apiclient.IsEmpty, ""), ""},
	{"status:on_hold", leaf("status", apiclient.Equals, "on_hold"), ""},
	{"registered:2026-01-31", leaf("registered", apiclient.Equals, "2026-01-31"), ""},
	{"registered:2026-02", between("registered", "2026-02-01", "2026-02-28"), "registered:2026-02-01..2026-02-28"},
	{"registered:2024", between("registered", "2024-01-01", "2024-12-31"), "registered:2024-01-01..2024-12-31"},
	{"registered:>=2026-02", leaf("registered", apiclient.AtLeast, "2026-02-01"), "registered:>=2026-02-01"},
	{"registered:>2026-02", leaf("registered", apiclient.Greater, "2026-02-28"), "registered:>2026-02-28"},
	{"registered:<2026-02", leaf("registered", apiclient.Less, "2026-02-01"), "registered:<2026-02-01"},
	{"registered:<=2026-02", leaf("registered", apiclient.AtMost, "2026-02-28"), "registered:<=2026-02-28"},
	{"registered:2025..2026-03", between("registered", "2025-01-01", "2026-03-31"), "registered:2025-01-01..2026-03-31"},
	{"registered:>=7d", leaf("registered", apiclient.AtLeast, "2026-04-29T07:08:09Z"), "registered:>=2026-04-29T07:08:09Z"},
	{"registered:-7d", leaf("registered", apiclient.AtLeast, "2026-04-29T07:08:09Z"), "registered:>=2026-04-29T07:08:09Z"},
	{"registered:2w", leaf("registered", apiclient.AtLeast, "2026-04-22T07:08:09Z"), "registered:>=2026-04-22T07:08:09Z"},
	{"registered:<1y", leaf("registered", apiclient.Less, "2025-05-06T07:08:09Z"), "registered:<2025-05-06T07:08:09Z"},
	{"registered:2mo..1h", between("registered", "2026-03-06T07:08:09Z", "2026-05-06T06:08:09Z"), "registered:2026-03-06T07:08:09Z..2026-05-06T06:08:09Z"},
	{"registered:90s", leaf("registered", apiclient.AtLeast, "2026-05-06T07:06:39Z"), "registered:>=2026-05-06T07:06:39Z"},
	{"registered:30m", leaf("registered", apiclient.AtLeast, "2026-05-06T06:38:09Z"), "registered:>=2026-05-06T06:38:09Z"},
	{"registered:today", leaf("registered", apiclient.Equals, "2026-05-06"), "registered:2026-05-06"},
	{"registered:Yesterday", leaf("registered", apiclient.Equals, "2026-05-05"), "registered:2026-05-05"},
	{"registered:<now", leaf("registered", apiclient.Less, "2026-05-06T07:08:09Z"), "registered:<2026-05-06T07:08:09Z"},
	{"last_login:none", leaf("last_login", apiclient.IsEmpty, ""), ""},
	{"last_login:2026-01-31T10:20", between("last_login", "2026-01-31T10:20:00Z", "2026-01-31T10:20:59Z"), "last_login:2026-01-31T10:20:00Z..2026-01-31T10:20:59Z"},
	{`last_login:"2026-01-31 10:20:30"`, leaf("last_login", apiclient.Equals, "2026-01-31T10:20:30Z"), "last_login:2026-01-31T10:20:30Z"},
	{"last_login:>2026-01-31T00:20:30+02:00", leaf("last_login", apiclient.Greater, "2026-01-30T22:20:30Z"), "last_login:>2026-01-30T22:20:30Z"},
	{"last_login:2026-01-31T10:20:30.5Z", leaf("last_login", apiclient.Equals, "2026-01-31T10:20:30.500Z"), "last_login:2026-01-31T10:20:30.500Z"},
}

func TestParse(t *testing.T) {
	for _, c := range parsed {
		t.Run(c.text, func(t *testing.T) {
			got, err := filter.Parse(c.text, users)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			want := c.text
			if c.print != "" {
				want = c.print
			}
			if c.want.IsZero() {
				want = ""
			}
			if s := filter.String(got); s != want {
				t.Errorf("printed as %s, want %s", s, want)
			}
			again, err := filter.Parse(filter.String(got), users)
			if diff := cmp.Diff(got, again); diff != "" || err != nil {
				t.Errorf("printed and parsed again: %v (-first +second):\n%s", err, diff)
			}
		})
	}
}

func TestParseDeliveries(t *testing.T) {
	for text, want := range map[string]apiclient.Filter{
		"state:DEAD":            leaf("state", apiclient.Equals, "dead"),
		"state:d*":              leaf("state", apiclient.Like, "d*"),
		"trigger:um_user_login": leaf("event", apiclient.Equals, "um_user_login"),
		"event:~login":          leaf("event", apiclient.Contains, "login"),
		"code:410":              leaf("code", apiclient.Equals, "410"),
		"code:5xx":              between("code", "500", "599"),
		"code:4XX,500":          either(between("code", "400", "499"), leaf("code", apiclient.Equals, "500")),
		"code:>=4xx":            leaf("code", apiclient.AtLeast, "400"),
		"code:<=4xx":            leaf("code", apiclient.AtMost, "499"),
		"ms:>500":               leaf("ms", apiclient.Greater, "500"),
		"ms:>=1m30s":            leaf("ms", apiclient.AtLeast, "90000"),
		"ms:0.5s..2s":           between("ms", "500", "2000"),
		"test:yes":              leaf("test", apiclient.Equals, "true"),
		"test:0":                leaf("test", apiclient.Equals, "false"),
		"at:1h":                 leaf("at", apiclient.AtLeast, "2026-05-06T06:08:09Z"),
		"since:1h":              leaf("at", apiclient.AtLeast, "2026-05-06T06:08:09Z"),
		"since:30m":             leaf("at", apiclient.AtLeast, "2026-05-06T06:38:09Z"),
		"since:2d":              leaf("at", apiclient.AtLeast, "2026-05-04T07:08:09Z"),
		"since:today":           leaf("at", apiclient.AtLeast, "2026-05-06"),
		"since:2026-05":         leaf("at", apiclient.AtLeast, "2026-05-01"),
		"-since:1h":             not(leaf("at", apiclient.AtLeast, "2026-05-06T06:08:09Z")),
		"user:7":                leaf("user", apiclient.Equals, "7"),
		"user:>=7":              leaf("user", apiclient.AtLeast, "7"),
		"user:7..9":             between("user", "7", "9"),
		"user:anna":             leaf("login", apiclient.Equals, "anna"),
		`user:"7"`:              leaf("login", apiclient.Equals, "7"),
		"user:7,anna":           either(leaf("user", apiclient.Equals, "7"), leaf("login", apiclient.Equals, "anna")),
		"user:ann*":             leaf("login", apiclient.Like, "ann*"),
		"user:~nn":              leaf("login", apiclient.Contains, "nn"),
		"user_id:*":             not(leaf("user", apiclient.IsEmpty, "")),
		"target:hooks.x.org":    leaf("target", apiclient.Equals, "hooks.x.org"),
		"target:127.0.0.1:9000": leaf("target", apiclient.Equals, "127.0.0.1:9000"),
		"target:*.zapier.com":   leaf("target", apiclient.Like, "*.zapier.com"),
		"state:dead event:um_user_login target:hooks.zapier.com user:anna ms:>500 since:1h": all(
			leaf("state", apiclient.Equals, "dead"), leaf("event", apiclient.Equals, "um_user_login"), leaf("target", apiclient.Equals, "hooks.zapier.com"),
			leaf("login", apiclient.Equals, "anna"), leaf("ms", apiclient.Greater, "500"), leaf("at", apiclient.AtLeast, "2026-05-06T06:08:09Z")),
		"zap:5 user:none": all(leaf("zap", apiclient.Equals, "5"), leaf("user", apiclient.IsEmpty, "")),
	} {
		got, err := filter.Parse(text, deliveries)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", text, err, diff)
		}
	}
}

func TestParseFieldColumns(t *testing.T) {
	o := filter.Options{Columns: append(filter.Users(), filter.Fields(apiclient.PredefinedFields())...), Now: now}
	for text, want := range map[string]apiclient.Filter{
		"birth_date:1996":            between("birth_date", "1996-01-01", "1996-12-31"),
		"birth_date:<2008-05-06":     leaf("birth_date", apiclient.Less, "2008-05-06"),
		"birth_date:>18y":            leaf("birth_date", apiclient.Greater, "2008-05-06"),
		"languages:English":          leaf("languages", apiclient.Equals, "English"),
		"user_email:ada@example.com": leaf("email", apiclient.Equals, "ada@example.com"),
		"country:Spain,Norway":       either(leaf("country", apiclient.Equals, "Spain"), leaf("country", apiclient.Equals, "Norway")),
	} {
		got, err := filter.Parse(text, o)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", text, err, diff)
		}
	}
	for _, text := range []string{"user_password:x", "birth_date:1996-02-30", "birth_date:12:00", "languages:>English"} {
		if _, err := filter.Parse(text, o); apiclient.KindOf(err) != apiclient.Invalid {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	site := users
	site.Statuses = apiclient.DefaultStatuses()
	exact := filter.Options{Columns: filter.Users(), Now: now}
	for _, c := range []struct {
		text string
		o    filter.Options
		at   string // what the sentence says of the place
	}{
		{"a)", users, "character 2"},
		{"(a", users, "character 1"},
		{"ø (a (b)", users, "character 3"},
		{"a OR", users, "its end"},
		{"OR a", users, "character 1"},
		{"a OR OR b", users, "character 6"},
		{"(OR)", users, "character 2"},
		{"AND a", users, "character 1"},
		{"a AND", users, "character 3"},
		{"a AND OR b", users, "character 3"},
		{"a AND AND b", users, "character 3"},
		{"(a AND) b", users, "character 4"},
		{"-", users, "character 1"},
		{"a - b", users, "character 3"},
		{"(-)", users, "character 2"},
		{"NOT", users, "character 1"},
		{"NOT OR a", users, "character 1"},
		{`""`, users, "character 1"},
		{`"":ada`, users, "character 1"},
		{"an*a", users, "character 1"},
		{"x **", users, "character 3"},
		{`a "b`, users, "character 3"},
		{`a "b\"`, users, "character 3"},
		{`a\`, users, "character 2"},
		{"login:", users, "its end"},
		{"login: ada", users, "character 7"},
		{"login:a,", users, "its end"},
		{"login:,a", users, "character 7"},
		{"login:>", users, "its end"},
		{"login:..", users, "character 7"},
		{"login:a..b..c", users, "character 7"},
		{`login:"a"b`, users, "character 10"},
		{"id:>5,6", users, "character 6"},
		{"id:ada", users, "character 4"},
		{"id:12x", users, "character 4"},
		{"id:1*", users, "character 4"},
		{"id:~1", users, "character 4"},
		{"id:1..x", users, "character 7"},
		{"id:1234567890123456789", users, "character 4"},
		{"role:>a", users, "character 6"},
		{"role:a..b", users, "character 6"},
		{"registered:2026-02-30", users, "character 12"},
		{"registered:26-01-01", users, "character 12"},
		{"registered:2026-01-01T25:00", users, "character 12"},
		{"registered:soon", users, "character 12"},
		{"registered:0000-01-01", users, "character 12"},
		{"registered:0001-01-01T00:00:00+02:00", users, "character 12"},
		{"registered:9999y", users, "character 12"},
		{"registered:2026*", users, "character 12"},
		{"status:aproved", site, "character 8"},
		{"status:a!b", users, "character 8"},
		{`status:""..""`, users, "character 8"},
		{"nosuch:x", exact, "character 1"},
		{"a nosuch:x", exact, "character 3"},
		{"15:30", exact, "character 1"},
		{`"x y":z`, users, "character 1"},
		{"state:deads", deliveries, "character 7"},
		{"code:6xx", deliveries, "character 6"},
		{"code:1000", deliveries, "character 6"},
		{"ms:-1", deliveries, "character 4"},
		{"ms:fast", deliveries, "character 4"},
		{"test:maybe", deliveries, "character 6"},
		{"since:>1h", deliveries, "comparison already"},
		{"since:1h..2h", deliveries, "comparison already"},
		{"since:..1h", deliveries, "character 9"},
		{"since:", deliveries, "since"},
		{"since:soon", deliveries, "character 7"},
		{"since:none", deliveries, "character 7"},
		{"since:*", deliveries, "character 7"},
		{"user:>anna", deliveries, "character 7"},
		{"user:1..b", deliveries, "character 9"},
		{"target:", deliveries, "target"},
		{"test:>true", deliveries, "character 6"},
		{"a\x00b", users, "character 2"},
		{"a\x1b[31m", users, "character 2"},
		{"a\u0085b", users, "character 2"},
		{"\xff", users, "UTF-8"},
		{strings.Repeat("a", filter.MaxText+1), users, "4096"},
		{strings.Repeat("a ", filter.MaxTerms+1), users, "character 201"},
		{"login:" + strings.Repeat("a,", filter.MaxTerms) + "a", users, "at most 100"},
		{strings.Repeat("(", filter.MaxDepth) + "a" + strings.Repeat(")", filter.MaxDepth), users, "at most 32"},
		{strings.Repeat("-", filter.MaxDepth) + "a", users, "at most 32"},
		{strings.Repeat("(", 4096), users, "at most 32"},
	} {
		name := c.text[:min(30, len(c.text))]
		t.Run(name, func(t *testing.T) {
			got, err := filter.Parse(c.text, c.o)
			if err == nil {
				t.Fatalf("taken as %+v", got)
			}
			refusal(t, err)
			if !strings.Contains(err.Error(), c.at) {
				t.Errorf("%q does not say %q", err.Error(), c.at)
			}
			if !got.IsZero() {
				t.Errorf("a filter comes with the error: %+v", got)
			}
		})
	}
}

// refusal checks that err is Invalid, about the filter, and can be shown as it is.
func refusal(t *testing.T, err error) {
	t.Helper()
	s := apiclient.MessageOf(err)
	if apiclient.KindOf(err) != apiclient.Invalid || !strings.HasSuffix(s, ".") || len(s) > 600 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 }) {
		t.Errorf("%v %q is no refusal", apiclient.KindOf(err), s)
	}
}

func TestParseAtTheLimits(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("a", filter.MaxText),
		strings.Repeat("a ", filter.MaxTerms),
		strings.Repeat("(", filter.MaxDepth-1) + "a" + strings.Repeat(")", filter.MaxDepth-1),
		strings.Repeat("-", filter.MaxDepth-1) + "a",
	} {
		f, err := filter.Parse(text, users)
		if err != nil {
			t.Errorf("%.20s…: %v", text, err)
			continue
		}
		if again, err := filter.Parse(filter.String(f), users); err != nil || !reflect.DeepEqual(f, again) { // cmp takes ages for deep trees
			t.Errorf("%.20s… is printed as %.40s…: %v", text, filter.String(f), err)
		}
	}
}

// FuzzParse reads any text; what is a filter is the same filter when it is printed
// and read again, and says the same of rows.
func FuzzParse(f *testing.F) {
	for _, c := range parsed {
		f.Add(c.text)
	}
	f.Add("code:5xx state:dead ms:>2s test:true at:1h")
	options := []filter.Options{users, deliveries, {Columns: append(filter.Users(), filter.Fields(apiclient.PredefinedFields())...), Now: now, Statuses: apiclient.DefaultStatuses()}}
	f.Fuzz(func(t *testing.T, text string) {
		filter.Complete(text, len(text)/2, filter.Users())
		for _, o := range options {
			parsed, err := filter.Parse(text, o)
			if err != nil {
				refusal(t, err)
				continue
			}
			printed := filter.String(parsed)
			if len(printed) > filter.MaxText {
				continue // quotes and whole dates can make it longer than it came
			}
			again, err := filter.Parse(printed, o)
			if err != nil {
				t.Fatalf("%q is printed as %q: %v", text, printed, err)
			}
			if !reflect.DeepEqual(parsed, again) {
				t.Fatalf("%q is printed as %q:\n%+v\n%+v", text, printed, parsed, again)
			}
			for _, u := range members {
				if filter.Run(parsed, filter.UserRow(u)) == filter.Run(not(parsed), filter.UserRow(u)) {
					t.Fatalf("%q and its negation agree on %s", text, u.Login)
				}
			}
		}
	})
}
