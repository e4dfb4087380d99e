package browser_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"umdeck/ui/widget/widgettest"
)

func TestSortAndColumnMenus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := site(60)
		d := drive(t, config(s, widgettest.Plain()), 80, 20)
		d.press("s")
		if !d.Capturing() {
			t.Error("the menu has no focus")
		}
		widgettest.Contains(t, d.View(80, 20), "Sort by", "login")
		d.press("j", "enter")
		if by, desc := d.Sort(); by != "login" || desc {
			t.Errorf("sorted by %s, descending %t", by, desc)
		}
		d.press("s", "enter")
		if by, desc := d.Sort(); by != "login" || !desc {
			t.Errorf("sorted by %s, descending %t", by, desc)
		}
		widgettest.Contains(t, d.View(80, 20), "LOGIN↓", "sort login↓")
		d.press("c", "j", "j", " ", "esc")
		if view := d.View(80, 20); strings.Contains(view, "NAME") {
			t.Errorf("the column is still there:\n%s", view)
		}
	})
}

func TestEscUnwinds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, config(site(60), widgettest.Plain()), 130, 30)
		d.do(d.SetFilter("user1"))
		d.press(" ", "v", "enter")
		var left []string
		for d.Wound() {
			left = append(left, fmt.Sprintf("%s filter=%q marks=%d range=%t", d.Route(), d.Filter(), d.Marks(), d.Table().Ranging()))
			d.press("esc")
		}
		if diff := cmp.Diff([]string{
			`users/10 filter="user1" marks=1 range=true`,
			`users filter="user1" marks=1 range=true`,
			`users filter="user1" marks=1 range=false`,
			`users filter="" marks=1 range=false`,
		}, left); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestTargets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, config(site(9), widgettest.Plain()), 80, 20)
		ids := func() (ids []int) {
			for _, m := range d.Targets() {
				ids = append(ids, m.ID)
			}
			return ids
		}
		if diff := cmp.Diff([]int{1}, ids()); diff != "" {
			t.Error(diff)
		}
		d.press(" ", "j", " ")
		if diff := cmp.Diff([]int{1, 3}, ids()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestMarkAllMarksWhatWasNotLoaded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := site(230)
		d := drive(t, config(s, widgettest.Plain()), 80, 20)
		d.press("V")
		if d.Marks() != 230 || len(d.asked) != 0 {
			t.Errorf("%d marks, the shell was asked for %v", d.Marks(), d.asked)
		}
		d.press("U")
		if d.Marks() != 0 {
			t.Errorf("%d marks after clearing them", d.Marks())
		}
	})
}

func TestMarkAllOfTooManySaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config(site(10_500), widgettest.Plain())
		cfg.Limit = 1000
		d := drive(t, cfg, 80, 20)
		d.press("V")
		if d.Marks() != 10_000 || len(d.asked) != 1 {
			t.Errorf("%d marks, the shell was asked for %v", d.Marks(), d.asked)
		}
	})
}

func TestActionsDoWhatTheirKeysSay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, config(site(60), widgettest.Plain()), 130, 30)
		for range 2 {
			seen := map[string]bool{}
			for _, a := range d.Actions() {
				if seen[a.Key] || seen[a.ID] || a.Title == "" || a.Help == "" {
					t.Errorf("%+v is there twice, or without words", a)
				}
				seen[a.Key], seen[a.ID] = true, true
			}
			d.press("enter") // the second time: the actions of a page
		}
		d.press("esc")
		for _, id := range []string{"users.mark", "users.range", "users.open", "users.next"} {
			for _, a := range d.Actions() {
				if a.ID == id {
					d.do(a.Run())
					break
				}
			}
		}
		if d.Marks() != 1 || d.Route() != "users/3" || !d.Table().Ranging() {
			t.Errorf("%d marks, at %s, range %t", d.Marks(), d.Route(), d.Table().Ranging())
		}
	})
}
