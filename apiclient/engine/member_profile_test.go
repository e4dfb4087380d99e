package engine_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// profile gives the site's profile form the fields, changed by their functions.
func (s memberSite) profile(t testing.TB, fields ...apiclient.Field) {
	t.Helper()
	catalogue := must(s.Fields(t.Context()))(t)
	list := []apiclient.FormField{}
	for _, f := range fields {
		i := slices.IndexFunc(catalogue, func(c apiclient.Field) bool { return c.Key == f.Key })
		if i < 0 {
			t.Fatalf("there is no field %s", f.Key)
		}
		x := catalogue[i]
		x.Privacy, x.Roles, x.Visibility, x.Locked, x.Required = f.Privacy, f.Roles, f.Visibility, f.Locked, f.Required
		list = append(list, apiclient.FormField{Field: x})
	}
	for _, form := range must(s.Forms(t.Context()))(t) {
		if form.Mode == apiclient.FormProfile && form.Core {
			must(s.UpdateForm(t.Context(), form.ID, apiclient.FormUpdate{Fields: list}))(t)
		}
	}
}

func field(key string) apiclient.Field { return apiclient.Field{Key: key} }

func seen(p apiclient.Profile) string {
	var list []string
	for _, f := range p.Fields {
		list = append(list, f.Key+"="+f.Value.String())
	}
	return strings.Join(list, " ")
}

// TestProfileAccess says who sees and who edits whose profile.
func TestProfileAccess(t *testing.T) {
	s := openSite(t)
	editor := must(s.CreateRole(t.Context(), apiclient.Role{Name: "Warden", Capabilities: []string{"read"}}))(t).Slug
	owner := s.join(t, "ada", apitest.Role("um_member"))
	s.join(t, "bob")
	s.join(t, "warden", apitest.Role(editor))
	guest, own, bob, warden := apiclient.Visitor{}, s.enter(t, "ada"), s.enter(t, "bob"), s.enter(t, "warden")
	const sees, edits, nothing, refused = "sees", "edits", "nothing", "login"
	look := func(v apiclient.Visitor) string {
		_, err := s.Profile(t.Context(), v, "ada")
		if apiclient.KindOf(err) == apiclient.NotFound && err != nil {
			return nothing
		}
		if err != nil {
			t.Fatal(err)
		}
		switch _, err := s.ProfileForm(t.Context(), v, "ada"); {
		case err == nil:
			return edits
		case apiclient.KindOf(err) == apiclient.Unauthorized || apiclient.KindOf(err) == apiclient.Forbidden:
			return sees
		default:
			t.Fatal(err)
		}
		return refused
	}
	for _, c := range []struct {
		name                    string
		member, visitor, warden []string // settings of the roles
		private                 bool
		want                    [4]string // guest, own, bob, warden
	}{
		{"as it comes", nil, nil, nil, false, [4]string{sees, edits, sees, sees}},
		{"may not edit the own", []string{"can_edit_profile", "0"}, nil, nil, false, [4]string{sees, sees, sees, sees}},
		{"bob may not see others", nil, []string{"can_view_all", "0"}, nil, false, [4]string{sees, edits, nothing, sees}},
		{"bob sees subscribers", nil, []string{"can_view_roles", "subscriber"}, nil, false, [4]string{sees, edits, nothing, sees}},
		{"bob sees members", nil, []string{"can_view_roles", "um_member"}, nil, false, [4]string{sees, edits, sees, sees}},
		{"the warden edits", nil, nil, []string{"can_edit_everyone", "1"}, false, [4]string{sees, edits, sees, edits}},
		{"the warden edits subscribers", nil, nil, []string{"can_edit_everyone", "1", "can_edit_roles", "subscriber"}, false, [4]string{sees, edits, sees, sees}},
		{"private", nil, nil, []string{"can_edit_everyone", "1"}, true, [4]string{nothing, edits, nothing, nothing}},
		{"private, and the warden may see those", nil, nil, []string{"can_access_private_profile", "1"}, true, [4]string{nothing, edits, nothing, sees}},
		{"private, and the warden may edit", nil, nil, []string{"can_access_private_profile", "1", "can_edit_everyone", "1"}, true, [4]string{nothing, edits, nothing, edits}},
	} {
		for slug, set := range map[apiclient.RoleSlug][]string{"um_member": c.member, "subscriber": c.visitor, editor: c.warden} {
			s.role(t, slug, "", "can_edit_profile", "1", "can_view_all", "1", "can_view_roles", "", "can_edit_everyone", "0", "can_edit_roles", "", "can_access_private_profile", "0")
			s.role(t, slug, "", set...)
		}
		privacy := "Everyone"
		if c.private {
			privacy = "Only me"
		}
		must(s.UpdateUser(t.Context(), owner.ID, apiclient.UserUpdate{Fields: map[string]apiclient.Value{"profile_privacy": apiclient.Text(privacy)}}))(t)
		if diff := cmp.Diff(c.want, [4]string{look(guest), look(own), look(bob), look(warden)}); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	s.act(t, apiclient.ActionDeactivate, owner.ID)
	if got := look(guest) + look(bob); got != nothing+nothing {
		t.Errorf("an inactive account: %s", got)
	}
}

// TestProfileFields shows each visitor what the fields' privacy lets them see.
func TestProfileFields(t *testing.T) {
	s := openSite(t)
	s.role(t, "um_member", "", "can_edit_everyone", "1")
	s.profile(t,
		field("first_name"),
		apiclient.Field{Key: "last_name", Privacy: apiclient.PrivacyMembers},
		apiclient.Field{Key: "nickname", Privacy: apiclient.PrivacyOwner},
		apiclient.Field{Key: "skype", Privacy: apiclient.PrivacyRoles, Roles: []apiclient.RoleSlug{"um_member"}},
		apiclient.Field{Key: "viber", Privacy: apiclient.PrivacyOwnerRoles, Roles: []apiclient.RoleSlug{"um_member"}},
		apiclient.Field{Key: "gender", Visibility: apiclient.VisibleEdit},
		apiclient.Field{Key: "whatsapp", Visibility: apiclient.VisibleView, Locked: true},
		field("description"),
	)
	s.join(t, "ada", apitest.Answer("first_name", "Ada"), apitest.Answer("last_name", "L"), apitest.Answer("nickname", "n"), apitest.Answer("skype", "s"),
		apitest.Answer("viber", "1"), apitest.AnswerValue("gender", apiclient.List("Female")), apitest.Answer("whatsapp", "2"))
	s.join(t, "bob")
	s.join(t, "mod", apitest.Role("um_member"))
	for _, c := range []struct {
		who  apiclient.Visitor
		name string
		want string
	}{
		{apiclient.Visitor{}, "guest", "first_name=Ada whatsapp=2"},
		{s.enter(t, "bob"), "member", "first_name=Ada last_name=L whatsapp=2"},
		{s.enter(t, "ada"), "owner", "first_name=Ada last_name=L nickname=n viber=1 whatsapp=2"},
		{s.enter(t, "mod"), "editor", "first_name=Ada last_name=L nickname=n skype=s viber=1 whatsapp=2"},
	} {
		p := must(s.Profile(t.Context(), c.who, "ada"))(t)
		if got := seen(p); got != c.want {
			t.Errorf("%s sees %s; want %s", c.name, got, c.want)
		}
		if p.Own != (c.name == "owner") || p.CanEdit != (c.name == "owner" || c.name == "editor") {
			t.Errorf("%s: own %t, may edit %t", c.name, p.Own, p.CanEdit)
		}
	}
	form := must(s.ProfileForm(t.Context(), s.enter(t, "ada"), "ada"))(t)
	if got, want := questions(form), "first_name=Ada last_name=L nickname=n viber=1 gender=Female description"; got != want {
		t.Errorf("the owner is asked %s; want %s", got, want)
	}
}

func TestSaveProfile(t *testing.T) {
	s := openSite(t)
	s.role(t, "um_member", "", "can_edit_everyone", "1")
	s.profile(t, field("first_name"), field("last_name"), field("country"), field("languages"), apiclient.Field{Key: "nickname", Locked: true}, field("secondary_user_email"))
	u := s.join(t, "ada", apitest.Email("ada@example.com"), apitest.Answer("nickname", "n"), apitest.AnswerValue("languages", apiclient.List("English")))
	s.join(t, "bob", apitest.Email("bob@example.com"))
	s.join(t, "mod", apitest.Role("um_member"))
	own, mod := s.enter(t, "ada"), s.enter(t, "mod")
	save := func(v apiclient.Visitor, pairs ...string) string {
		t.Helper()
		return outcome(s.SaveProfile(t.Context(), v, "ada", sent(pairs...)))
	}
	const ok = "redirect /user/ada"
	for _, c := range []struct {
		name    string
		who     apiclient.Visitor
		answers []string
		want    string
	}{
		{"guest", apiclient.Visitor{}, []string{"first_name", "x"}, "refused /login?redirect_to=%2Fuser%2Fada"},
		{"somebody else", s.enter(t, "bob"), []string{"first_name", "x"}, "forbidden You are not allowed to edit this user."},
		{"names", own, []string{"first_name", "Ada", "last_name", "Lovelace", "country", "Spain", "languages", "Spanish"}, ok},
		{"nothing new", own, []string{"first_name", "Ada", "last_name", "Lovelace", "country", "Spain", "languages", "Spanish"}, ok},
		{"what may not be changed", own, []string{"first_name", "Ada", "last_name", "Lovelace", "nickname", "z", "user_email", "z@example.com", "role", "administrator", "account_status", "rejected", "country", "Spain", "languages", "Spanish"}, ok},
		{"a taken address", own, []string{"secondary_user_email", "bob@example.com"}, "secondary_user_email: The email you entered is incorrect"},
		{"the own one", own, []string{"secondary_user_email", "ada@example.com"}, "secondary_user_email: The email you entered is incorrect"},
		{"trap", own, []string{"um_request", "x"}, "forbidden Hello, spam bot!"},
		{"by who may edit others", mod, []string{"first_name", "Augusta", "last_name", "King", "nickname", "m", "country", "Spain"}, ok},
	} {
		if got := save(c.who, c.answers...); got != c.want {
			t.Errorf("%s: %s; want %s", c.name, got, c.want)
		}
	}
	is := must(s.User(t.Context(), u.ID))(t)
	want := map[string]apiclient.Value{
		"first_name": apiclient.Text("Augusta"), "last_name": apiclient.Text("King"), "nickname": apiclient.Text("m"), "country": apiclient.Text("Spain"),
	}
	if diff := cmp.Diff(want, is.Fields); diff != "" {
		t.Error(diff)
	}
	if is.Email != "ada@example.com" || is.DisplayName != "Augusta King" || is.Role() != "subscriber" || is.Status != apiclient.StatusApproved {
		t.Errorf("the account is %+v", is)
	}
	events := []string{
		"um_registration_complete console ", "um_user_login form ada", "um_user_edit_profile form ada", "um_user_edit_profile form ada",
		"um_user_edit_profile form ada", "um_user_edit_profile form mod",
	}
	if diff := cmp.Diff(events, s.triggers(t, "ada")); diff != "" {
		t.Error(diff)
	}
	if got := s.triggers(t, "mod"); len(got) != 2 {
		t.Errorf("the events of who has edited are %q", got)
	}
}

// picture is a PNG of the size.
func picture(t testing.TB, width, height int) apiclient.SentFile {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	m.Set(1, 1, color.White)
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return apiclient.SentFile{Name: "me.png", Size: int64(b.Len()), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil }}
}

func TestProfilePhoto(t *testing.T) {
	s := openSite(t)
	u := s.join(t, "ada")
	s.join(t, "bob")
	v := s.enter(t, "ada")
	save := func(v apiclient.Visitor, key string, f apiclient.SentFile) string {
		return outcome(s.SavePhoto(t.Context(), v, "ada", key, f))
	}
	if got := save(s.enter(t, "bob"), "profile_photo", picture(t, 200, 200)); got != "forbidden You are not allowed to edit this user." {
		t.Error(got)
	}
	if got := save(v, "gender", picture(t, 200, 200)); !strings.HasPrefix(got, "invalid ") {
		t.Error(got)
	}
	if got := save(v, "profile_photo", picture(t, 20, 20)); !strings.HasPrefix(got, "profile_photo: ") {
		t.Errorf("too small: %s", got)
	}
	if got := save(v, "profile_photo", picture(t, 200, 200)); got != "redirect /user/ada" {
		t.Fatal(got)
	}
	p := must(s.Profile(t.Context(), apiclient.Visitor{}, "ada"))(t)
	if want := "/wp-content/uploads/ultimatemember/"; !strings.HasPrefix(p.Photo, want) {
		t.Errorf("the photo is at %q; want it below %s", p.Photo, want)
	}
	file, content, err := s.OpenFile(t.Context(), u.ID, "profile_photo")
	if err != nil || file.Type != "image/png" {
		t.Fatalf("%+v, %v", file, err)
	}
	if err := content.Close(); err != nil {
		t.Error(err)
	}
	if got := outcome(s.RemovePhoto(t.Context(), v, "ada", "profile_photo")); got != "redirect /user/ada" {
		t.Fatal(got)
	}
	if _, _, err := s.OpenFile(t.Context(), u.ID, "profile_photo"); apiclient.KindOf(err) != apiclient.NotFound {
		t.Errorf("after it was taken away: %v", err)
	}
	if got := s.triggers(t, "ada"); len(got) != 2 {
		t.Errorf("a photo raises %q", got[2:])
	}
}

// TestProfileAddress finds profiles by what stands in their address.
func TestProfileAddress(t *testing.T) {
	s := openSite(t)
	u := s.join(t, "ada", apitest.Answer("first_name", "Ada"), apitest.Answer("last_name", "King Lovelace"))
	v := s.enter(t, "ada")
	at := func(slug string) string {
		p, err := s.Profile(t.Context(), apiclient.Visitor{}, slug)
		if err != nil {
			return outcome(apiclient.Reply{}, err)
		}
		return "profile " + p.Slug
	}
	for slug, want := range map[string]string{
		"ada": "profile ada", "ADA": "profile ada", "nobody": "not_found There is no such profile, or you may not see it.", "../ada": "not_found There is no such profile, or you may not see it.",
		"": "refused /login?redirect_to=%2Fuser",
	} {
		if got := at(slug); got != want {
			t.Errorf("%q: %s; want %s", slug, got, want)
		}
	}
	if p := must(s.Profile(t.Context(), v, ""))(t); p.User != u.ID || !p.Own {
		t.Errorf("the own one is %+v", p)
	}
	s.setting(t, "permalink_base", "name")
	if got := outcome(s.SaveProfile(t.Context(), v, "", sent())); got != "redirect /user/ada.king.lovelace" {
		t.Fatal(got)
	}
	if got := at("ada"); got != "refused /user/ada.king.lovelace" {
		t.Errorf("by the login: %s", got)
	}
	if got := at("ada.king.lovelace"); got != "profile ada.king.lovelace" {
		t.Error(got)
	}
	s.setting(t, "permalink_base", "user_id")
	if got := at("ada.king.lovelace"); got != "refused /user/2" {
		t.Error(got)
	}
	if got := at("2"); got != "profile 2" {
		t.Error(got)
	}
}

func TestNoIndex(t *testing.T) {
	s := openSite(t)
	u := s.join(t, "ada")
	for _, c := range []struct {
		name            string
		own, role, site string
		want            bool
	}{
		{"nobody says", "", "", "0", false},
		{"the site", "", "", "1", true},
		{"the role over the site", "", "0", "1", false},
		{"the role", "", "1", "0", true},
		{"the member", "1", "0", "0", true},
		{"the member says no", "0", "1", "0", true},
	} {
		s.setting(t, "profile_noindex", c.site)
		s.role(t, "subscriber", "", "profile_noindex", c.role)
		must(s.UpdateUser(t.Context(), u.ID, apiclient.UserUpdate{Fields: map[string]apiclient.Value{"profile_noindex": apiclient.Text(c.own)}}))(t)
		if p := must(s.Profile(t.Context(), apiclient.Visitor{}, "ada"))(t); p.NoIndex != c.want {
			t.Errorf("%s: %t; want %t", c.name, p.NoIndex, c.want)
		}
	}
}
