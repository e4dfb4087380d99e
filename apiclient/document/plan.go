package document

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// What happens to one thing of a site.
const (
	Create = "created"
	Change = "changed"
	Same   = "the same"
)

// A Step is one thing of a document and what happens to it.
type Step struct {
	Noun   string // such as "role"
	Name   string
	Action string // Create, Change or Same

	needs apiclient.Capability
	do    func(context.Context, apiclient.API) error
	last  func(context.Context, apiclient.API) error // after the other steps of the noun; nil: nothing
}

// A Plan is what reading a document does to a site, in its order.
type Plan []Step

// Changes counts the steps that change something.
func (p Plan) Changes() int {
	n := 0
	for _, s := range p {
		if s.Action != Same {
			n++
		}
	}
	return n
}

// PlanOf compares a document with a site. It fails where the site could never take
// it: Invalid for what the document has wrong, Unsupported for what the site cannot
// do, and Conflict for what is there and cannot become that.
func PlanOf(ctx context.Context, api apiclient.API, d Document) (Plan, error) {
	var plan Plan
	for _, part := range []struct {
		told bool
		plan func(context.Context, apiclient.API) (Plan, error)
	}{
		{d.Roles != nil, d.planRoles},
		{d.Fields != nil, d.planFields},
		{d.Forms != nil, d.planForms},
		{d.Zaps != nil, d.planZaps},
		{len(d.Settings) > 0, d.planSettings},
	} {
		if !part.told {
			continue
		}
		steps, err := part.plan(ctx, api)
		if err != nil {
			return nil, err
		}
		plan = append(plan, steps...)
	}
	site, err := api.Site(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range plan {
		if ok, why := site.Can(s.needs); !ok && s.Action != Same {
			return nil, apiclient.Errorf(apiclient.Unsupported, "The %s %s cannot be %s: %s", s.Noun, s.Name, s.Action, why)
		}
	}
	return plan, nil
}

// Apply does what the plan says. done is called with each step that has succeeded;
// the first that fails ends it.
func (p Plan) Apply(ctx context.Context, api apiclient.API, done func(Step)) error {
	for i := 0; i < len(p); {
		end := i
		for ; end < len(p) && p[end].Noun == p[i].Noun; end++ {
			if err := p[end].run(ctx, api, p[end].do); err != nil {
				return err
			}
		}
		for _, s := range p[i:end] {
			if err := s.run(ctx, api, s.last); err != nil {
				return err
			}
			done(s)
		}
		i = end
	}
	return nil
}

func (s Step) run(ctx context.Context, api apiclient.API, do func(context.Context, apiclient.API) error) error {
	if s.Action == Same || do == nil {
		return nil
	}
	if err := do(ctx, api); err != nil {
		return &apiclient.Error{Kind: apiclient.KindOf(err), Message: fmt.Sprintf("The %s %s: %s", s.Noun, s.Name, apiclient.MessageOf(err)), Err: err}
	}
	return nil
}

func sortBy[T any](list []T, key func(T) string) {
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}

// equal compares two things as the document writes them.
func equal[T any](a, b T) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func (d Document) planSettings(ctx context.Context, api apiclient.API) (Plan, error) {
	list, err := api.Settings(ctx)
	if err != nil {
		return nil, err
	}
	changes := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(d.Settings)) {
		i := slices.IndexFunc(list, func(s apiclient.Setting) bool { return s.Key == key })
		if i < 0 {
			return nil, apiclient.FieldErrorf(key, "The site has no setting %s; take it out of the document.", key)
		}
		value, err := list[i].Accept(d.Settings[key])
		if err != nil {
			return nil, err
		}
		if list[i].Secret || value != list[i].Value {
			changes[key] = value
		}
	}
	if len(changes) == 0 {
		return Plan{{Noun: "settings", Name: fmt.Sprint(len(d.Settings)), Action: Same}}, nil
	}
	return Plan{{
		Noun: "settings", Name: strings.Join(slices.Sorted(maps.Keys(changes)), ", "), Action: Change, needs: apiclient.CanWriteSettings,
		do: func(ctx context.Context, api apiclient.API) error {
			_, err := api.ChangeSettings(ctx, changes)
			return err
		},
	}}, nil
}

func (d Document) planZaps(ctx context.Context, api apiclient.API) (Plan, error) {
	have, err := api.Zaps(ctx, apiclient.ZapQuery{})
	if err != nil {
		return nil, err
	}
	var plan Plan
	for _, z := range d.Zaps {
		z.Status = cmp.Or(z.Status, apiclient.ZapDraft)
		want := z.Domain()
		if err := want.Validate(); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(have, func(h apiclient.Zap) bool { return h.Kind == z.Kind && h.Name == z.Name })
		step := Step{Noun: "zap", Name: z.Name, Action: Create, needs: apiclient.CanWriteZaps}
		if i < 0 {
			step.do = func(ctx context.Context, api apiclient.API) error {
				_, err := api.CreateZap(ctx, want)
				return err
			}
			plan = append(plan, step)
			continue
		}
		is := have[i]
		have = slices.Delete(have, i, i+1) // the next of that name is another one
		step.Action = Change
		if equal(zapOf(is), wire.NewZapOf(want)) {
			step.Action = Same
		}
		step.do = func(ctx context.Context, api apiclient.API) error {
			u := apiclient.ZapUpdate{Status: &want.Status, Fields: append([]string{}, want.Fields...), Origins: append([]apiclient.Origin{}, want.Origins...)}
			if want.Kind == apiclient.ZapTrigger {
				u.Event = &want.Event
			}
			_, err := api.UpdateZap(ctx, is.ID, u)
			return err
		}
		plan = append(plan, step)
	}
	return plan, nil
}
