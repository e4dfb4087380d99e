package engine

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

const (
	perPage    = 12 // members of a page, as Ultimate Member's directories have it
	onCard     = 3  // answers on a card
	maxFilters = 20
)

// directorySorts are the orders of a directory by Ultimate Member's names.
func directorySorts() []apiclient.Choice {
	return []apiclient.Choice{
		{Value: "user_registered_desc", Label: "New users first"},
		{Value: "user_registered_asc", Label: "Old users first"},
		{Value: "display_name", Label: "Display name"},
		{Value: "first_name", Label: "First name"},
		{Value: "last_name", Label: "Last name"},
	}
}

func directorySort(name string) (apiclient.Sort, error) {
	switch cmp.Or(name, "user_registered_desc") {
	case "user_registered_desc":
		return apiclient.Sort{Column: "registered", Desc: true}, nil
	case "user_registered_asc":
		return apiclient.Sort{Column: "registered"}, nil
	case "display_name", "first_name", "last_name":
		return apiclient.Sort{Column: name}, nil
	}
	return apiclient.Sort{}, apiclient.FieldErrorf("sort", "The directory cannot be sorted by %s; use one of its orders.", strconv.Quote(name))
}

// Directory returns one page of the members that the visitor may see: those that are
// approved, do not hide, and whose role the visitor may see.
func (e *Engine) Directory(ctx context.Context, v apiclient.Visitor, q apiclient.DirectoryQuery) (apiclient.Directory, error) {
	sort, err := directorySort(q.Sort)
	if err != nil {
		return apiclient.Directory{}, err
	}
	return view(ctx, e, func(ctx context.Context, tx *store.Tx) (d apiclient.Directory, err error) {
		o, err := e.options(ctx, tx)
		if err != nil {
			return d, err
		}
		if !o.On("members_page") {
			return d, apiclient.Errorf(apiclient.NotFound, "This site has no member directory.")
		}
		w, err := e.viewer(ctx, tx, v)
		if err != nil {
			return d, err
		}
		form, err := tx.CoreForm(ctx, apiclient.FormProfile)
		if err != nil {
			return d, err
		}
		d = apiclient.Directory{Title: "Members", Search: true, Sorts: directorySorts(), Filters: directoryFilters(form, w, q.Where)}
		filter, err := w.listed(o, q, d.Filters)
		if err != nil {
			return d, err
		}
		page, err := tx.Users(ctx, apiclient.UserQuery{Filter: filter, Sort: sort, After: q.After, Limit: cmp.Or(q.Limit, perPage), WithFields: true})
		if err != nil {
			return d, err
		}
		d.Next = page.Next
		d.Members, err = e.cards(ctx, tx, form, w, page.Users)
		return d, err
	})
}

// directoryFilters are the questions with choices whose answers the viewer sees of
// everybody.
func directoryFilters(form apiclient.Form, w viewer, where map[string][]string) []apiclient.PageField {
	var list []apiclient.PageField
	seen := w.on(apiclient.User{})
	seen.Edits = false
	for _, f := range form.Fields {
		if len(f.Options()) == 0 || f.Secret || f.AccountOnly || !f.Shown(false) || !f.VisibleTo(seen, 0) || len(list) == maxFilters {
			continue
		}
		list = append(list, apiclient.PageField{FormField: f, Values: where[f.Key]})
	}
	return list
}

// listed is whom a directory lists for the viewer.
func (w viewer) listed(o apiclient.Options, q apiclient.DirectoryQuery, offered []apiclient.PageField) (apiclient.Filter, error) {
	terms := []apiclient.Filter{apiclient.FieldIs("status", string(apiclient.StatusApproved)), w.unhidden(o)}
	if !w.role.AccessPrivateProfile {
		terms = append(terms, noneOf(apiclient.FieldIs("profile_privacy", "Only me")))
	}
	switch {
	case w.visit == nil:
	case !w.role.ViewAll:
		terms = append(terms, apiclient.FieldIs("id", strconv.FormatInt(int64(w.visit.account.ID), 10)))
	case len(w.role.ViewRoles) > 0:
		terms = append(terms, anyOf("role", w.role.ViewRoles))
	}
	if text := strings.TrimSpace(q.Search); text != "" {
		// The index of free text has the e-mail addresses too, which a directory must not tell.
		for _, column := range []string{"", "display_name"} {
			terms = append(terms, apiclient.Filter{Op: apiclient.Leaf, Match: apiclient.Match{Field: column, Op: apiclient.Contains, Value: text}})
		}
	}
	for key, values := range q.Where {
		values = slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == "" })
		if len(values) == 0 {
			continue
		}
		if !slices.ContainsFunc(offered, func(f apiclient.PageField) bool { return f.Key == key }) {
			return apiclient.Filter{}, apiclient.FieldErrorf(key, "The directory cannot be filtered by %s.", strconv.Quote(key))
		}
		terms = append(terms, anyOf(key, values))
	}
	return apiclient.AllOf(terms...), nil
}

// unhidden are the members who do not hide from directories.
func (w viewer) unhidden(o apiclient.Options) apiclient.Filter {
	if o.Text("account_hide_in_directory_default") == "Yes" {
		return apiclient.FieldIs("hide_in_members", "No")
	}
	return noneOf(apiclient.FieldIs("hide_in_members", "Yes"))
}

func noneOf(f apiclient.Filter) apiclient.Filter {
	return apiclient.Filter{Op: apiclient.Not, Terms: []apiclient.Filter{f}}
}

func anyOf[T ~string](column string, values []T) apiclient.Filter {
	f := apiclient.Filter{Op: apiclient.Or}
	for _, v := range values {
		f.Terms = append(f.Terms, apiclient.FieldIs(column, string(v)))
	}
	return f
}

// cards are the members of a page.
func (e *Engine) cards(ctx context.Context, tx *store.Tx, form apiclient.Form, w viewer, users []apiclient.User) ([]apiclient.Card, error) {
	list := make([]apiclient.Card, len(users))
	for i, u := range users {
		path, err := e.home(ctx, tx, u)
		if err != nil {
			return nil, err
		}
		var fields []apiclient.ProfileField
		for _, f := range answersOf(form, u, w.on(u)) {
			if f.CoreType().Holds() && len(fields) < onCard {
				fields = append(fields, f)
			}
		}
		list[i] = apiclient.Card{User: u.ID, Name: u.Name(), Path: path, Photo: fileURL(u, u.Fields["profile_photo"]), Fields: fields}
	}
	return list, nil
}
