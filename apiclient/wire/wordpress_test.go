package wire

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func TestWordPressUser(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       apiclient.User
		bad        bool
	}{
		{
			name: "as WordPress 6.1 sends it",
			text: `{"id":4,"username":"kim","name":"Kim &amp; Co","first_name":"Kim","last_name":"1&lt;2","email":"kim@example.com","url":"","description":"",
				"nickname":"kim","slug":"kim","roles":["subscriber","author"],"registered_date":"2026-11-21T16:47:20+00:00","capabilities":{"read":true},"meta":{"persisted_preferences":[]}}`,
			want: apiclient.User{
				ID: 4, Login: "kim", DisplayName: "Kim & Co", Nicename: "kim", Email: "kim@example.com", Roles: []apiclient.RoleSlug{"subscriber", "author"},
				Status: apiclient.StatusUnknown, Registered: time.Date(2026, 11, 21, 16, 47, 20, 0, time.UTC),
				Fields: map[string]apiclient.Value{"first_name": apiclient.Text("Kim"), "last_name": apiclient.Text("1<2"), "nickname": apiclient.Text("kim"), "description": {}},
			},
		},
		{
			name: "with empty lists for maps, roles with a gap, and the status shown",
			text: `{"id":5,"username":"a","name":"&amp;amp;","roles":{"1":"author"},"capabilities":[],"meta":{"account_status":"rejected"}}`,
			want: apiclient.User{
				ID: 5, Login: "a", DisplayName: "&amp;", Roles: []apiclient.RoleSlug{"author"}, Status: apiclient.StatusRejected,
				Fields: map[string]apiclient.Value{"first_name": {}, "last_name": {}, "nickname": {}, "description": {}},
			},
		},
		{name: "a status that was never given", text: `{"id":5,"username":"a","meta":{"account_status":""}}`, want: apiclient.User{
			ID: 5, Login: "a", Fields: map[string]apiclient.Value{"first_name": {}, "last_name": {}, "nickname": {}, "description": {}},
		}},
		{name: "a visitor's view", text: `{"id":5,"name":"a","meta":[]}`, bad: true},
		{name: "an id that is a text", text: `{"id":"5","username":"a"}`, bad: true},
		{name: "a date that is none", text: `{"id":5,"username":"a","registered_date":"yesterday"}`, bad: true},
		{name: "roles that are a number", text: `{"id":5,"username":"a","roles":7}`, bad: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var row WordPressUser
			err := json.Unmarshal([]byte(c.text), &row)
			var got apiclient.User
			if err == nil {
				got, err = row.User(true)
			}
			if c.bad != (err != nil) {
				t.Fatalf("the error is %v; want one: %t", err, c.bad)
			}
			if diff := cmp.Diff(c.want, got); !c.bad && diff != "" {
				t.Errorf("the user (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPHPMapHas(t *testing.T) {
	var m PHPMap
	if err := json.Unmarshal([]byte(`{"a":true,"b":1,"c":"1","d":false,"e":0,"f":"","g":null}`), &m); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]bool{"a": true, "b": true, "c": true, "d": false, "e": false, "f": false, "g": false, "h": false} {
		if m.Has(key) != want {
			t.Errorf("Has(%q) is %t", key, !want)
		}
	}
}

func TestWordPressIndex(t *testing.T) {
	const on = `{"name":"Ada &amp; Co","home":"https://example.com","namespaces":["wp/v2","umdeck/v1"],"authentication":{"application-passwords":{"endpoints":{"authorization":"https://example.com/wp-admin/authorize-application.php"}}}}`
	for _, c := range []struct{ name, text, passwords string }{
		{"on", on, "https://example.com/wp-admin/authorize-application.php"},
		{"off", `{"name":"Ada &amp; Co","namespaces":{"0":"wp/v2","2":"umdeck/v1"},"authentication":[]}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var i WordPressIndex
			if err := json.Unmarshal([]byte(c.text), &i); err != nil {
				t.Fatal(err)
			}
			if i.SiteName() != "Ada & Co" || !i.HasNamespace("umdeck/v1") || i.HasNamespace("umdeck") || i.PasswordsAt() != c.passwords {
				t.Errorf("the index is %+v", i)
			}
		})
	}
}

func TestWordPressError(t *testing.T) {
	e, ok := ReadWordPressError([]byte(`{"code":"rest_invalid_param","message":"<strong>Error:</strong> A &amp; B","data":{"status":400,"params":{"email":"Invalid <b>email</b> address."}}}`))
	if !ok || e.Text() != "Error: A & B" || e.Details()["email"] != "Invalid email address." {
		t.Errorf("the error is %+v, %q, %q", e, e.Text(), e.Details())
	}
	if e, ok := ReadWordPressError([]byte(`{"code":"existing_user_login","message":"x","data":null}`)); !ok || len(e.Details()) != 0 {
		t.Errorf("the error without data is %+v, %t", e, ok)
	}
	if e, ok := ReadWordPressError([]byte(`{"code":"x","message":"x","data":{"params":["name"]}}`)); !ok || e.Details() != nil && e.Details()["0"] != "" {
		t.Errorf("the error with a list is %+v, %t", e, ok)
	}
	for _, text := range []string{`[]`, `{"code":7}`, `{"message":"x"}`, `"x"`} {
		if _, ok := ReadWordPressError([]byte(text)); ok {
			t.Errorf("%s is taken for an error", text)
		}
	}
}

func TestWordPressChoices(t *testing.T) {
	for _, c := range []struct {
		text string
		want WordPressChoices
		bad  bool
	}{
		{text: `{"z":"Zed","a":"Ay &amp; Be","10":"Ten"}`, want: WordPressChoices{{Value: "z", Label: "Zed"}, {Value: "a", Label: "Ay & Be"}, {Value: "10", Label: "Ten"}}},
		{text: `["Red","Green"]`, want: WordPressChoices{{Value: "Red", Label: "Red"}, {Value: "Green", Label: "Green"}}},
		{text: `[]`, want: WordPressChoices{}},
		{text: `{}`, want: WordPressChoices{}},
		{text: `{"1":2}`, want: WordPressChoices{{Value: "1", Label: "2"}}},
		{text: `"Red"`, bad: true},
		{text: `7`, bad: true},
	} {
		var got WordPressChoices
		err := json.Unmarshal([]byte(c.text), &got)
		if c.bad != (err != nil) {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestWordPressZaps(t *testing.T) {
	for _, c := range []struct {
		text string
		want WordPressZaps
		bad  bool
	}{
		{text: `{"id":"get_fields","choices":{"7":"Seven","4":"Import &amp; more"}}`, want: WordPressZaps{
			Choices: map[apiclient.ZapID]string{7: "Seven", 4: "Import & more"}, Order: []apiclient.ZapID{7, 4},
		}},
		{text: `{"id":"get_fields","choices":[]}`, want: WordPressZaps{Choices: map[apiclient.ZapID]string{}}},
		{text: `{"id":"get_fields"}`, want: WordPressZaps{Choices: map[apiclient.ZapID]string{}}},
		{text: `{"choices":{"none":"x"}}`, bad: true},
		{text: `[]`, bad: true},
	} {
		var got WordPressZaps
		err := json.Unmarshal([]byte(c.text), &got)
		if c.bad != (err != nil) {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if diff := cmp.Diff(c.want, got); !c.bad && diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestWordPressField(t *testing.T) {
	for _, c := range []struct {
		text string
		want apiclient.FieldType
		list bool
	}{
		{`{"id":"x","key":"x","label":"X","type":"string"}`, apiclient.FieldText, false},
		{`{"id":"x","label":"X","type":"text"}`, apiclient.FieldTextarea, false},
		{`{"key":"x","type":"number"}`, apiclient.FieldNumber, false},
		{`{"key":"x","type":"boolean"}`, apiclient.FieldCheckbox, false},
		{`{"key":"x","type":"array"}`, apiclient.FieldMultiselect, true},
		{`{"key":"x","type":"string","list":true,"choices":["a"]}`, apiclient.FieldMultiselect, true},
		{`{"key":"x","type":"string","choices":{"a":"A"}}`, apiclient.FieldSelect, false},
		{`{"key":"x","type":"string","choices":[]}`, apiclient.FieldText, false},
		{`{"key":"birth_date","type":"string"}`, apiclient.FieldDate, false},
		{`{"key":"country","type":"string","choices":{"ES":"Spain"}}`, apiclient.FieldCountry, false},
		{`{"key":"description","type":"text"}`, apiclient.FieldTextarea, false},
		{`{"key":"description","type":"number"}`, apiclient.FieldNumber, false},
	} {
		var def WordPressField
		if err := json.Unmarshal([]byte(c.text), &def); err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		f := def.Field()
		if f.Type != c.want || f.IsList() != c.list || f.Key == "" {
			t.Errorf("%s is the field %+v", c.text, f)
		}
	}
}

func TestWordPressPayload(t *testing.T) {
	want := apiclient.Payload{
		{Key: "id", Value: json.Number("5")},
		{Key: "um_zap_id", Value: json.Number("5")},
		{Key: "zz", Value: "x"},
		{Key: "on", Value: true},
		{Key: "many", Value: []string{"a", "b"}},
		{Key: "gaps", Value: []string{"c", "7"}},
		{Key: "none", Value: nil},
	}
	const object = `{"id":5,"um_zap_id":5,"zz":"x","on":true,"many":["a","b"],"gaps":{"1":"c","3":7},"none":null}`
	for _, text := range []string{object, "[" + object + "]", `{"success":true,"data":` + object + `}`, `{"success":true,"data":[` + object + `]}`} {
		got, err := ReadWordPressPayload([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	for _, text := range []string{``, `[]`, `{}`, `{"id":5}`, `"x"`, `[7]`, `{"success":true,"data":"x"}`, `{"success":true}`} {
		if got, err := ReadWordPressPayload([]byte(text)); err == nil {
			t.Errorf("%s is taken for a payload: %v", text, got)
		}
	}
}

func FuzzWordPress(f *testing.F) {
	for _, s := range []string{
		`{"id":4,"username":"kim","roles":{"1":"a"},"meta":[],"capabilities":[]}`, `{"id":5,"um_zap_id":5,"x":{"1":["a"]}}`, `{"choices":{"4":"x"}}`,
		`{"success":true,"data":[{"um_zap_id":1}]}`, `[{"key":"a","type":"array","choices":["x"]}]`, `{"code":"x","data":{"params":[1]}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(_ *testing.T, data []byte) {
		var user WordPressUser
		if json.Unmarshal(data, &user) == nil {
			_, _ = user.User(true) // must not panic
		}
		if p, err := ReadWordPressPayload(data); err == nil {
			if _, err := p.MarshalJSON(); err != nil {
				panic(err)
			}
		}
		var zaps WordPressZaps
		var fields []WordPressField
		var index WordPressIndex
		_ = json.Unmarshal(data, &zaps) // must not panic
		if json.Unmarshal(data, &fields) == nil {
			for _, f := range fields {
				f.Field()
			}
		}
		if json.Unmarshal(data, &index) == nil {
			index.PasswordsAt()
		}
		if e, ok := ReadWordPressError(data); ok {
			e.Details()
		}
	})
}
