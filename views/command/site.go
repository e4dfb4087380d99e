package command

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
	"umdeck/views/column"
)

func (a *app) statuses() *cobra.Command {
	cmd := group("statuses", "Read the account statuses of the site", bareList(a, "List account statuses and how many users have them", column.Statuses(),
		func(ctx context.Context, api apiclient.API) ([]apiclient.AccountStatus, error) {
			return api.Statuses(ctx)
		}))
	cmd.Aliases = []string{"status"}
	return cmd
}

// site is the command that says what the site is and can do.
func (a *app) site() *cobra.Command {
	var f format
	cmd := &cobra.Command{
		Use:   "site",
		Short: "Show what the site is, and what it can and cannot do",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return a.showSite(ctx, api, f) })
		},
	}
	f.bind(cmd)
	return cmd
}

// An ability is a capability and the reason where the site lacks it.
type ability struct {
	name apiclient.Capability
	can  bool
	why  string
}

func (a *app) showSite(ctx context.Context, api apiclient.API, f format) error {
	s, err := api.Site(ctx)
	if err != nil {
		return err
	}
	about := apiclient.Payload{
		{Key: "kind", Value: string(s.Kind)},
		{Key: "name", Value: s.Name},
		{Key: "url", Value: words(s.URL)},
		{Key: "user", Value: words(s.User)},
		{Key: "versions", Value: versionsOf(s.Versions)},
		{Key: "warnings", Value: append([]string{}, s.Warnings...)},
		{Key: "private_targets", Value: s.PrivateTargets},
		{Key: "allow_targets", Value: append([]string{}, s.AllowTargets...)},
	}
	var list []ability
	for _, c := range apiclient.Capabilities() {
		can, why := s.Can(c)
		list = append(list, ability{c, can, why})
	}
	if f != formatTable {
		var cans apiclient.Payload
		for _, c := range list {
			cans = append(cans, apiclient.Member{Key: string(c.name), Value: apiclient.Payload{{Key: "can", Value: c.can}, {Key: "why", Value: words(c.why)}}})
		}
		return one(a, f, append(about, apiclient.Member{Key: "capabilities", Value: cans}))
	}
	if err := one(a, f, about); err != nil {
		return err
	}
	if err := written(fmt.Fprintln(a.cfg.Stdout)); err != nil {
		return err
	}
	return whole(a, &listFlags{format: f}, view[ability]{all: abilityColumns()}, list)
}

// versionsOf returns the versions by program, sorted.
func versionsOf(versions map[string]string) apiclient.Payload {
	o := apiclient.Payload{}
	for _, name := range slices.Sorted(maps.Keys(versions)) {
		o = append(o, apiclient.Member{Key: name, Value: versions[name]})
	}
	return o
}

func abilityColumns() []column.Column[ability] {
	can := func(b ability) string {
		if b.can {
			return "yes"
		}
		return "no"
	}
	return []column.Column[ability]{
		{
			Key: "capability", Title: "CAPABILITY", Help: "what a site can do", Default: true, Min: 20,
			Text: func(b ability) string { return string(b.name) }, Value: func(b ability) any { return string(b.name) },
		},
		{
			Key: "can", Title: "CAN", Help: "whether this one can", Default: true, Min: 3, Kind: filter.Bool,
			Text: can, Value: func(b ability) any { return b.can },
			Mark: func(t *theme.Theme, b ability) theme.Mark {
				if b.can {
					return theme.Mark{Glyph: t.Glyph.OK, Token: theme.Good}
				}
				return theme.Mark{Glyph: t.Glyph.Fail, Token: theme.Muted}
			},
		},
		{
			Key: "why", Title: "WHY NOT", Help: "why it cannot", Default: true, Min: 20, Flex: 1,
			Text: func(b ability) string { return b.why }, Value: func(b ability) any { return words(b.why) },
		},
	}
}

// version is the command that says which program this is.
func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Show the version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return written(fmt.Fprintf(a.cfg.Stdout, "umdeck %s\n", theme.Clean(a.cfg.Version)))
		},
	}
}
