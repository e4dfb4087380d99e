package theme

import (
	"fmt"
	"strings"
)

// A Palette gives every token its look.
type Palette string

// The palettes.
const (
	Dark         Palette = "dark"          // for dark backgrounds
	Light        Palette = "light"         // for light backgrounds
	HighContrast Palette = "high-contrast" // few colours, all of them strong, on dark backgrounds
	None         Palette = "none"          // bold, underline and reverse alone: NO_COLOR
)

// Palettes returns the names of all palettes.
func Palettes() []Palette { return []Palette{Dark, Light, HighContrast, None} }

// ParsePalette reads a palette's name in any case.
func ParsePalette(s string) (Palette, error) {
	for _, p := range Palettes() {
		if strings.EqualFold(strings.TrimSpace(s), string(p)) {
			return p, nil
		}
	}
	return "", fmt.Errorf("%q is no theme; use dark, light, high-contrast or none", s)
}

func looksOf(p Palette) [tokens]look {
	switch p {
	case Light:
		return lightLooks()
	case HighContrast:
		return contrastLooks()
	case None:
		return plainLooks()
	default:
		return darkLooks()
	}
}

// What is good is between blue and green in every palette, and what is bad is on
// the light side of red, so that the two differ for colour-blind eyes too.

func darkLooks() [tokens]look {
	accent, muted := colour{"#7cc4ff", "14"}, colour{"#9aa5b1", "7"}
	selected, idle, bar := colour{"#1f3b57", "4"}, colour{"#2b3138", "8"}, colour{"#23292f", "0"}
	white, black := colour{"#ffffff", "15"}, colour{"#101418", "0"}
	return [tokens]look{
		Muted:        {fg: muted},
		Strong:       {bold: true},
		Title:        {fg: white, bold: true},
		Accent:       {fg: accent},
		Selected:     {fg: white, bg: selected, bold: true},
		SelectedIdle: {fg: white, bg: idle},
		Marked:       {fg: colour{"#e0b3ff", "13"}, bold: true},
		Good:         {fg: colour{"#5fd7b0", "10"}},
		Warning:      {fg: colour{"#f2c46d", "11"}},
		Bad:          {fg: colour{"#ff9a8f", "9"}},
		Info:         {fg: colour{"#8fb8ff", "12"}},
		Border:       {fg: colour{"#5a6672", "8"}},
		BorderFocus:  {fg: accent},
		Key:          {fg: accent, bold: true},
		Header:       {fg: muted, bold: true},
		Badge:        {fg: black, bg: colour{"#f2c46d", "11"}, bold: true},
		Match:        {fg: colour{"#ffe08a", "11"}, underline: true, bold: true},
		Tab:          {fg: muted},
		TabOn:        {fg: black, bg: accent, bold: true},
		Bar:          {fg: white, bg: bar},
		Alert:        {fg: black, bg: colour{"#ff9a8f", "9"}, bold: true},
	}
}

func lightLooks() [tokens]look {
	accent, muted := colour{"#0550ae", "4"}, colour{"#57606a", "0"}
	white, black := colour{"#ffffff", "15"}, colour{"#0b1620", "0"}
	return [tokens]look{
		Muted:        {fg: muted},
		Strong:       {bold: true},
		Title:        {fg: black, bold: true},
		Accent:       {fg: accent},
		Selected:     {fg: black, bg: colour{"#cfe3fb", "14"}, bold: true},
		SelectedIdle: {fg: black, bg: colour{"#e4e8ed", "7"}},
		Marked:       {fg: colour{"#7a2fb5", "5"}, bold: true},
		Good:         {fg: colour{"#0a5f4e", "2"}},
		Warning:      {fg: colour{"#7a4a00", "3"}},
		Bad:          {fg: colour{"#a3231b", "1"}},
		Info:         {fg: accent},
		Border:       {fg: colour{"#8c96a0", "8"}},
		BorderFocus:  {fg: accent},
		Key:          {fg: accent, bold: true},
		Header:       {fg: muted, bold: true},
		Badge:        {fg: white, bg: colour{"#7a4a00", "3"}, bold: true},
		Match:        {fg: black, bg: colour{"#ffe89a", "11"}, underline: true, bold: true},
		Tab:          {fg: muted},
		TabOn:        {fg: white, bg: accent, bold: true},
		Bar:          {fg: black, bg: colour{"#e4e8ed", "7"}},
		Alert:        {fg: white, bg: colour{"#a3231b", "1"}, bold: true},
	}
}

func contrastLooks() [tokens]look {
	white, black, yellow := colour{"#ffffff", "15"}, colour{"#000000", "0"}, colour{"#ffff00", "11"}
	return [tokens]look{
		Text:         {fg: white},
		Muted:        {fg: white},
		Strong:       {fg: white, bold: true},
		Title:        {fg: white, bold: true, underline: true},
		Accent:       {fg: yellow, bold: true},
		Selected:     {fg: black, bg: yellow, bold: true},
		SelectedIdle: {fg: black, bg: white},
		Marked:       {fg: yellow, bold: true},
		Good:         {fg: colour{"#66ffff", "14"}, bold: true},
		Warning:      {fg: yellow, bold: true},
		Bad:          {fg: colour{"#ffb3a7", "9"}, bold: true, underline: true},
		Info:         {fg: white},
		Border:       {fg: white},
		BorderFocus:  {fg: yellow, bold: true},
		Key:          {fg: yellow, bold: true},
		Header:       {fg: white, bold: true, underline: true},
		Badge:        {fg: black, bg: yellow, bold: true},
		Match:        {fg: black, bg: white, bold: true},
		Tab:          {fg: white},
		TabOn:        {fg: black, bg: yellow, bold: true},
		Bar:          {fg: white, bg: black, bold: true},
		Alert:        {fg: black, bg: colour{"#ffb3a7", "9"}, bold: true},
	}
}

func plainLooks() [tokens]look {
	return [tokens]look{
		Strong:       {bold: true},
		Title:        {bold: true},
		Accent:       {bold: true},
		Selected:     {reverse: true},
		SelectedIdle: {bold: true},
		Marked:       {bold: true},
		Bad:          {bold: true},
		BorderFocus:  {bold: true},
		Key:          {bold: true},
		Header:       {bold: true},
		Badge:        {bold: true},
		Match:        {underline: true, bold: true},
		TabOn:        {reverse: true},
		Alert:        {reverse: true, bold: true},
	}
}
