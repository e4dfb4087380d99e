package server

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"umdeck/apiclient"
)

// foldings are the letters that are no letter of ASCII with an accent, and what
// WordPress makes of them (remove_accents).
var foldings = strings.NewReplacer(
	"ß", "s", "æ", "ae", "Æ", "AE", "œ", "oe", "Œ", "OE", "ø", "o", "Ø", "O", "đ", "d", "Đ", "D", "ð", "d", "Ð", "D",
	"þ", "th", "Þ", "TH", "ł", "l", "Ł", "L", "ħ", "h", "Ħ", "H", "ı", "i", "ĳ", "ij", "Ĳ", "IJ", "ŋ", "n", "Ŋ", "N",
	"ŧ", "t", "Ŧ", "T", "ſ", "s", "€", "E", "£", "",
)

// nicenameOf returns the nicename that WordPress makes of a text: letters without
// their accents, and nothing of other scripts, which core strips from nicenames. It
// may be longer than a nicename.
func nicenameOf(text string) string {
	ascii := strings.Map(func(r rune) rune {
		if r < 0x80 {
			return r
		}
		return -1
	}, norm.NFD.String(foldings.Replace(text)))
	return apiclient.Slug(ascii)
}
