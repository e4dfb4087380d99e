package apiclient_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// sent is a registration with one answer.
func sent(key string, values ...string) apiclient.Intake {
	in := apiclient.Intake{Mode: apiclient.FormRegister, Now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	in.Sent.Values = map[string][]string{}
	if values != nil {
		in.Sent.Values[key] = values
	}
	return in
}

// rule is a field with that rule and the label Thing.
func rule(name string) apiclient.Field {
	return apiclient.Field{Key: "k", Label: "Thing", Type: apiclient.FieldText, Validate: name}
}

func TestCheckRules(t *testing.T) {
	const ok = ""
	number := func(least, most int) apiclient.Field {
		return apiclient.Field{Key: "k", Label: "Thing", Type: apiclient.FieldNumber, Min: &least, Max: &most}
	}
	for _, c := range []struct {
		name  string
		field apiclient.Field
		want  map[string]string // what is sent → the message
	}{
		{"alphabetic", rule("alphabetic"), map[string]string{"": ok, "Zoë Søn": ok, "a1": "You must provide alphabetic letters", " ": ok}},
		{"alpha_numeric", rule("alpha_numeric"), map[string]string{"Zoë 1": ok, "a_b": "You must provide alphabetic letters or numbers", "٣": "You must provide alphabetic letters or numbers"}},
		{"english", rule("english"), map[string]string{"Ada L": ok, "Zoë": "You must provide English letters.", "a1": "You must provide English letters."}},
		{"lowercase", rule("lowercase"), map[string]string{"ada l": ok, "Ada": "You must provide lowercase letters.", "é": "You must provide lowercase letters."}},
		{"numeric", rule("numeric"), map[string]string{"1.5": ok, "-3": ok, "1e3": ok, "+.5": ok, "0": ok, "one": "Please enter numbers only in this field", "1,5": "Please enter numbers only in this field"}},
		{"phone_number", rule("phone_number"), map[string]string{"+1 (55) 5.0-1": ok, "1": ok, "call me": "Please enter a valid phone number"}},
		{"url", rule("url"), map[string]string{"see http://a.b": ok, "example.com": "Please enter a valid URL"}},
		{"is_email", rule("is_email"), map[string]string{"ada@example.com": ok, "ada": "This is not a valid email"}},
		{"unique_email", rule("unique_email"), map[string]string{"": ok, "ada@example.com": ok, "ada": "The email you entered is incorrect"}},
		{"unique_username", rule("unique_username"), map[string]string{"": "You must provide a username", "ada": ok, "ada@example.com": "Username cannot be an email", "a/b": "Your username contains invalid characters"}},
		{"unique_username_or_email", rule("unique_username_or_email"), map[string]string{"": "You must provide a username or email", "ada": ok, "ada+x@example.com": ok, "a/b": "Your username contains invalid characters"}},
		{"discord", rule("discord"), map[string]string{"ada.l_1": ok, "a": "Please enter a valid Discord ID", "Ada": "Please enter a valid Discord ID", "a..b": "Please enter a valid Discord ID", strings.Repeat("a", 32): "Please enter a valid Discord ID"}},
		{"skype", rule("skype"), map[string]string{"anything at all / here": ok}},
		{"soundcloud", rule("soundcloud"), map[string]string{"anything at all / here": ok}},
		{"custom", rule("custom"), map[string]string{"anything at all / here": ok}},
		{"unique_value", rule("unique_value"), map[string]string{"": ok, "x": ok}},
		{"facebook_url", rule("facebook_url"), map[string]string{"https://facebook.com/ada": ok, "see facebook.com": ok, "facebook.com": "Please enter a valid Thing username or profile URL", "https://example.com/ada": "Please enter a valid Thing username or profile URL"}},
		{"instagram_url", rule("instagram_url"), map[string]string{"https://instagram.com/ada": ok, "ada": "Please enter a valid Thing profile URL"}},
		{"linkedin_url", rule("linkedin_url"), map[string]string{"https://linkedin.com/ada": ok, "ada": "Please enter a valid Thing username or profile URL"}},
		{"twitter_url", rule("twitter_url"), map[string]string{"https://twitter.com/ada": ok, "ada": "Please enter a valid Thing username or profile URL"}},
		{"tiktok_url", rule("tiktok_url"), map[string]string{"https://tiktok.com/@ada": ok, "ada": "Please enter a valid Thing profile URL"}},
		{"twitch_url", rule("twitch_url"), map[string]string{"https://twitch.tv/ada": ok, "ada": "Please enter a valid Thing profile URL"}},
		{"reddit_url", rule("reddit_url"), map[string]string{"https://www.reddit.com/user/ada": ok, "ada": "Please enter a valid Thing profile URL"}},
		{"telegram_url", rule("telegram_url"), map[string]string{"https://t.me/ada": ok, "ada": "Please enter a valid Thing username or profile URL"}},
		{"spotify_url", rule("spotify_url"), map[string]string{"https://open.spotify.com/x": ok, "https://spotify.com/x": "Please enter a valid Thing URL"}},
		{"youtube_url", rule("youtube_url"), map[string]string{"https://youtube.com/ada": ok, "https://youtu.be/x": ok, "ada": "Please enter a valid Thing username or profile URL"}},
		{"soundcloud_url", rule("soundcloud_url"), map[string]string{"https://soundcloud.com/ada": ok, "ada": "Please enter a valid Thing username or profile URL"}},
		{"youtube_video", rule("youtube_video"), map[string]string{"https://youtu.be/dQw4w9WgXcQ": ok, "https://youtube.com/ada": "Please enter a valid Thing URL"}},
		{"a rule that there is not", rule("rainbow"), map[string]string{"x": ok}},

		{"characters", apiclient.Field{Key: "k", Label: "Thing", Type: apiclient.FieldText, MinChars: 3, MaxChars: 5}, map[string]string{"": ok, "0": ok, "abc": ok, "äöüßé": ok, "ab": "Your Thing must contain at least 3 characters", "abcdef": "Your Thing must contain less than 5 characters"}},
		{"characters without a label", apiclient.Field{Key: "k", Type: apiclient.FieldText, MinChars: 3, MaxChars: 5}, map[string]string{"ab": "This field must contain at least 3 characters", "abcdef": "This field must contain less than 5 characters"}},
		{"words", apiclient.Field{Key: "k", Label: "Thing", Type: apiclient.FieldTextarea, MaxWords: 2}, map[string]string{"one two": ok, "it's well-known": ok, "one, two; 3": "You are only allowed to enter a maximum of 2 words", "один два три": ok, "été à là": "You are only allowed to enter a maximum of 2 words"}},
		{"number", number(2, 4), map[string]string{"": ok, "2": ok, "4": ok, "1": "Minimum number limit is 2", "4.5": "Maximum number limit is 4"}},
		{"no number", number(2, 4), map[string]string{"three": `Thing cannot be "three"; give a whole number.`}},
		{"html", apiclient.Field{Key: "k", Label: "Thing", Type: apiclient.FieldTextarea}, map[string]string{"1 < 2": ok, "a\nb": ok, "<b>x</b>": "You can not use HTML tags here"}},
		{"html allowed", apiclient.Field{Key: "k", Label: "Thing", Type: apiclient.FieldTextarea, HTML: true, MaxChars: 3}, map[string]string{"<b>abc</b>": ok, "<b>abcd</b>": "Your Thing must contain less than 3 characters"}},
		{"date", apiclient.Field{Key: "k", Type: apiclient.FieldDate, Dates: apiclient.DateRules{Years: 2, YearsX: "past"}}, map[string]string{"": ok, "2026-11-21": ok, "2024/11/21": ok, "2026-11-22": "Please choose a date up to 2026-11-21", "2024-11-20": "Please choose a date from 2024-11-21 on", "soon": "Please enter a valid date"}},
		{"years to come", apiclient.Field{Key: "k", Type: apiclient.FieldDate, Dates: apiclient.DateRules{Range: "years", Years: 1, YearsX: "future"}}, map[string]string{"2026-11-20": "Please choose a date from 2026-11-21 on", "2027-11-21": ok, "2027-11-22": "Please choose a date up to 2027-11-21"}},
		{"years on both sides", apiclient.Field{Key: "k", Type: apiclient.FieldDate, Dates: apiclient.DateRules{Years: 4, YearsX: "equal"}}, map[string]string{"2024-11-21": ok, "2028-11-21": ok, "2028-11-22": "Please choose a date up to 2028-11-21"}},
		{"date range", apiclient.Field{Key: "k", Type: apiclient.FieldDate, Dates: apiclient.DateRules{Range: "date_range", Start: "2026-01-01", End: "2026-12-31", Years: 1}}, map[string]string{"2026-01-01": ok, "2026-12-31": ok, "2025-12-31": "Please choose a date from 2026-01-01 on"}},
		{"weekdays", apiclient.Field{Key: "k", Type: apiclient.FieldDate, Dates: apiclient.DateRules{Disabled: []time.Weekday{time.Sunday}}}, map[string]string{"2026-11-21": ok, "2026-11-22": "A Sunday cannot be chosen here"}},
		{"time", apiclient.Field{Key: "k", Type: apiclient.FieldTime}, map[string]string{"3:30 pm": ok, "15:30": ok, "25:00": "Please enter a valid time"}},
		{"control characters", apiclient.Field{Key: "k", Label: "Thing", Type: apiclient.FieldText}, map[string]string{"a\x1bb": "Thing has the control character U+001B in it; leave it away."}},
	} {
		for text, want := range c.want {
			got := c.field.Check(sent("k", text))
			if want == ok && len(got) > 0 || want != ok && (len(got) != 1 || got[0] != apiclient.Problem{Field: "k", Message: want}) {
				t.Errorf("%s of %q: %v; want %q", c.name, text, got, want)
			}
		}
	}
}

func TestCheckRequired(t *testing.T) {
	field := func(typ apiclient.FieldType) apiclient.Field {
		return apiclient.Field{Key: "k", Title: "Title", Label: "Label", Type: typ, Required: true}
	}
	none := []string(nil)
	for _, c := range []struct {
		name  string
		field apiclient.Field
		sent  []string
		want  string
	}{
		{"text not sent", field(apiclient.FieldText), none, "Label is required"},
		{"text empty", field(apiclient.FieldText), []string{"  "}, "Label is required"},
		{"text", field(apiclient.FieldText), []string{"0"}, ""},
		{"number empty", field(apiclient.FieldNumber), []string{""}, "Title is required."},
		{"number not sent", field(apiclient.FieldNumber), none, "Label is required"},
		{"checkbox not sent", field(apiclient.FieldCheckbox), none, "Title is required."},
		{"radio not sent", field(apiclient.FieldRadio), none, "Title is required."},
		{"multiselect not sent", field(apiclient.FieldMultiselect), none, "Title is required."},
		{"multiselect empty", field(apiclient.FieldMultiselect), []string{""}, "Title is required."},
		{"select empty", field(apiclient.FieldSelect), []string{""}, "Label is required"},
		{"no label", apiclient.Field{Key: "k", Type: apiclient.FieldText, Required: true}, none, "This field is required"},
		{"role", apiclient.Field{Key: "role_radio", Label: "Account Type", Type: apiclient.FieldRadio, Required: true}, none, "Please specify account type."},
		{"file not sent", field(apiclient.FieldFile), none, "Label is required"},
		{"not required", apiclient.Field{Key: "k", Type: apiclient.FieldText}, none, ""},
	} {
		got := c.field.Check(sent(c.field.Key, c.sent...))
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || got[0].Message != c.want) {
			t.Errorf("%s: %v; want %q", c.name, got, c.want)
		}
	}
	file := field(apiclient.FieldFile)
	in := sent("k")
	in.Sent.Files = map[string]apiclient.SentFile{"k": {Name: "a.pdf"}}
	if got := file.Check(in); len(got) > 0 {
		t.Errorf("a file that was sent: %v", got)
	}
	in = sent("k")
	in.Stored = map[string]apiclient.Value{"k": apiclient.Text("a.pdf")}
	if got := file.Check(in); len(got) > 0 {
		t.Errorf("a file that is there: %v", got)
	}
	in.Sent.Values["k"] = []string{"empty_file"}
	if got := file.Check(in); len(got) != 1 {
		t.Errorf("a file that is taken away: %v; want that it is required", got)
	}
}

func TestCheckSelections(t *testing.T) {
	f := apiclient.Field{Key: "k", Type: apiclient.FieldMultiselect, MinSelections: 2, MaxSelections: 3, Choices: apiclient.Choices("a", "b", "c", "d")}
	for n, want := range []string{"Please select at least 2 choices", "Please select at least 2 choices", "", "", "You can only select up to 3 choices"} {
		got := f.Check(sent("k", []string{"a", "b", "c", "d"}[:n]...))
		if want == "" && len(got) > 0 || want != "" && (len(got) != 1 || got[0].Message != want) {
			t.Errorf("%d choices: %v; want %q", n, got, want)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	f := apiclient.Field{
		Key: "user_password", Label: "Password", Type: apiclient.FieldPassword, Required: true, MinChars: 8, MaxChars: 30,
		Password: apiclient.Strength{Good: true, Confirm: true}, Secret: true,
	}
	for _, c := range []struct{ password, again, want string }{
		{"Correct1", "Correct1", ""},
		{"Ünïcödé٣", "Ünïcödé٣", ""},
		{"", "", "Password is required"},
		{"Short1", "Short1", "Your Password must contain at least 8 characters"},
		{"correct12", "correct12", "Your password must contain at least one capital letter"},
		{"CORRECT12", "CORRECT12", "Your password must contain at least one lowercase letter"},
		{"CorrectHorse", "CorrectHorse", "Your password must contain at least one number"},
		{`Correct\1`, `Correct\1`, `Passwords may not contain the character "\".`},
		{"Lovelace1815", "Lovelace1815", "Your password cannot contain the part of your username"},
		{"Example1.com", "Example1.com", "Your password cannot contain the part of your email address"},
		{"Correct1", "", "Please confirm your password"},
		{"Correct1", "Correct2", "Your passwords do not match"},
	} {
		in := sent("user_password", c.password)
		in.Sent.Values["confirm_user_password"] = []string{c.again}
		in.Sent.Values["user_login"] = []string{"ada.lovelace1815"}
		in.Sent.Values["user_email"] = []string{"ada@example1.com"}
		got := f.Check(in)
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || got[0].Message != c.want) {
			t.Errorf("%q, %q: %v; want %q", c.password, c.again, got, c.want)
		}
	}
	in := sent("user_password", "Correct12")
	in.Sent.Values["confirm_user_password"] = []string{"Correct12"}
	in.SpecialChar = true
	if got := f.Check(in); len(got) != 1 || !strings.Contains(got[0].Message, "special character") {
		t.Errorf("without a special character: %v", got)
	}
	in.Mode, in.Sent.Values["user_password"] = apiclient.FormLogin, []string{"x"}
	f.MinChars = 0
	if got := f.Check(in); len(got) > 0 {
		t.Errorf("at a login: %v; want nothing", got)
	}
}

func TestReadForm(t *testing.T) {
	text, list := apiclient.Text, apiclient.List
	colours := apiclient.Choices("Red", "Green")
	fields := []apiclient.Field{
		{Core: apiclient.CoreDivider, Key: "um_divider"},
		{Key: "name", Label: "Name", Type: apiclient.FieldText},
		{Key: "age", Type: apiclient.FieldNumber},
		{Key: "one", Type: apiclient.FieldSelect, Choices: colours},
		{Key: "some", Type: apiclient.FieldCheckbox, Choices: colours},
		{Key: "sort", Type: apiclient.FieldRadio, Choices: colours},
		{Key: "key", Type: apiclient.FieldSelect, Choices: []apiclient.Choice{{Value: "r", Label: "Red"}}, OptionsSource: "um_colours"},
		{Key: "born", Type: apiclient.FieldDate},
		{Key: "wake", Type: apiclient.FieldTime},
		{Key: "stars", Type: apiclient.FieldNumber, Core: apiclient.CoreRating},
		{Key: "site", Type: apiclient.FieldURL},
		{Key: "twitter", Label: "X", Type: apiclient.FieldURL, Validate: "twitter_url", Link: apiclient.Link{Social: true}},
		{Key: "country", Type: apiclient.FieldCountry},
		{Key: "secret", Type: apiclient.FieldPassword},
		{Key: "user_registered", Type: apiclient.FieldText, ReadOnly: true},
		{Key: "why", Type: apiclient.FieldText, Required: true, Conditions: []apiclient.Condition{{apiclient.ConditionShow, "one", apiclient.OpEquals, "Green"}}},
		{Key: "city", Type: apiclient.FieldSelect, Parent: "country", Choices: []apiclient.Choice{{Value: "Spain/Madrid", Label: "Madrid"}, {Value: "France/Paris", Label: "Paris"}}},
	}
	in := sent("")
	maps.Copy(in.Sent.Values, map[string][]string{
		"name": {" <b>Zoë</b> & Søn "}, "age": {"3.9"}, "one": {"Red"}, "some": {"Green", "Purple", "Red"}, "sort": {"Purple"}, "key": {"r"},
		"born": {"1996/12/08"}, "wake": {"3:30 pm"}, "stars": {"5"}, "site": {"example.com"}, "twitter": {"ada"}, "country": {"Spain"},
		"secret": {"Correct1"}, "user_registered": {"1996-12-08 15:30:00"}, "um_divider": {"x"}, "unknown": {"x"}, "city": {"Madrid"},
	})
	answers, problems := in.Read(fields)
	if len(problems) > 0 {
		t.Fatalf("problems: %v", problems)
	}
	want := map[string]apiclient.Value{
		"name": text("Zoë & Søn"), "age": text("3"), "one": text("Red"), "some": list("Green", "Red"), "sort": list(), "key": text("r"),
		"born": text("1996-12-08"), "wake": text("15:30"), "stars": text("5"), "site": text("http://example.com"),
		"twitter": text("https://twitter.com/ada"), "country": text("Spain"), "city": text("Madrid"),
	}
	if diff := gocmp.Diff(want, answers); diff != "" {
		t.Errorf("the answers (-want +got):\n%s", diff)
	}

	in.Sent.Values["one"], in.Sent.Values["stars"], in.Sent.Values["city"] = []string{"Green"}, []string{"6"}, []string{"Paris"}
	answers, problems = in.Read(fields)
	if len(problems) != 1 || problems[0].Field != "why" {
		t.Errorf("problems: %v; want that why is required", problems)
	}
	for _, key := range []string{"stars", "city"} {
		if v, there := answers[key]; there {
			t.Errorf("%s stores %v, which is not offered", key, v)
		}
	}
}

func TestReadProfile(t *testing.T) {
	fields := []apiclient.Field{
		{Key: "user_email", Type: apiclient.FieldEmail},
		{Key: "name", Type: apiclient.FieldText},
		{Key: "locked", Type: apiclient.FieldText, Locked: true},
		{Key: "shown", Type: apiclient.FieldText, Visibility: apiclient.VisibleView},
		{Key: "hidden", Type: apiclient.FieldText, Privacy: apiclient.PrivacyRoles, Roles: []apiclient.RoleSlug{"editor"}},
		{Key: "some", Type: apiclient.FieldCheckbox, Choices: apiclient.Choices("Red")},
		{Key: "one", Type: apiclient.FieldSelect, Choices: apiclient.Choices("Red")},
		{Key: "absent", Type: apiclient.FieldText},
	}
	in := apiclient.Intake{Mode: apiclient.FormProfile, Viewer: apiclient.Viewer{ID: 7}, Owner: 7, Sent: apiclient.Submission{Values: map[string][]string{
		"user_email": {"a@b.cd"}, "name": {"x"}, "locked": {"x"}, "shown": {"x"}, "hidden": {"x"}, "one": {"Purple"},
	}}}
	answers, problems := in.Read(fields)
	if diff := gocmp.Diff(map[string]apiclient.Value{"name": apiclient.Text("x"), "some": apiclient.List()}, answers); diff != "" || len(problems) > 0 {
		t.Errorf("problems %v, answers (-want +got):\n%s", problems, diff)
	}
	in.Viewer = apiclient.Viewer{ID: 1, Edits: true, Roles: []apiclient.RoleSlug{"editor"}}
	if answers, _ = in.Read(fields); len(answers) != 4 {
		t.Errorf("who edits others stores %v; want locked and hidden too", answers)
	}
	in.Viewer = apiclient.Viewer{ID: 8}
	if answers, _ = in.Read(fields); len(answers) != 0 {
		t.Errorf("somebody else stores %v; want nothing", answers)
	}
}

func TestReadRing(t *testing.T) {
	ring := func(on string) []apiclient.Condition {
		return []apiclient.Condition{{apiclient.ConditionShow, on, apiclient.OpEquals, "1"}}
	}
	fields := []apiclient.Field{{Key: "a", Title: "A", Conditions: ring("b"), Type: apiclient.FieldText}, {Key: "b", Title: "B", Conditions: ring("a"), Type: apiclient.FieldText}}
	in := sent("a", "1")
	in.Sent.Values["b"] = []string{"1"}
	_, problems := in.Read(fields)
	if diff := gocmp.Diff(apiclient.Problems{{Field: "a", Message: "A - wrong conditions."}, {Field: "b", Message: "B - wrong conditions."}}, problems); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// site is who has what.
type site map[string]apiclient.UserID

func (s site) WhoHasLogin(_ context.Context, login string) (apiclient.UserID, error) {
	return s["login "+login], s.err()
}

func (s site) WhoHasEmail(_ context.Context, email string) (apiclient.UserID, error) {
	return s["email "+email], s.err()
}

func (s site) WhoHasValue(_ context.Context, key, text string, but apiclient.UserID) (apiclient.UserID, error) {
	if id := s[key+" "+text]; id != but {
		return id, s.err()
	}
	return 0, s.err()
}

func (s site) err() error {
	if s["broken"] != 0 {
		return errors.New("the disk is full")
	}
	return nil
}

func TestCheckUnique(t *testing.T) {
	taken := site{"login ada": 1, "email ada@example.com": 1, "second other@example.com": 2, "code A1": 1}
	field := func(key, rule string) apiclient.Field {
		return apiclient.Field{Key: key, Type: apiclient.FieldText, Validate: rule}
	}
	const login, email, unique = "The username you entered is incorrect", "The email you entered is incorrect", "You must provide a unique value"
	for _, c := range []struct {
		field apiclient.Field
		text  string
		mode  apiclient.FormMode
		owner apiclient.UserID
		want  string
	}{
		{field("user_login", "unique_username"), "ada", apiclient.FormRegister, 0, login},
		{field("user_login", "unique_username"), "bob", apiclient.FormRegister, 0, ""},
		{field("user_login", "unique_username"), "ada", apiclient.FormProfile, 1, ""},
		{field("username", "unique_username_or_email"), "ada", apiclient.FormRegister, 0, login},
		{field("username", "unique_username_or_email"), "ada@example.com", apiclient.FormRegister, 0, email},
		{field("user_email", "unique_email"), "ada@example.com", apiclient.FormRegister, 0, email},
		{field("user_email", "unique_email"), "ada@example.com", apiclient.FormProfile, 1, ""},
		{field("user_email", "unique_email"), "ada@example.com", apiclient.FormProfile, 2, email},
		{field("second", "unique_email"), "ada@example.com", apiclient.FormProfile, 1, email},
		{field("second", "unique_email"), "other@example.com", apiclient.FormProfile, 1, email},
		{field("second", "unique_email"), "other@example.com", apiclient.FormProfile, 2, ""},
		{field("code", "unique_value"), "A1", apiclient.FormRegister, 0, unique},
		{field("code", "unique_value"), "A1", apiclient.FormProfile, 1, ""},
		{field("code", "unique_value"), "", apiclient.FormRegister, 0, ""},
		{field("username", "unique_username_or_email"), "ada", apiclient.FormLogin, 0, ""},
	} {
		in := apiclient.Intake{Mode: c.mode, Owner: c.owner}
		answers := map[string]apiclient.Value{c.field.Key: apiclient.Text(c.text)}
		got, err := apiclient.CheckUnique(t.Context(), []apiclient.Field{c.field}, answers, in, taken)
		if err != nil || c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || got[0].Message != c.want) {
			t.Errorf("%s %q for %d: %v, %v; want %q", c.field.Key, c.text, c.owner, got, err, c.want)
		}
	}
	taken["broken"] = 1
	if _, err := apiclient.CheckUnique(t.Context(), []apiclient.Field{field("code", "unique_value")}, map[string]apiclient.Value{"code": apiclient.Text("x")}, apiclient.Intake{}, taken); err == nil {
		t.Error("what cannot be asked is no error")
	}
}

// FuzzRead: whatever is sent, what a form stores is what the field accepts again,
// unchanged, and shows no tag.
func FuzzRead(f *testing.F) {
	for i, s := range []string{"", "Red", "3.5", "<b>x</b>", "1996/12/08", "3:30 pm", "ada@example.com", "https://x.com/a", "facebook.com/a b", "\x00", "\xff", "Spain", "a\r\nb"} {
		f.Add(uint8(i), s, s)
	}
	types := append(apiclient.FieldTypes(), apiclient.FieldPassword)
	f.Fuzz(func(t *testing.T, n uint8, a, b string) {
		field := apiclient.Field{Key: "k", Label: "K", Type: types[int(n)%len(types)]}
		if field.Type.Many() || field.Type == apiclient.FieldSelect {
			field.Choices = apiclient.Choices("Red", "Light blue, pale")
		}
		if names := apiclient.ValidateNames(); field.Type == apiclient.FieldURL {
			field.Validate = names[int(n)%len(names)]
		}
		answers, problems := sent("k", a, b).Read([]apiclient.Field{field})
		v, stored := answers["k"]
		if !stored || len(problems) > 0 {
			return
		}
		if field.Type == apiclient.FieldURL {
			field.Validate = ""
		}
		again, err := field.Accept(v)
		if err != nil || !again.Equal(v) {
			t.Errorf("a %s stores %#v, and accepts it as %#v, %v", field.Type, v, again, err)
		}
	})
}
