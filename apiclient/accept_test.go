package apiclient_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

var (
	colour = apiclient.Choices("Red", "Green", "Blue, dark")
	callbk = []apiclient.Choice{{Value: "r", Label: "Red"}, {Value: "g", Label: "Green"}, {Value: "Red", Label: "Not red"}}
	agree  = apiclient.Choices("I agree")
)

type acceptCase struct {
	in   apiclient.Value
	want apiclient.Value
}

func text(in, want string) acceptCase {
	return acceptCase{apiclient.Text(in), apiclient.Text(want)}
}

func list(in string, want ...string) acceptCase {
	return acceptCase{apiclient.Text(in), apiclient.List(want...)}
}

// accepted is, for each field, what it takes and what is stored for that.
var accepted = []struct {
	field apiclient.Field
	cases []acceptCase
}{
	{apiclient.Field{Type: apiclient.FieldText}, []acceptCase{
		text("  Zoë & Søn ", "Zoë & Søn"), text("<b>Ada</b> Lovelace", "Ada Lovelace"), text("1 < 2 > 1", "1 < 2 > 1"), text("a <3 b", "a <3 b"),
		text("<script>alert(1)</script>Ada", "Ada"), text("<<b>script>x", "x"), text("<!-- c -->x", "x"), text("\n Ada \t", "Ada"),
		text("名前 👩‍👩‍👧", "名前 👩‍👩‍👧"), text("<br>", ""),
		{apiclient.List("Ada"), apiclient.Text("Ada")},
		{apiclient.List("", " Ada "), apiclient.Text("Ada")},
	}},
	{apiclient.Field{Type: apiclient.FieldTextarea}, []acceptCase{
		text("one\r\ntwo\rthree\n\n four\tx \n", "one\ntwo\nthree\n\n four\tx"), text("<p>one</p>\n<p>two</p>", "one\ntwo"),
	}},
	{apiclient.Field{Type: apiclient.FieldEmail}, []acceptCase{
		text(" ada@example.com ", "ada@example.com"), text("Ada.O'Neil+x@sub.example.co", "Ada.O'Neil+x@sub.example.co"), text("a@b.cc", "a@b.cc"),
	}},
	{apiclient.Field{Type: apiclient.FieldURL}, []acceptCase{
		text("https://example.com/a?b=c#d", "https://example.com/a?b=c#d"), text("http://example.com", "http://example.com"), text("example.com/x", "http://example.com/x"),
		text("HTTPS://Example.com", "HTTPS://Example.com"),
	}},
	{apiclient.Field{Type: apiclient.FieldURL, Validate: "facebook_url"}, []acceptCase{
		text("ada.lovelace", "https://facebook.com/ada.lovelace"), text("@ada", "https://facebook.com/ada"), text("facebook.com/ada/", "https://facebook.com/ada"),
		text("http://www.facebook.com/ada", "https://www.facebook.com/ada"), text("https://facebook.com/ada", "https://facebook.com/ada"),
	}},
	{apiclient.Field{Type: apiclient.FieldURL, Validate: "twitter_url"}, []acceptCase{
		text("ada", "https://twitter.com/ada"), text("https://x.com/ada", "https://x.com/ada"), text("twitter.com/ada", "https://twitter.com/ada"),
	}},
	{apiclient.Field{Type: apiclient.FieldURL, Validate: "tiktok_url"}, []acceptCase{text("@ada", "https://tiktok.com/@ada"), text("ada", "https://tiktok.com/@ada")}},
	{apiclient.Field{Type: apiclient.FieldURL, Validate: "reddit_url"}, []acceptCase{text("ada", "https://www.reddit.com/user/ada")}},
	{apiclient.Field{Type: apiclient.FieldURL, Validate: "youtube_url"}, []acceptCase{
		text("https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ"), text("ada", "https://youtube.com/ada"),
	}},
	{apiclient.Field{Type: apiclient.FieldTel}, []acceptCase{text(" +47 (22) 12-34.56 ", "+47 (22) 12-34.56")}},
	{apiclient.Field{Type: apiclient.FieldNumber, Min: new(-5), Max: new(1 << 40)}, []acceptCase{
		text("42", "42"), text(" 007 ", "7"), text("+5", "5"), text("-5", "-5"), text("12.99", "12"), text("-0.5", "0"), text(".5", "0"), text("5.", "5"),
		text("1e3", "1000"), text("1.5E1", "15"), text("-5.9", "-5"), text("1099511627776", "1099511627776"),
	}},
	{apiclient.Field{Type: apiclient.FieldNumber}, []acceptCase{
		text("9223372036854775807", "9223372036854775807"), text("9007199254740993.5", "9007199254740993"), text("-9223372036854775808", "-9223372036854775808"),
	}},
	{apiclient.Field{Type: apiclient.FieldSelect, Choices: colour}, []acceptCase{
		text(" Red ", "Red"), text("Blue, dark", "Blue, dark"), text(`["Green"]`, "Green"), {apiclient.List("Green"), apiclient.Text("Green")},
	}},
	{apiclient.Field{Type: apiclient.FieldSelect, Choices: callbk}, []acceptCase{text("r", "Red"), text("Green", "Green"), text("Red", "Red"), text("Not red", "Not red")}},
	{apiclient.Field{Type: apiclient.FieldRadio, Choices: colour}, []acceptCase{
		list("Red", "Red"), list(`["Green"]`, "Green"), {apiclient.List("Blue, dark", ""), apiclient.List("Blue, dark")}, {apiclient.List("Red", "Red"), apiclient.List("Red")},
	}},
	{apiclient.Field{Type: apiclient.FieldCheckbox, Choices: agree}, []acceptCase{
		list("true", "I agree"), list("Yes", "I agree"), list("1", "I agree"), list("ON", "I agree"), list("I agree", "I agree"), list(`["I agree"]`, "I agree"),
		list("false"), list("No"), list("0"), list("off"),
		{apiclient.List("I agree"), apiclient.List("I agree")},
		{apiclient.List("yes"), apiclient.List("I agree")},
	}},
	{apiclient.Field{Type: apiclient.FieldCheckbox, Choices: apiclient.Choices("No")}, []acceptCase{list("No", "No"), list("no"), list("yes", "No")}},
	{apiclient.Field{Type: apiclient.FieldCheckbox, Choices: colour}, []acceptCase{
		list("Red", "Red"), list("Red,Green", "Red", "Green"), list("Green, Red", "Green", "Red"), list("Red, Blue, dark , Green", "Red", "Blue, dark", "Green"),
		list(`["Red", "Blue, dark"]`, "Red", "Blue, dark"), list("Red,,Red", "Red"),
		{apiclient.List("Green", "Red"), apiclient.List("Green", "Red")},
		list("[]"),
	}},
	{apiclient.Field{Type: apiclient.FieldMultiselect, Choices: callbk}, []acceptCase{
		list("g,r", "Green", "Red"), list("Green", "Green"), {apiclient.List("r", "Red"), apiclient.List("Red")}, list(","),
	}},
	{apiclient.Field{Type: apiclient.FieldMultiselect, Choices: apiclient.Choices("1", "2")}, []acceptCase{list("[1, 2]", "1", "2"), list("1,2", "1", "2")}},
	{apiclient.Field{Type: apiclient.FieldMultiselect}, []acceptCase{list("a, b", "a", "b")}},
	{apiclient.Field{Type: apiclient.FieldDate}, []acceptCase{
		text("1996-12-08", "1996-12-08"), text("1996/12/08", "1996-12-08"), text("1996/12/8", "1996-12-08"), text("19961208", "1996-12-08"), text("850003200", "1996-12-08"),
		text("-850003200", "1943-01-25"), text("December 8, 1996", "1996-12-08"), text("dec 8 1996", "1996-12-08"), text("Dec. 8, 1996", "1996-12-08"),
		text("8 December 1996", "1996-12-08"), text("8th December 1996", "1996-12-08"), text("Sunday, December 8, 1996", "1996-12-08"), text("Sun, 08 Dec 1996", "1996-12-08"),
		text("08.12.1996", "1996-12-08"), text("8. December 1996", "1996-12-08"), text("8-Dec-1996", "1996-12-08"), text("1996-12-08T23:59:59+09:00", "1996-12-08"),
		text("1996-12-08T00:00:00.000Z", "1996-12-08"), text("1996-12-08 10:00:00", "1996-12-08"), text("2000-02-29", "2000-02-29"), text("9999-12-31", "9999-12-31"),
	}},
	{apiclient.Field{Type: apiclient.FieldTime}, []acceptCase{
		text("15:30", "15:30"), text("15:30:59", "15:30"), text("9:05", "09:05"), text("3:30 pm", "15:30"), text("3:30 PM", "15:30"), text("3:30\u202fPM", "15:30"),
		text("03:30pm", "15:30"), text("3 p.m.", "15:00"), text("12 am", "00:00"), text("12:30 pm", "12:30"), text("00:00", "00:00"), text("3:30:15 am", "03:30"),
	}},
	{apiclient.Field{Type: apiclient.FieldCountry}, []acceptCase{
		text("ES", "Spain"), text("es", "Spain"), text("Spain", "Spain"), text(" spain ", "Spain"), text("CÔTE D'IVOIRE", "Côte d'Ivoire"), text("åland islands", "Åland Islands"), text("no", "Norway"),
	}},
	{apiclient.Field{Type: apiclient.FieldImage}, []acceptCase{text("https://example.com/a.png", "https://example.com/a.png"), text("profile_photo.jpg", "profile_photo.jpg")}},
	{apiclient.Field{Type: apiclient.FieldFile}, []acceptCase{text("file_1a2b_3c4d.pdf", "file_1a2b_3c4d.pdf"), text("my file (1).pdf", "my file (1).pdf")}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "alphabetic"}, []acceptCase{text("Zoë Søn", "Zoë Søn")}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "alpha_numeric"}, []acceptCase{text("Zoë 42", "Zoë 42")}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "english"}, []acceptCase{text("Ada B", "Ada B")}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "lowercase"}, []acceptCase{text("ada b", "ada b")}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "numeric"}, []acceptCase{text("-1.5e3", "-1.5e3")}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "phone_number"}, []acceptCase{text("+47 22", "+47 22")}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "is_email"}, []acceptCase{text("ada@example.com", "ada@example.com")}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "unique_username"}, []acceptCase{text("ada.b-c_d @1", "ada.b-c_d @1")}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "unique_username_or_email"}, []acceptCase{text("ada+x@example.com", "ada+x@example.com"), text("ada", "ada")}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "discord"}, []acceptCase{text("ada.l_1", "ada.l_1")}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "skype"}, []acceptCase{text("live:.cid.1", "live:.cid.1")}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "custom"}, []acceptCase{text("whatever!", "whatever!")}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "youtube_video"}, []acceptCase{
		text("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
		text("https://youtu.be/dQw4w9WgXcQ?t=1", "https://youtu.be/dQw4w9WgXcQ?t=1"), text("http://youtube.com/watch?a=b&v=dQw4w9WgXcQ", "http://youtube.com/watch?a=b&v=dQw4w9WgXcQ"),
	}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "spotify_url"}, []acceptCase{text("https://open.spotify.com/track/1", "https://open.spotify.com/track/1")}},
	{apiclient.Field{Type: apiclient.FieldText, MaxChars: 3}, []acceptCase{text("øøø", "øøø")}},
	{apiclient.Field{Type: apiclient.FieldTextarea, MaxWords: 3}, []acceptCase{text("one\ntwo  three", "one\ntwo  three")}},
}

func TestAccept(t *testing.T) {
	for _, group := range accepted {
		group.field.Key, group.field.Label = "zt", "The field"
		for _, c := range group.cases {
			t.Run(string(group.field.Type)+" "+group.field.Validate+" "+c.in.String(), func(t *testing.T) {
				got, err := group.field.Accept(c.in)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if again, err := group.field.Accept(got); err != nil || !again.Equal(got) {
					t.Errorf("accepted again it is %+v, %v", again, err)
				}
			})
		}
	}
}

// refused is, for each field, what it does not take.
var refused = []struct {
	field apiclient.Field
	in    []string
}{
	{apiclient.Field{Type: apiclient.FieldText}, []string{"a\nb", "a\tb", "a\x00b", "a\x1b[31mb", "a\u0085b", "a\u009bb", "a\x7fb", "\xff", "a\xc3"}},
	{apiclient.Field{Type: apiclient.FieldTextarea}, []string{"a\x00b", "a\x1bb", "a\vb", "\xff"}},
	{apiclient.Field{Type: apiclient.FieldEmail}, []string{
		"ada", "a@b.c", "@example.com", "ada@", "ada@example", "ada@@example.com", "ada@example..com", "ada@.example.com", "ada@example.com.", "ada@-example.com", "ada@exa mple.com",
		"ada lovelace@example.com", "<ada@example.com>", "ada@exämple.com", "ada@example.com\nbcc:x", "a,b@example.com", "a\"b@example.com",
	}},
	{apiclient.Field{Type: apiclient.FieldURL}, []string{"javascript:alert(1)", "ftp://example.com", "https://", "http://exa mple.com", "https://example.com/<b>", "a b", "//", "https://example.com/\x01"}},
	{apiclient.Field{Type: apiclient.FieldURL, Validate: "url"}, []string{"example.com", "www.example.com"}},
	{apiclient.Field{Type: apiclient.FieldURL, Validate: "facebook_url"}, []string{
		"https://example.com/ada", "https://facebook.com.example.com/ada", "https://facebook.com", "facebook.com/", "@", "https://notfacebook.com/ada", "ada lovelace", "javascript://facebook.com@x/",
	}},
	{apiclient.Field{Type: apiclient.FieldTel}, []string{"+47 22 x", "call me", "22/33", "٤٢"}},
	{apiclient.Field{Type: apiclient.FieldNumber}, []string{"abc", "1,000", "0x10", "1_000", "inf", "NaN", "1e400", "9223372036854775808", "--1", "1e", "٤٢", "1 2", "12abc"}},
	{apiclient.Field{Type: apiclient.FieldNumber, Min: new(1), Max: new(5)}, []string{"0", "6", "-1", "0.9"}},
	{apiclient.Field{Type: apiclient.FieldSelect, Choices: colour}, []string{"red", "Blue", "Red,Green", `["Red","Green"]`, "Red Green", "[]x"}},
	{apiclient.Field{Type: apiclient.FieldRadio, Choices: colour}, []string{"red", "Red,Green", `["Red","Green"]`}},
	{apiclient.Field{Type: apiclient.FieldCheckbox, Choices: agree}, []string{"maybe", "2", "I disagree", "i agree"}},
	{apiclient.Field{Type: apiclient.FieldCheckbox, Choices: colour}, []string{"true", "red", "Red;Green", "Red,Yellow", `["Red",{}]`, "Blue"}},
	{apiclient.Field{Type: apiclient.FieldMultiselect, Choices: colour}, []string{"Yellow", `["Red",["Green"]]`, `["Red"`}},
	{apiclient.Field{Type: apiclient.FieldMultiselect}, []string{`["a\nb"]`, `["a\u001bb"]`, `["a\u0000"]`}},
	{apiclient.Field{Type: apiclient.FieldDate}, []string{
		"1990-02-30", "1990/02/30", "19900230", "1999-02-29", "February 30, 1990", "31 April 2000", "1990-13-01", "0000-00-00", "0000-01-01", "12/08/1996", "12-08-1996", "1996", "1996-12",
		"tomorrow", "not a date", "1996-12-08x", "1996-12-08T25:00:00", "1996-12-08 12:60", "8 1996", "99999999999999", "December 32, 1996", "-99999999999",
	}},
	{apiclient.Field{Type: apiclient.FieldTime}, []string{"24:00", "12:60", "13 pm", "0 am", "3", "noon", "3:3", "15:30 pm", "1530", "3:30 xm", "12:00:00:00"}},
	{apiclient.Field{Type: apiclient.FieldCountry}, []string{"XX", "Spainn", "España", "E S"}},
	{apiclient.Field{Type: apiclient.FieldImage}, []string{"../../etc/passwd", "a/b.png", `a\b.png`, ".htaccess", "..", "javascript:alert(1)/x", strings.Repeat("a", 256)}},
	{apiclient.Field{Type: apiclient.FieldFile}, []string{"/etc/passwd", "ftp://example.com/a"}},
	{apiclient.Field{Type: apiclient.FieldPassword}, []string{"correct horse"}},
	{apiclient.Field{Type: apiclient.FieldText, Secret: true}, []string{"x"}},
	{apiclient.Field{Type: apiclient.FieldText, ReadOnly: true}, []string{"x"}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "alphabetic"}, []string{"Ada1", "a-b", "1"}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "alpha_numeric"}, []string{"a-b", "٤"}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "english"}, []string{"Zoë", "a1"}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "lowercase"}, []string{"Ada", "zoë"}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "numeric"}, []string{"1a", "1,5"}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "phone_number"}, []string{"12x"}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "unique_email"}, []string{"ada"}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "unique_username"}, []string{"ada@example.com", "ada!", "zoë", "a/b"}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "unique_username_or_email"}, []string{"zoë", "a/b"}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "discord"}, []string{"a", "Ada", "a..b", ".ab", "ab.", "a b", strings.Repeat("a", 32)}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "youtube_video"}, []string{"dQw4w9WgXcQ", "https://youtube.com/", "https://example.com/watch?v=dQw4w9WgXcQ", "https://youtu.be/short"}},
	{apiclient.Field{Type: apiclient.FieldText, Validate: "spotify_url"}, []string{"https://example.com/track/1"}},
	{apiclient.Field{Type: apiclient.FieldText, MaxChars: 3}, []string{"øøøø"}},
	{apiclient.Field{Type: apiclient.FieldTextarea, MaxWords: 3}, []string{"one two three four"}},
}

func TestAcceptRefuses(t *testing.T) {
	for _, group := range refused {
		group.field.Key, group.field.Label = "zt", "The field"
		for _, in := range group.in {
			t.Run(string(group.field.Type)+" "+group.field.Validate+" "+in, func(t *testing.T) {
				got, err := group.field.Accept(apiclient.Text(in))
				if err == nil {
					t.Fatalf("%q is taken as %+v", in, got)
				}
				wantInvalid(t, err, "zt")
				if !strings.HasPrefix(err.Error(), "The field ") {
					t.Errorf("%q does not name the field", err.Error())
				}
			})
		}
	}
	for _, typ := range apiclient.FieldTypes() {
		f := apiclient.Field{Key: "zt", Type: typ, Choices: colour}
		if typ == apiclient.FieldCheckbox || typ == apiclient.FieldMultiselect {
			continue
		}
		_, err := f.Accept(apiclient.List("Red", "Green"))
		wantInvalid(t, err, "zt")
	}
}

func TestAcceptClears(t *testing.T) {
	for _, typ := range append(apiclient.FieldTypes(), apiclient.FieldPassword) {
		for _, in := range []apiclient.Value{{}, apiclient.Text("  \n "), apiclient.List(), apiclient.List("", ""), apiclient.List(" ")} {
			f := apiclient.Field{Key: "zt", Type: typ, Required: true, Min: new(5), Validate: "unique_email", Choices: agree}
			if typ == apiclient.FieldPassword && !in.Empty() {
				continue
			}
			got, err := f.Accept(in)
			if err != nil || !got.Empty() || (got.List != nil) != typ.Many() {
				t.Errorf("%s takes %+v as %+v, %v", typ, in, got, err)
			}
		}
	}
}

func TestAcceptCutsWhatItQuotes(t *testing.T) {
	_, err := (apiclient.Field{Key: "zt", Type: apiclient.FieldNumber}).Accept(apiclient.Text(strings.Repeat("x", 10_000)))
	wantInvalid(t, err, "zt")
	if n := len(err.Error()); n > 200 {
		t.Errorf("the sentence is %d bytes long", n)
	}
}

// valueOf returns what a site reads when it is given what another one sent.
func valueOf(t *testing.T, sent any) apiclient.Value {
	t.Helper()
	switch v := sent.(type) {
	case nil:
		return apiclient.Value{}
	case string:
		return apiclient.Text(v)
	case []string:
		return apiclient.List(v...)
	case bool:
		if v {
			return apiclient.Text("true")
		}
		return apiclient.Text("false")
	case json.Number:
		return apiclient.Text(v.String())
	}
	t.Fatalf("Send gave a %T", sent)
	return apiclient.Value{}
}

func fuzzedFields() []apiclient.Field {
	var fields []apiclient.Field
	for _, typ := range apiclient.FieldTypes() {
		f := apiclient.Field{Key: "zt", Label: "The field", Type: typ}
		if typ.Many() || typ == apiclient.FieldSelect {
			f.Choices = colour
		}
		fields = append(fields, f)
	}
	fields = append(fields, apiclient.Field{Key: "zt", Type: apiclient.FieldCheckbox, Choices: agree}, apiclient.Field{Key: "zt", Type: apiclient.FieldMultiselect})
	return append(fields, apiclient.PredefinedFields()...)
}

// FuzzAccept gives any text to any field: what is accepted is accepted again as it
// is, and what is sent of it is sent the same by a site that took it from there.
func FuzzAccept(f *testing.F) {
	fields := fuzzedFields()
	for i := range fields {
		f.Add(uint(i), "sample value")
	}
	for _, group := range accepted {
		for i, field := range fields {
			if field.Type == group.field.Type {
				for _, c := range group.cases {
					f.Add(uint(i), c.in.Text)
				}
				break
			}
		}
	}
	for _, group := range refused {
		for _, in := range group.in {
			f.Add(uint(len(group.in)), in)
		}
	}
	f.Fuzz(func(t *testing.T, i uint, in string) {
		field := fields[i%uint(len(fields))]
		got, err := field.Accept(apiclient.Text(in))
		if err != nil {
			wantInvalid(t, err, field.Key)
			return
		}
		if again, err := field.Accept(got); err != nil || !again.Equal(got) {
			t.Fatalf("%s took %q as %+v, and that as %+v, %v", field.Type, in, got, again, err)
		}
		sent := field.Send(got, 7, uploads)
		back, err := field.Accept(valueOf(t, sent))
		if err != nil {
			t.Fatalf("%s sends %+v, which it refuses: %v", field.Type, sent, err)
		}
		if field.Type != apiclient.FieldImage && field.Type != apiclient.FieldFile && !back.Equal(got) {
			t.Fatalf("%s stores %+v, sends %+v and takes that as %+v", field.Type, got, sent, back)
		}
		if diff := cmp.Diff(sent, field.Send(back, 7, uploads)); diff != "" {
			t.Fatalf("%s sends %+v, and then something else:\n%s", field.Type, sent, diff)
		}
	})
}
