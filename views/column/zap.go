package column

import (
	"time"

	"umdeck/apiclient"
	"umdeck/theme"
)

// Zaps returns the columns of zaps.
func Zaps() []Column[apiclient.Zap] {
	type zap = apiclient.Zap
	return []Column[zap]{
		number("id", "ID", "number of the zap", func(z zap) apiclient.ZapID { return z.ID }).shown().wide(4, 0),
		text("name", "NAME", "name of the zap", func(z zap) string { return z.Name }).shown().wide(14, 3),
		text("kind", "KIND", "trigger or action", func(z zap) string { return string(z.Kind) }).shown().fixed(7).after(3).oneOf("trigger", "action"),
		maybe("event", "EVENT", "what a trigger waits for", func(z zap) string { return string(z.Event) }).shown().wide(14, 2).after(2),
		maybe("status", "STATUS", "running, stopped or draft", func(z zap) string { return string(z.Status) }).shown().fixed(7).after(1).
			marked(func(t *theme.Theme, z zap) theme.Mark { return t.Zap(string(z.Status)) }).oneOf("running", "stopped", "draft"),
		count("subscriptions", "SUBS", "how many subscriptions are active", -1, func(z zap) int { return z.Subscriptions }).shown().after(4),
		list("fields", "FIELDS", "field keys in order", func(z zap) []string { return z.Fields }).shown().wide(12, 3).after(5),
		list("origins", "ORIGINS", "further origins that a trigger fires for", func(z zap) []string { return slugs(z.Origins) }).after(6),
		when("created", "CREATED", "when it was made", func(z zap) time.Time { return z.Created }).after(7),
		when("updated", "UPDATED", "when it was last changed", func(z zap) time.Time { return z.Updated }).after(8),
	}
}
