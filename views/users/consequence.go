package users

import (
	"fmt"
	"strings"

	"umdeck/apiclient"
	"umdeck/views/list"
)

// consequences says what will follow, in the order of weight: whom it is done to, who is
// refused, what members notice, mails, triggers.
func consequences(p apiclient.Plan) []string {
	var lines []string
	several := len(p.Steps) > 1
	if several {
		lines = append(lines, whom(p))
	}
	if p.Action.Role == administrator && p.Action.Action != apiclient.ActionRemoveRole {
		lines = append(lines, "An administrator may change everything on the site.")
	}
	if several {
		lines = append(lines, refusals(p)...)
	}
	for _, c := range effects(p) {
		if several {
			lines = append(lines, c.lines("%s × %s")...)
		} else {
			lines = append(lines, c.order...)
		}
	}
	if p.Action.Action == apiclient.ActionDelete {
		lines = append(lines, "This cannot be undone.")
	}
	if p.Predicted {
		lines = append(lines, "This is what Ultimate Member's rules say; the site decides.")
	}
	return lines
}

// effects are the warnings, the mails and the triggers of what will be done.
func effects(p apiclient.Plan) []*counts {
	warnings, mails, triggers := &counts{}, &counts{}, &counts{}
	for _, s := range p.Steps {
		if s.Refused != "" {
			continue
		}
		if s.Warning != "" {
			warnings.add(s.Warning)
		}
		for _, m := range s.Mails {
			if m.Off != "" {
				mails.add(fmt.Sprintf("%s does not go: %s", m.Slug, m.Off))
			} else {
				mails.add(fmt.Sprintf("%s goes out", m.Slug))
			}
		}
		for _, t := range s.Triggers {
			triggers.add(triggerLine(t))
		}
	}
	return []*counts{warnings, mails, triggers}
}

// refusals says to how many it is not done, with the reason of each as long as there are
// few, and else by their statuses, of which most reasons speak.
func refusals(p apiclient.Plan) []string {
	reasons, statuses := counts{}, counts{}
	for _, s := range p.Steps {
		if s.Refused != "" {
			reasons.add(s.Refused)
			statuses.add(s.From.Label())
		}
	}
	if len(reasons.order) <= 2 {
		return reasons.lines("Refused: %s × %s")
	}
	return []string{fmt.Sprintf("Refused: %s of %s: %s", number(reasons.total), list.Plural(len(p.Steps), "user"), strings.Join(statuses.lines("%s %s"), ", "))}
}

// counts are how often each text was added, in the order of the first time.
type counts struct {
	order []string
	n     map[string]int
	total int
}

func (c *counts) add(text string) {
	if c.n == nil {
		c.n = map[string]int{}
	}
	if c.n[text]++; c.n[text] == 1 {
		c.order = append(c.order, text)
	}
	c.total++
}

// lines returns the texts with their numbers, formatted as %s and %s.
func (c *counts) lines(format string) []string {
	lines := make([]string, len(c.order))
	for i, text := range c.order {
		lines[i] = fmt.Sprintf(format, number(c.n[text]), text)
	}
	return lines
}

// whom names the first of the users.
func whom(p apiclient.Plan) string {
	const most = 6
	var logins []string
	for _, s := range p.Steps {
		if s.Refused == "" && len(logins) < most {
			logins = append(logins, name(s))
		}
	}
	if more := p.Allowed() - len(logins); more > 0 {
		logins = append(logins, fmt.Sprintf("and %s more", number(more)))
	}
	return strings.Join(logins, ", ")
}

func triggerLine(t apiclient.PlannedTrigger) string {
	switch {
	case t.Zap == 0 && t.Targets < 0:
		return fmt.Sprintf("%s fires; the site does not tell which zaps wait for it", t.Trigger)
	case t.Zap == 0:
		return fmt.Sprintf("%s fires, and no zap waits for it", t.Trigger)
	case t.Targets < 0:
		return fmt.Sprintf("%s fires “%s”", t.Trigger, t.Name)
	case t.Targets == 0:
		return fmt.Sprintf("%s fires “%s”, which nobody is subscribed to", t.Trigger, t.Name)
	}
	return fmt.Sprintf("%s fires “%s” to %s", t.Trigger, t.Name, list.Plural(t.Targets, "target"))
}
