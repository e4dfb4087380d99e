package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"umdeck/apiclient"
	"umdeck/views/column"
)

func (a *app) fields() *cobra.Command {
	cmd := group("fields", "Read and change the field catalogue", a.fieldsList(), a.fieldsGet(), a.fieldsCreate(), a.fieldsDelete(), a.fieldsGroup())
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
		for _, field := range list {
			if field.Key == key {
				return one(a, f, column.Object(column.Fields(), field))
			}
		}
		return apiclient.Errorf(apiclient.NotFound, "The site has no field %s; `umdeck fields list` shows those that it has.", key)
	})
}

type fieldsCreate struct {
	*app
	writeFlags
	field    apiclient.Field
	typ      string
	options  []string
	min, max int
}

func (a *app) fieldsCreate() *cobra.Command {
	o := &fieldsCreate{app: a}
	cmd := &cobra.Command{
		Use:     "create",
		Short:   "Add a field of the site's own",
		Example: `  umdeck fields create --key colour --type select --label Colour --options 'Red,Green,"Light blue, pale"'`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return o.run(ctx, api, cmd.Flags()) })
		},
	}
	o.bind(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.field.Key, "key", "", "key that answers are stored under")
	flags.StringVar(&o.field.Label, "label", "", "the question")
	flags.StringVar(&o.typ, "type", "text", "one of the 15 types of the API")
	flags.StringSliceVar(&o.options, "options", nil, "answers to choose from, in order; one with a comma stands in quotes; of a checkbox without any: its label")
	flags.BoolVar(&o.field.Required, "required", false, "an answer is required")
	flags.StringVar(&o.field.Validate, "rule", "", "further rule of Ultimate Member, such as phone_number")
	flags.IntVar(&o.min, "min", 0, "least number")
	flags.IntVar(&o.max, "max", 0, "largest number")
	flags.IntVar(&o.field.MaxChars, "max-chars", 0, "longest text in characters; 0: no limit")
	flags.IntVar(&o.field.MaxWords, "max-words", 0, "longest text in words; 0: no limit")
	complete(cmd, "type", textsOf(apiclient.FieldTypes())...)
	return cmd
}

func (o *fieldsCreate) run(ctx context.Context, api apiclient.API, flags *pflag.FlagSet) error {
	f := o.field
	f.Type = apiclient.FieldType(o.typ)
	if len(o.options) > 0 {
		f.Choices = apiclient.Choices(o.options...)
	} else if f.Type == apiclient.FieldCheckbox && f.Label != "" {
		f.Choices = apiclient.Choices(f.Label) // one box, ticked or not
	}
	if changed(flags, "min") {
		f.Min = &o.min
	}
	if changed(flags, "max") {
		f.Max = &o.max
	}
	if err := f.CheckNew(); err != nil {
		return err
	}
	if o.dryRun {
		f.Source = apiclient.FieldCustom
		return one(o.app, o.format, append(apiclient.Payload{{Key: "action", Value: "create"}}, column.Object(column.Fields(), f)...))
	}
	f, err := api.CreateField(ctx, f)
	if err != nil {
		return err
	}
	return o.said(o.format, fmt.Sprintf("Created the field %s (%s).", f.Key, f.Type), column.Object(column.Fields(), f))
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
