package command

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/theme"
)

// usersAct does one action to the users that arguments or a filter name.
type usersAct struct {
	*app
	writeFlags
	action apiclient.Action
	filter string
	role   string
	add    string
	remove string
	mail   func() *bool
	refs   []string
}

func (a *app) usersAct(action apiclient.Action, short string) *cobra.Command {
	o := &usersAct{app: a, action: action}
	cmd := &cobra.Command{
		Use:   string(action) + " ID|LOGIN|EMAIL…",
		Short: short,
		Example: fmt.Sprintf("  umdeck users %s ada bob@example.com '#7' --yes\n  umdeck users %s --filter 'status:awaiting_admin_review login:r*' --dry-run",
			action, action),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.refs = args
			return a.use(cmd, o.run)
		},
	}
	o.bind(cmd)
	cmd.Flags().StringVarP(&o.filter, "filter", "f", "", "act on everybody who matches, such as 'login:r*'")
	if o.mail = func() *bool { return nil }; action == apiclient.ActionRole {
		cmd.Flags().StringVar(&o.role, "role", "", "the one role to have, by its slug; all others go")
		cmd.Flags().StringVar(&o.add, "add", "", "a role to have besides")
		cmd.Flags().StringVar(&o.remove, "remove", "", "a role to lose; who has no other gets the role of new accounts")
		cmd.Example = `  umdeck users role ada --role um_member --yes
  umdeck users role ada bob --add um_gold --yes
  umdeck users role --filter 'role:um_gold registered:<2020-01-01' --remove um_gold --dry-run`
	} else {
		o.mail = mailFlag(cmd)
	}
	return cmd
}

// A target is a user to act on, or why there is none.
type target struct {
	ref string
	id  apiclient.UserID
	err error
}

func (o *usersAct) run(ctx context.Context, api apiclient.API) error {
	if err := o.oneRole(); err != nil {
		return err
	}
	targets, err := o.targets(ctx, api)
	if err != nil {
		return err
	}
	if len(targets) == 0 {
		o.note("Nobody matches.")
		return o.write(nil)
	}
	probe := o.part([]apiclient.UserID{1})
	if err := probe.Validate(); err != nil {
		return err
	}
	if o.dryRun {
		return o.plan(ctx, api, targets)
	}
	if !o.yes {
		if err := o.ask(ctx, api, targets); err != nil {
			return err
		}
	}
	return o.do(ctx, api, targets)
}

// oneRole makes of --role, --add and --remove one action.
func (o *usersAct) oneRole() error {
	given := 0
	for _, slug := range []string{o.role, o.add, o.remove} {
		if slug != "" {
			given++
		}
	}
	switch {
	case given > 1:
		return apiclient.FieldErrorf("role", "Only one of --role, --add and --remove can be done at a time; choose one.")
	case o.add != "":
		o.action, o.role = apiclient.ActionAddRole, o.add
	case o.remove != "":
		o.action, o.role = apiclient.ActionRemoveRole, o.remove
	}
	return nil
}

// part is the action on some of the users.
func (o *usersAct) part(ids []apiclient.UserID) apiclient.UserAction {
	return apiclient.UserAction{Action: o.action, Users: ids, Role: apiclient.RoleSlug(o.role), Mail: o.mail()}
}

// targets finds whom the command line names. One who does not exist is a target
// with an error, so that the others are not held up.
func (o *usersAct) targets(ctx context.Context, api apiclient.API) ([]target, error) {
	switch {
	case len(o.refs) > 0 && o.filter != "":
		return nil, apiclient.FieldErrorf("filter", "Both users and a filter are given; choose one.")
	case len(o.refs) == 0 && o.filter == "":
		return nil, apiclient.FieldErrorf("users", "Nobody is named; give ids, logins or e-mail addresses, or --filter.")
	}
	if o.filter != "" {
		return o.matching(ctx, api)
	}
	var targets []target
	seen := map[apiclient.UserID]bool{}
	for _, ref := range o.refs {
		u, err := api.FindUser(ctx, ref)
		if err != nil && apiclient.KindOf(err) != apiclient.NotFound {
			return nil, err
		}
		if err == nil && seen[u.ID] {
			continue // named twice, by login and by address perhaps
		}
		seen[u.ID] = err == nil
		targets = append(targets, target{ref, u.ID, err})
	}
	return targets, nil
}

func (o *usersAct) matching(ctx context.Context, api apiclient.API) ([]target, error) {
	q, err := o.query(ctx, api, usersQuery{filter: o.filter})
	if err != nil {
		return nil, err
	}
	// An action may take rows out of the list: all are read before any is changed.
	var targets []target
	err = each(ctx, 0, o.fetchUsers(api, q), func(users []apiclient.User) error {
		for _, u := range users {
			targets = append(targets, target{u.Login, u.ID, nil})
		}
		return nil
	})
	return targets, err
}

// parts calls fn with the ids of those who exist, as many at a time as an action takes.
func parts(targets []target, fn func([]apiclient.UserID) error) error {
	var ids []apiclient.UserID
	for _, t := range targets {
		if t.err == nil {
			ids = append(ids, t.id)
		}
	}
	for part := range slices.Chunk(ids, apiclient.MaxTargets) {
		if err := fn(part); err != nil {
			return err
		}
	}
	return nil
}

// steps returns what would happen to each target, in their order.
func (o *usersAct) steps(ctx context.Context, api apiclient.API, targets []target) (steps []apiclient.Step, predicted bool, err error) {
	planned := map[apiclient.UserID]apiclient.Step{}
	err = parts(targets, func(ids []apiclient.UserID) error {
		p, err := api.PlanUsers(ctx, o.part(ids))
		for _, step := range p.Steps {
			planned[step.User] = step
		}
		predicted = predicted || p.Predicted
		return err
	})
	for _, t := range targets {
		if step, ok := planned[t.id]; ok {
			steps = append(steps, step)
		} else if t.err != nil {
			steps = append(steps, apiclient.Step{Login: t.ref, From: apiclient.StatusUnknown, To: apiclient.StatusUnknown, Refused: sentenceOf(t.err)})
		}
	}
	return steps, predicted, err
}

func (o *usersAct) plan(ctx context.Context, api apiclient.API, targets []target) error {
	steps, predicted, err := o.steps(ctx, api, targets)
	if err != nil {
		return err
	}
	s, err := sheetOf(o.app, o.format, view[apiclient.Step]{all: stepColumns()})
	if err != nil {
		return err
	}
	for _, step := range steps {
		if err := s.add(step); err != nil {
			return err
		}
	}
	if err := s.end(); err != nil {
		return err
	}
	if predicted {
		o.note("The rules say so; the site decides.")
	}
	return nil
}

// ask names the site, how many are concerned, and what else will happen.
func (o *usersAct) ask(ctx context.Context, api apiclient.API, targets []target) error {
	if !o.cfg.Terminal {
		return o.confirm(&o.writeFlags, "") // it refuses; no plan is needed for that
	}
	steps, predicted, err := o.steps(ctx, api, targets)
	if err != nil {
		return err
	}
	site, err := siteName(ctx, api)
	if err != nil {
		return err
	}
	question := sideEffects(steps)
	if predicted {
		question += "The rules say so; the site decides.\n"
	}
	allowed := apiclient.Plan{Steps: steps}.Allowed()
	who := fmt.Sprintf("%s users", theme.Count(allowed))
	if len(steps) == 1 {
		who = steps[0].Login
	}
	return o.confirm(&o.writeFlags, question+fmt.Sprintf("%s %s on %s?", o.action.Title(), who, site))
}

// sideEffects says in lines what a plan would do besides changing statuses.
func sideEffects(steps []apiclient.Step) string {
	var (
		refused         int
		mails, triggers = map[string]int{}, map[string]int{}
		warnings        = map[string]int{}
		deliveries      int
	)
	for _, s := range steps {
		if s.Refused != "" {
			refused++
			continue
		}
		for _, m := range s.Mails {
			if m.Off == "" {
				mails[string(m.Slug)]++
			}
		}
		for _, t := range s.Triggers {
			triggers[string(t.Trigger)]++
			deliveries += max(t.Targets, 0)
		}
		if s.Warning != "" {
			warnings[s.Warning]++
		}
	}
	var b strings.Builder
	if refused > 0 {
		fmt.Fprintf(&b, "%s of %s are refused.\n", theme.Count(refused), theme.Count(len(steps)))
	}
	for _, w := range slices.Sorted(maps.Keys(warnings)) {
		fmt.Fprintf(&b, "%s (%s)\n", w, theme.Count(warnings[w]))
	}
	for _, m := range slices.Sorted(maps.Keys(mails)) {
		fmt.Fprintf(&b, "E-mail %s: %s\n", m, theme.Count(mails[m]))
	}
	for _, t := range slices.Sorted(maps.Keys(triggers)) {
		fmt.Fprintf(&b, "Trigger %s: %s\n", t, theme.Count(triggers[t]))
	}
	if deliveries > 0 {
		fmt.Fprintf(&b, "Hooks to be sent: %s\n", theme.Count(deliveries))
	}
	return b.String()
}

// do acts, and writes what became of each.
func (o *usersAct) do(ctx context.Context, api apiclient.API, targets []target) error {
	done := map[apiclient.UserID]apiclient.Outcome{}
	tried := parts(targets, func(ids []apiclient.UserID) error {
		part, err := api.DoUsers(ctx, o.part(ids))
		for _, out := range part {
			done[out.User] = out
		}
		return err
	})
	var outcomes []apiclient.Outcome
	for _, t := range targets {
		if out, ok := done[t.id]; ok {
			outcomes = append(outcomes, out)
		} else if t.err != nil {
			e := apiclient.Errorf(apiclient.KindOf(t.err), "%s", sentenceOf(t.err))
			outcomes = append(outcomes, apiclient.Outcome{Login: t.ref, From: apiclient.StatusUnknown, To: apiclient.StatusUnknown, Err: e})
		}
	}
	// What was done is shown even where the rest could not be tried.
	if err := o.write(outcomes); err != nil {
		return err
	}
	if tried != nil {
		if slices.ContainsFunc(outcomes, func(out apiclient.Outcome) bool { return out.Err == nil }) {
			return &exitError{Partly, sentenceOf(tried)}
		}
		return tried
	}
	errs := make([]error, len(outcomes))
	for i, out := range outcomes {
		if out.Err != nil {
			errs[i] = out.Err
		}
	}
	return summary(errs)
}

func (o *usersAct) write(outcomes []apiclient.Outcome) error {
	s, err := sheetOf(o.app, o.format, view[apiclient.Outcome]{all: outcomeColumns(o.action)})
	if err != nil {
		return err
	}
	for _, out := range outcomes {
		if err := s.add(out); err != nil {
			return err
		}
	}
	return s.end()
}
