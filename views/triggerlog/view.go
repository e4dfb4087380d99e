package triggerlog

import (
	"strings"

	"umdeck/theme"
	"umdeck/ui/widget/frame"
	"umdeck/ui/widget/table"
	"umdeck/views/live"
)

// The least sizes of what is drawn with more than the rows.
const (
	frameWidth  = 60
	frameHeight = 10
	sideFrom    = 110 // cells for the attempts beside the delivery
)

// View implements ui.Screen.
func (s *Screen) View(w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	s.resize(w)
	th := s.Env.Theme
	var lines []string
	if h > 1 {
		lines = s.body(th, w, h-1)
	}
	if sugg := s.bar.Suggestions(th, min(w, 72), min(8, len(lines))); sugg != nil {
		lines = frame.Overlay(lines, sugg, 0, len(lines)-len(sugg))
	}
	return strings.Join(append(lines, s.foot(th, w)), "\n")
}

func (s *Screen) body(th *theme.Theme, w, h int) []string {
	if w < frameWidth || h < frameHeight-1 {
		p := s.pane(th, w, h-1)
		line, _ := frame.Title(th, p.Title, max(w-1, 0))
		return append([]string{frame.Exact(" "+line, w)}, p.Lines...)
	}
	if s.page != nil && s.page.wide {
		left := w * 11 / 20
		main := frame.Pane{Title: s.page.heading(), Lines: s.page.main.Lines(th, left, h-2), Focus: !s.page.onSide}
		side := frame.Pane{Title: []string{"Attempts and answer"}, Lines: s.page.side.Lines(th, w-left-3, h-2), Focus: s.page.onSide}
		return frame.Beside(th, main, side, left, w, h)
	}
	return frame.Box(th, s.pane(th, w-2, h-2), w, h)
}

// resize takes the width of the screen. The page shows the attempts beside the
// delivery where there is room.
func (s *Screen) resize(w int) {
	if w != s.width {
		fewer := (w < smaller) != (s.width < smaller)
		s.width = w
		for _, t := range s.tapesOn() {
			if fewer {
				t.SetColumns(s.columns())
			}
		}
		s.page.redraw(s)
	}
}

// pane is what the frame goes round when there is one pane.
func (s *Screen) pane(th *theme.Theme, w, h int) frame.Pane {
	switch {
	case s.absent() != "":
		return frame.Pane{Title: []string{title, "not available"}, Lines: table.Sentence(th, theme.Warning, theme.Clean(s.absent()), w, h), Focus: true}
	case s.page != nil:
		return frame.Pane{Title: s.page.heading(), Lines: s.page.main.Lines(th, w, h), Focus: true}
	}
	if h < stripHeight {
		return frame.Pane{Title: s.heading(), Lines: s.log().Lines(th, w, h), Focus: true}
	}
	return frame.Pane{Title: s.heading(), Lines: append([]string{s.strip(th, w)}, s.log().Lines(th, w, h-1)...), Focus: true}
}

func (s *Screen) heading() []string {
	pieces := append([]string{title}, s.log().Heading()...)
	if state, why := s.connected(); state != live.Live {
		if why != "" {
			why = ": " + why
		}
		pieces = append(pieces, string(state)+why)
	}
	switch t := s.log(); {
	case t.busy && t.begun:
		pieces = append(pieces, "reading older ones")
	case t.begun && !t.history.ended():
		pieces = append(pieces, "older ones above")
	}
	return pieces
}

func (p *page) heading() []string {
	name := []rune(p.name())
	pieces := []string{strings.ToUpper(string(name[:1])) + string(name[1:])}
	if p.row != nil && p.row.event == nil {
		pieces = append(pieces, p.row.answer(), p.row.tries())
		if p.row.Test {
			pieces = append(pieces, "test")
		}
	}
	if p.busy {
		pieces = append(pieces, "loading")
	}
	return pieces
}

// foot returns the last line: the filter bar while it has the keys, else the filter and
// what there is to say of the row under the cursor.
func (s *Screen) foot(th *theme.Theme, w int) string {
	if s.bar.Capturing() {
		return s.bar.View(th, w)
	}
	var pieces []string
	if s.filter != "" {
		pieces = append(pieces, "filter "+s.filter)
	}
	tok := theme.Muted
	if r, ok := s.log().Selected(); ok && s.page == nil && s.absent() == "" {
		var said []string
		for _, text := range []string{r.trouble(), s.whyLater(r)} {
			if text != "" {
				said, tok = append(said, text), s.reasonToken(r)
			}
		}
		if said != nil {
			pieces = append(pieces, r.user()+": "+strings.Join(said, "; "))
		}
	}
	text := strings.Join(pieces, " "+th.Glyph.V+" ")
	return th.Paint(tok, th.Fit(" "+theme.Clean(text), w))
}

// reasonToken is the look of what is said of a row.
func (s *Screen) reasonToken(r *row) theme.Token {
	mark, _ := r.outcome(s.Env.Theme)
	return mark.Token
}
