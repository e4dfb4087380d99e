package apiclient_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func TestStored(t *testing.T) {
	text, list := apiclient.Text, apiclient.List
	multi := apiclient.Field{Type: apiclient.FieldMultiselect, Choices: apiclient.Choices("Red", "Green", "Light blue, pale")}
	box := apiclient.Field{Type: apiclient.FieldCheckbox, Choices: multi.Choices}
	radio := apiclient.Field{Type: apiclient.FieldRadio, Choices: multi.Choices}
	one := apiclient.Field{Type: apiclient.FieldSelect, Choices: multi.Choices}
	for _, c := range []struct {
		name  string
		field apiclient.Field
		text  string
		want  apiclient.Value
	}{
		{"nothing", multi, "", list()},
		{"a serialized list", multi, `a:2:{i:0;s:3:"Red";i:1;s:5:"Green";}`, list("Red", "Green")},
		{"with gaps and out of order", multi, `a:2:{i:5;s:5:"Green";i:2;s:3:"Red";}`, list("Red", "Green")},
		{"with keys", multi, `a:2:{s:1:"r";s:3:"Red";s:1:"g";s:5:"Green";}`, list("Red", "Green")},
		{"empty", multi, `a:0:{}`, list()},
		{"numbers, yes, no and nothing", multi, `a:5:{i:0;i:7;i:1;d:1.5;i:2;b:1;i:3;b:0;i:4;N;}`, list("7", "1.5", "1", "", "")},
		{"bytes count, not characters", multi, `a:1:{i:0;s:5:"Zoë!";}`, list("Zoë!")},
		{"quotes inside", multi, `a:1:{i:0;s:5:"a";"b";}`, list(`a";"b`)},
		{"broken", multi, `a:2:{i:0;s:3:"Red";}`, list(`a:2:{i:0;s:3:"Red";}`)},
		{"too long", multi, `a:1:{i:0;s:99:"Red";}`, list(`a:1:{i:0;s:99:"Red";}`)},
		{"JSON", multi, `["Red","Green"]`, list("Red", "Green")},
		{"JSON of gaps", multi, `{"3":"Green","0":"Red"}`, list("Red", "Green")},
		{"commas", box, "Red, Light blue, pale", list("Red", "Light blue, pale")},
		{"a checkbox that is a text", box, "Red", list("Red")},
		{"a radio that is a text", radio, "Red", list("Red")},
		{"a radio", radio, `a:1:{i:0;s:3:"Red";}`, list("Red")},
		{"a radio that became a select", one, `a:1:{i:0;s:3:"Red";}`, text("Red")},
		{"a select", one, "Red", text("Red")},
		{"text", apiclient.Field{Type: apiclient.FieldText}, `["x"]`, text(`["x"]`)},
	} {
		if diff := gocmp.Diff(c.want, c.field.Stored(c.text)); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", c.name, c.text, diff)
		}
	}
}

func TestSendOldForms(t *testing.T) {
	choices := apiclient.Choices("Red", "Green")
	for _, c := range []struct {
		name  string
		field apiclient.Field
		value apiclient.Value
		want  any
	}{
		{"serialized multiselect", apiclient.Field{Type: apiclient.FieldMultiselect, Choices: choices}, apiclient.Text(`a:1:{i:3;s:3:"Red";}`), []string{"Red"}},
		{"serialized checkbox", apiclient.Field{Type: apiclient.FieldCheckbox, Choices: choices}, apiclient.Text(`a:2:{i:1;s:3:"Red";i:2;s:5:"Green";}`), "Red, Green"},
		{"checkbox as text", apiclient.Field{Type: apiclient.FieldCheckbox, Choices: choices}, apiclient.Text("Red, Green"), "Red, Green"},
		{"one box", apiclient.Field{Type: apiclient.FieldCheckbox, Choices: choices[:1]}, apiclient.Text("yes"), true},
		{"radio as text", apiclient.Field{Type: apiclient.FieldRadio, Choices: choices}, apiclient.Text("Red"), "Red"},
		{"key of a callback", apiclient.Field{Type: apiclient.FieldSelect, OptionsSource: "um_colours", Choices: []apiclient.Choice{{Value: "r", Label: "Red"}}}, apiclient.Text("r"), "Red"},
		{"language by its code", apiclient.Field{Type: apiclient.FieldMultiselect, OptionsSource: "languages"}, apiclient.List("es", "de"), []string{"Spanish", "German"}},
		{"role", apiclient.Field{Type: apiclient.FieldSelect, OptionsSource: "roles", Choices: []apiclient.Choice{{Value: "um_member", Label: "Member"}}}, apiclient.Text("um_member"), "um_member"},
		{"old last login", apiclient.Field{Key: "_um_last_login", Type: apiclient.FieldText}, apiclient.Text("849958200"), "1996-12-07 11:30:00"},
		{"last login", apiclient.Field{Key: "_um_last_login", Type: apiclient.FieldText}, apiclient.Text("1996-12-08 15:30:00"), "1996-12-08 15:30:00"},
	} {
		if diff := gocmp.Diff(c.want, c.field.Send(c.value, 7, apiclient.SiteInfo{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestKeyedChoicesAreStoredByValue(t *testing.T) {
	f := apiclient.Field{Type: apiclient.FieldSelect, OptionsSource: "um_colours", Choices: []apiclient.Choice{{Value: "r", Label: "Red"}}}
	for _, s := range []string{"r", "Red"} {
		if v, err := f.Accept(apiclient.Text(s)); err != nil || !v.Equal(apiclient.Text("r")) {
			t.Errorf("%s is stored as %#v, %v; want r", s, v, err)
		}
	}
	country := apiclient.Field{Type: apiclient.FieldCountry, OptionsSource: "countries"}
	if v, err := country.Accept(apiclient.Text("Spain")); err != nil || v.Text != "ES" {
		t.Errorf("Spain is stored as %#v, %v; want ES", v, err)
	}
	langs := apiclient.Field{Type: apiclient.FieldMultiselect, OptionsSource: "languages"}
	if v, err := langs.Accept(apiclient.Text("Spanish, de")); err != nil || !v.Equal(apiclient.List("es", "de")) {
		t.Errorf("languages are stored as %#v, %v", v, err)
	}
}

func TestCommaLists(t *testing.T) {
	u := apiclient.User{ID: 7, Fields: map[string]apiclient.Value{"languages": apiclient.List("Spanish", "German")}}
	f := []apiclient.Field{{Key: "languages", Type: apiclient.FieldMultiselect}}
	for comma, want := range map[bool]string{
		false: `{"id":1,"um_zap_name":"Z","um_zap_id":2,"user_id":7,"languages":["Spanish","German"]}`,
		true:  `{"id":1,"um_zap_name":"Z","um_zap_id":2,"user_id":7,"languages":"Spanish, German"}`,
	} {
		got, err := apiclient.NewPayload(1, apiclient.Zap{ID: 2, Name: "Z"}, f, &u, apiclient.SiteInfo{CommaLists: comma}).MarshalJSON()
		if err != nil || string(got) != want {
			t.Errorf("%s, %v; want %s", got, err, want)
		}
	}
}

// FuzzStored: whatever is in the row, it is read without a panic, a list for a list.
func FuzzStored(f *testing.F) {
	for _, s := range []string{"", `a:2:{i:0;s:3:"Red";i:1;s:5:"Green";}`, `a:-1:{}`, `a:9999999999:{`, `{"0":"a"}`, `["a"]`, "a,b", `a:1:{s:0:"";s:-1:"";}`, `a:1:{i:0;a:0:{}}`} {
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, s string, many bool) {
		field := apiclient.Field{Type: apiclient.FieldSelect}
		if many {
			field.Type = apiclient.FieldMultiselect
		}
		if v := field.Stored(s); (v.List != nil) != many {
			t.Errorf("%q is %#v", s, v)
		}
		field.Send(apiclient.Text(s), 7, apiclient.SiteInfo{})
	})
}
