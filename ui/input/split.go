package input

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
)

// MaxBurst is how many letters that arrive at once are still taken for keys that were
// typed ahead. More of them are a paste, unless they say that they are not: see [Split].
const MaxBurst = 16

// moves are the letters that only move: nothing happens when they were not meant.
const moves = "0123456789jkhlgGnN"

// Split returns the single keys of a message that holds several letters. typed is false
// when they look like text that was pasted: more than [MaxBurst] letters that do more
// than move, are not all the same (a key held down), and do not open a filter or the
// palette first, with / or :.
func Split(k tea.KeyMsg) (keys []tea.KeyMsg, typed bool) {
	if k.Type != tea.KeyRunes || k.Paste || len(k.Runes) <= 1 {
		return []tea.KeyMsg{k}, !k.Paste
	}
	if !isTyped(k.Runes) {
		return nil, false
	}
	keys = make([]tea.KeyMsg, len(k.Runes))
	for i, r := range k.Runes {
		keys[i] = tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}, Alt: k.Alt}
	}
	return keys, true
}

func isTyped(rs []rune) bool {
	acting := 0
	for _, r := range rs {
		switch {
		case strings.ContainsRune(moves, r):
			continue
		case acting == 0 && (r == '/' || r == ':'):
			return true
		}
		acting++
	}
	return acting <= MaxBurst || allSame(rs)
}

func allSame(rs []rune) bool {
	for _, r := range rs {
		if r != rs[0] {
			return false
		}
	}
	return true
}

// Word returns a key as an input may take it: letters that arrive together count as a
// paste, because inputs go by the names of keys, and a word such as "delete" or "home"
// would be taken for the key.
func Word(k tea.KeyMsg) tea.KeyMsg {
	k.Paste = k.Paste || k.Type == tea.KeyRunes && len(k.Runes) > 1
	return k
}

// OneLine is Word for a single-line input: a paste loses its line breaks and whatever else
// is no text.
func OneLine(k tea.KeyMsg) tea.KeyMsg {
	k = Word(k)
	if !k.Paste {
		return k
	}
	k.Runes = []rune(theme.Clean(strings.Join(strings.Fields(string(k.Runes)), " ")))
	return k
}
