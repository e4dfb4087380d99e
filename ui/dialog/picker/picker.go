// Package picker lets a person choose from a list: one or several, found by a few
// letters, or by one key each.
package picker

import (
	"fmt"
	"slices"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog"
	"umdeck/ui/fuzzy"
	"umdeck/ui/input"
)

// An Item is one line of the list.
type Item struct {
	ID       string
	Title    string // what is searched, with Note
	Note     string // more about it, on its right; may be empty
	Key      string // the key that picks it when Options.Hotkeys is set, and is shown; may be empty
	Disabled string // why it cannot be picked, as a sentence; empty: it can
}

// Options say what there is to pick. Env, Title, Items and Pick are needed.
type Options struct {
	Env    *ui.Env
	Title  string
	Items  []Item
	Multi  bool     // several can be marked, with space
	Marked []string // those that are marked to begin with
	Cursor string   // the item that the cursor is on to begin with
	// Hotkeys makes it a menu: an item's key picks it, letters move, and / searches.
	// Otherwise letters search at once.
	Hotkeys bool
	Empty   string // what is said when there are no items at all
	// Pick gets the ids: exactly one, or with Multi any number, in the order of Items.
	Pick func(ids []string) tea.Cmd
	// Keys are more things that can be done with the item under the cursor, with keys
	// that are no letters unless Hotkeys is set. The picker stays open.
	Keys []Key
}

// A Key does something with the item under the cursor.
type Key struct {
	Key, Title string
	Run        func(id string) tea.Cmd
}

// Dialog is the picker. It implements ui.Dialog.
type Dialog struct {
	o      Options
	in     textinput.Model
	typing bool
	marked map[string]bool
	shown  []int // indexes of Items
	list   dialog.List
	page   int
	note   string // why nothing happened
}

var (
	_ ui.Dialog   = (*Dialog)(nil)
	_ ui.Capturer = (*Dialog)(nil)
)

// New returns the picker.
func New(o Options) *Dialog {
	d := &Dialog{o: o, in: dialog.NewInput(o.Env.Theme, "", false), typing: !o.Hotkeys, marked: map[string]bool{}, page: 10}
	for _, id := range o.Marked {
		d.marked[id] = true
	}
	d.search()
	for i, at := range d.shown {
		if o.Items[at].ID == o.Cursor && o.Cursor != "" {
			d.list.Move(i)
		}
	}
	return d
}

// SetItems replaces the list, for items that change while it is open. The cursor stays
// on its item when it is still there.
func (d *Dialog) SetItems(items []Item) {
	id := d.current()
	d.o.Items = items
	d.search()
	for i, at := range d.shown {
		if items[at].ID == id {
			d.list.Move(i)
		}
	}
}

// Init implements ui.Dialog.
func (d *Dialog) Init() tea.Cmd { return nil }

// Capturing implements ui.Capturer.
func (d *Dialog) Capturing() bool { return d.typing }

func (d *Dialog) search() {
	texts := make([]string, len(d.o.Items))
	for i, it := range d.o.Items {
		texts[i] = it.Title + " " + it.Note
	}
	d.shown = fuzzy.Rank(d.in.Value(), texts)
	d.list.N = len(d.shown)
	d.list.Move(d.list.Cursor)
}

func (d *Dialog) current() string {
	if d.list.Cursor < 0 || d.list.Cursor >= len(d.shown) {
		return ""
	}
	return d.o.Items[d.shown[d.list.Cursor]].ID
}

// Update implements ui.Dialog.
func (d *Dialog) Update(msg tea.Msg) (bool, tea.Cmd) {
	switch msg := msg.(type) {
	case ui.ThemeMsg:
		dialog.StyleInput(d.o.Env.Theme, &d.in)
	case tea.KeyMsg:
		d.note = ""
		return d.press(msg)
	}
	return false, nil
}

func (d *Dialog) press(msg tea.KeyMsg) (bool, tea.Cmd) {
	msg = input.OneLine(msg)
	key := msg.String()
	switch {
	case key == "esc":
		return d.back()
	case key == "enter":
		return d.pick()
	case d.o.Multi && key == " ":
		d.mark()
		return false, nil
	case d.list.Key(key, d.page, false):
		return false, nil
	}
	for _, k := range d.o.Keys {
		if k.Key == key && (!d.typing || len(msg.Runes) == 0) && d.current() != "" {
			return false, k.Run(d.current())
		}
	}
	if d.typing {
		var cmd tea.Cmd
		d.in, cmd = d.in.Update(msg)
		d.list.Cursor = 0
		d.search()
		return false, cmd
	}
	return d.hotkey(key)
}

func (d *Dialog) hotkey(key string) (bool, tea.Cmd) {
	for i, at := range d.shown {
		if it := d.o.Items[at]; it.Key == key && key != "" {
			d.list.Move(i)
			return d.pick()
		}
	}
	switch key {
	case "/":
		d.typing = true
	case "q":
		return true, nil
	default:
		d.list.Key(key, d.page, true)
	}
	return false, nil
}

// back unwinds one layer: the search, then the picker.
func (d *Dialog) back() (bool, tea.Cmd) {
	if d.o.Hotkeys && d.typing {
		d.typing = false
		d.in.SetValue("")
		d.search()
		return false, nil
	}
	return true, nil
}

func (d *Dialog) mark() {
	id := d.current()
	if id == "" {
		return
	}
	if d.marked[id] {
		delete(d.marked, id)
	} else {
		d.marked[id] = true
	}
	d.list.Move(d.list.Cursor + 1)
}

func (d *Dialog) pick() (bool, tea.Cmd) {
	if d.o.Multi {
		var ids []string
		for _, it := range d.o.Items {
			if d.marked[it.ID] {
				ids = append(ids, it.ID)
			}
		}
		return true, d.o.Pick(ids)
	}
	at := slices.IndexFunc(d.o.Items, func(it Item) bool { return it.ID == d.current() })
	if at < 0 || len(d.shown) == 0 {
		return false, nil
	}
	if why := d.o.Items[at].Disabled; why != "" {
		d.note = why
		return false, nil
	}
	return true, d.o.Pick([]string{d.o.Items[at].ID})
}

// View implements ui.Dialog.
func (d *Dialog) View(maxW, maxH int) string {
	t := d.o.Env.Theme
	w := d.width(maxW)
	var lines []string
	if d.typing {
		lines = append(lines, "/ "+dialog.DrawInput(t, &d.in, max(w-2, 1)))
	}
	d.page = max(min(maxH-4-len(lines), max(len(d.o.Items), 1)), 1)
	from, to := d.list.Window(d.page)
	for i := from; i < to; i++ {
		lines = append(lines, d.line(t, i, w))
	}
	if len(d.shown) == 0 {
		lines = append(lines, t.Paint(theme.Muted, d.none()))
	}
	if d.note != "" {
		lines = append(lines, t.Paint(theme.Warning, theme.Clean(d.note)))
	}
	title := theme.Clean(d.o.Title)
	if len(d.shown) > to-from {
		title += fmt.Sprintf(" %d/%d", d.list.Cursor+1, len(d.shown))
	}
	return dialog.Box{Title: title, Lines: lines, Foot: d.foot(t), Width: w}.Draw(t, maxW, maxH)
}

func (d *Dialog) none() string {
	if len(d.o.Items) == 0 && d.o.Empty != "" {
		return d.o.Empty
	}
	return "nothing fits"
}

func (d *Dialog) width(maxW int) int {
	w := max(theme.Width(d.o.Title)+8, 40)
	for _, it := range d.o.Items {
		w = max(w, theme.Width(it.Title)+theme.Width(it.Note)+theme.Width(it.Disabled)+theme.Width(it.Key)+9)
	}
	return max(min(w, maxW-dialog.Frame, 90), 1)
}

func (d *Dialog) line(t *theme.Theme, i, w int) string {
	it := d.o.Items[d.shown[i]]
	cur, mark := " ", ""
	if i == d.list.Cursor {
		cur = t.Glyph.Cursor
	}
	if d.o.Multi {
		mark = " "
		if d.marked[it.ID] {
			mark = t.Glyph.Mark
		}
	}
	left := cur + mark + " "
	if d.o.Hotkeys {
		left += theme.Pad(dialog.KeyName(t, it.Key), 6) + " "
	}
	left += theme.Clean(it.Title)
	note := theme.Clean(it.Note)
	if it.Disabled != "" {
		note = t.Glyph.Fail + " " + theme.Clean(it.Disabled)
	}
	left = t.Cut(left, max(w-theme.Width(note)-2, w/2))
	note = t.Cut(note, max(w-theme.Width(left)-2, 0))
	text := t.Fit(theme.Pad(left, w-theme.Width(note))+note, w)
	switch {
	case i == d.list.Cursor:
		return t.Paint(theme.Selected, text)
	case it.Disabled != "":
		return t.Paint(theme.Muted, text)
	}
	return text
}

func (d *Dialog) foot(t *theme.Theme) string {
	pairs := []string{"enter", "take it"}
	if d.o.Multi {
		pairs = append(pairs, " ", "mark")
	}
	for _, k := range d.o.Keys {
		pairs = append(pairs, k.Key, k.Title)
	}
	if !d.typing {
		pairs = append(pairs, "/", "search")
	}
	return dialog.Hint(t, append(pairs, "esc", "cancel")...)
}
