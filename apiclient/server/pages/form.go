package pages

import (
	"errors"
	"html/template"
	"net/http"
	"slices"

	"umdeck/apiclient"
)

// A formView is a form as the template draws it.
type formView struct {
	Action  string // where it is sent
	Token   string
	ID      apiclient.FormID
	Stamp   string
	Submit  string
	Danger  bool // what the button does cannot be undone
	Files   bool // it has files, so its body is multipart
	Rows    []rowView
	Hidden  []control
	Intro   template.HTML
	Agree   *control
	Text    template.HTML // to agree to
	Keep    bool          // offer to stay logged in
	Kept    bool
	Links   []navLink
	Tabs    []navLink
	Photos  []photoView
	Robots  bool // search engines are to leave the page alone
	Trapped bool // it has an input that only programs fill in
}

func (f formView) noIndex() bool { return f.Robots }

// A rowView is a row of a form: lines of columns of controls.
type rowView struct {
	Heading string
	Lines   [][][]control
}

// A filled is a form with what became of it.
type filled struct {
	form     apiclient.PageForm
	action   string // path that it is sent to
	sent     *apiclient.Submission
	problems apiclient.Problems
	fresh    bool // its password is a new one
}

// view lays a form out, with what was sent where something was.
func (p *Pages) view(v *visit, f filled) (formView, []problem) {
	form := f.form
	out := formView{
		Action: p.at(f.action), ID: form.ID, Stamp: form.Stamp, Submit: form.Submit, Keep: form.Remember, Text: p.clean(form.Agreement),
		Robots: true,
	}
	if out.Submit == "" {
		out.Submit = "Save"
	}
	rows := form.Rows
	if len(rows) == 0 {
		rows = []apiclient.FormRow{{}}
	}
	for _, r := range rows {
		out.Rows = append(out.Rows, newRow(r))
	}
	var ids []string
	for _, x := range form.Fields {
		if f.sent != nil {
			x = refilled(x, *f.sent)
		}
		for _, c := range p.controls(x, f.problems, f.fresh) {
			out.Files = out.Files || c.Kind == "file"
			out.place(x.FormField, c)
			ids = append(ids, c.Name)
		}
	}
	out.agree(form, f)
	p.links(&out, form)
	if f.sent != nil {
		out.Kept = f.sent.First(apiclient.FieldRemember) == "1"
		out.hide(apiclient.FieldRedirect, f.sent.First(apiclient.FieldRedirect))
	} else {
		out.hide(apiclient.FieldRedirect, v.r.URL.Query().Get(apiclient.FieldRedirect))
	}
	return out, summary(f.problems, ids)
}

func newRow(r apiclient.FormRow) rowView {
	columns := r.Columns
	if len(columns) == 0 {
		columns = []int{1}
	}
	row := rowView{Heading: r.Heading}
	for _, n := range columns {
		row.Lines = append(row.Lines, make([][]control, max(n, 1)))
	}
	return row
}

// place puts a control where its field stands; what stands nowhere comes last.
func (f *formView) place(x apiclient.FormField, c control) {
	r := inside(x.Row, len(f.Rows))
	l := inside(x.SubRow, len(f.Rows[r].Lines))
	n := inside(x.Column, len(f.Rows[r].Lines[l]))
	f.Rows[r].Lines[l][n] = append(f.Rows[r].Lines[l][n], c)
}

// inside turns a number from 1 on into an index below n.
func inside(number, n int) int {
	if number < 1 || number > n {
		return n - 1
	}
	return number - 1
}

func (f *formView) hide(name, value string) {
	if value != "" {
		f.Hidden = append(f.Hidden, control{Kind: "hidden", Name: name, Value: value})
	}
}

func (f *formView) agree(form apiclient.PageForm, in filled) {
	if form.AgreementLabel == "" {
		return
	}
	f.Agree = &control{
		Kind: "agree", ID: idOf(apiclient.FieldAgreement), Name: apiclient.FieldAgreement, Value: "1", Label: form.AgreementLabel,
		Required: true, Checked: in.sent != nil && in.sent.First(apiclient.FieldAgreement) == "1",
	}
	for _, text := range in.problems.Of(apiclient.FieldAgreement) {
		f.Agree.Problem = text
	}
}

func (p *Pages) links(f *formView, form apiclient.PageForm) {
	if form.OtherPath != "" {
		f.Links = append(f.Links, navLink{URL: p.at(form.OtherPath), Text: form.OtherTitle})
	}
	if form.ForgotPath != "" {
		f.Links = append(f.Links, navLink{URL: p.at(form.ForgotPath), Text: "Forgot your password?"})
	}
}

// refilled is a question with the answer that was sent, so that nothing is lost by
// a problem. A password is not given back.
func refilled(x apiclient.PageField, s apiclient.Submission) apiclient.PageField {
	if x.Disabled || x.Type == apiclient.FieldPassword || x.Type == apiclient.FieldImage || x.Type == apiclient.FieldFile {
		return x
	}
	x.Values = s.Values[x.Key]
	return x
}

// summary lists the problems, each with the control that it is about.
func summary(problems apiclient.Problems, names []string) []problem {
	var list []problem
	for _, one := range problems {
		q := problem{Message: one.Message}
		if slices.Contains(names, one.Field) || one.Field == apiclient.FieldAgreement {
			q.ID = idOf(one.Field)
		}
		list = append(list, q)
	}
	return list
}

// again shows a form once more with what is wrong with it. Another error is
// handed on.
func (p *Pages) again(v *visit, err error, name string, f filled, more func(*formView)) error {
	status := http.StatusUnprocessableEntity
	var problems apiclient.Problems
	switch {
	case errors.As(err, &problems):
	case apiclient.KindOf(err) == apiclient.Unavailable:
		status, problems = http.StatusTooManyRequests, apiclient.Problems{{Message: apiclient.MessageOf(err)}}
	default:
		return err
	}
	f.problems = problems
	return p.showForm(v, status, name, f, more)
}

// showForm shows a form; more, if not nil, adds what else the page has.
func (p *Pages) showForm(v *visit, status int, name string, f filled, more func(*formView)) error {
	view, problems := p.view(v, f)
	if more != nil {
		more(&view)
	}
	return p.show(v, status, name, f.form.Title, view, problems...)
}
