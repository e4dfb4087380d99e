package console_test

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
)

// BenchmarkKey is one cursor key with the frame that it makes.
func BenchmarkKey(b *testing.B) {
	f := newFixture(b, theme.Options{})
	m := f.model(b)
	m.Init()
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 36})
	key := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'j'}}
	b.ReportAllocs()
	for b.Loop() {
		m.Update(key)
		m.View()
	}
}
