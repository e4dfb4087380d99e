package list

import (
	"fmt"
	"strings"

	"umdeck/ui/widget/browser"
	"umdeck/ui/widget/table"
)

// An Aim is what an action would work on now. Unlike browser's Targets, which end a
// range that is being drawn, taking aim changes nothing, so that it may be done for
// every key and every frame.
type Aim[T any] struct {
	Rows  []T // nil when nobody can tell them yet, or when they are too many to look at each time
	Count int // how many there are; -1: a range is being drawn, and its end is not known
	wait  bool
}

// manyRows is how many rows are looked at for every key.
const manyRows = 200

// AimOf returns what an action on the list would work on. While another question is being
// answered that is nothing: the rows that are still there are those of the question before.
func AimOf[T any](m *browser.Model[T]) Aim[T] {
	_, page := strings.CutPrefix(m.Route(), m.ID()+"/")
	state, _ := m.Table().State()
	switch {
	case page:
	case state == table.Loading:
		return Aim[T]{wait: true}
	case m.Table().Ranging():
		return Aim[T]{Count: -1}
	case m.Marks() > manyRows:
		return Aim[T]{Count: m.Marks()}
	}
	rows := m.Targets()
	return Aim[T]{Rows: rows, Count: len(rows)}
}

// One returns the row when there is exactly one.
func (a Aim[T]) One() (row T, ok bool) {
	if len(a.Rows) != 1 {
		return row, false
	}
	return a.Rows[0], true
}

// None says that there is nothing to work on, such as "There is no zap under the
// cursor."; empty when there is something.
func (a Aim[T]) None(noun string) string {
	if a.wait {
		return "The list is being loaded; one moment."
	}
	if a.Count == 0 {
		return fmt.Sprintf("There is no %s under the cursor.", noun)
	}
	return ""
}

// Single says why something that works on one row cannot be done; empty when it can.
func (a Aim[T]) Single(noun string) string {
	if a.Count == -1 {
		return "A range is being drawn; v ends it and esc drops it."
	}
	if a.Count > 1 {
		return fmt.Sprintf("Several %ss are marked, and this works on one; U clears the marks.", noun)
	}
	return a.None(noun)
}

// Take returns the rows to work on: those that were aimed at, or where they could not be
// told then, those of the list as it is now, which ends a range that is being drawn.
func (a Aim[T]) Take(m *browser.Model[T]) []T {
	if a.Rows != nil || a.Count == 0 {
		return a.Rows
	}
	return m.Targets()
}
