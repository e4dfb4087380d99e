package apiclient_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

func TestHiddenByOperator(t *testing.T) {
	text, list := apiclient.Text, apiclient.List
	for _, c := range []struct {
		op     apiclient.ConditionOperator
		answer apiclient.Value
		value  string
		met    bool
	}{
		{apiclient.OpEmpty, text(""), "", true},
		{apiclient.OpEmpty, text("0"), "", true},
		{apiclient.OpEmpty, text("a"), "", false},
		{apiclient.OpEmpty, list(), "", true},
		{apiclient.OpEmpty, list("a"), "", false},
		{apiclient.OpNotEmpty, text(""), "", false},
		{apiclient.OpNotEmpty, text("a"), "", true},
		{apiclient.OpEquals, text("Spain"), "Spain", true},
		{apiclient.OpEquals, text("spain"), "Spain", false},
		{apiclient.OpEquals, text("1.0"), "1", true},
		{apiclient.OpEquals, text(" 1"), "1", true},
		{apiclient.OpEquals, text("1e1"), "10", true},
		{apiclient.OpEquals, text("abc"), "0", false},
		{apiclient.OpEquals, text("9007199254740993"), "9007199254740992", false},
		{apiclient.OpEquals, list("Spain"), "Spain", false},
		{apiclient.OpNotEquals, text("1.0"), "1", false},
		{apiclient.OpNotEquals, list("Spain"), "Spain", true},
		{apiclient.OpGreater, text("10"), "9", true},
		{apiclient.OpGreater, text("9"), "9", false},
		{apiclient.OpGreater, text("b"), "a", true},
		{apiclient.OpGreater, text("10"), "9a", false},
		{apiclient.OpGreater, list(), "9", true},
		{apiclient.OpLess, text("9"), "10", true},
		{apiclient.OpLess, text("10"), "10", false},
		{apiclient.OpLess, list("1"), "10", false},
		{apiclient.OpContains, text("a spanner"), "span", true},
		{apiclient.OpContains, text("a Spanner"), "span", false},
		{apiclient.OpContains, text(""), "", false},
		{apiclient.OpContains, list("Red", "Green"), "Green", true},
		{apiclient.OpContains, list("Red", "Greenish"), "Green", false},
		{apiclient.OpContains, list("1.0"), "1", true},
	} {
		for action, want := range map[apiclient.ConditionAction]bool{apiclient.ConditionHide: c.met, apiclient.ConditionShow: !c.met} {
			fields := []apiclient.Field{{Key: "p", Type: apiclient.FieldMultiselect}, {Key: "f", Conditions: []apiclient.Condition{{action, "p", c.op, c.value}}}}
			if got := apiclient.Hidden(fields, map[string]apiclient.Value{"p": c.answer, "f": text("x")})["f"]; got != want {
				t.Errorf("%s if %#v %s %q: hidden %t; want %t", action, c.answer, c.op, c.value, got, want)
			}
		}
	}
}

func TestHidden(t *testing.T) {
	show := func(field, value string) []apiclient.Condition {
		return []apiclient.Condition{{apiclient.ConditionShow, field, apiclient.OpEquals, value}}
	}
	text := apiclient.Text
	for _, c := range []struct {
		name   string
		fields []apiclient.Field
		values map[string]apiclient.Value
		want   []string
	}{
		{"no conditions", []apiclient.Field{{Key: "a"}}, nil, nil},
		{"the parent is not in the form", []apiclient.Field{{Key: "b", Conditions: show("a", "1")}}, map[string]apiclient.Value{"b": text("x")}, []string{"b"}},
		{
			"a parent to be hidden by that was not sent hides too",
			[]apiclient.Field{{Key: "a"}, {Key: "b", Conditions: []apiclient.Condition{{apiclient.ConditionHide, "a", apiclient.OpEquals, "1"}}}},
			map[string]apiclient.Value{"b": text("x")},
			[]string{"b"},
		},
		{
			"what hangs on a hidden one is hidden",
			[]apiclient.Field{{Key: "a"}, {Key: "b", Conditions: show("a", "1")}, {Key: "c", Conditions: show("b", "x")}},
			map[string]apiclient.Value{"a": text("2"), "b": text("x"), "c": text("y")},
			[]string{"b", "c"},
		},
		{
			"all conditions must let it be",
			[]apiclient.Field{{Key: "a"}, {Key: "b"}, {Key: "c", Conditions: append(show("a", "1"), show("b", "1")...)}},
			map[string]apiclient.Value{"a": text("1"), "b": text("2")},
			[]string{"c"},
		},
		{
			"a radio by its first element",
			[]apiclient.Field{{Key: "a", Type: apiclient.FieldRadio}, {Key: "b", Conditions: show("a", "Yes")}, {Key: "c", Conditions: show("a", "No")}},
			map[string]apiclient.Value{"a": apiclient.List("Yes", "No")},
			[]string{"c"},
		},
		{
			"a radio without an element",
			[]apiclient.Field{{Key: "a", Type: apiclient.FieldRadio}, {Key: "b", Conditions: []apiclient.Condition{{apiclient.ConditionHide, "a", apiclient.OpEmpty, ""}}}},
			map[string]apiclient.Value{"a": apiclient.List()},
			[]string{"b"},
		},
		{
			"a ring that nothing breaks hides nobody",
			[]apiclient.Field{{Key: "a", Conditions: show("b", "1")}, {Key: "b", Conditions: show("a", "1")}},
			map[string]apiclient.Value{"a": text("1"), "b": text("1")},
			nil,
		},
	} {
		got := slices.Sorted(maps.Keys(apiclient.Hidden(c.fields, c.values)))
		if diff := gocmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// form makes a form of conditions at random, rings among them, and what was sent.
func formOf(r *rand.Rand) ([]apiclient.Field, map[string]apiclient.Value) {
	answers := []string{"", "0", "1", "1.0", "a", "A", "Spain"}
	pick := func() string { return answers[r.IntN(len(answers))] }
	n := 1 + r.IntN(12)
	types := []apiclient.FieldType{apiclient.FieldText, apiclient.FieldRadio, apiclient.FieldMultiselect}
	fields, values := make([]apiclient.Field, n), map[string]apiclient.Value{}
	for i := range fields {
		f := apiclient.Field{Key: fmt.Sprint("f", i), Type: types[r.IntN(len(types))]}
		for range r.IntN(3) {
			f.Conditions = append(f.Conditions, apiclient.Condition{
				Action: []apiclient.ConditionAction{apiclient.ConditionShow, apiclient.ConditionHide}[r.IntN(2)],
				Field:  fmt.Sprint("f", r.IntN(n+1)), Operator: apiclient.ConditionOperators()[r.IntN(7)], Value: pick(),
			})
		}
		fields[i] = f
		if r.IntN(5) > 0 {
			values[f.Key] = apiclient.Text(pick())
			if f.Type.Many() {
				values[f.Key] = apiclient.List(pick(), pick())
			}
		}
	}
	return fields, values
}

// FuzzHidden: whatever the conditions, an answer comes; it does not hang on the order of
// the fields; and a condition turned round, on a field whose parent has none, hides
// exactly when it did not.
func FuzzHidden(f *testing.F) {
	for seed := range uint64(50) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		fields, values := formOf(rand.New(rand.NewPCG(seed, 1)))
		hidden := apiclient.Hidden(fields, values)
		back := slices.Clone(fields)
		slices.Reverse(back)
		if diff := gocmp.Diff(hidden, apiclient.Hidden(back, values)); diff != "" {
			t.Errorf("the order of the fields decides:\n%s", diff)
		}
		for _, one := range fields {
			if len(one.Conditions) != 1 {
				continue
			}
			c := one.Conditions[0]
			i := slices.IndexFunc(fields, func(p apiclient.Field) bool { return p.Key == c.Field })
			if _, sent := values[c.Field]; !sent {
				if !hidden[one.Key] {
					t.Errorf("%s shows, and %s was not sent", one.Key, c.Field)
				}
				continue
			}
			if i >= 0 && len(fields[i].Conditions) > 0 {
				continue
			}
			turned := c
			turned.Action = map[apiclient.ConditionAction]apiclient.ConditionAction{apiclient.ConditionShow: apiclient.ConditionHide, apiclient.ConditionHide: apiclient.ConditionShow}[c.Action]
			other := apiclient.Field{Key: "other", Conditions: []apiclient.Condition{turned}}
			if apiclient.Hidden(append(slices.Clone(fields), other), values)["other"] == hidden[one.Key] {
				t.Errorf("%v and %v agree", c, turned)
			}
		}
	})
}

func TestConditionInWords(t *testing.T) {
	for want, c := range map[string]apiclient.Condition{
		"show if country equals to Spain": {apiclient.ConditionShow, "country", apiclient.OpEquals, "Spain"},
		"hide if country is not empty":    {apiclient.ConditionHide, "country", apiclient.OpNotEmpty, ""},
	} {
		if got := c.String(); got != want {
			t.Errorf("%q; want %q", got, want)
		}
	}
}
