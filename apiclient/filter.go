package apiclient

// A Filter chooses rows of a list: a tree of conditions. The zero Filter is an
// And of nothing and matches every row. Package filter reads it from text,
// prints it and runs it over rows; a store turns it into a query.
type Filter struct {
	Op    FilterOp
	Terms []Filter // of And, Or; of Not exactly one
	Match Match    // of Leaf
}

// FilterOp says what a Filter does with its terms.
type FilterOp int

// The operations.
const (
	And  FilterOp = iota // every term matches
	Or                   // at least one term matches
	Not                  // its one term does not match
	Leaf                 // Match does
)

// A Match compares one column with a value. Text compares without regard to
// case; times are UTC.
type Match struct {
	Field string  // a column or a field key; empty: the free text of a row (for users: login, e-mail, names)
	Op    MatchOp // Contains only with an empty Field or an explicit ~
	Value string
	High  string // of Between: the upper bound, included
}

// MatchOp is a comparison.
type MatchOp int

// The comparisons.
const (
	Equals   MatchOp = iota // the same text or number; a list has it as a member
	Contains                // the value is a part of the text
	Like                    // the value with * for any run of characters is the whole text
	Less                    // before, or smaller than, the value
	AtMost                  // Less or Equals
	Greater                 // after, or larger than, the value
	AtLeast                 // Greater or Equals
	Between                 // from Value to High, both included
	IsEmpty                 // nothing is stored
)

// IsZero reports whether f matches every row because it has no condition.
func (f Filter) IsZero() bool { return f.Op == And && len(f.Terms) == 0 }

// FieldIs returns a filter that holds for rows whose column is the value.
func FieldIs(column, value string) Filter {
	return Filter{Op: Leaf, Match: Match{Field: column, Op: Equals, Value: value}}
}

// AllOf returns a filter that holds where all the given ones do; those without a
// condition are left out.
func AllOf(terms ...Filter) Filter {
	var kept []Filter
	for _, t := range terms {
		if !t.IsZero() {
			kept = append(kept, t)
		}
	}
	if len(kept) == 1 {
		return kept[0]
	}
	return Filter{Op: And, Terms: kept}
}
