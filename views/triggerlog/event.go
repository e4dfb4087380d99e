package triggerlog

import (
	"fmt"

	"umdeck/apiclient"
	"umdeck/ui/widget/detail"
	"umdeck/views/list"
)

// eventSections show an event that made no delivery, why, and what would mend that.
func (s *Screen) eventSections(p *page) []detail.Section {
	e := *p.row.event
	about := detail.Section{Title: "Event without a delivery", Fields: []detail.Field{
		{Key: "Trigger", Value: string(e.Trigger)},
		{Value: e.Trigger.Title()},
		{Key: "User", Value: p.row.user()},
		{Key: "Origin", Value: origin(&page{row: p.row, event: &e})},
		{Key: "At", Value: s.Moment(e.At)},
		{Key: "Reason", Value: list.First(e.Skipped, "The site does not say why."), Token: s.reasonToken(p.row)},
	}}
	sections := []detail.Section{about}
	switch {
	case p.known:
		f := fixOf(e, p.zaps)
		sections = append(sections, detail.Section{Title: "What to do", Text: f.text}, waiting(e, p.zaps))
	case p.err != "":
		sections = append(sections, detail.Section{Text: p.err})
	case s.Missing(apiclient.CanReadZaps) != "":
		sections = append(sections, detail.Section{Text: s.Missing(apiclient.CanReadZaps)})
	default:
		sections = append(sections, detail.Section{Text: "Loading" + s.Env.Theme.Glyph.Ellipsis})
	}
	return sections
}

// waiting lists the zaps of the trigger as they are now.
func waiting(e apiclient.Event, zaps []apiclient.Zap) detail.Section {
	section := detail.Section{Title: "Zaps of this trigger, as they are now"}
	if len(zaps) == 0 {
		section.Text = "There is none."
	}
	for _, z := range zaps {
		state := list.First(string(z.Status), "its status is not told")
		if !z.Listens(e.Origin) {
			state += ", not for changes of origin " + string(e.Origin)
		}
		switch {
		case z.Subscriptions == 1:
			state += ", 1 active subscription"
		case z.Subscriptions >= 0:
			state += fmt.Sprintf(", %d active subscriptions", z.Subscriptions)
		}
		section.Fields = append(section.Fields, detail.Field{Key: "#" + list.Number(z.ID), Value: z.Name}, detail.Field{Value: state})
	}
	return section
}

// A fix is what would let the next such event be delivered.
type fix struct {
	text  string
	route string // where it is done
}

// fixOf finds the zap that is nearest to delivering: running and listening, then
// running, then any.
func fixOf(e apiclient.Event, zaps []apiclient.Zap) fix {
	if len(zaps) == 0 {
		return fix{fmt.Sprintf("Make a trigger zap of %s and run it: o goes to the zaps.", e.Trigger), "zaps"}
	}
	best := zaps[0]
	for _, z := range zaps[1:] {
		if readiness(e, z) > readiness(e, best) {
			best = z
		}
	}
	route, name := "zaps/"+list.Number(best.ID), fmt.Sprintf("the zap %d (%s)", best.ID, best.Name)
	switch {
	case best.Status != apiclient.ZapRunning && best.Status != "":
		return fix{fmt.Sprintf("Run %s, which is %s: o goes there, r runs it.", name, best.Status), route}
	case !best.Listens(e.Origin):
		return fix{fmt.Sprintf("Let %s fire for changes of origin %s too: o goes there, e edits it.", name, e.Origin), route}
	case best.Subscriptions == 0:
		return fix{fmt.Sprintf("Subscribe a target to %s: o goes there; turning the Zap on in Zapier does it as well.", name), route}
	case best.Subscriptions < 0:
		return fix{fmt.Sprintf("See whether anybody is subscribed to %s: o goes there.", name), route}
	}
	return fix{fmt.Sprintf("Nothing: by now %s would deliver such an event. It does not go back for this one.", name), route}
}

func readiness(e apiclient.Event, z apiclient.Zap) int {
	n := 0
	if z.Status == apiclient.ZapRunning || z.Status == "" {
		n += 4
	}
	if z.Listens(e.Origin) {
		n += 2
	}
	if z.Subscriptions > 0 {
		n++
	}
	return n
}
