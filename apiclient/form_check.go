package apiclient

import (
	"fmt"
	"slices"
	"strings"
)

// Resolve returns f with every field whose type is not said taken from the
// catalogue, pieces without a meta key given one as Ultimate Member makes them
// (um_divider_12_3: type, form, number), and what a copy never changes set: the
// type of a field that the catalogue has, its source, and whether it is secret or
// read-only. find looks a key up in the catalogue. A key that the catalogue does
// not have is Invalid.
func (f Form) Resolve(find func(key string) (Field, bool)) (Form, error) {
	f.Fields = slices.Clone(f.Fields)
	for i := range f.Fields {
		x := &f.Fields[i].Field
		if x.piece() {
			if x.Key == "" {
				x.Key = f.pieceKey(x)
			}
			continue
		}
		c, ok := find(x.Key)
		switch {
		case !ok:
			return f, FieldErrorf("fields", "The catalogue has no field %s; create it first, or leave it away.", quote(x.Key))
		case x.Type == "" && x.Core == "":
			*x = c
		case x.Type != c.Type || x.CoreType() != c.CoreType():
			return f, FieldErrorf("fields", "The field %s is a %s in the catalogue, and a form cannot make it a %s.", x.Key, c.Type, x.Type)
		}
		x.Source, x.Secret, x.ReadOnly = c.Source, c.Secret, c.ReadOnly
	}
	return f, nil
}

// piece reports whether f is a part of a form that holds no answer.
func (f Field) piece() bool { return !f.CoreType().Holds() }

// pieceKey returns a key that the form does not have yet.
func (f Form) pieceKey(x *Field) string {
	for n := len(f.Fields); ; n++ {
		key := fmt.Sprintf("um_%s_%d_%d", x.Core, f.ID, n)
		if f.index(key) < 0 {
			return key
		}
	}
}

// Check returns an Error of kind Invalid that says why a form whose fields are
// resolved cannot be stored.
func (f Form) Check() error {
	if err := f.checkRows(); err != nil {
		return err
	}
	for i, x := range f.Fields {
		if f.index(x.Key) != i {
			return FieldErrorf("fields", "The field %s is in the form twice; list it once.", x.Key)
		}
		if err := f.checkPlace(x); err != nil {
			return err
		}
		if err := f.CheckField(x.Field); err != nil {
			return err
		}
	}
	return f.checkMode()
}

// maxRows bounds rows, sub-rows of a row and fields, so that no form is larger than a page.
const maxRows, maxFormFields = 50, 500

func (f Form) checkRows() error {
	if len(f.Rows) > maxRows || len(f.Fields) > maxFormFields {
		return FieldErrorf("rows", "The form has %d rows and %d fields; use at most %d and %d.", len(f.Rows), len(f.Fields), maxRows, maxFormFields)
	}
	for i, r := range f.Rows {
		if len(r.Columns) == 0 || len(r.Columns) > maxRows {
			return FieldErrorf("rows", "Row %d has %d sub-rows; use 1 to %d.", i+1, len(r.Columns), maxRows)
		}
		if slices.ContainsFunc(r.Columns, func(n int) bool { return n < 1 || n > maxColumns }) {
			return FieldErrorf("rows", "A sub-row of row %d has not 1 to %d columns; give it so many.", i+1, maxColumns)
		}
		if err := CheckName("rows", fmt.Sprintf("The heading of row %d", i+1), r.Heading); err != nil {
			return err
		}
	}
	return nil
}

func (f Form) checkPlace(x FormField) error {
	if x.Row < 1 || x.Row > len(f.Rows) {
		return FieldErrorf("fields", "The field %s is in row %d, and the form has %d; make the row first, or choose another.", x.Key, x.Row, len(f.Rows))
	}
	columns := f.Rows[x.Row-1].Columns
	if x.SubRow < 1 || x.SubRow > len(columns) {
		return FieldErrorf("fields", "The field %s is in sub-row %d of row %d, which has %d; choose another.", x.Key, x.SubRow, x.Row, len(columns))
	}
	if n := columns[x.SubRow-1]; x.Column < 1 || x.Column > n {
		return FieldErrorf("fields", "The field %s is in column %d of row %d, and there are %d; choose another.", x.Key, x.Column, x.Row, n)
	}
	return nil
}

// restricted are the keys that Ultimate Member does not let a profile form change
// (includes/core/class-user.php), and formless those that umdeck has for columns
// of the account that no form asks for.
var (
	restricted = []string{"user_email", "username", "user_login", "user_password", "_um_last_login", "user_registered"}
	formless   = []string{"account_status", "display_name", "role", "roles"}
)

// CheckField is Check for one field alone: whether a form of the mode may have it.
func (f Form) CheckField(x Field) error {
	if err := CheckKey(x.Key); err != nil {
		return err
	}
	switch {
	case slices.Contains(formless, x.Key):
		return FieldErrorf("fields", "No form asks for %s; leave it away.", x.Key)
	case f.Mode == FormProfile && slices.Contains(restricted, x.Key):
		return FieldErrorf("fields", "A profile form cannot change %s; leave it away: it belongs to the account page.", x.Key)
	case f.Mode != FormProfile && slices.Contains([]string{"_um_last_login", "user_registered"}, x.Key):
		return FieldErrorf("fields", "The site keeps %s by itself; leave it away.", x.Key)
	case x.Core == CoreRow:
		return FieldErrorf("fields", "A row is no field; give it with the rows of the form.")
	case x.piece():
		return nil
	case strings.TrimSpace(x.Label) == "":
		return FieldErrorf("fields", "The field %s has no label; give one.", x.Key)
	}
	return CheckName("fields", "The label of "+x.Key, x.Label)
}

// checkMode checks what a form of the mode must have to work.
func (f Form) checkMode() error {
	has := func(keys ...string) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return f.index(key) >= 0 })
	}
	switch f.Mode {
	case FormRegister:
		if !has("user_login", "username", "user_email") {
			return FieldErrorf("fields", "A registration form asks for user_login or user_email; add one of them.")
		}
	case FormLogin:
		if !has("username", "user_login", "user_email") || !has("user_password") {
			return FieldErrorf("fields", "A login form asks for username and user_password; add what is missing.")
		}
	case FormProfile:
	}
	return nil
}

// firstFields are the fields of the core form of a mode, as Ultimate Member 2.13
// installs it (includes/class-config.php, core_form_meta), to be taken from the
// catalogue.
func firstFields(m FormMode) []FormField {
	var keys []string
	switch m {
	case FormRegister:
		keys = []string{"user_login", "first_name", "last_name", "user_email", "user_password"}
	case FormLogin:
		keys = []string{"username", "user_password"}
	case FormProfile:
	}
	list := make([]FormField, len(keys))
	for i, key := range keys {
		list[i] = FormField{Field: Field{Key: key}}
	}
	return list
}

// CoreForms returns the forms that a new site has, with Ultimate Member's titles
// (includes/core/class-setup.php), to be resolved.
func CoreForms() []Form {
	titles := map[FormMode]string{FormRegister: "Default Registration", FormLogin: "Default Login", FormProfile: "Default Profile"}
	var list []Form
	for _, m := range FormModes() {
		f := NewForm{Title: titles[m], Mode: m}.Form()
		f.Core = true
		list = append(list, f)
	}
	return list
}
