package detail_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/theme"
	"umdeck/ui/uitest"
	"umdeck/ui/widget/detail"
	"umdeck/ui/widget/widgettest"
)

func sections() []detail.Section {
	return []detail.Section{
		{Title: "Account", Fields: []detail.Field{
			{Key: "Login", Value: "yamada_t"},
			{Key: "Display name", Value: "山田太郎 \x1b[2J\u202e"},
			{Key: "Last login", Value: ""},
			{Key: "Password", Value: "abcd EFGH", Secret: true},
			{Key: "Biography", Value: "A long text that has to be wrapped because it does not fit beside its key.\nAnd a second line."},
		}},
		{Title: "Request", JSON: `{"zeta":1,"alpha":{"list":[1,"two",null,true,{}],"user_pass":"hunter2"},"text":"` + strings.Repeat("x", 300) + `"}`, Mask: []string{"user_pass"}},
		{Title: "Answer", Text: "<html>\n\tnot JSON\n</html>"},
		{Title: "Attempts", Lines: func(th *theme.Theme, w int) []string { return []string{th.Paint(theme.Bad, th.Cut("1 410 Gone", w))} }},
	}
}

func TestFrames(t *testing.T) {
	for _, c := range []struct {
		name string
		th   *theme.Theme
		w, h int
		keys []string
	}{
		{"detail-80x40", widgettest.Plain(), 80, 40, nil},
		{"detail-46x24", widgettest.Plain(), 46, 24, nil},
		{"detail-scrolled-46x24", widgettest.Plain(), 46, 24, []string{"G"}},
		{"detail-ascii-46x40", widgettest.ASCII(), 46, 40, nil},
		{"detail-revealed-80x40", widgettest.Plain(), 80, 40, []string{"m", "w"}},
	} {
		var m detail.Model
		m.Set(sections())
		m.View(c.th, c.w, c.h)
		for _, k := range c.keys {
			m.Press(k)
		}
		uitest.Golden(t, c.name, m.View(c.th, c.w, c.h)+"\n")
	}
}

func TestSecretsAreMasked(t *testing.T) {
	var m detail.Model
	m.Set(sections())
	view := m.View(widgettest.Plain(), 80, 60)
	if strings.Contains(view, "hunter2") || strings.Contains(view, "EFGH") {
		t.Errorf("a secret is shown:\n%s", view)
	}
	m.Press("m")
	widgettest.Contains(t, m.View(widgettest.Plain(), 80, 60), "hunter2", "EFGH")
}

func TestJSON(t *testing.T) {
	th := widgettest.Plain()
	for _, c := range []struct {
		name, in string
		masked   []string
		want     []string
	}{
		{"keys keep their order", `{"b":1,"a":"x"}`, nil, []string{`{`, `  "b": 1,`, `  "a": "x"`, `}`}},
		{"nested", `{"a":[1,[],{"k":null}]}`, nil, []string{`{`, `  "a": [`, `    1,`, `    [],`, `    {`, `      "k": null`, `    }`, `  ]`, `}`}},
		{"numbers stay as written", `[1.0,1e400,12345678901234567890]`, nil, []string{`[`, `  1.0,`, `  1e400,`, `  12345678901234567890`, `]`}},
		{"a masked object", `{"auth":{"key":"secret"}}`, []string{"auth"}, []string{`{`, `  "auth": {`, `    "key": •••••••• (m reveals)`, `  }`, `}`}},
		{"characters of HTML", `"<b>&"`, nil, []string{`"<b>&"`}},
		{"controls", `"a\u001b[2J\u202eb"`, nil, []string{`"a\u001b[2Jb"`}},
		{"broken", `{"a":`, nil, []string{`{"a":`}},
		{"two values", `1 2`, nil, []string{`1 2`}},
		{"text", "no json\tat all", nil, []string{"no json at all"}},
		{"nothing", ``, nil, []string{""}},
	} {
		if diff := cmp.Diff(c.want, detail.JSON(th, c.in, c.masked, detail.Options{Width: 60})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestHugeTextsAreCut(t *testing.T) {
	huge := strings.Repeat("0123456789", 100_000)
	for _, s := range []detail.Section{{Text: huge}, {JSON: `"` + huge + `"`}} {
		lines := detail.Render(widgettest.Plain(), []detail.Section{s}, detail.Options{Width: 80})
		if last := lines[len(lines)-1]; !strings.Contains(last, "more bytes are not shown.") || len(lines) > 5000 {
			t.Errorf("%d lines, the last one %q", len(lines), last)
		}
	}
}

func FuzzJSON(f *testing.F) {
	for _, s := range sections() {
		f.Add(s.JSON, 40)
	}
	f.Add(strings.Repeat("[", 200), 20)
	f.Add(`{"山田":"\ud83d\ude00"}`, 7)
	th := widgettest.Plain()
	f.Fuzz(func(t *testing.T, s string, w int) {
		w = min(max(w, 8), 200)
		for _, line := range detail.JSON(th, s, []string{"a"}, detail.Options{Width: w}) {
			if line != theme.Clean(line) {
				t.Errorf("%q has the line %q, which is not clean", s, line)
			}
		}
		m := detail.Model{}
		m.Set([]detail.Section{{JSON: s, Text: s, Fields: []detail.Field{{Key: s, Value: s}}}})
		widgettest.Exact(t, m.View(th, w, 20), w, 20)
	})
}

func TestViewFillsItsSize(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 12))
	keys := []string{"j", "k", "G", "g", "ctrl+d", "pgup", "m", "w"}
	for _, th := range widgettest.Themes() {
		for range 100 {
			var m detail.Model
			m.Set(sections()[:rnd.IntN(5)])
			for range 4 {
				w, h := 1+rnd.IntN(160), 1+rnd.IntN(50)
				widgettest.Exact(t, m.View(th, w, h), w, h)
				m.Press(keys[rnd.IntN(len(keys))])
			}
		}
	}
}
