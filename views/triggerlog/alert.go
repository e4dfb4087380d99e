package triggerlog

import (
	"umdeck/apiclient"
)

// alert says what an entry by the engine itself alerts of; empty: it is none.
func alert(e apiclient.LogEntry) string {
	if e.Change == nil || e.Change.Origin != apiclient.OriginCron {
		return ""
	}
	switch e.Change.Action {
	case "subscriptions.broken":
		return "its target is down, and is only probed from now on"
	case "subscriptions.suspended":
		return "nothing was accepted for days: it is suspended, and what waits is held"
	case "subscriptions.gone":
		return "its target answered 410: it has ended"
	case "subscriptions.refused":
		return "its target is at an address that hooks may not go to"
	}
	return ""
}

// alarm writes an alert into the log, and onto the tab while another one is shown.
func (s *Screen) alarm(e apiclient.LogEntry) {
	text := s.Env.Theme.Glyph.Warn + " " + clock(s.Env.Now(), e.At) + " " + e.Change.Subject + ": " + alert(e)
	for _, t := range s.tapesOn() {
		t.Note(text)
	}
	if !s.shown {
		s.unread++
	}
}
