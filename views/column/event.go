package column

import (
	"time"

	"umdeck/apiclient"
)

// Events returns the columns of events.
func Events() []Column[apiclient.Event] {
	type event = apiclient.Event
	return []Column[event]{
		number("id", "ID", "number of the event", func(e event) apiclient.EventID { return e.ID }).shown().wide(5, 0),
		text("trigger", "TRIGGER", "what happened", func(e event) string { return string(e.Trigger) }).shown().wide(16, 1).oneOf(slugs(apiclient.Triggers())...),
		number("user", "UID", "number of the user", func(e event) apiclient.UserID { return e.User }).shown().after(4),
		text("login", "USER", "login of the user, as it was then", func(e event) string { return e.Login }).shown().wide(8, 1).after(1),
		text("origin", "ORIGIN", "what it came from", func(e event) string { return string(e.Origin) }).shown().fixed(7).after(3).oneOf(origins()...),
		maybe("actor", "ACTOR", "login of who caused it", func(e event) string { return e.Actor }).shown().wide(8, 1).after(5),
		when("at", "AT", "when it happened", func(e event) time.Time { return e.At }).shown().after(2),
		number("deliveries", "SENT TO", "how many deliveries it made", func(e event) int { return e.Deliveries }).shown().after(3),
		maybe("skipped", "SKIPPED", "why it made none", func(e event) string { return e.Skipped }).shown().wide(10, 2).after(6),
	}
}

func origins() []string {
	return slugs([]apiclient.Origin{apiclient.OriginForm, apiclient.OriginAdmin, apiclient.OriginAPI, apiclient.OriginCRM, apiclient.OriginCron, apiclient.OriginConsole})
}
