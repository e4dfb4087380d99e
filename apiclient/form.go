package apiclient

// FormID is the number of a form: Ultimate Member's form_id. 0 is no form.
type FormID int64

// A FormRow is a part of a form with columns of its own: Ultimate Member's _um_row_N.
type FormRow struct {
	Heading string // shown above the row; empty: none
	Columns []int  // how many columns each sub-row has, from 1 to 3: sub_rows and cols; nil: one sub-row of one
}

// A FormField is a field as one form has it: a copy of the catalogue's, which can
// differ from it and from the copies of other forms, and where it stands.
type FormField struct {
	Field
	Row      int // from 1, the N of in_row _um_row_N
	SubRow   int // from 1, one more than in_sub_row
	Column   int // from 1, as in_column
	Position int // in the form, from 1
}
