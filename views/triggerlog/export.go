package triggerlog

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/ui/dialog/picker"
	"umdeck/ui/dialog/prompt"
	"umdeck/views/column"
	"umdeck/views/list"
)

// An export is a form in which deliveries are written to a file.
type export struct {
	key, title, ending string
	whole              bool // it needs bodies and attempts
	begin              func(io.Writer) (write func(apiclient.Delivery) error, end func() error)
}

func exports() []export {
	return []export{
		{"j", "JSON, an object a line", "jsonl", false, asLines},
		{"c", "CSV", "csv", false, asCSV},
		{"s", "curl commands, secrets included", "sh", true, asCurl},
	}
}

func asLines(w io.Writer) (write func(apiclient.Delivery) error, end func() error) {
	columns := column.Deliveries()
	return func(d apiclient.Delivery) error {
		b, err := column.Object(columns, d).MarshalJSON()
		if err != nil {
			return err
		}
		_, err = w.Write(append(b, '\n'))
		return err
	}, func() error { return nil }
}

func asCSV(w io.Writer) (write func(apiclient.Delivery) error, end func() error) {
	columns, out := column.Deliveries(), csv.NewWriter(w)
	head := false
	begin := func() error {
		if head {
			return nil
		}
		head = true
		return out.Write(column.Keys(columns))
	}
	return func(d apiclient.Delivery) error {
			return errors.Join(begin(), out.Write(column.Cells(columns, d)))
		}, func() error {
			err := begin()
			out.Flush()
			return errors.Join(err, out.Error())
		}
}

func asCurl(w io.Writer) (write func(apiclient.Delivery) error, end func() error) {
	return func(d apiclient.Delivery) error {
		about := theme.Clean(strings.TrimSpace(fmt.Sprintf("# delivery %d %s %s", d.ID, d.Event, d.Login)))
		_, err := io.WriteString(w, about+"\n"+curl(d)+"\n")
		return err
	}, func() error { return nil }
}

// chooseExport asks in which form what the log shows is written to a file.
func (s *Screen) chooseExport() tea.Cmd {
	all := exports()
	items := make([]picker.Item, len(all))
	for i, e := range all {
		items[i] = picker.Item{ID: e.key, Key: e.key, Title: e.title}
	}
	what := s.toExport()
	return ui.Open(picker.New(picker.Options{
		Env: s.Env, Title: "Export " + what.name + " as", Items: items, Hotkeys: true,
		Pick: func(ids []string) tea.Cmd {
			for _, e := range all {
				if e.key == ids[0] {
					return s.askFile(what, e)
				}
			}
			return nil
		},
	}))
}

// A choice is which deliveries are exported.
type choice struct {
	name   string
	marked []apiclient.Delivery // nil: what the filter finds
	filter apiclient.Filter
}

func (s *Screen) toExport() choice {
	if s.log().Marks() > 0 {
		c := choice{marked: []apiclient.Delivery{}}
		for _, r := range s.log().Targets() {
			if r.event == nil {
				c.marked = append(c.marked, r.Delivery)
			}
		}
		c.name = list.Deliveries(len(c.marked)) + " that are marked"
		return c
	}
	if s.filter == "" {
		return choice{name: "all deliveries"}
	}
	return choice{name: "the deliveries of " + s.filter, filter: s.match}
}

// askFile asks for the file, and once more before one that is there is replaced.
func (s *Screen) askFile(what choice, e export) tea.Cmd {
	return ui.Open(prompt.New(prompt.Options{
		Env: s.Env, Title: "Export to which file?", Value: "deliveries-" + s.Env.Now().UTC().Format("20060102-150405") + "." + e.ending,
		Lines: []string{"It is written beside that first and takes its place when it is whole."},
		Check: func(text string) error {
			if strings.TrimSpace(text) == "" {
				return apiclient.FieldErrorf("file", "No file is named; write one, such as deliveries.jsonl.")
			}
			return nil
		},
		Enter: func(text string) tea.Cmd {
			file := strings.TrimSpace(text)
			start := func() tea.Cmd { return ui.Start(s.exportTo(what, e, file)) }
			return ui.To(ID, func() tea.Msg {
				_, err := os.Lstat(file)
				return lookedMsg{file: file, there: err == nil, start: start}
			})
		},
	}))
}

// lookedMsg says whether a file is there already.
type lookedMsg struct {
	file  string
	there bool
	start func() tea.Cmd
}

func (s *Screen) looked(m lookedMsg) tea.Cmd {
	if !m.there {
		return m.start()
	}
	return ui.Open(confirm.New(confirm.Options{
		Env: s.Env, Title: "Replace " + m.file, Go: "Replace", Tier: confirm.Once,
		Lines: []string{"There is such a file. It stays as it is until the export is whole."}, Yes: m.start,
	}))
}

// exportTo is the job that writes the file.
func (s *Screen) exportTo(what choice, e export, file string) ui.Job {
	api := s.API
	job := ui.Job{Title: "Export " + what.name + " to " + file, Total: len(what.marked)}
	job.Ended = func(parts []ui.Part, err error) tea.Msg {
		if err != nil || len(parts) == 0 {
			return nil // the shell says it
		}
		return ui.ToastMsg{Level: ui.Done, Text: parts[len(parts)-1].Note + " to " + file + "."}
	}
	job.Run = func(ctx context.Context, report func(ui.Part)) error {
		return replaceFile(file, func(w io.Writer) error {
			write, end := e.begin(w)
			n := 0
			one := func(d apiclient.Delivery) error {
				if e.whole {
					var err error
					if d, err = api.Delivery(ctx, d.ID); err != nil {
						return err
					}
				}
				n++
				return write(d)
			}
			if err := each(ctx, api, what, one, report); err != nil {
				return err
			}
			if err := end(); err != nil {
				return err
			}
			report(ui.Part{Key: "file", Label: file, Note: list.Deliveries(n) + " written"})
			return nil
		})
	}
	return job
}

// each calls fn for every delivery of the choice: the marked ones as they are marked, and
// what a filter finds newest first.
func each(ctx context.Context, api apiclient.Deliveries, what choice, fn func(apiclient.Delivery) error, report func(ui.Part)) error {
	if what.marked != nil {
		for _, d := range what.marked {
			if err := errors.Join(ctx.Err(), fn(d)); err != nil {
				return err
			}
			report(ui.Part{Key: list.Number(d.ID), Label: "delivery " + list.Number(d.ID)})
		}
		return nil
	}
	q := apiclient.DeliveryQuery{Filter: what.filter, Limit: apiclient.MaxLimit}
	for first := 1; ; {
		page, err := api.Deliveries(ctx, q)
		if err != nil {
			return err
		}
		for _, d := range page.Deliveries {
			if err := errors.Join(ctx.Err(), fn(d)); err != nil {
				return err
			}
		}
		if n := len(page.Deliveries); n > 0 {
			report(ui.Part{Key: "page", Label: fmt.Sprintf("%s to %s", theme.Count(first), theme.Count(first+n-1))})
			first += n
		}
		if page.Next == "" {
			return nil
		}
		q.After = page.Next
	}
}

// replaceFile has write write a file that takes the place of the named one when it is
// whole, on the disk; else the named one stays as it is, and nothing else is left.
func replaceFile(file string, write func(io.Writer) error) (err error) {
	part, err := os.CreateTemp(filepath.Dir(file), ".umdeck-export-*")
	if err != nil {
		return unwritten(file, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part.Name()))
		}
	}()
	out := bufio.NewWriter(part)
	if err := write(out); err != nil {
		return errors.Join(err, part.Close())
	}
	if err := errors.Join(out.Flush(), part.Sync(), part.Close()); err != nil {
		return unwritten(file, err)
	}
	if err := os.Rename(part.Name(), file); err != nil {
		return unwritten(file, err)
	}
	return nil
}

func unwritten(file string, err error) error {
	return &apiclient.Error{Kind: apiclient.Invalid, Field: "file", Message: fmt.Sprintf("%s cannot be written: %v.", file, err), Err: err}
}

// windows are the ages that the time window menu offers.
func windows() []picker.Item {
	return []picker.Item{
		{ID: "5m", Key: "5", Title: "the last 5 minutes"},
		{ID: "15m", Key: "q", Title: "the last 15 minutes"},
		{ID: "1h", Key: "h", Title: "the last hour"},
		{ID: "6h", Key: "6", Title: "the last 6 hours"},
		{ID: "24h", Key: "d", Title: "the last 24 hours"},
		{ID: "7d", Key: "w", Title: "the last 7 days"},
		{ID: "", Key: "a", Title: "all that there is"},
	}
}

// chooseWindow asks for how long back the log is shown.
func (s *Screen) chooseWindow() tea.Cmd {
	return ui.Open(picker.New(picker.Options{
		Env: s.Env, Title: "Show", Items: windows(), Hotkeys: true,
		Pick: func(ids []string) tea.Cmd {
			text := within(s.filter, ids[0])
			return ui.To(ID, func() tea.Msg { return windowMsg{text} })
		},
	}))
}

// windowMsg sets the filter with another window of time.
type windowMsg struct{ filter string }

// sinceTerm is one as people write it.
var sinceTerm = regexp.MustCompile(`(?i)(^|[\s(])-?since:[^\s()"]*`)

// within returns the filter with its own since: changed to an age; empty: taken away.
// A filter of alternatives gets parentheses, so that the age holds for all of them.
func within(text, age string) string {
	parts := strings.Split(text, `"`) // every second one is quoted
	for i := 0; i < len(parts); i += 2 {
		parts[i] = sinceTerm.ReplaceAllString(parts[i], "$1")
		if len(parts) == 1 {
			parts[i] = strings.Join(strings.Fields(parts[i]), " ")
		}
	}
	rest := strings.TrimSpace(strings.Join(parts, `"`))
	if inner, ok := strings.CutPrefix(rest, "("); ok && strings.IndexAny(inner, "()") == len(inner)-1 && strings.HasSuffix(inner, ")") {
		rest = inner[:len(inner)-1]
	}
	switch {
	case age == "":
		return rest
	case rest == "":
		return "since:" + age
	case strings.Contains(rest, " OR "):
		return "(" + rest + ") since:" + age
	}
	return rest + " since:" + age
}
