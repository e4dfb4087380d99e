package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"umdeck/apiclient"
	"umdeck/views/column"
)

// fieldOf returns the field of that key.
func fieldOf(list []apiclient.Field, key string) (apiclient.Field, error) {
	i := slices.IndexFunc(list, func(f apiclient.Field) bool { return f.Key == key })
	if i < 0 {
		return apiclient.Field{}, apiclient.Errorf(apiclient.NotFound, "The site has no field %s; `umdeck fields list` shows those that it has.", key)
	}
	return list[i], nil
}

// attrFlag is --attr, which names any attribute of Ultimate Member.
type attrFlag struct{ attrs []string }

func (o *attrFlag) bind(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&o.attrs, "attr", nil, "an attribute of Ultimate Member as name=value, such as min_chars=3, public=-1 or conditional_field=country; several times; an empty value unsets it")
}

// values returns the attributes by name.
func (o *attrFlag) values() (map[string]string, error) {
	m := map[string]string{}
	for _, a := range o.attrs {
		name, value, ok := strings.Cut(a, "=")
		if name = strings.TrimSpace(name); !ok || name == "" {
			return nil, apiclient.FieldErrorf("attr", "--attr %q has no name and value; write it as in --attr min_chars=3.", a)
		}
		m[name] = value
	}
	return m, nil
}

type fieldsCreate struct {
	*app
	writeFlags
	attrFlag
	field    apiclient.Field
	typ      string
	core     string
	options  []string
	min, max int
}

func (a *app) fieldsCreate() *cobra.Command {
	o := &fieldsCreate{app: a}
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Add a field of the site's own",
		Example: `  umdeck fields create --key colour --type select --label Colour --options 'Red,Green,"Light blue, pale"'
  umdeck fields create --key stars --core rating --label Stars --attr number=10 --attr public=2`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return o.run(ctx, api, cmd.Flags()) })
		},
	}
	o.writeFlags.bind(cmd)
	o.attrFlag.bind(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.field.Key, "key", "", "key that answers are stored under")
	flags.StringVar(&o.field.Label, "label", "", "the question")
	flags.StringVar(&o.typ, "type", "text", "one of the 15 types of the API")
	flags.StringVar(&o.core, "core", "", "Ultimate Member's own type in its place, such as rating or youtube_video")
	flags.StringSliceVar(&o.options, "options", nil, "answers to choose from, in order; one with a comma stands in quotes; of a checkbox without any: its label")
	flags.BoolVar(&o.field.Required, "required", false, "an answer is required")
	flags.StringVar(&o.field.Validate, "rule", "", "further rule of Ultimate Member, such as phone_number")
	flags.IntVar(&o.min, "min", 0, "least number")
	flags.IntVar(&o.max, "max", 0, "largest number")
	flags.IntVar(&o.field.MaxChars, "max-chars", 0, "longest text in characters; 0: no limit")
	flags.IntVar(&o.field.MaxWords, "max-words", 0, "longest text in words; 0: no limit")
	complete(cmd, "type", textsOf(apiclient.FieldTypes())...)
	complete(cmd, "core", textsOf(apiclient.CoreTypes())...)
	complete(cmd, "rule", apiclient.ValidateNames()...)
	return cmd
}

// made returns the field that the flags ask for.
func (o *fieldsCreate) made(flags *pflag.FlagSet) (apiclient.Field, error) {
	f := o.field
	f.Type = apiclient.FieldType(o.typ)
	if o.core != "" {
		f.Core = apiclient.CoreType(o.core)
		if !changed(flags, "type") {
			f.Type = apiclient.FieldTypeOf(f.Core, f.Key, f.Validate, "")
		}
	}
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
	attributes, err := o.values()
	if err != nil {
		return f, err
	}
	if f.Parent = attributes["parent_dropdown_relationship"]; f.Parent != "" {
		f.Choices = f.Relabelled(o.options)
	}
	return apiclient.FieldUpdate{Attributes: attributes}.Apply(f)
}

func (o *fieldsCreate) run(ctx context.Context, api apiclient.API, flags *pflag.FlagSet) error {
	f, err := o.made(flags)
	if err != nil {
		return err
	}
	if o.dryRun {
		f.Source = apiclient.FieldCustom
		return one(o.app, o.format, append(apiclient.Payload{{Key: "action", Value: "create"}}, column.Object(column.Fields(), f)...))
	}
	if f, err = api.CreateField(ctx, f); err != nil {
		return err
	}
	return o.said(o.format, fmt.Sprintf("Created the field %s (%s).", f.Key, f.Type), column.Object(column.Fields(), f))
}

type fieldsEdit struct {
	*app
	writeFlags
	attrFlag
	key, label string
	options    []string
}

func (a *app) fieldsEdit() *cobra.Command {
	o := &fieldsEdit{app: a}
	cmd := &cobra.Command{
		Use:   "edit KEY",
		Short: "Change a field; what is not named stays, and so do the key and the type",
		Long: `Change a field; what is not named stays, and so do the key and the type. The copies that forms have stay as they are.

A predefined field becomes one of the site's own of the same key; umdeck fields delete gives it back.`,
		Example: "  umdeck fields edit colour --options Red,Blue --attr help='Of your hat' --attr required=1",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.key = args[0]
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return o.run(ctx, api, cmd.Flags()) })
		},
	}
	o.writeFlags.bind(cmd)
	o.attrFlag.bind(cmd)
	cmd.Flags().StringVar(&o.label, "label", "", "the question")
	cmd.Flags().StringSliceVar(&o.options, "options", nil, "answers to choose from, in order: all of them")
	return cmd
}

func (o *fieldsEdit) run(ctx context.Context, api apiclient.API, flags *pflag.FlagSet) error {
	var u apiclient.FieldUpdate
	var err error
	if u.Attributes, err = o.values(); err != nil {
		return err
	}
	if changed(flags, "label") {
		u.Label = &o.label
	}
	list, err := api.Fields(ctx)
	if err != nil {
		return err
	}
	was, err := fieldOf(list, o.key)
	if err != nil {
		return err
	}
	if changed(flags, "options") {
		u.Choices = was.Relabelled(o.options)
	}
	if u.IsZero() {
		return apiclient.FieldErrorf("attr", "Nothing is to be changed; say what with --label, --options or --attr.")
	}
	if o.dryRun {
		is, err := u.Apply(was)
		if err != nil {
			return err
		}
		return one(o.app, o.format, append(apiclient.Payload{{Key: "action", Value: "edit"}}, column.Object(column.Fields(), is)...))
	}
	is, err := api.UpdateField(ctx, o.key, u)
	if err != nil {
		return err
	}
	return o.said(o.format, fmt.Sprintf("Changed the field %s.", is.Key), column.Object(column.Fields(), is))
}
