package wire

import (
	"time"

	"umdeck/apiclient"
)

// A Form is what members fill in.
type Form struct {
	ID       apiclient.FormID       `json:"id"`
	Title    string                 `json:"title"`
	Mode     apiclient.FormMode     `json:"mode"`
	Core     bool                   `json:"core"`
	Settings apiclient.FormSettings `json:"settings,omitempty"` // those that are not the default
	Rows     []FormRow              `json:"rows"`
	Fields   []FormField            `json:"fields"`
	Created  time.Time              `json:"created,omitzero"`
	Updated  time.Time              `json:"updated,omitzero"`
}

// A FormRow is a part of a form with columns of its own.
type FormRow struct {
	Heading string `json:"heading,omitempty"`
	Columns []int  `json:"cols,omitempty"`
}

// A FormField is a field as one form has it, and where it stands.
type FormField struct {
	Field    Field `json:"field"`
	Row      int   `json:"row,omitempty"`
	SubRow   int   `json:"sub_row,omitempty"`
	Column   int   `json:"column,omitempty"`
	Position int   `json:"position,omitempty"`
}

func formRowOf(r apiclient.FormRow) FormRow { return FormRow(r) }
func (r FormRow) domain() apiclient.FormRow {
	return apiclient.FormRow{Heading: r.Heading, Columns: none(r.Columns)}
}

func formFieldOf(x apiclient.FormField) FormField {
	return FormField{FieldOf(x.Field), x.Row, x.SubRow, x.Column, x.Position}
}

func (x FormField) domain() apiclient.FormField {
	return apiclient.FormField{Field: x.Field.Domain(), Row: x.Row, SubRow: x.SubRow, Column: x.Column, Position: x.Position}
}

// FormOf returns the twin of f.
func FormOf(f apiclient.Form) Form {
	return Form{
		ID: f.ID, Title: f.Title, Mode: f.Mode, Core: f.Core, Settings: f.Settings,
		Rows: each(f.Rows, formRowOf), Fields: each(f.Fields, formFieldOf), Created: f.Created.UTC(), Updated: f.Updated.UTC(),
	}
}

// Domain returns the form.
func (f Form) Domain() apiclient.Form {
	return apiclient.Form{
		ID: f.ID, Title: f.Title, Mode: f.Mode, Core: f.Core, Settings: f.Settings,
		Rows: back(f.Rows, FormRow.domain), Fields: back(f.Fields, FormField.domain), Created: f.Created.UTC(), Updated: f.Updated.UTC(),
	}
}

// A FormRef names a form.
type FormRef struct {
	ID apiclient.FormID `json:"-" path:"id"`
}

// A NewForm is a form to be stored.
type NewForm struct {
	Title    string                 `json:"title"`
	Mode     apiclient.FormMode     `json:"mode"`
	Settings apiclient.FormSettings `json:"settings,omitempty"`
	Rows     []FormRow              `json:"rows,omitempty"`
	Fields   []FormField            `json:"fields,omitzero"` // absent: those of the core form of the mode
}

// NewFormOf returns the twin of n.
func NewFormOf(n apiclient.NewForm) NewForm {
	return NewForm{n.Title, n.Mode, n.Settings, back(n.Rows, formRowOf), whole(n.Fields, formFieldOf)}
}

// Domain returns the new form.
func (n NewForm) Domain() apiclient.NewForm {
	return apiclient.NewForm{Title: n.Title, Mode: n.Mode, Settings: n.Settings, Rows: back(n.Rows, FormRow.domain), Fields: whole(n.Fields, FormField.domain)}
}

// A FormUpdate says what to change of a form; what is absent stays as it is.
type FormUpdate struct {
	ID       apiclient.FormID       `json:"-" path:"id"`
	Title    *string                `json:"title,omitempty"`
	Settings apiclient.FormSettings `json:"settings,omitempty"`
	Rows     []FormRow              `json:"rows,omitzero"`
	Fields   []FormField            `json:"fields,omitzero"`
	Since    time.Time              `json:"since,omitzero"` // the form's updated that the change was made from
}

// FormUpdateOf returns the twin of u.
func FormUpdateOf(id apiclient.FormID, u apiclient.FormUpdate) FormUpdate {
	return FormUpdate{id, u.Title, u.Settings, whole(u.Rows, formRowOf), whole(u.Fields, formFieldOf), u.Since.UTC()}
}

// Domain returns the update.
func (u FormUpdate) Domain() apiclient.FormUpdate {
	return apiclient.FormUpdate{
		Title: u.Title, Settings: u.Settings, Rows: whole(u.Rows, FormRow.domain), Fields: whole(u.Fields, FormField.domain), Since: u.Since.UTC(),
	}
}

// whole converts a list that is absent where it is nil, and else there, even empty.
func whole[From, To any](list []From, convert func(From) To) []To {
	if list == nil {
		return nil
	}
	return each(list, convert)
}
