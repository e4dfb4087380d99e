package command

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/views/column"
)

func (a *app) settings() *cobra.Command {
	cmd := group("settings", "Read and change the settings of the site",
		bareList(a, "List the settings, group by group", column.Settings(),
			func(ctx context.Context, api apiclient.API) ([]apiclient.Setting, error) { return api.Settings(ctx) }),
		a.settingsGet(), a.settingsSet(), a.settingsReset())
	cmd.Aliases = []string{"setting"}
	return cmd
}

func (a *app) settingsGet() *cobra.Command {
	return a.byRef("get KEY", "Show one setting", func(ctx context.Context, api apiclient.API, f format, key string) error {
		all, err := settingsBy(ctx, api, key)
		if err != nil {
			return err
		}
		return one(a, f, column.Object(column.Settings(), all[0]))
	})
}

// settingsBy returns the settings with these keys, in their order.
func settingsBy(ctx context.Context, api apiclient.API, keys ...string) ([]apiclient.Setting, error) {
	all, err := api.Settings(ctx)
	if err != nil {
		return nil, err
	}
	var found []apiclient.Setting
	for _, key := range keys {
		i := slices.IndexFunc(all, func(s apiclient.Setting) bool { return s.Key == key })
		if i < 0 {
			return nil, apiclient.Errorf(apiclient.NotFound, "The site has no setting %s; `umdeck settings list` shows those that it has.", key)
		}
		found = append(found, all[i])
	}
	return found, nil
}

type settingsSet struct {
	*app
	writeFlags
	stdin string
}

func (a *app) settingsSet() *cobra.Command {
	o := &settingsSet{app: a}
	cmd := &cobra.Command{
		Use:   "set KEY=VALUE…",
		Short: "Change settings: all that are named, or none",
		Example: `  umdeck settings set display_name=nickname members_page=off
  umdeck settings set --stdin blocked_words < words.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return o.run(ctx, api, args) })
		},
	}
	o.bind(cmd)
	cmd.Flags().StringVar(&o.stdin, "stdin", "", "read the value of this setting from stdin: for a secret, and for several lines")
	return cmd
}

func (o *settingsSet) run(ctx context.Context, api apiclient.API, args []string) error {
	values, err := o.values(ctx, api, args)
	if err != nil {
		return err
	}
	return o.changeSettings(ctx, api, &o.writeFlags, values)
}

// values returns what the command line and stdin say, by key.
func (o *settingsSet) values(ctx context.Context, api apiclient.API, args []string) (map[string]string, error) {
	values := map[string]string{}
	keys := []string{}
	for _, arg := range args {
		key, value, ok := strings.Cut(arg, "=")
		if !ok || key == "" {
			return nil, apiclient.FieldErrorf("settings", "%q is no setting; write KEY=VALUE, such as members_page=off.", arg)
		}
		if _, twice := values[key]; twice {
			return nil, apiclient.FieldErrorf(key, "%s is named twice; name it once.", key)
		}
		values[key], keys = value, append(keys, key)
	}
	known, err := settingsBy(ctx, api, keys...)
	if err != nil {
		return nil, err
	}
	for _, s := range known {
		if s.Secret && values[s.Key] != "" {
			return nil, apiclient.FieldErrorf(s.Key, "A secret on the command line can be read by everyone on this machine; use --stdin %s.", s.Key)
		}
	}
	if o.stdin != "" {
		if _, twice := values[o.stdin]; twice {
			return nil, apiclient.FieldErrorf(o.stdin, "%s is named twice; name it once.", o.stdin)
		}
		if values[o.stdin], err = o.all(); err != nil {
			return nil, err
		}
	}
	if len(values) == 0 {
		return nil, apiclient.FieldErrorf("settings", "No setting is named; write KEY=VALUE, such as members_page=off.")
	}
	return values, nil
}

func (a *app) settingsReset() *cobra.Command {
	f := &writeFlags{}
	cmd := &cobra.Command{
		Use: "reset KEY…", Short: "Give settings their defaults back", Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, keys []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error {
				known, err := settingsBy(ctx, api, keys...)
				if err != nil {
					return err
				}
				values := map[string]string{}
				for _, s := range known {
					values[s.Key] = s.Default
				}
				return a.changeSettings(ctx, api, f, values)
			})
		},
	}
	f.bind(cmd)
	return cmd
}

// changeSettings changes settings and shows those that were named, as they are afterwards
// or, in a dry run, as they would be.
func (a *app) changeSettings(ctx context.Context, api apiclient.API, f *writeFlags, values map[string]string) error {
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	var named []apiclient.Setting
	if f.dryRun {
		before, err := settingsBy(ctx, api, keys...)
		if err != nil {
			return err
		}
		for _, s := range before {
			value, err := s.Accept(values[s.Key])
			if err != nil {
				return err
			}
			if s.Set = value != s.Default; !s.Secret {
				s.Value = value
			}
			named = append(named, s)
		}
		return whole(a, &listFlags{format: f.format}, view[apiclient.Setting]{all: column.Settings()}, named)
	}
	after, err := api.ChangeSettings(ctx, values)
	if err != nil {
		return err
	}
	for _, s := range after {
		if slices.Contains(keys, s.Key) {
			named = append(named, s)
		}
	}
	return whole(a, &listFlags{format: f.format}, view[apiclient.Setting]{all: column.Settings()}, named)
}
