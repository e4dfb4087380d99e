package browser_test

import (
	"testing"
	"testing/synctest"

	"umdeck/theme"
	"umdeck/ui/uitest"
	"umdeck/ui/widget/widgettest"
)

func TestFrames(t *testing.T) {
	for _, c := range []struct {
		name string
		w, h int
		th   *theme.Theme
		n    int
		keys []string
	}{
		{"list-120x36", 120, 36, widgettest.Plain(), 200, []string{"j", " ", " ", "j"}},
		{"list-80x24", 80, 24, widgettest.Plain(), 200, []string{"j", " ", " ", "j"}},
		{"list-ascii-80x24", 80, 24, widgettest.ASCII(), 200, []string{"j", " ", " ", "j"}},
		{"list-50x12", 50, 12, widgettest.Plain(), 200, []string{"j"}},
		{"page-80x24", 80, 24, widgettest.Plain(), 20, []string{"j", "enter"}},
		{"below-100x30", 100, 30, widgettest.Plain(), 20, []string{"j"}},
		{"empty-80x24", 80, 24, widgettest.Plain(), 0, nil},
		{"sort-80x24", 80, 24, widgettest.Plain(), 20, []string{"s", "j"}},
		{"filter-80x24", 80, 24, widgettest.Plain(), 20, []string{"/", "u", "1"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := drive(t, config(site(c.n), c.th), c.w, c.h)
			d.press(c.keys...)
			uitest.Golden(t, c.name, d.View(c.w, c.h)+"\n")
		})
	}
}
