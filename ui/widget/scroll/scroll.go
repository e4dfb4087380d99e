// Package scroll is the arithmetic of a window over a list: where the cursor is,
// which rows are shown, and the keys that move both. The table, the log and the
// detail page share it, so that the same keys do the same everywhere.
package scroll

// A Window shows Height of Len rows from Top on, with the cursor at At. The zero
// value is an empty list. Fields may be set freely; [Window.Clamp] mends them.
type Window struct {
	Len, Height int
	At, Top     int
	// Pager makes the keys move the window instead of the cursor, which then stays
	// at Top: for text without rows.
	Pager bool
	// Slack lets Top stay where fewer than Height rows are left, as in a log that has
	// jumped ahead of its rows.
	Slack bool
}

// Keys are the keys of [Window.Press] with what they do, for the help page.
func Keys() [][2]string {
	return [][2]string{
		{"j k ↓ ↑", "down, up"},
		{"g G home end", "first, last"},
		{"ctrl+d ctrl+u", "half a page down, up"},
		{"pgdn pgup", "a page down, up"},
	}
}

// Press moves by one key, spelled as Bubble Tea does, and reports whether it was one of [Keys].
func (w *Window) Press(key string) bool {
	page := max(w.Height-1, 1)
	switch key {
	case "j", "down":
		w.Move(1)
	case "k", "up":
		w.Move(-1)
	case "g", "home":
		w.To(0)
	case "G", "end":
		w.To(w.Len - 1)
	case "ctrl+d":
		w.Move(max(w.Height/2, 1))
	case "ctrl+u":
		w.Move(-max(w.Height/2, 1))
	case "pgdown":
		w.Move(page)
	case "pgup":
		w.Move(-page)
	default:
		return false
	}
	return true
}

// Move moves by n rows.
func (w *Window) Move(n int) {
	if w.Pager {
		w.Top += n
		w.Clamp()
		return
	}
	w.To(w.At + n)
}

// To moves to row i.
func (w *Window) To(i int) {
	w.At = i
	if w.Pager {
		w.Top = i
	}
	w.Clamp()
}

// Resize sets the height and keeps the cursor in sight.
func (w *Window) Resize(height int) {
	w.Height = max(height, 0)
	w.Clamp()
}

// Clamp puts the cursor and the window where there are rows, moving as little as it can.
func (w *Window) Clamp() {
	last := max(w.Len-max(w.Height, 1), 0)
	if w.Pager {
		w.Top = min(max(w.Top, 0), last)
		w.At = w.Top
		return
	}
	w.At = min(max(w.At, 0), max(w.Len-1, 0))
	w.Top = min(w.Top, w.At)
	if w.At >= w.Top+w.Height && w.Height > 0 {
		w.Top = w.At - w.Height + 1
	}
	if w.Slack {
		last = max(w.Len-1, 0)
	}
	w.Top = min(max(w.Top, 0), last)
}

// End returns the row after the last one that is shown.
func (w *Window) End() int { return min(w.Top+w.Height, w.Len) }
