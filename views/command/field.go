package command

import (
	"context"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/views/column"
)

func (a *app) fields() *cobra.Command {
	cmd := group("fields", "Read and change the field catalogue", a.fieldsList(), a.fieldsGet(), a.fieldsCreate(), a.fieldsEdit(), a.fieldsDelete(), a.fieldsGroup())
	cmd.Aliases = []string{"field"}
	return cmd
}

// bareList is a command that lists what the site gives in one piece.
func bareList[T any](a *app, short string, columns []column.Column[T], get func(context.Context, apiclient.API) ([]T, error)) *cobra.Command {
	f := &listFlags{}
	cmd := &cobra.Command{
		Use: "list", Aliases: []string{"ls"}, Short: short, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error {
				list, err := get(ctx, api)
				if err != nil {
					return err
				}
				return whole(a, f, view[T]{all: columns}, list)
			})
		},
	}
	f.bind(cmd, 0, column.Keys(columns))
	f.bindSort(cmd, column.Keys(columns))
	return cmd
}

func (a *app) fieldsList() *cobra.Command {
	return bareList(a, "List the fields of the site, with the forms that values take", column.Fields(),
		func(ctx context.Context, api apiclient.API) ([]apiclient.Field, error) { return api.Fields(ctx) })
}

func (a *app) fieldsGet() *cobra.Command {
	return a.byRef("get KEY", "Show one field", func(ctx context.Context, api apiclient.API, f format, key string) error {
		list, err := api.Fields(ctx)
		if err != nil {
			return err
		}
		field, err := fieldOf(list, key)
		if err != nil {
			return err
		}
		return one(a, f, column.Object(column.Fields(), field))
	})
}

func (a *app) fieldsDelete() *cobra.Command {
	f := &writeFlags{}
	return a.many("delete KEY…", "Remove fields of the site's own; what users have stored stays", f, func(ctx context.Context, api apiclient.API, keys []string) error {
		if err := a.confirmDelete(ctx, api, f, "", len(keys), "fields"); err != nil {
			return err
		}
		return a.forEach(f.format, keys, func(key string) result {
			if f.dryRun {
				return result{Subject: key, Word: "would be deleted"}
			}
			return result{Subject: key, Word: "deleted", Err: api.DeleteField(ctx, key)}
		})
	})
}

// fieldsGroup shows a zap from Zapier's side: its definitions beside the stored
// and the sent forms.
func (a *app) fieldsGroup() *cobra.Command {
	f := &listFlags{}
	cmd := &cobra.Command{
		Use:   "group ZAP",
		Short: "Show the fields of a zap as Zapier reads them, beside the stored and the sent forms",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return a.showGroup(ctx, api, f, args[0]) })
		},
	}
	f.bind(cmd, 0, column.Keys(column.Fields()))
	f.bindSort(cmd, column.Keys(column.Fields()))
	return cmd
}

func (a *app) showGroup(ctx context.Context, api apiclient.API, f *listFlags, ref string) error {
	z, err := zapOf(ctx, api, ref)
	if err != nil {
		return err
	}
	g, err := api.FieldGroup(ctx, z.ID)
	if err != nil {
		return err
	}
	if g.Notice != "" {
		a.note("%s", g.Notice)
	}
	for _, h := range g.Hidden {
		a.note("%s is hidden: %s", h.Key, h.Why)
	}
	return whole(a, f, view[apiclient.Field]{all: column.Fields()}, g.Fields)
}
