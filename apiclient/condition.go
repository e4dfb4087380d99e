package apiclient

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Hidden returns the keys of the fields that their conditions hide on a form that was
// filled in with values, as Ultimate Member 2.13 decides it when a form is sent
// (um_check_conditions_on_submit, includes/core/um-actions-form.php): what is hidden
// is neither checked nor required.
//
// A condition is about the answer to another field. A field is hidden when that answer
// is missing from values, when the other field is hidden itself, when a condition to
// hide it is met, and when one to show it is not. A radio is compared by its first
// element; a list contains its elements, a text its parts. Texts that are numbers are
// compared as numbers, as PHP does.
//
// Fields whose conditions depend on each other without end are not hidden.
func Hidden(fields []Field, values map[string]Value) map[string]bool {
	hidden := map[string]bool{}
	c := conditions{byKey(fields), values}
	for _, f := range fields {
		if gone, ok := c.hide(f); gone && ok {
			hidden[f.Key] = true
		}
	}
	return hidden
}

func byKey(fields []Field) map[string]Field {
	m := make(map[string]Field, len(fields))
	for _, f := range fields {
		m[f.Key] = f
	}
	return m
}

// conditions is a form that was filled in.
type conditions struct {
	fields map[string]Field
	values map[string]Value
}

// deepest is how many conditions of other fields are looked at for one condition.
const deepest = 64

// hide reports whether f is hidden; ok is false when its conditions have no end.
func (c conditions) hide(f Field) (gone, ok bool) {
	for _, one := range f.Conditions {
		left := deepest
		if gone, ok := c.hides(one, &left); gone || !ok {
			return gone, ok
		}
	}
	return false, true
}

// hides reports whether the condition hides its field. left is how many more
// conditions may be looked at.
func (c conditions) hides(one Condition, left *int) (gone, ok bool) {
	v, there := c.values[one.Field]
	if !there {
		return true, true
	}
	parent := c.fields[one.Field]
	for _, above := range parent.Conditions {
		if *left--; *left < 0 {
			return false, false
		}
		if gone, ok := c.hides(above, left); gone || !ok {
			return gone, ok
		}
	}
	if parent.Type == FieldRadio && v.List != nil {
		v = Text(slices.Concat(v.List, []string{""})[0])
	}
	return one.met(v) == (one.Action == ConditionHide), true
}

// met reports whether the answer to the condition's field is what it asks for.
func (c Condition) met(v Value) bool {
	switch c.Operator {
	case OpEmpty:
		return v.nothing()
	case OpNotEmpty:
		return !v.nothing()
	case OpEquals:
		return v.List == nil && looseCompare(v.Text, c.Value) == 0
	case OpNotEquals:
		return v.List != nil || looseCompare(v.Text, c.Value) != 0
	case OpGreater: // to PHP, a list is more than any text
		return v.List != nil || looseCompare(v.Text, c.Value) > 0
	case OpLess:
		return v.List == nil && looseCompare(v.Text, c.Value) < 0
	case OpContains:
		if v.List != nil {
			return slices.ContainsFunc(v.List, func(s string) bool { return looseCompare(s, c.Value) == 0 })
		}
		return v.Text != "" && strings.Contains(v.Text, c.Value)
	default:
		return c.Action != ConditionHide // one that does not exist hides nothing
	}
}

// nothing reports whether PHP's empty() would: "0" is nothing, a list of an empty
// text is something.
func (v Value) nothing() bool {
	if v.List != nil {
		return len(v.List) == 0
	}
	return v.Text == "" || v.Text == "0"
}

// looseCompare compares two texts as PHP 8 does with ==, < and >: as numbers when
// both are, else byte by byte.
func looseCompare(a, b string) int {
	const space = " \t\n\r\v\f"
	x, y := strings.Trim(a, space), strings.Trim(b, space)
	if !numeric.MatchString(x) || !numeric.MatchString(y) {
		return strings.Compare(a, b)
	}
	n, err1 := strconv.ParseInt(x, 10, 64)
	m, err2 := strconv.ParseInt(y, 10, 64)
	if err1 == nil && err2 == nil {
		return cmp.Compare(n, m)
	}
	// Out of range is an infinity of the right sign, so that the error says nothing new.
	p, _ := strconv.ParseFloat(x, 64)
	q, _ := strconv.ParseFloat(y, 64)
	return cmp.Compare(p, q)
}

// checkConditions is CheckNew for the conditions.
func (f Field) checkConditions() error {
	if len(f.Conditions) > MaxConditions {
		return FieldErrorf("conditions", "The field %s has %d conditions; use at most %d.", f.Key, len(f.Conditions), MaxConditions)
	}
	for i, c := range f.Conditions {
		end := ""
		if i > 0 {
			end = strconv.Itoa(i)
		}
		switch {
		case c.Action != ConditionShow && c.Action != ConditionHide:
			return FieldErrorf("conditional_action"+end, "Condition %d of %s says neither show nor hide; use one of them.", i+1, f.Key)
		case !keyShape.MatchString(c.Field):
			return FieldErrorf("conditional_field"+end, "Condition %d of %s names no field; give the key of one.", i+1, f.Key)
		case c.Field == f.Key:
			return FieldErrorf("conditional_field"+end, "Condition %d of %s depends on the field itself; name another one.", i+1, f.Key)
		case !slices.Contains(ConditionOperators(), c.Operator):
			return FieldErrorf("conditional_operator"+end, "Condition %d of %s compares with %s, which is no operator; use one such as equals to.", i+1, f.Key, quote(string(c.Operator)))
		}
	}
	return nil
}

// String returns the condition in words, such as "show if country equals to Spain".
func (c Condition) String() string {
	text := string(c.Action) + " if " + c.Field + " " + string(c.Operator)
	if c.Operator == OpEmpty || c.Operator == OpNotEmpty {
		return strings.Replace(text, c.Field+" ", c.Field+" is ", 1)
	}
	return text + " " + c.Value
}
