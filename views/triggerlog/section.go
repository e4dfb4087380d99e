package triggerlog

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui/widget/detail"
	"umdeck/ui/widget/table"
	"umdeck/views/list"
)

// mainSections are what the page shows of the row itself; without room for a side,
// all of it.
func (s *Screen) mainSections(p *page) []detail.Section {
	if p.row == nil {
		return []detail.Section{{Text: list.First(p.err, "Loading"+s.Env.Theme.Glyph.Ellipsis)}}
	}
	if p.row.event != nil {
		return s.eventSections(p)
	}
	sections := []detail.Section{s.about(p)}
	if p.full == nil {
		return append(sections, detail.Section{Text: list.First(p.err, "Loading"+s.Env.Theme.Glyph.Ellipsis)})
	}
	if !p.wide {
		sections = append(sections, s.attempts(p))
	}
	sections = append(sections, request(p))
	if !p.wide {
		sections = append(sections, response(p)...)
	}
	return sections
}

// sideSections are the attempts and what came back.
func (s *Screen) sideSections(p *page) []detail.Section {
	if p.row == nil || p.row.event != nil || p.full == nil {
		return nil
	}
	return append([]detail.Section{s.attempts(p)}, response(p)...)
}

func (s *Screen) about(p *page) detail.Section {
	r := p.row
	mark, word := r.outcome(s.Env.Theme)
	fields := []detail.Field{
		{Key: "State", Value: mark.With(word), Token: mark.Token},
		{Value: s.fate(p)},
	}
	if r.Error != "" {
		fields = append(fields, detail.Field{Key: "Error", Value: r.Error, Token: mark.Token})
	}
	fields = append(fields,
		detail.Field{Key: "Event", Value: string(r.Event)},
		detail.Field{Value: r.Event.Title()},
		detail.Field{Key: "User", Value: r.user()},
		detail.Field{Key: "Origin", Value: origin(p)},
		detail.Field{Key: "Zap", Value: "#" + list.Number(r.Zap) + " " + r.ZapName},
		detail.Field{Key: "Subscription", Value: "#" + list.Number(r.Subscription)},
		detail.Field{Key: "Target", Value: apiclient.HideURL(r.URL)},
		detail.Field{Key: "URL", Value: r.URL, Secret: true},
		detail.Field{Key: "Webhook-id", Value: r.WebhookID},
		detail.Field{Key: "Made", Value: s.Moment(r.At)},
	)
	if r.ReplayOf != 0 {
		fields = append(fields, detail.Field{Key: "Again", Value: fmt.Sprintf("it sends delivery %d once more, with the same bytes", r.ReplayOf)})
	}
	if r.Replay != 0 {
		fields = append(fields, detail.Field{Key: "Replay", Value: fmt.Sprintf("#%d has made it", r.Replay)})
	}
	if r.Test {
		fields = append(fields, detail.Field{Key: "Test", Value: "the zap's sample, marked by x-um-test; it is sent once"})
	}
	return detail.Section{Title: "Delivery", Fields: fields}
}

// origin says where the event came from and who caused it.
func origin(p *page) string {
	switch {
	case p.row.Test:
		return "a test"
	case p.event == nil:
		return ""
	case p.event.Actor == "":
		return string(p.event.Origin)
	}
	return string(p.event.Origin) + ", by " + p.event.Actor
}

// request shows what was posted at the chosen attempt.
func request(p *page) detail.Section {
	d := p.full
	section := detail.Section{Title: "Request"}
	if a, ok := p.chosen(); ok {
		section.Title = fmt.Sprintf("Request of try %d", a.Number)
		section.Fields = headers(a.Request)
	}
	section.Fields = append(section.Fields, detail.Field{Key: "Body", Value: size(len(d.Body)) + ", as it is sent"})
	section.JSON = string(d.Body)
	return section
}

func headers(lines []apiclient.Header) []detail.Field {
	fields := make([]detail.Field, len(lines))
	for i, h := range lines {
		fields[i] = detail.Field{Key: h.Name, Value: h.Value}
	}
	return fields
}

func size(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return theme.Count(n) + " bytes"
}

// response shows what came back at the chosen attempt.
func response(p *page) []detail.Section {
	a, ok := p.chosen()
	if !ok {
		return nil
	}
	section := detail.Section{Title: fmt.Sprintf("Answer to try %d", a.Number)}
	if a.Code == 0 {
		section.Text = list.First(a.Error, "There was none.")
		return []detail.Section{section}
	}
	section.Fields = append([]detail.Field{{Key: "Status", Value: status(a.Code), Token: token(a)}}, headers(a.Response)...)
	section.Fields = append(section.Fields, detail.Field{Key: "Body", Value: received(len(a.Body))})
	switch text := strings.TrimSpace(string(a.Body)); {
	case strings.HasPrefix(text, "{"), strings.HasPrefix(text, "["):
		section.JSON = text
	default:
		section.Text = text
	}
	return []detail.Section{section}
}

// keptBody is how much of an answer is kept.
const keptBody = 16 << 10

func received(n int) string {
	if n >= keptBody {
		return "the first " + size(n)
	}
	return size(n)
}

func status(code int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", code, http.StatusText(code)))
}

func token(a apiclient.Attempt) theme.Token {
	switch {
	case a.Error == "" && a.Code >= 200 && a.Code <= 299:
		return theme.Good
	case a.Code == 0 || a.Code == http.StatusGone:
		return theme.Bad
	}
	return theme.Warning
}

// attempts is the table of tries, with the chosen one under a cursor.
func (s *Screen) attempts(p *page) detail.Section {
	tries, chosen := p.full.Log, p.attempt
	section := detail.Section{Title: "Attempts"}
	switch len(tries) {
	case 0:
		section.Text = "None was made yet."
		return section
	case 1:
	default:
		section.Title = fmt.Sprintf("Attempts (%d; h l chooses one)", len(tries))
	}
	columns := attemptColumns(s.Env.Now)
	section.Lines = func(th *theme.Theme, w int) []string {
		grid := table.NewGrid(columns)
		grid.Resize(w)
		lines := []string{grid.Header(th)}
		for i, a := range tries {
			var b strings.Builder
			grid.Line(&b, th, a, table.Look{Cursor: i == chosen, Idle: true})
			lines = append(lines, b.String())
		}
		return lines
	}
	return section
}

// reason is what went wrong, without the status that stands beside it.
func reason(a apiclient.Attempt) string {
	return strings.TrimPrefix(a.Error, fmt.Sprintf("answered %d ", a.Code))
}

func attemptColumns(now func() time.Time) []table.Column[apiclient.Attempt] {
	return []table.Column[apiclient.Attempt]{
		{Key: "number", Title: "#", Min: 2, Align: table.Right, Value: func(a apiclient.Attempt) string { return strconv.Itoa(a.Number) }},
		{Key: "at", Title: "AT", Min: 12, Priority: 2, Value: func(a apiclient.Attempt) string { return clock(now(), a.At) }},
		{Key: "code", Title: "ST", Min: 7, Style: token, Value: func(a apiclient.Attempt) string {
			if a.Code == 0 {
				return list.First(a.Class, "ERR")
			}
			return strconv.Itoa(a.Code)
		}},
		{Key: "ms", Title: "MS", Min: 5, Align: table.Right, Priority: 1, Value: func(a apiclient.Attempt) string {
			return strconv.FormatInt(a.Duration.Milliseconds(), 10)
		}},
		{Key: "error", Title: "ERROR", Min: 10, Flex: 1, Priority: 3, Style: token, Value: reason},
	}
}
