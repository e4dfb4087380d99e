package pages

import (
	"fmt"
	"strings"
	"time"

	"umdeck/apiclient"
)

// answer returns how a profile shows a field; ok is false for what shows nothing.
func (p *Pages) answer(x apiclient.ProfileField) (a answer, ok bool) {
	switch x.CoreType() {
	case apiclient.CoreBlock:
		return answer{Block: p.clean(x.Piece.Content)}, true
	case apiclient.CoreDivider:
		return answer{Heading: x.Piece.Text}, x.Piece.Text != ""
	case apiclient.CoreRow, apiclient.CoreShortcode, apiclient.CoreSpacing, apiclient.CorePassword:
		return a, false
	default:
	}
	if x.Value.Empty() {
		return a, false
	}
	a = answer{Label: labelOf(x.Field), Text: text(x)}
	switch x.CoreType() {
	case apiclient.CoreImage:
		a.Picture = p.at(x.URL)
	case apiclient.CoreFile:
		a.Link = p.at(x.URL)
	case apiclient.CoreURL, apiclient.CoreOEmbed:
		a.link(x)
	case apiclient.CoreTextarea:
		if x.HTML {
			a.Block, a.Text = p.clean(a.Text), ""
		}
	case apiclient.CoreDate:
		a.date(x)
	default:
	}
	return a, true
}

// text is the answer in words.
func text(x apiclient.ProfileField) string {
	if x.CoreType() == apiclient.CoreRating {
		stars := x.Stars
		if stars == 0 {
			stars = 5
		}
		return fmt.Sprintf("%s of %d", x.Value, stars)
	}
	switch said := x.Send(x.Value, 0, apiclient.SiteInfo{}).(type) {
	case []string:
		return strings.Join(said, ", ")
	case bool:
		if said {
			return "Yes"
		}
		return "No"
	default:
		return fmt.Sprint(said)
	}
}

func (a *answer) link(x apiclient.ProfileField) {
	if !strings.HasPrefix(a.Text, "https://") && !strings.HasPrefix(a.Text, "http://") {
		return
	}
	a.Link, a.NewWindow = a.Text, x.Link.Target == "_blank"
	a.Rel = "noopener ugc"
	if x.Link.Rel == "nofollow" {
		a.Rel += " nofollow"
	}
	if x.Link.Text != "" {
		a.Text = x.Link.Text
	}
}

// date shows a day in the field's format, or how many years ago it was.
func (a *answer) date(x apiclient.ProfileField) {
	day, err := time.Parse(time.DateOnly, a.Text)
	if err != nil {
		return // it is shown as it is stored
	}
	if x.Dates.Age {
		a.Text = fmt.Sprintf("%d years old", years(day, time.Now()))
		return
	}
	format := x.Dates.Custom
	if format == "" {
		format = x.Format
	}
	if format == "" {
		format = "j M Y" // what Ultimate Member gives to new date fields
	}
	a.Text = phpDate(day, format)
}

// years is how many birthdays there were.
func years(born, now time.Time) int {
	n := now.Year() - born.Year()
	if now.Month() < born.Month() || now.Month() == born.Month() && now.Day() < born.Day() {
		n--
	}
	return n
}

// phpLetters are the letters of PHP's date() for days, months and years, in Go's layout.
var phpLetters = map[rune]string{
	'd': "02", 'D': "Mon", 'j': "2", 'l': "Monday", 'F': "January", 'm': "01", 'M': "Jan", 'n': "1", 'Y': "2006", 'y': "06",
}

// phpDate writes a day in a format of PHP's date(). A letter of it that is about
// something else than the day is left away.
func phpDate(day time.Time, format string) string {
	var b strings.Builder
	escaped := false
	for _, r := range format {
		layout, known := phpLetters[r]
		switch {
		case escaped:
			b.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case known:
			b.WriteString(day.Format(layout))
		case r == 'S':
			b.WriteString(ordinal(day.Day()))
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
		default:
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

func ordinal(n int) string {
	switch {
	case n%100 >= 11 && n%100 <= 13:
		return "th"
	case n%10 == 1:
		return "st"
	case n%10 == 2:
		return "nd"
	case n%10 == 3:
		return "rd"
	}
	return "th"
}
