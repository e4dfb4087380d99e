package apiclient_test

import (
	"cmp"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func TestCountries(t *testing.T) {
	list := apiclient.Countries()
	if len(list) != 247 {
		t.Fatalf("%d countries, want 247", len(list))
	}
	if !slices.IsSortedFunc(list, func(a, b apiclient.Choice) int { return cmp.Compare(a.Value, b.Value) }) {
		t.Error("the countries are not in the order of their codes")
	}
	label := map[string]string{}
	labels := map[string]bool{}
	for _, c := range list {
		if len(c.Value) != 2 || strings.ToUpper(c.Value) != c.Value || label[c.Value] != "" || c.Label == "" || labels[c.Label] {
			t.Errorf("the entry %q %q", c.Value, c.Label)
		}
		label[c.Value], labels[c.Label] = c.Label, true
	}
	for code, want := range map[string]string{
		"ES": "Spain", "AX": "Åland Islands", "CI": "Côte d'Ivoire", "GE": "Sakartvelo", "TR": "Türkiye", "SZ": "Eswatini", "MK": "North Macedonia",
		"CZ": "Czech Republic", "CV": "Cape Verde", "PS": "Palestine", "LY": "Libyan Arab Jamahiriya", "AN": "Netherlands Antilles",
		"GB": "United Kingdom", "ZW": "Zimbabwe", "BQ": "", "CW": "", "SX": "",
	} {
		if label[code] != want {
			t.Errorf("%s is %q, want %q", code, label[code], want)
		}
	}
	if diff := gocmp.Diff(entries(t, "testdata/countries.txt"), list); diff != "" {
		t.Errorf("entry by entry (-want +got):\n%s", diff)
	}
	list[0].Label = "changed"
	if apiclient.Countries()[0].Label != "Andorra" {
		t.Error("Countries gives its own list away")
	}
}

// entries reads a list of codes and labels, one a line, as Ultimate Member 2.13 has it.
func entries(t *testing.T, file string) []apiclient.Choice {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []apiclient.Choice
	for line := range strings.Lines(string(text)) {
		code, label, _ := strings.Cut(strings.TrimSpace(line), " ")
		list = append(list, apiclient.Choice{Value: code, Label: label})
	}
	return list
}

func TestPredefinedFields(t *testing.T) {
	list := apiclient.PredefinedFields()
	byKey := map[string]apiclient.Field{}
	var keys []string
	for _, f := range list {
		byKey[f.Key] = f
		keys = append(keys, f.Key)
		if f.Label == "" || f.Source != apiclient.FieldPredefined {
			t.Errorf("%s has the label %q and comes from %q", f.Key, f.Label, f.Source)
		}
		if f.Secret != (f.Type == apiclient.FieldPassword) || !f.Secret && !slices.Contains(apiclient.FieldTypes(), f.Type) {
			t.Errorf("%s is of type %q, secret %t", f.Key, f.Type, f.Secret)
		}
	}
	want := strings.Fields(`_um_last_login account_status birth_date country cover_photo delete_account description discord display_name facebook
		first_name gender hide_in_members instagram languages last_name linkedin mobile_number nickname phone_number profile_noindex profile_photo
		profile_privacy reddit role role_radio role_select roles secondary_user_email single_user_password skype soundcloud telegram tiktok twitch
		twitter um_show_last_login user_email user_login user_password user_registered user_url username username_b viber whatsapp youtube`)
	if diff := gocmp.Diff(want, keys); diff != "" {
		t.Errorf("the keys (-want +got):\n%s", diff)
	}
	var readOnly []string
	for _, f := range list {
		if f.ReadOnly {
			readOnly = append(readOnly, f.Key)
		}
	}
	if diff := gocmp.Diff(strings.Fields("_um_last_login account_status delete_account role role_radio role_select roles user_registered username_b"), readOnly); diff != "" {
		t.Errorf("read-only (-want +got):\n%s", diff)
	}
	for key, want := range map[string]apiclient.Field{
		"user_login": {Label: "Username", Title: "Username", Type: apiclient.FieldText, Required: true, Locked: true, Validate: "unique_username", MinChars: 3, MaxChars: 24},
		"user_password": {
			Label: "Password", Title: "Password", Type: apiclient.FieldPassword, Required: true, Secret: true, MinChars: 8, MaxChars: 30,
			Password: apiclient.Strength{Good: true, Confirm: true, ConfirmLabel: "Confirm Password"},
		},
		"user_email":  {Label: "Email Address", Title: "Email Address", Type: apiclient.FieldEmail, Validate: "unique_email", MaxChars: 100},
		"description": {Label: "Biography", Title: "Biography", Placeholder: "Enter a bit about yourself...", Type: apiclient.FieldTextarea, MaxWords: 40},
		"gender":      {Label: "Gender", Title: "Gender", Type: apiclient.FieldRadio, Choices: apiclient.Choices("Male", "Female")},
		"birth_date": {
			Label: "Birth Date", Title: "Birth Date", Icon: "far fa-calendar-days", Type: apiclient.FieldDate,
			Dates: apiclient.DateRules{Years: 115, YearsX: "past", Age: true},
		},
		"country": {Label: "Country", Title: "Country", Placeholder: "Choose a Country", Type: apiclient.FieldCountry},
		"facebook": {
			Label: "Facebook", Title: "Facebook", Icon: "fab fa-facebook-f", Type: apiclient.FieldURL, Validate: "facebook_url",
			Link: apiclient.Link{Text: "Facebook", Target: "_blank", Rel: "nofollow", Social: true, Color: "#3B5999", Match: "https://facebook.com/"},
		},
		"phone_number": {Label: "Phone Number", Title: "Phone Number", Icon: "fas fa-phone", Type: apiclient.FieldTel, Validate: "phone_number"},
		"profile_photo": {
			Label: "Change your profile photo", Title: "Profile Photo", Icon: "fas fa-camera", Type: apiclient.FieldImage, Private: true,
			Upload: apiclient.UploadRules{MaxSize: 999999999, Crop: apiclient.CropSquare, MinWidth: 190, MinHeight: 190},
		},
		"profile_noindex": {
			Label: "Avoid indexing my profile by search engines", Title: "Avoid indexing my profile by search engines", Help: "Hide my profile for robots?",
			Type: apiclient.FieldSelect, Default: "0", Choices: []apiclient.Choice{{Value: "0", Label: "No"}, {Value: "1", Label: "Yes"}},
			AccountOnly: true, NeedsPerm: "can_make_private_profile",
		},
	} {
		want.Key, want.Source = key, apiclient.FieldPredefined
		if diff := gocmp.Diff(want, byKey[key]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
	list[slices.Index(keys, "gender")].Choices[0].Label = "changed"
	list[slices.Index(keys, "languages")].Choices[0].Label = "changed"
	for _, f := range apiclient.PredefinedFields() {
		if len(f.Choices) > 0 && f.Choices[0].Label == "changed" {
			t.Errorf("%s gives its own choices away", f.Key)
		}
	}
}

func TestLanguages(t *testing.T) {
	var list []apiclient.Choice
	for _, f := range apiclient.PredefinedFields() {
		if f.Key == "languages" {
			list = f.Choices
		}
	}
	if diff := gocmp.Diff(entries(t, "testdata/languages.txt"), list); diff != "" {
		t.Errorf("entry by entry (-want +got):\n%s", diff)
	}
	if len(list) != 184 {
		t.Fatalf("%d languages, want 184", len(list))
	}
	seen := map[string]bool{}
	for _, l := range list {
		if len(l.Value) != 2 || strings.ToLower(l.Value) != l.Value || seen[l.Value] || seen[l.Label] || l.Label == "" {
			t.Errorf("the entry %q %q", l.Value, l.Label)
		}
		seen[l.Value], seen[l.Label] = true, true
	}
}
