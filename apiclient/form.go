package apiclient

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
)

// Forms reads and changes the forms that members fill in.
type Forms interface {
	// Forms returns the forms of the site, by mode (register, login, profile) and then by id.
	Forms(ctx context.Context) ([]Form, error)
	// Form returns one form.
	Form(ctx context.Context, id FormID) (Form, error)
	// CreateForm stores a new form.
	CreateForm(ctx context.Context, n NewForm) (Form, error)
	// UpdateForm changes what u names; all or nothing. A field of the site's own
	// whose copy in the form changes is changed in the catalogue too, as Ultimate
	// Member's form builder does; the copies in other forms stay.
	UpdateForm(ctx context.Context, id FormID, u FormUpdate) (Form, error)
	// DeleteForm removes a form. A core form is Conflict: pages show it.
	DeleteForm(ctx context.Context, id FormID) error
}

// FormID is the number of a form: Ultimate Member's form_id. 0 is no form.
type FormID int64

// FormMode says what a form is for. It never changes.
type FormMode string

// The modes of a form, in Ultimate Member's words.
const (
	FormRegister FormMode = "register"
	FormLogin    FormMode = "login"
	FormProfile  FormMode = "profile"
)

// FormModes returns the modes in the order in which forms are listed.
func FormModes() []FormMode { return []FormMode{FormRegister, FormLogin, FormProfile} }

// A Form is what members fill in: to register, to log in, or as their profile.
type Form struct {
	ID       FormID
	Title    string
	Mode     FormMode
	Core     bool // made with the site, and not to be deleted: one of each mode
	Settings FormSettings
	Rows     []FormRow   // at least one
	Fields   []FormField // as members see them: by row, sub-row, column and position
	Created  time.Time
	Updated  time.Time
}

// A FormRow is a part of a form with columns of its own: Ultimate Member's _um_row_N.
type FormRow struct {
	Heading string // shown above the row; empty: none
	Columns []int  // how many columns each sub-row has, from 1 to 3: sub_rows and cols; nil: one sub-row of one
}

// A FormField is a field as one form has it: a copy of the catalogue's, which can
// differ from it and from the copies of other forms, and where it stands.
type FormField struct {
	Field
	Row      int // from 1, the N of in_row _um_row_N; 0 in what is stored: the last row
	SubRow   int // from 1, one more than in_sub_row; 0 in what is stored: the row's last one
	Column   int // from 1, as in_column; 0 in what is stored: the first
	Position int // in the form, from 1. In what is stored it orders the fields of a column; 0 is behind the others
}

// A NewForm is a form to be stored. Title and Mode are required.
type NewForm struct {
	Title    string
	Mode     FormMode
	Settings FormSettings
	Rows     []FormRow   // nil: one row of one column
	Fields   []FormField // a field whose Type is empty is taken from the catalogue as it is there; nil: what the core form of the mode begins with
}

// A FormUpdate says what to change; what is nil stays as it is.
type FormUpdate struct {
	Title    *string
	Settings FormSettings // those named change; an empty value goes back to the default
	Rows     []FormRow    // nil: unchanged; not nil: all of them
	Fields   []FormField  // nil: unchanged; not nil: all of them. One whose Type is empty is taken from the catalogue as it is there

	// Since is Form.Updated of the form that the update was made from: a form that
	// was changed after it is Conflict. Zero: whatever the form is now.
	Since time.Time
}

// maxColumns is how many columns Ultimate Member's form builder offers.
const maxColumns = 3

// Validate returns an Error of kind Invalid that says what is wrong with the
// title, the mode and the settings of n; [Form.Check] does the rest.
func (n NewForm) Validate() error {
	if !slices.Contains(FormModes(), n.Mode) {
		return FieldErrorf("mode", "%q is no mode of a form; use register, login or profile.", string(n.Mode))
	}
	if strings.TrimSpace(n.Title) == "" {
		return FieldErrorf("title", "The form has no title; give one.")
	}
	if len(n.Title) > 200 {
		return FieldErrorf("title", "The form's title is %d bytes long; use at most 200.", len(n.Title))
	}
	if err := CheckName("title", "The form's title", n.Title); err != nil {
		return err
	}
	_, err := n.Settings.accept(n.Mode)
	return err
}

// Form returns the form that n makes, its fields in order. n is valid.
func (n NewForm) Form() Form {
	f := Form{Title: strings.TrimSpace(n.Title), Mode: n.Mode, Rows: n.Rows, Fields: n.Fields}
	if settings, err := n.Settings.accept(n.Mode); err == nil {
		f.Settings = settings
	}
	if n.Fields == nil {
		f.Fields = firstFields(n.Mode)
	}
	return f.arranged()
}

// Apply returns f as u changes it, its fields in order, or an Error of kind
// Invalid about the title and the settings; [Form.Check] does the rest.
func (u FormUpdate) Apply(f Form) (Form, error) {
	if !u.Since.IsZero() && !u.Since.Equal(f.Updated) {
		return f, Errorf(Conflict, "The form %d (%s) was changed meanwhile; look at it again, then decide.", f.ID, f.Title)
	}
	if u.Title != nil {
		f.Title = strings.TrimSpace(*u.Title)
	}
	f.Settings = maps.Clone(f.Settings)
	for key, value := range u.Settings {
		if f.Settings == nil {
			f.Settings = FormSettings{}
		}
		f.Settings[key] = value
	}
	if u.Rows != nil {
		f.Rows = u.Rows
	}
	if u.Fields != nil {
		f.Fields = u.Fields
	}
	n := NewForm{Title: f.Title, Mode: f.Mode, Settings: f.Settings, Rows: f.Rows, Fields: f.Fields}
	if err := n.Validate(); err != nil {
		return f, err
	}
	is := n.Form()
	f.Settings, f.Rows, f.Fields = is.Settings, is.Rows, is.Fields
	return f, nil
}

// Field returns the form's copy of a field.
func (f Form) Field(key string) (FormField, bool) {
	if i := f.index(key); i >= 0 {
		return f.Fields[i], true
	}
	return FormField{}, false
}

func (f Form) index(key string) int {
	return slices.IndexFunc(f.Fields, func(x FormField) bool { return x.Key == key })
}
