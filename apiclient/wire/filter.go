package wire

import (
	"slices"
	"strings"

	"umdeck/apiclient"
)

// A Filter crosses as one query parameter, its tree in JSON: {"and":[…]},
// {"or":[…]}, {"not":…}, or a comparison such as
// {"field":"status","op":"equals","value":"approved"}. A filter without a
// condition is the empty text.
type Filter apiclient.Filter

// Limits of a filter from outside.
const (
	maxFilterDepth = 32
	maxFilterTerms = 2000
)

// matchOps names the comparisons, in the order of their constants.
var matchOps = []string{"equals", "contains", "like", "less", "at_most", "greater", "at_least", "between", "empty"}

type filterJSON struct {
	And   *[]filterJSON `json:"and,omitempty"`
	Or    *[]filterJSON `json:"or,omitempty"`
	Not   *filterJSON   `json:"not,omitempty"`
	Field string        `json:"field,omitempty"` // empty: the row's free text
	Op    string        `json:"op,omitempty"`
	Value string        `json:"value,omitempty"`
	High  string        `json:"high,omitempty"` // of between
}

// MarshalText returns the tree as JSON.
func (f Filter) MarshalText() ([]byte, error) {
	if apiclient.Filter(f).IsZero() {
		return nil, nil
	}
	tree, err := filterTree(apiclient.Filter(f))
	if err != nil {
		return nil, err
	}
	return Marshal(tree)
}

func filterTree(f apiclient.Filter) (filterJSON, error) {
	if f.Op == apiclient.Leaf {
		if f.Match.Op < 0 || int(f.Match.Op) >= len(matchOps) {
			return filterJSON{}, apiclient.FieldErrorf("filter", "The filter has the comparison %d, which does not exist.", f.Match.Op)
		}
		return filterJSON{Field: f.Match.Field, Op: matchOps[f.Match.Op], Value: f.Match.Value, High: f.Match.High}, nil
	}
	terms := make([]filterJSON, len(f.Terms))
	for i, term := range f.Terms {
		t, err := filterTree(term)
		if err != nil {
			return filterJSON{}, err
		}
		terms[i] = t
	}
	switch {
	case f.Op == apiclient.And:
		return filterJSON{And: &terms}, nil
	case f.Op == apiclient.Or:
		return filterJSON{Or: &terms}, nil
	case f.Op == apiclient.Not && len(terms) == 1:
		return filterJSON{Not: &terms[0]}, nil
	}
	return filterJSON{}, apiclient.FieldErrorf("filter", "The filter has the operation %d with %d terms, which means nothing.", f.Op, len(terms))
}

// UnmarshalText reads the tree. It fails with Invalid for what is no filter.
func (f *Filter) UnmarshalText(text []byte) error {
	*f = Filter{}
	if strings.TrimSpace(string(text)) == "" {
		return nil
	}
	var tree filterJSON
	if err := decodeJSON(text, &tree); err != nil {
		return &apiclient.Error{
			Kind: apiclient.Invalid, Field: "filter", Err: err,
			Message: `The filter is not a tree in JSON; write it like {"field":"status","op":"equals","value":"approved"}.`,
		}
	}
	left := maxFilterTerms
	parsed, err := tree.domain(maxFilterDepth, &left)
	*f = Filter(parsed)
	return err
}

// domain returns the filter of a tree that is at most depth deep and has at most
// *left terms.
func (j filterJSON) domain(depth int, left *int) (apiclient.Filter, error) {
	*left--
	if depth == 0 || *left < 0 {
		return apiclient.Filter{}, apiclient.FieldErrorf("filter", "The filter is too large; use at most %d conditions, nested at most %d deep.", maxFilterTerms, maxFilterDepth)
	}
	var op apiclient.FilterOp
	var terms []filterJSON
	kinds := 0
	if j.And != nil {
		op, terms, kinds = apiclient.And, *j.And, kinds+1
	}
	if j.Or != nil {
		op, terms, kinds = apiclient.Or, *j.Or, kinds+1
	}
	if j.Not != nil {
		op, terms, kinds = apiclient.Not, []filterJSON{*j.Not}, kinds+1
	}
	leaf := j.Op != "" || j.Field != "" || j.Value != "" || j.High != ""
	if leaf && kinds == 0 {
		return j.leaf()
	}
	if leaf || kinds > 1 {
		return apiclient.Filter{}, apiclient.FieldErrorf("filter", "A part of the filter is several things at once; give it one of and, or, not and op.")
	}
	f := apiclient.Filter{Op: op}
	for _, t := range terms {
		term, err := t.domain(depth-1, left)
		if err != nil {
			return apiclient.Filter{}, err
		}
		f.Terms = append(f.Terms, term)
	}
	return f, nil
}

func (j filterJSON) leaf() (apiclient.Filter, error) {
	op := slices.Index(matchOps, j.Op)
	if op < 0 {
		return apiclient.Filter{}, apiclient.FieldErrorf("filter", "The filter compares with %q; use one of %s.", j.Op, strings.Join(matchOps, ", "))
	}
	return apiclient.Filter{Op: apiclient.Leaf, Match: apiclient.Match{
		Field: j.Field, Op: apiclient.MatchOp(op), Value: j.Value, High: j.High,
	}}, nil
}

// Sort crosses as commands spell it, such as "registered:desc".
type Sort apiclient.Sort

// MarshalText returns the spelling.
func (s Sort) MarshalText() ([]byte, error) { return []byte(apiclient.Sort(s).String()), nil }

// UnmarshalText reads "column", "column:asc" or "column:desc".
func (s *Sort) UnmarshalText(text []byte) error {
	column, order, _ := strings.Cut(string(text), ":")
	switch order {
	case "", "asc", "desc":
	default:
		return apiclient.FieldErrorf("sort", "The sort order is %q; use asc or desc, as in registered:desc.", order)
	}
	*s = Sort{Column: column, Desc: order == "desc"}
	return nil
}
