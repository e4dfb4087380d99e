package apiclient

import (
	"cmp"
	"slices"
)

// arranged returns f with every place filled in and the fields in order.
func (f Form) arranged() Form {
	f.Rows = slices.Clone(f.Rows)
	if len(f.Rows) == 0 {
		f.Rows = []FormRow{{}}
	}
	for i, r := range f.Rows {
		if len(r.Columns) == 0 {
			f.Rows[i].Columns = []int{1}
		}
	}
	f.Fields = slices.Clone(f.Fields)
	for i := range f.Fields {
		f.Fields[i].place(f.Rows)
	}
	slices.SortStableFunc(f.Fields, func(a, b FormField) int {
		return cmp.Or(
			cmp.Compare(a.Row, b.Row), cmp.Compare(a.SubRow, b.SubRow), cmp.Compare(a.Column, b.Column),
			compareLast(a.Position, b.Position),
		)
	})
	for i := range f.Fields {
		f.Fields[i].Position = i + 1
	}
	return f
}

// place fills in where the field stands among rows.
func (x *FormField) place(rows []FormRow) {
	if x.Row == 0 {
		x.Row = len(rows)
		x.SubRow = 0
	}
	if x.SubRow == 0 && x.Row >= 1 && x.Row <= len(rows) {
		x.SubRow = len(rows[x.Row-1].Columns)
	}
	x.Column = cmp.Or(x.Column, 1)
}

// compareLast compares positions, of which 0 is behind all others.
func compareLast(a, b int) int {
	if (a == 0) != (b == 0) {
		return cmp.Compare(b, a)
	}
	return cmp.Compare(a, b)
}

// With returns f with the field x in it at its place: before the field that has
// its position there, or at the end of the column for position 0. The copy that f
// has of that key is replaced.
func (f Form) With(x FormField) Form {
	f = f.Without(x.Key)
	x.place(f.Rows)
	at := len(f.Fields)
	for i, o := range f.Fields {
		if o.behind(x) {
			at = i
			break
		}
	}
	f.Fields = slices.Insert(slices.Clone(f.Fields), at, x)
	for i := range f.Fields {
		f.Fields[i].Position = i + 1
	}
	return f
}

// behind reports whether o comes after the field x that is put in.
func (o FormField) behind(x FormField) bool {
	if c := cmp.Or(cmp.Compare(o.Row, x.Row), cmp.Compare(o.SubRow, x.SubRow), cmp.Compare(o.Column, x.Column)); c != 0 {
		return c > 0
	}
	return x.Position != 0 && o.Position >= x.Position
}

// Without returns f without the field of that key.
func (f Form) Without(key string) Form {
	f.Fields = slices.DeleteFunc(slices.Clone(f.Fields), func(x FormField) bool { return x.Key == key })
	for i := range f.Fields {
		f.Fields[i].Position = i + 1
	}
	return f
}

// Forgetting returns f, which was changed from was, without the conditions about
// fields that are not in it any more, as Ultimate Member does when a field is
// taken out of a form (includes/core/class-fields.php, delete_field_from_form).
func (f Form) Forgetting(was Form) Form {
	f.Fields = slices.Clone(f.Fields)
	for i := range f.Fields {
		x := &f.Fields[i]
		gone := func(c Condition) bool { return was.index(c.Field) >= 0 && f.index(c.Field) < 0 }
		if slices.ContainsFunc(x.Conditions, gone) {
			x.Conditions = slices.DeleteFunc(slices.Clone(x.Conditions), gone)
		}
		if len(x.Conditions) == 0 {
			x.Conditions = nil
		}
	}
	return f
}
