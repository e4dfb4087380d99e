package dialog

// A List is a cursor in a list of n lines, h of which are seen. The zero value is an
// empty list.
type List struct {
	N      int // how many lines there are
	Cursor int
	top    int
}

// Key moves the cursor; false means that the key is none of the list's. The letters
// j, k, g and G count only when letters is true.
func (l *List) Key(key string, page int, letters bool) bool {
	to := l.Cursor
	switch key {
	case "up", "ctrl+p":
		to--
	case "down", "ctrl+n":
		to++
	case "pgup", "ctrl+u":
		to -= page
	case "pgdown", "ctrl+d":
		to += page
	case "home":
		to = 0
	case "end":
		to = l.N - 1
	default:
		if !letters {
			return false
		}
		switch key {
		case "k":
			to--
		case "j":
			to++
		case "g":
			to = 0
		case "G":
			to = l.N - 1
		default:
			return false
		}
	}
	l.Move(to)
	return true
}

// Move puts the cursor on a line, or on the nearest that there is.
func (l *List) Move(to int) { l.Cursor = max(min(to, l.N-1), 0) }

// Window returns the lines that are seen through a window h high: from from, up to but
// not including to. The cursor's is among them.
func (l *List) Window(h int) (from, to int) {
	h = max(h, 1)
	l.Move(l.Cursor)
	l.top = max(min(l.top, l.Cursor, l.N-h), l.Cursor-h+1, 0)
	return l.top, min(l.top+h, l.N)
}
