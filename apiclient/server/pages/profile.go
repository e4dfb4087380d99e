package pages

import (
	"html/template"
	"net/http"
	"net/url"

	"umdeck/apiclient"
)

// A profileView is a profile as the template draws it.
type profileView struct {
	Name         string
	Photo, Cover string
	Edit         string // address of its form; empty: the visitor may not edit it
	Rows         []shownRow
	Robots       bool
}

func (v profileView) noIndex() bool { return v.Robots }

// A shownRow is a part of a profile.
type shownRow struct {
	Heading string
	Answers []answer
}

// An answer is a question with what a member says, or a piece of the page.
type answer struct {
	Label, Text string
	Link        string // address that the text leads to; empty: none
	NewWindow   bool
	Rel         string
	Picture     string        // address of a picture
	Block       template.HTML // of a piece
	Heading     string        // of a divider
}

// A photoView is a photo of a profile that has a form of its own.
type photoView struct {
	Key, Label string
	Action     string
	Current    string
}

func profilePath(slug string) string { return apiclient.PathProfile + "/" + url.PathEscape(slug) }

func (p *Pages) profile(v *visit) error {
	name := v.r.PathValue("name")
	if v.r.URL.Query().Get("um_action") == "edit" {
		return p.profileForm(v, name)
	}
	profile, err := p.cfg.Members.Profile(v.r.Context(), v.visitor, name)
	if err != nil {
		return err
	}
	view := profileView{Name: profile.Name, Photo: p.at(profile.Photo), Cover: p.at(profile.Cover), Robots: profile.NoIndex}
	if profile.CanEdit {
		view.Edit = p.at(with(profilePath(profile.Slug), "um_action", "edit"))
	}
	rows := profile.Rows
	if len(rows) == 0 {
		rows = []apiclient.FormRow{{}}
	}
	view.Rows = make([]shownRow, len(rows))
	for i, r := range rows {
		view.Rows[i].Heading = r.Heading
	}
	for _, x := range profile.Fields {
		row := &view.Rows[inside(x.Row, len(rows))]
		if a, ok := p.answer(x); ok {
			row.Answers = append(row.Answers, a)
		}
	}
	return p.show(v, http.StatusOK, "profile", profile.Name, view)
}

func (p *Pages) profileForm(v *visit, name string) error {
	f, err := p.profileFilled(v, name)
	if err != nil {
		return err
	}
	return p.showForm(v, http.StatusOK, "edit", f, p.photos(v, name))
}

func (p *Pages) profileFilled(v *visit, name string) (filled, error) {
	form, err := p.cfg.Members.ProfileForm(v.r.Context(), v.visitor, name)
	if form.Title == "" {
		form.Title = "Edit profile"
	}
	return filled{form: form, action: with(profilePath(name), "um_action", "edit")}, err
}

// photos adds the forms of the two photos, which are saved by themselves.
func (p *Pages) photos(v *visit, name string) func(*formView) {
	return func(view *formView) {
		profile, err := p.cfg.Members.Profile(v.r.Context(), v.visitor, name)
		if err != nil { // who may edit it and not see it has the form alone
			p.cfg.Logger.DebugContext(v.r.Context(), "a profile that is edited is not seen", "error", err)
			return
		}
		for _, one := range []photoView{
			{Key: "profile_photo", Label: "Profile photo", Current: profile.Photo},
			{Key: "cover_photo", Label: "Cover photo", Current: profile.Cover},
		} {
			one.Current = p.at(one.Current)
			one.Action = p.at(profilePath(name) + "/photo/" + one.Key)
			view.Photos = append(view.Photos, one)
		}
	}
}

func (p *Pages) saveProfile(v *visit) error {
	s, err := submission(v.r)
	if err != nil {
		return err
	}
	name := v.r.PathValue("name")
	reply, err := p.cfg.Members.SaveProfile(v.r.Context(), v.visitor, name, s)
	if err == nil {
		return p.done(v, reply, profilePath(name))
	}
	f, missing := p.profileFilled(v, name)
	if missing != nil {
		return missing
	}
	f.sent = &s
	return p.again(v, err, "edit", f, p.photos(v, name))
}

// savePhoto sets a photo, or takes it away.
func (p *Pages) savePhoto(v *visit) error {
	s, err := submission(v.r)
	if err != nil {
		return err
	}
	ctx, name, key := v.r.Context(), v.r.PathValue("name"), v.r.PathValue("key")
	var reply apiclient.Reply
	if f, ok := s.Files["photo"]; ok {
		reply, err = p.cfg.Members.SavePhoto(ctx, v.visitor, name, key, f)
	} else {
		reply, err = p.cfg.Members.RemovePhoto(ctx, v.visitor, name, key)
	}
	if err == nil {
		return p.done(v, reply, with(profilePath(name), "um_action", "edit"))
	}
	f, missing := p.profileFilled(v, name)
	if missing != nil {
		return missing
	}
	return p.again(v, err, "edit", f, p.photos(v, name))
}
