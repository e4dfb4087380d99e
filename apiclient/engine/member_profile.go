package engine

import (
	"context"
	"net/url"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// A profileVisit is a visitor at the profile of a member.
type profileVisit struct {
	viewer
	owner store.Account
	slug  string // of the owner, as it is now
	form  apiclient.Form
	o     apiclient.Options
}

func profilePath(slug string) string { return apiclient.PathProfile + "/" + url.PathEscape(slug) }

// atProfile finds out who looks at whose profile. One that the viewer may not see is
// NotFound.
func (e *Engine) atProfile(ctx context.Context, tx *store.Tx, v apiclient.Visitor, slug string) (p profileVisit, err error) {
	if p.viewer, err = e.viewer(ctx, tx, v); err != nil {
		return p, err
	}
	switch {
	case slug != "":
		p.owner, err = e.owner(ctx, tx, slug)
	case p.visit == nil:
		err = loginFirst(apiclient.PathProfile)
	default:
		p.owner = p.visit.account
	}
	if err != nil {
		return p, err
	}
	if !p.sees(p.owner.User) {
		return p, noProfile()
	}
	if p.slug, err = e.slug(ctx, tx, p.owner.User); err != nil {
		return p, err
	}
	if p.o, err = e.options(ctx, tx); err != nil {
		return p, err
	}
	p.form, err = profileForm(ctx, tx, p.owner.User)
	return p, err
}

// profileForm returns the form of a member's profile: that of their role, else the
// site's own.
func profileForm(ctx context.Context, tx *store.Tx, u apiclient.User) (apiclient.Form, error) {
	all, err := tx.Forms(ctx)
	if err != nil {
		return apiclient.Form{}, err
	}
	for _, f := range all {
		if f.Mode == apiclient.FormProfile && f.On("use_custom_settings") && f.Setting("role") != "" && f.Setting("role") == string(u.Role()) {
			return f, nil
		}
	}
	return tx.CoreForm(ctx, apiclient.FormProfile)
}

// Profile returns what the visitor may see of a profile.
func (e *Engine) Profile(ctx context.Context, v apiclient.Visitor, slug string) (apiclient.Profile, error) {
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (p apiclient.Profile, err error) {
		at, err := e.atProfile(ctx, tx, v, slug)
		if err != nil {
			return p, err
		}
		if slug != "" && !strings.EqualFold(slug, at.slug) {
			return p, &apiclient.Refusal{Kind: apiclient.NotFound, Redirect: profilePath(at.slug)}
		}
		u := at.owner.User
		role, err := e.settingsOf(ctx, tx, u)
		if err != nil {
			return p, err
		}
		return apiclient.Profile{
			User: u.ID, Slug: at.slug, Name: u.Name(), Photo: fileURL(u, u.Fields["profile_photo"]), Cover: fileURL(u, u.Fields["cover_photo"]),
			Rows: at.form.Rows, Fields: at.shown(), CanEdit: at.edits(u), Own: at.is(u.ID), NoIndex: noIndex(u, role, at.o),
		}, nil
	})
}

// noIndex reports whether search engines are to leave a profile alone
// (is_profile_noindex, includes/core/class-user.php).
func noIndex(u apiclient.User, role apiclient.RoleSettings, o apiclient.Options) bool {
	switch {
	case private(u), u.Fields["profile_noindex"].String() == "1":
		return true
	case role.ProfileNoindex != "":
		return role.ProfileNoindex == "1"
	}
	return o.On("profile_noindex")
}

// shown are the fields of the form that the viewer may see, with what is answered.
func (p profileVisit) shown() []apiclient.ProfileField {
	return answersOf(p.form, p.owner.User, p.on(p.owner.User))
}

func answersOf(form apiclient.Form, u apiclient.User, w apiclient.Viewer) []apiclient.ProfileField {
	list := []apiclient.ProfileField{}
	for _, f := range form.Fields {
		if !f.Shown(false) || !f.VisibleTo(w, u.ID) || f.Secret || f.Type == apiclient.FieldPassword || f.AccountOnly {
			continue
		}
		if f.Key == "_um_last_login" && u.Fields["um_show_last_login"].String() == "no" {
			continue
		}
		q := apiclient.ProfileField{FormField: f}
		if f.CoreType().Holds() {
			if q.Value = u.Value(f.Key); q.Value.Empty() {
				continue
			}
			if f.FileTypes() != nil {
				q.URL = fileURL(u, q.Value)
			}
		}
		list = append(list, q)
	}
	return list
}

// editing is atProfile for who may edit it; others are Forbidden.
func (e *Engine) editing(ctx context.Context, tx *store.Tx, v apiclient.Visitor, slug string) (profileVisit, error) {
	p, err := e.atProfile(ctx, tx, v, slug)
	switch {
	case err != nil:
		return p, err
	case p.visit == nil:
		return p, loginFirst(profilePath(slug))
	case !p.edits(p.owner.User):
		return p, apiclient.Errorf(apiclient.Forbidden, "You are not allowed to edit this user.")
	}
	return p, nil
}

// intake is how a profile form is judged.
func (p profileVisit) intake(s apiclient.Submission) apiclient.Intake {
	return apiclient.Intake{
		Mode: apiclient.FormProfile, Sent: s, Viewer: p.on(p.owner.User), Owner: p.owner.ID, Stored: p.owner.Fields,
		SpecialChar: p.o.On("require_strongpass_special_char"),
	}
}

// ProfileForm returns the form in which the visitor may edit a profile.
func (e *Engine) ProfileForm(ctx context.Context, v apiclient.Visitor, slug string) (apiclient.PageForm, error) {
	p, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (profileVisit, error) { return e.editing(ctx, tx, v, slug) })
	if err != nil {
		return apiclient.PageForm{}, err
	}
	u := p.owner.User
	form := pageForm(p.form, p.intake(apiclient.Submission{}).Asked(apiclient.FieldsOf(p.form.Fields)), func(f apiclient.Field) []string { return filledIn(f, u.Value(f.Key)) })
	for i, q := range form.Fields {
		switch {
		case q.Type == apiclient.FieldPassword || q.Secret:
			form.Fields[i].Values = nil
		case q.FileTypes() != nil:
			form.Fields[i].URL = fileURL(u, u.Value(q.Key))
		}
	}
	form.OtherTitle, form.OtherPath = custom(p.form, "secondary_btn_word"), profilePath(p.slug)
	return form, nil
}

// SaveProfile saves a profile.
func (e *Engine) SaveProfile(ctx context.Context, v apiclient.Visitor, slug string, s apiclient.Submission) (apiclient.Reply, error) {
	if err := checkHuman(s); err != nil {
		return apiclient.Reply{}, err
	}
	p, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (profileVisit, error) {
		p, err := e.editing(ctx, tx, v, slug)
		if err == nil {
			_, err = e.profileAnswers(ctx, tx, p, s)
		}
		return p, err
	})
	if err != nil {
		return apiclient.Reply{}, err
	}
	files, err := e.takeFiles(ctx, p.intake(s), apiclient.FieldsOf(p.form.Fields))
	defer drop(files)
	if err != nil {
		return apiclient.Reply{}, err
	}
	var r apiclient.Reply
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err := e.editing(ctx, tx, v, slug)
		if err != nil {
			return err
		}
		r, err = e.saveProfile(asMember(ctx, p.visit.account.User), tx, p, s, files)
		return err
	})
	return r, err
}

// profileAnswers reads the form, or tells all that is wrong with it.
func (e *Engine) profileAnswers(ctx context.Context, tx *store.Tx, p profileVisit, s apiclient.Submission) (map[string]apiclient.Value, error) {
	in, fields := p.intake(s), apiclient.FieldsOf(p.form.Fields)
	in.Now = e.now()
	answers, problems := in.Read(fields)
	taken, err := apiclient.CheckUnique(ctx, fields, answers, in, holders{tx})
	if err != nil {
		return nil, err
	}
	problems = append(problems, taken...)
	problems.Sort(fields)
	return answers, problems.Err()
}

// saveProfile is SaveProfile in its transaction. The event is about the member whose
// profile it is, and by the one who has saved it.
func (e *Engine) saveProfile(ctx context.Context, tx *store.Tx, p profileVisit, s apiclient.Submission, files []*pending) (r apiclient.Reply, err error) {
	answers, err := e.profileAnswers(ctx, tx, p, s)
	if err != nil {
		return r, err
	}
	was, is := p.owner, p.owner
	is.Fields = withTexts(was.Fields, nil)
	for key, v := range answers {
		switch {
		case key == "user_url":
			is.URL = v.Text
		case v.Empty():
			delete(is.Fields, key)
		default:
			is.Fields[key] = v
		}
	}
	for _, key := range takenAway(p.intake(s), apiclient.FieldsOf(p.form.Fields)) {
		delete(is.Fields, key)
	}
	for _, f := range files {
		is.Fields[f.key] = f.Value()
	}
	is.DisplayName = p.o.DisplayName(was.User, is.User)
	if err := e.storeProfile(ctx, tx, was, is, files); err != nil {
		return r, err
	}
	if _, err := e.raise(ctx, tx, moment{trigger: apiclient.TriggerEditProfile, user: is.User}); err != nil {
		return r, err
	}
	home, err := e.home(ctx, tx, is.User)
	return apiclient.Reply{User: is.ID, Redirect: home}, err
}

// storeProfile stores what has changed, with the files, and records it.
func (e *Engine) storeProfile(ctx context.Context, tx *store.Tx, was, is store.Account, files []*pending) error {
	if err := tx.UpdateUser(ctx, was, is); err != nil {
		return err
	}
	for _, f := range files {
		if err := e.keepUpload(ctx, tx, is.ID, f); err != nil {
			return err
		}
	}
	if err := e.keepSlug(ctx, tx, is); err != nil {
		return err
	}
	before, after := diff(userParts(was), userParts(is))
	if len(after) == 0 {
		return nil
	}
	return e.audit(ctx, tx, "members.profile", subjectUser(is.User), before, after)
}

// photo returns the field of a photo of the profile.
func (e *Engine) photo(key string) (apiclient.Field, error) {
	if key != "profile_photo" && key != "cover_photo" {
		return apiclient.Field{}, apiclient.FieldErrorf(key, "%q is no photo of a profile; use profile_photo or cover_photo.", key)
	}
	return e.known[key], nil
}

// SavePhoto sets a photo of a profile.
func (e *Engine) SavePhoto(ctx context.Context, v apiclient.Visitor, slug, key string, sent apiclient.SentFile) (apiclient.Reply, error) {
	f, err := e.photo(key)
	if err != nil {
		return apiclient.Reply{}, err
	}
	if _, err := view(ctx, e, func(ctx context.Context, tx *store.Tx) (profileVisit, error) { return e.editing(ctx, tx, v, slug) }); err != nil {
		return apiclient.Reply{}, err
	}
	file, err := e.takeUpload(ctx, f, sent)
	if err != nil {
		return apiclient.Reply{}, asProblem(err)
	}
	defer file.Drop()
	return e.changePhoto(ctx, v, slug, key, []*pending{file})
}

// RemovePhoto takes a photo of a profile away.
func (e *Engine) RemovePhoto(ctx context.Context, v apiclient.Visitor, slug, key string) (apiclient.Reply, error) {
	if _, err := e.photo(key); err != nil {
		return apiclient.Reply{}, err
	}
	return e.changePhoto(ctx, v, slug, key, nil)
}

// changePhoto sets a photo to a file, or to none, and raises nothing.
func (e *Engine) changePhoto(ctx context.Context, v apiclient.Visitor, slug, key string, files []*pending) (r apiclient.Reply, err error) {
	err = e.change(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err := e.editing(ctx, tx, v, slug)
		if err != nil {
			return err
		}
		is := p.owner
		is.Fields = withTexts(p.owner.Fields, map[string]string{key: ""})
		for _, f := range files {
			is.Fields[key] = f.Value()
		}
		r = apiclient.Reply{User: is.ID, Redirect: profilePath(p.slug)}
		return e.storeProfile(asMember(ctx, p.visit.account.User), tx, p.owner, is, files)
	})
	return r, err
}
