package input

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
)

// MaxBurst is how many letters that arrive at once are still taken for keys that were
// typed ahead. More of them are a paste, unless they say that they are not: see [Split].
const MaxBurst = 16

// Split returns the single keys of a message that holds several letters. typed is false
// when they look like text that was pasted: more than [MaxBurst] letters that are
// neither all the same (a key held down) nor the opening of a filter or of the palette,
// with / or :, perhaps after keys that only move.
func Split(k tea.KeyMsg) (keys []tea.KeyMsg, typed bool) {
	if k.Type != tea.KeyRunes || k.Paste || len(k.Runes) <= 1 {
		return []tea.KeyMsg{k}, !k.Paste
	}
	if len(k.Runes) > MaxBurst && !allSame(k.Runes) && !opensInput(k.Runes) {
		return nil, false
	}
	keys = make([]tea.KeyMsg, len(k.Runes))
	for i, r := range k.Runes {
		keys[i] = tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}, Alt: k.Alt}
	}
	return keys, true
}

func allSame(rs []rune) bool {
	for _, r := range rs {
		if r != rs[0] {
			return false
		}
	}
	return true
}

// opensInput reports whether the first letter that does more than move opens an input.
func opensInput(rs []rune) bool {
	for _, r := range rs {
		if r == '/' || r == ':' {
			return true
		}
		if !strings.ContainsRune("0123456789jkhlgGnN", r) {
			return false
		}
	}
	return false
}

// OneLine returns a key as a single-line input may take it: a paste loses its line breaks
// and whatever else is no text.
func OneLine(k tea.KeyMsg) tea.KeyMsg {
	if !k.Paste {
		return k
	}
	k.Runes = []rune(theme.Clean(strings.Join(strings.Fields(string(k.Runes)), " ")))
	return k
}
