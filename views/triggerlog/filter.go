package triggerlog

import (
	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/views/list"
)

// parse reads a filter over the columns of deliveries.
func (s *Screen) parse(text string) (apiclient.Filter, error) {
	return list.Parse(text, filter.Deliveries(), false, s.Env.Now)
}

// filterColumns are the columns that a filter can name, with the hosts that there are.
func (s *Screen) filterColumns() []filter.Column {
	columns := filter.Deliveries()
	for i := range columns {
		if columns[i].Name == "target" {
			columns[i].Values = s.hosts
		}
	}
	return columns
}

// matches returns whether a row of the log matches, as the site would find it.
func matches(f apiclient.Filter) func(*row) bool {
	return func(r *row) bool {
		if r.event != nil {
			return filter.Run(f, asDelivery(*r.event))
		}
		return filter.Run(f, filter.DeliveryRow(r.Delivery))
	}
}

// asDelivery reads an event that made no delivery in the columns of deliveries: what
// only a delivery has is empty.
func asDelivery(e apiclient.Event) filter.Row {
	of := filter.EventRow(e)
	return func(field string) ([]string, bool) {
		switch field {
		case "test":
			return []string{"false"}, true
		default:
			name, ok := eventColumn(field)
			if !ok {
				return nil, false
			}
			return of(name)
		}
	}
}

// eventColumn returns what a column of deliveries is called among those of events.
func eventColumn(field string) (string, bool) {
	switch field {
	case "event":
		return "trigger", true
	case "", "user", "login", "at":
		return field, true
	}
	return "", false
}

// eventFilter returns the filter of deliveries as one of events. What only a delivery
// has is empty for an event, which decides those conditions; some is false when they
// rule out every event.
func eventFilter(f apiclient.Filter) (of apiclient.Filter, some bool) {
	of, v := reduce(f)
	return of, v != never
}

// A verdict is what is known of a filter before any event is looked at.
type verdict int

const (
	depends verdict = iota
	always
	never
)

func decided(yes bool) (apiclient.Filter, verdict) {
	if yes {
		return apiclient.Filter{}, always
	}
	return apiclient.Filter{}, never
}

func reduce(f apiclient.Filter) (apiclient.Filter, verdict) {
	switch f.Op {
	case apiclient.Leaf:
		name, ok := eventColumn(f.Match.Field)
		if !ok {
			return decided(filter.Run(f, asDelivery(apiclient.Event{})))
		}
		f.Match.Field = name
		return f, depends
	case apiclient.Not:
		return negate(f)
	case apiclient.And:
		return join(f, always, never)
	case apiclient.Or:
		return join(f, never, always)
	}
	return decided(false)
}

// negate is true when not all terms are, as [filter.Run] has it.
func negate(f apiclient.Filter) (apiclient.Filter, verdict) {
	inner, v := join(apiclient.Filter{Op: apiclient.And, Terms: f.Terms}, always, never)
	if v != depends {
		return decided(v == never)
	}
	return apiclient.Filter{Op: apiclient.Not, Terms: []apiclient.Filter{inner}}, depends
}

// join leaves out the terms that change nothing, and ends at one that decides.
func join(f apiclient.Filter, neutral, decisive verdict) (apiclient.Filter, verdict) {
	kept := apiclient.Filter{Op: f.Op}
	for _, t := range f.Terms {
		term, v := reduce(t)
		if v == decisive {
			return decided(decisive == always)
		}
		if v == depends {
			kept.Terms = append(kept.Terms, term)
		}
	}
	switch len(kept.Terms) {
	case 0:
		return decided(neutral == always)
	case 1:
		return kept.Terms[0], depends
	}
	return kept, depends
}
