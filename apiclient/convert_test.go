package apiclient_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// TestSend is every form that a site may have stored, and what is sent of it.
func TestSend(t *testing.T) {
	type c struct {
		stored apiclient.Value
		want   any
	}
	one := func(in string, want any) c { return c{apiclient.Text(in), want} }
	for _, group := range []struct {
		field apiclient.Field
		cases []c
	}{
		{apiclient.Field{Type: apiclient.FieldText}, []c{one("Zoë <b>", "Zoë <b>"), one("", ""), {apiclient.List("a", "b"), "a, b"}}},
		{apiclient.Field{Type: apiclient.FieldTextarea}, []c{one("a\n b", "a\n b")}},
		{apiclient.Field{Type: apiclient.FieldEmail}, []c{one("ada@example.com", "ada@example.com")}},
		{apiclient.Field{Type: apiclient.FieldURL}, []c{one("https://example.com", "https://example.com")}},
		{apiclient.Field{Type: apiclient.FieldTel}, []c{one("+47 22", "+47 22")}},
		{apiclient.Field{Type: apiclient.FieldNumber}, []c{
			one("", nil), one(" ", nil), one("42", json.Number("42")), one("007", json.Number("7")), one("-0", json.Number("0")), one("12.50", json.Number("12.5")),
			one("1e3", json.Number("1000")), one("1e30", json.Number("1e+30")), one("abc", "abc"), one("1e999", "1e999"), one("NaN", "NaN"),
			{apiclient.List("4"), json.Number("4")},
		}},
		{apiclient.Field{Type: apiclient.FieldSelect, Choices: callbk}, []c{one("r", "Red"), one("Red", "Red"), one("gone", "gone"), one("", ""), {apiclient.List("g"), "Green"}}},
		{apiclient.Field{Type: apiclient.FieldRadio, Choices: colour}, []c{
			{apiclient.List("Red"), "Red"}, one("Red", "Red"), {apiclient.List("", "Green", "Red"), "Green"}, {apiclient.List(), ""}, one("", ""),
		}},
		{apiclient.Field{Type: apiclient.FieldCheckbox, Choices: agree}, []c{
			{apiclient.List("I agree"), true}, {apiclient.List("agreed once"), true}, {apiclient.List(), false}, {apiclient.List(""), false}, one("", false), one("1", true), one("0", false), one("I agree", true), one("no", false),
		}},
		{apiclient.Field{Type: apiclient.FieldCheckbox}, []c{{apiclient.List("x"), true}, one("", false)}},
		{apiclient.Field{Type: apiclient.FieldCheckbox, Choices: colour}, []c{
			{apiclient.List("Red", "Blue, dark"), "Red, Blue, dark"}, {apiclient.List(), ""}, one("", ""), one("Red", "Red"), {apiclient.List("", "Green"), "Green"},
		}},
		{apiclient.Field{Type: apiclient.FieldMultiselect, Choices: callbk}, []c{
			{apiclient.List("Green", "r"), []string{"Green", "Red"}}, {apiclient.List(), []string{}}, one("", []string{}), one("g", []string{"Green"}), {apiclient.List("", "gone"), []string{"gone"}},
		}},
		{apiclient.Field{Type: apiclient.FieldDate}, []c{
			one("1996-12-08", "1996-12-08"), one("1996/12/08", "1996-12-08"), one("19961208", "1996-12-08"), one("850003200", "1996-12-08"), one("850089599", "1996-12-08"),
			one("", ""), one("0000-00-00", "0000-00-00"), one("1990-02-30", "1990-02-30"), one("sometime", "sometime"),
			{apiclient.List("1996/12/08"), "1996-12-08"},
		}},
		{apiclient.Field{Type: apiclient.FieldTime}, []c{
			one("15:30", "15:30"), one("3:30 pm", "15:30"), one("3:30 PM", "15:30"), one("12:00 am", "00:00"), one("", ""), one("25:00", "25:00"), one("noon", "noon"),
		}},
		{apiclient.Field{Type: apiclient.FieldCountry}, []c{one("ES", "Spain"), one("Spain", "Spain"), one("spain", "Spain"), one("", ""), one("Atlantis", "Atlantis"), {apiclient.List("NO"), "Norway"}}},
		{apiclient.Field{Type: apiclient.FieldImage}, []c{
			one("profile_photo.jpg", "https://example.com/wp-content/uploads/ultimatemember/7/profile_photo.jpg"), one("", ""),
			one("https://example.com/a.png", "https://example.com/a.png"), one("http://example.com/a.png", "http://example.com/a.png"),
			one("a b?#.png", "https://example.com/wp-content/uploads/ultimatemember/7/a%20b%3F%23.png"), one("../x", "https://example.com/wp-content/uploads/ultimatemember/7/..%2Fx"),
		}},
		{apiclient.Field{Type: apiclient.FieldFile}, []c{one("file_1.pdf", "https://example.com/wp-content/uploads/ultimatemember/7/file_1.pdf")}},
	} {
		group.field.Key = "zt"
		for _, c := range group.cases {
			t.Run(fmt.Sprintf("%s of %d choices %q", group.field.Type, len(group.field.Choices), c.stored), func(t *testing.T) {
				if diff := cmp.Diff(c.want, group.field.Send(c.stored, 7, uploads)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
	file := apiclient.Field{Key: "zt", Type: apiclient.FieldFile}
	if got := file.Send(apiclient.Text("a.pdf"), 7, apiclient.SiteInfo{}); got != "a.pdf" {
		t.Errorf("without an address of the uploads a file is sent as %v", got)
	}
}

// TestSampleIsInTheSentForm checks that a sample is what a site could send: the
// field accepts it, and sends it again as it is.
func TestSampleIsInTheSentForm(t *testing.T) {
	for _, f := range fuzzedFields() {
		sample := f.Sample()
		if f.Secret || f.ReadOnly {
			continue
		}
		stored, err := f.Accept(valueOf(t, sample))
		if err != nil {
			t.Errorf("%s of type %s refuses its sample %v: %v", f.Key, f.Type, sample, err)
			continue
		}
		if diff := cmp.Diff(sample, f.Send(stored, 7, uploads)); diff != "" {
			t.Errorf("%s of type %s (-sample +sent):\n%s", f.Key, f.Type, diff)
		}
	}
	for key, want := range map[string]any{
		"user_registered": "1996-12-08 15:30:00", "_um_last_login": "1996-12-08 15:30:00", "account_status": "approved",
		"role": "subscriber", "role_radio": "subscriber", "roles": []string{"subscriber"}, "languages": []string{"Afar"}, "gender": "Male",
		"birth_date": "1996-12-08", "user_email": "test@example.com", "first_name": "sample value", "country": "Spain",
	} {
		for _, f := range apiclient.PredefinedFields() {
			if f.Key == key && !cmp.Equal(want, f.Sample()) {
				t.Errorf("the sample of %s is %v, want %v", key, f.Sample(), want)
			}
		}
	}
}

func TestFormsInWords(t *testing.T) {
	for _, typ := range append(apiclient.FieldTypes(), apiclient.FieldPassword) {
		f := apiclient.Field{Type: typ}
		for _, words := range []string{f.StoredForm(), f.SentForm()} {
			if words == "" || len(words) > 48 {
				t.Errorf("%s: %q", typ, words)
			}
		}
	}
	several := apiclient.Field{Type: apiclient.FieldCheckbox, Choices: colour}
	for want, got := range map[string]string{
		"boolean: true when ticked":           apiclient.Field{Type: apiclient.FieldCheckbox, Choices: agree}.SentForm(),
		"string: the labels, comma separated": several.SentForm(),
		"list of labels":                      several.StoredForm(),
		"list of one label":                   apiclient.Field{Type: apiclient.FieldRadio}.StoredForm(),
		"string: the label":                   apiclient.Field{Type: apiclient.FieldRadio}.SentForm(),
		"never sent":                          apiclient.Field{Type: apiclient.FieldPassword}.SentForm(),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
