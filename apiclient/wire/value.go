package wire

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"time"

	"umdeck/apiclient"
)

// A Value is a JSON string, or a list of strings for a value that is a list.
type Value apiclient.Value

// MarshalJSON encodes the value in its own kind.
func (v Value) MarshalJSON() ([]byte, error) {
	if v.List != nil {
		return Marshal(v.List)
	}
	return Marshal(v.Text)
}

// UnmarshalJSON reads a string or a list of strings.
func (v *Value) UnmarshalJSON(b []byte) error {
	*v = Value{}
	if len(b) > 0 && b[0] == '[' {
		v.List = []string{}
		return json.Unmarshal(b, &v.List)
	}
	return json.Unmarshal(b, &v.Text)
}

// valuesOf and domainValues keep nil apart from empty: it means "not asked for".
func valuesOf(m map[string]apiclient.Value) map[string]Value {
	if m == nil {
		return nil
	}
	out := make(map[string]Value, len(m))
	for k, v := range m {
		out[k] = Value(v)
	}
	return out
}

func domainValues(m map[string]Value) map[string]apiclient.Value {
	if m == nil {
		return nil
	}
	out := make(map[string]apiclient.Value, len(m))
	for k, v := range m {
		out[k] = apiclient.Value(v)
	}
	return out
}

// Millis is a duration in milliseconds. The fraction keeps it exact to the
// nanosecond up to a hundred days.
type Millis float64

// MillisOf returns the duration in milliseconds.
func MillisOf(d time.Duration) Millis { return Millis(float64(d) / 1e6) }

// Duration returns the duration.
func (m Millis) Duration() time.Duration { return time.Duration(math.Round(float64(m) * 1e6)) }

// each converts a list. The answer is never nil, so that JSON has [] and not null.
func each[From, To any](list []From, convert func(From) To) []To {
	out := make([]To, len(list))
	for i, v := range list {
		out[i] = convert(v)
	}
	return out
}

// back is each for nouns, where no rows are nil.
func back[From, To any](list []From, convert func(From) To) []To {
	if len(list) == 0 {
		return nil
	}
	return each(list, convert)
}

// some returns a list for JSON: [] and not null.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// none returns a list for a noun: nil when it is empty.
func none[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// keys returns the keys of m, sorted.
func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
