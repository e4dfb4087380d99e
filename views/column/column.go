package column

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
)

// A Column is one thing that can be shown of every T.
type Column[T any] struct {
	Key   string // stable name: the key in JSON, the header in CSV, the word after --columns
	Title string // what stands above it, in upper case
	Help  string // what it holds, as a clause

	Text  func(T) string // for people; neither cleaned nor cut
	Value func(T) any    // for programs; see the package comment

	// Mark shows a state by a glyph and a look beside its text; nil: it is none.
	Mark func(*theme.Theme, T) theme.Mark
	// Time is the moment that the text writes out, for whoever would show an age; nil: it is none.
	Time func(T) time.Time

	Kind    filter.Kind // what a filter may ask of it
	Values  []string    // of a Choice: all that it can be
	Sort    string      // the column of apiclient that the site sorts by; empty: it cannot
	Default bool        // a table shows it unless it is told otherwise

	Min      int  // narrowest useful width in cells; 0: that of the title
	Max      int  // widest useful width; 0: no limit with Flex, else Min
	Flex     int  // its share of the room that is left; 0: none
	Priority int  // the highest goes first when there is no room
	Right    bool // values stand on the right side
}

// timeLayout is how people read a moment in a column; it is in UTC.
const timeLayout = "2006-01-02 15:04"

// text makes a column of words.
func text[T any](key, title, help string, get func(T) string) Column[T] {
	return Column[T]{Key: key, Title: title, Help: help, Text: get, Value: func(v T) any { return get(v) }}
}

// maybe makes a column of words whose empty text is nothing.
func maybe[T any](key, title, help string, get func(T) string) Column[T] {
	c := text(key, title, help, get)
	c.Value = func(v T) any {
		if s := get(v); s != "" {
			return s
		}
		return nil
	}
	return c
}

// number makes a column of whole numbers.
func number[T any, N ~int | ~int64](key, title, help string, get func(T) N) Column[T] {
	return Column[T]{
		Key: key, Title: title, Help: help, Right: true, Kind: filter.Number,
		Text:  func(v T) string { return strconv.FormatInt(int64(get(v)), 10) },
		Value: func(v T) any { return int64(get(v)) },
	}
}

// count makes a column of numbers of which none is there, in the sense of absent.
func count[T any, N ~int | ~int64](key, title, help string, absent N, get func(T) N) Column[T] {
	c := number(key, title, help, get)
	written, value := c.Text, c.Value
	c.Text = func(v T) string {
		if get(v) == absent {
			return ""
		}
		return written(v)
	}
	c.Value = func(v T) any {
		if get(v) == absent {
			return nil
		}
		return value(v)
	}
	return c
}

// when makes a column of moments; the zero time is nothing.
func when[T any](key, title, help string, get func(T) time.Time) Column[T] {
	return Column[T]{
		Key: key, Title: title, Help: help, Time: get, Kind: filter.Time, Min: len(timeLayout),
		Text: func(v T) string {
			if t := get(v); !t.IsZero() {
				return t.UTC().Format(timeLayout)
			}
			return ""
		},
		Value: func(v T) any {
			if t := get(v); !t.IsZero() {
				return t.UTC()
			}
			return nil
		},
	}
}

// flag makes a column of yes and no.
func flag[T any](key, title, help string, get func(T) bool) Column[T] {
	return Column[T]{
		Key: key, Title: title, Help: help, Kind: filter.Bool, Min: 3,
		Text: func(v T) string {
			if get(v) {
				return "yes"
			}
			return ""
		},
		Value: func(v T) any { return get(v) },
	}
}

// list makes a column of several words.
func list[T any](key, title, help string, get func(T) []string) Column[T] {
	return Column[T]{
		Key: key, Title: title, Help: help, Kind: filter.List,
		Text: func(v T) string { return strings.Join(get(v), ", ") },
		Value: func(v T) any {
			if l := get(v); l != nil {
				return l
			}
			return []string{}
		},
	}
}

// shown puts the column into tables.
func (c Column[T]) shown() Column[T] {
	c.Default = true
	return c
}

// sorted says that the site sorts by the column, under its own key.
func (c Column[T]) sorted() Column[T] {
	c.Sort = c.Key
	return c
}

// wide gives the column a least width and a share of what is left.
func (c Column[T]) wide(least, flex int) Column[T] {
	c.Min, c.Flex = least, flex
	return c
}

// fixed gives the column one width.
func (c Column[T]) fixed(width int) Column[T] {
	c.Min, c.Max, c.Flex = width, width, 0
	return c
}

// after says how soon the column goes when there is no room.
func (c Column[T]) after(priority int) Column[T] {
	c.Priority = priority
	return c
}

// marked shows the state that the column is.
func (c Column[T]) marked(mark func(*theme.Theme, T) theme.Mark) Column[T] {
	c.Mark = mark
	return c
}

// worded says what people read instead of the value.
func (c Column[T]) worded(text func(T) string) Column[T] {
	c.Text = text
	return c
}

// of says what a filter may ask.
func (c Column[T]) of(k filter.Kind) Column[T] {
	c.Kind = k
	return c
}

// oneOf says what the column can be.
func (c Column[T]) oneOf(values ...string) Column[T] {
	c.Kind, c.Values = filter.Choice, values
	return c
}

// Keys returns the keys of columns, in their order.
func Keys[T any](columns []Column[T]) []string {
	keys := make([]string, len(columns))
	for i, c := range columns {
		keys[i] = c.Key
	}
	return keys
}

// Find returns the column with that key, in any case.
func Find[T any](columns []Column[T], key string) (Column[T], bool) {
	for _, c := range columns {
		if strings.EqualFold(c.Key, key) {
			return c, true
		}
	}
	return Column[T]{}, false
}

// Choose returns the named columns in the order of the names. An unknown name is
// Invalid, and the error says which there are.
func Choose[T any](columns []Column[T], names ...string) ([]Column[T], error) {
	var chosen []Column[T]
	for _, n := range names {
		c, ok := Find(columns, n)
		if !ok {
			return nil, apiclient.FieldErrorf("columns", "There is no column %q; use some of %s.", n, strings.Join(Keys(columns), ", "))
		}
		chosen = append(chosen, c)
	}
	return chosen, nil
}

// Defaults returns the columns that a table shows unless it is told otherwise.
func Defaults[T any](columns []Column[T]) []Column[T] {
	var chosen []Column[T]
	for _, c := range columns {
		if c.Default {
			chosen = append(chosen, c)
		}
	}
	return chosen
}

// Object returns the values of a row under the keys of the columns, in their order.
func Object[T any](columns []Column[T], row T) apiclient.Payload {
	o := make(apiclient.Payload, len(columns))
	for i, c := range columns {
		o[i] = apiclient.Member{Key: c.Key, Value: c.Value(row)}
	}
	return o
}

// Cells returns a row as a file of CSV has it: what is nothing is empty, several texts are
// joined by commas.
func Cells[T any](columns []Column[T], row T) []string {
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = strings.Join(texts(c.Value(row)), ", ")
	}
	return cells
}

// texts returns a value as filters and CSV read it.
func texts(value any) []string {
	switch v := value.(type) {
	case nil:
		return nil
	case string:
		return []string{v}
	case []string:
		return v
	case bool:
		return []string{strconv.FormatBool(v)}
	case int64:
		return []string{strconv.FormatInt(v, 10)}
	case time.Time:
		return []string{v.UTC().Format("2006-01-02T15:04:05.000Z")}
	}
	return []string{fmt.Sprint(value)}
}
