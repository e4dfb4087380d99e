package pages

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"umdeck/apiclient"
)

// filterPrefix stands before the key of a filter in the address.
const filterPrefix = "filter_"

// A directoryView is a page of members as the template draws it.
type directoryView struct {
	Action  string
	Search  bool
	Text    string // what was searched for
	Filters []control
	Sorts   control
	Asked   bool // something narrows the list
	Clear   string
	Members []cardView
	Next    string // address of the next page; empty: this is the last one
	First   string // address of the first page; empty: this is it
}

type cardView struct {
	Name, Path, Photo string
	Answers           []answer
}

func (p *Pages) members(v *visit) error {
	q := v.r.URL.Query()
	ask := apiclient.DirectoryQuery{Search: strings.TrimSpace(q.Get("search")), Sort: q.Get("sort"), After: apiclient.Cursor(q.Get("after"))}
	for name, values := range q {
		values = slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == "" })
		if key, ok := strings.CutPrefix(name, filterPrefix); ok && len(values) > 0 {
			if ask.Where == nil {
				ask.Where = map[string][]string{}
			}
			ask.Where[key] = values
		}
	}
	d, err := p.cfg.Members.Directory(v.r.Context(), v.visitor, ask)
	if err != nil {
		return err
	}
	title := d.Title
	if title == "" {
		title = "Members"
	}
	return p.show(v, http.StatusOK, "members", title, p.directory(d, ask, q))
}

func (p *Pages) directory(d apiclient.Directory, ask apiclient.DirectoryQuery, q url.Values) directoryView {
	view := directoryView{
		Action: p.at(apiclient.PathMembers), Clear: p.at(apiclient.PathMembers), Search: d.Search, Text: ask.Search,
		Asked: ask.Search != "" || len(ask.Where) > 0,
	}
	for _, x := range d.Filters {
		x.Values = ask.Where[x.Key]
		for _, c := range p.controls(x, nil, false) {
			c.Name, c.ID, c.Required = filterPrefix+c.Name, filterPrefix+c.ID, false
			view.Filters = append(view.Filters, c)
		}
	}
	if len(d.Sorts) > 1 {
		view.Sorts = control{Kind: "select", ID: "sort", Name: "sort", Label: "Sort by"}
		for _, s := range d.Sorts {
			view.Sorts.Options = append(view.Sorts.Options, option{Value: s.Value, Label: s.Label, Selected: s.Value == ask.Sort})
		}
	}
	for _, m := range d.Members {
		card := cardView{Name: m.Name, Path: p.at(m.Path), Photo: p.at(m.Photo)}
		for _, x := range m.Fields {
			if a, ok := p.answer(x); ok {
				card.Answers = append(card.Answers, a)
			}
		}
		view.Members = append(view.Members, card)
	}
	if ask.After != "" {
		q.Del("after")
		view.First = p.at(apiclient.PathMembers + "?" + q.Encode())
	}
	if d.Next != "" {
		q.Set("after", string(d.Next))
		view.Next = p.at(apiclient.PathMembers + "?" + q.Encode())
	}
	return view
}
