package command

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/views/column"
)

func (a *app) forms() *cobra.Command {
	cmd := group("forms", "Read and change the forms that members fill in",
		bareList(a, "List the forms", column.Forms(),
			func(ctx context.Context, api apiclient.API) ([]apiclient.Form, error) { return api.Forms(ctx) }),
		a.formsGet(), a.formsFields(), a.formsCreate(), a.formsEdit(), a.formsDelete(),
		a.formsAddField(), a.formsMoveField(), a.formsRemoveField(), a.formsSyncField())
	cmd.Aliases = []string{"form"}
	return cmd
}

// formOf finds a form by its number or, without regard to case, by its title.
func formOf(ctx context.Context, api apiclient.API, ref string) (apiclient.Form, error) {
	if id, err := strconv.ParseInt(strings.TrimPrefix(ref, "#"), 10, 64); err == nil {
		return api.Form(ctx, apiclient.FormID(id))
	}
	list, err := api.Forms(ctx)
	if err != nil {
		return apiclient.Form{}, err
	}
	list = slices.DeleteFunc(list, func(f apiclient.Form) bool { return !strings.EqualFold(f.Title, ref) })
	switch len(list) {
	case 0:
		return apiclient.Form{}, apiclient.Errorf(apiclient.NotFound, "There is no form %q; `umdeck forms list` shows those that there are.", ref)
	case 1:
		return list[0], nil
	}
	return apiclient.Form{}, apiclient.Errorf(apiclient.Conflict, "%d forms have the title %q; use the id.", len(list), ref)
}

func formName(f apiclient.Form) string { return fmt.Sprintf("form %d (%s)", f.ID, f.Title) }

func (a *app) formsGet() *cobra.Command {
	return a.byRef("get ID|TITLE", "Show one form", func(ctx context.Context, api apiclient.API, f format, ref string) error {
		form, err := formOf(ctx, api, ref)
		if err != nil {
			return err
		}
		return one(a, f, column.Object(column.Forms(), form))
	})
}

// formsFields shows the copies of a form beside the catalogue.
func (a *app) formsFields() *cobra.Command {
	f := &listFlags{}
	cmd := &cobra.Command{
		Use: "fields ID|TITLE", Short: "Show the fields of a form, and where its copies differ from the catalogue", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error {
				form, err := formOf(ctx, api, args[0])
				if err != nil {
					return err
				}
				catalogue, err := catalogueOf(ctx, api)
				if err != nil {
					return err
				}
				return whole(a, f, view[column.Copy]{all: column.FormFields()}, column.Copies(form, catalogue))
			})
		},
	}
	f.bind(cmd, 0, column.Keys(column.FormFields()))
	f.bindSort(cmd, column.Keys(column.FormFields()))
	return cmd
}

// formFlags are the flags that describe a form.
type formFlags struct {
	title    string
	settings []string
	rows     []string
}

func (f *formFlags) bind(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.title, "title", "", "what administrators call the form")
	flags.StringArrayVar(&f.settings, "set", nil, "`NAME=VALUE` of a setting, such as role=um_member or redirect_url=https://…; an empty value is the default")
	flags.StringArrayVar(&f.rows, "row", nil, "a row as `COLUMNS[:HEADING]`, such as 2 or 1,3:Contact: how many columns each of its sub-rows has; all rows, in order")
}

func (f *formFlags) read() (settings apiclient.FormSettings, rows []apiclient.FormRow, err error) {
	for _, text := range f.settings {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return nil, nil, apiclient.FieldErrorf("set", "%q is no setting; write NAME=VALUE, such as role=um_member.", text)
		}
		if settings == nil {
			settings = apiclient.FormSettings{}
		}
		settings[name] = value
	}
	for _, text := range f.rows {
		columns, heading, _ := strings.Cut(text, ":")
		row := apiclient.FormRow{Heading: strings.TrimSpace(heading)}
		for part := range strings.SplitSeq(columns, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(part))
			if err != nil {
				return nil, nil, apiclient.FieldErrorf("row", "%q is no row; write the numbers of columns of its sub-rows, such as 2 or 1,3:Contact.", text)
			}
			row.Columns = append(row.Columns, n)
		}
		rows = append(rows, row)
	}
	return settings, rows, nil
}

type formsCreate struct {
	*app
	writeFlags
	formFlags
	mode string
	keys []string
}

func (a *app) formsCreate() *cobra.Command {
	o := &formsCreate{app: a}
	cmd := &cobra.Command{
		Use:     "create",
		Short:   "Make a form",
		Example: `  umdeck forms create --title Partners --mode register --fields user_email,user_password,country --set use_custom_settings=1 --set role=um_member`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.use(cmd, o.run) },
	}
	o.writeFlags.bind(cmd)
	o.formFlags.bind(cmd)
	cmd.Flags().StringVar(&o.mode, "mode", "", "register, login or profile")
	cmd.Flags().StringSliceVar(&o.keys, "fields", nil, "keys of the fields, in order; without: those that the core form of the mode begins with")
	complete(cmd, "mode", textsOf(apiclient.FormModes())...)
	return cmd
}

func (o *formsCreate) run(ctx context.Context, api apiclient.API) error {
	settings, rows, err := o.read()
	if err != nil {
		return err
	}
	n := apiclient.NewForm{Title: o.title, Mode: apiclient.FormMode(o.mode), Settings: settings, Rows: rows}
	for _, key := range o.keys {
		n.Fields = append(n.Fields, apiclient.FormField{Field: apiclient.Field{Key: key}})
	}
	if err := n.Validate(); err != nil {
		return err
	}
	if o.dryRun {
		f, err := checkedForm(ctx, api, n.Form())
		if err != nil {
			return err
		}
		return planned(o.app, o.format, "create", f)
	}
	f, err := api.CreateForm(ctx, n)
	if err != nil {
		return err
	}
	return o.said(o.format, fmt.Sprintf("Created %s.", formName(f)), column.Object(column.Forms(), f))
}

// checkedForm returns a form with its copies as the site would make them, or why it would not.
func checkedForm(ctx context.Context, api apiclient.API, f apiclient.Form) (apiclient.Form, error) {
	catalogue, err := catalogueOf(ctx, api)
	if err != nil {
		return f, err
	}
	f, err = f.Resolve(func(key string) (apiclient.Field, bool) {
		i := slices.IndexFunc(catalogue, func(c apiclient.Field) bool { return c.Key == key })
		if i < 0 {
			return apiclient.Field{}, false
		}
		return catalogue[i], true
	})
	if err == nil {
		err = f.Check()
	}
	return f, err
}

func planned(a *app, f format, action string, form apiclient.Form) error {
	return one(a, f, append(apiclient.Payload{{Key: "action", Value: action}}, column.Object(column.Forms(), form)...))
}

func (a *app) formsEdit() *cobra.Command {
	var f formFlags
	return a.editForm("edit ID|TITLE", "Change title, settings and rows of a form", 1, f.bind,
		func(cmd *cobra.Command, form apiclient.Form, _ []string) (apiclient.FormUpdate, error) {
			settings, rows, err := f.read()
			u := apiclient.FormUpdate{Settings: settings, Rows: rows}
			if changed(cmd.Flags(), "title") {
				u.Title = &f.title
			}
			if err == nil && u.Title == nil && settings == nil && rows == nil {
				err = apiclient.FieldErrorf("form", "Nothing is to be changed; give --title, --set or --row.")
			}
			return u, err
		})
}

// editForm is a command that changes the form which its first argument names.
func (a *app) editForm(use, short string, arguments int, bind func(*cobra.Command), update func(*cobra.Command, apiclient.Form, []string) (apiclient.FormUpdate, error)) *cobra.Command {
	f := &writeFlags{}
	cmd := &cobra.Command{
		Use: use, Short: short, Args: cobra.ExactArgs(arguments),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error {
				form, err := formOf(ctx, api, args[0])
				if err != nil {
					return err
				}
				u, err := update(cmd, form, args[1:])
				if err != nil {
					return err
				}
				u.Since = form.Updated
				if f.dryRun {
					is, err := u.Apply(form)
					if err == nil {
						is, err = checkedForm(ctx, api, is)
					}
					if err != nil {
						return err
					}
					return planned(a, f.format, "update", is)
				}
				is, err := api.UpdateForm(ctx, form.ID, u)
				if err != nil {
					return err
				}
				return a.said(f.format, fmt.Sprintf("Changed %s.", formName(is)), column.Object(column.Forms(), is))
			})
		},
	}
	f.bind(cmd)
	if bind != nil {
		bind(cmd)
	}
	return cmd
}

func (a *app) formsDelete() *cobra.Command {
	f := &writeFlags{}
	return a.many("delete ID|TITLE…", "Delete forms that are no core forms", f, func(ctx context.Context, api apiclient.API, refs []string) error {
		if err := a.confirmDelete(ctx, api, f, "", len(refs), "forms"); err != nil {
			return err
		}
		return a.forEach(f.format, refs, func(ref string) result {
			form, err := formOf(ctx, api, ref)
			if err != nil {
				return result{Err: err}
			}
			if f.dryRun {
				return result{Subject: formName(form), Word: "would be deleted"}
			}
			return result{Subject: formName(form), Word: "deleted", Err: api.DeleteForm(ctx, form.ID)}
		})
	})
}

// placeFlags say where a field is to stand.
type placeFlags struct{ row, subRow, column, position int }

func (p *placeFlags) bind(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.IntVar(&p.row, "in-row", 0, "row, from 1; 0: the last")
	flags.IntVar(&p.subRow, "in-sub-row", 0, "sub-row, from 1; 0: the row's last")
	flags.IntVar(&p.column, "in-column", 0, "column, from 1; 0: the first")
	flags.IntVar(&p.position, "position", 0, "before the field that has this position in the form; 0: at the end of the column")
}

func (p placeFlags) put(x apiclient.FormField) apiclient.FormField {
	x.Row, x.SubRow, x.Column, x.Position = p.row, p.subRow, p.column, p.position
	return x
}

func (a *app) formsAddField() *cobra.Command {
	var p placeFlags
	return a.editForm("add-field ID|TITLE KEY|TYPE", "Add a field of the catalogue to a form, or a piece: block, shortcode, spacing, divider", 2, p.bind,
		func(_ *cobra.Command, form apiclient.Form, args []string) (apiclient.FormUpdate, error) {
			if _, there := form.Field(args[0]); there {
				return apiclient.FormUpdate{}, apiclient.Errorf(apiclient.Conflict, "The form %s has the field %s already; use move-field or sync-field.", form.Title, args[0])
			}
			x := apiclient.FormField{Field: apiclient.Field{Key: args[0]}}
			if t := apiclient.CoreType(args[0]); slices.Contains(apiclient.CoreTypes(), t) && !t.Holds() {
				x.Field = apiclient.Field{Core: t}
			}
			return apiclient.FormUpdate{Fields: form.With(p.put(x)).Fields}, nil
		})
}

func (a *app) formsMoveField() *cobra.Command {
	var p placeFlags
	return a.editForm("move-field ID|TITLE KEY", "Move a field of a form elsewhere in it", 2, p.bind,
		func(_ *cobra.Command, form apiclient.Form, args []string) (apiclient.FormUpdate, error) {
			x, err := copyOf(form, args[0])
			return apiclient.FormUpdate{Fields: form.With(p.put(x)).Fields}, err
		})
}

func (a *app) formsRemoveField() *cobra.Command {
	return a.editForm("remove-field ID|TITLE KEY", "Take a field out of a form; the catalogue and what users have stored stay", 2, nil,
		func(_ *cobra.Command, form apiclient.Form, args []string) (apiclient.FormUpdate, error) {
			_, err := copyOf(form, args[0])
			return apiclient.FormUpdate{Fields: form.Without(args[0]).Fields}, err
		})
}

func (a *app) formsSyncField() *cobra.Command {
	return a.editForm("sync-field ID|TITLE KEY", "Make a form's copy of a field what the catalogue says", 2, nil,
		func(_ *cobra.Command, form apiclient.Form, args []string) (apiclient.FormUpdate, error) {
			x, err := copyOf(form, args[0])
			x.Field = apiclient.Field{Key: args[0]}
			return apiclient.FormUpdate{Fields: form.With(x).Fields}, err
		})
}

func copyOf(form apiclient.Form, key string) (apiclient.FormField, error) {
	x, ok := form.Field(key)
	if !ok {
		return x, apiclient.Errorf(apiclient.NotFound, "The form %s has no field %s; `umdeck forms fields %d` shows those that it has.", form.Title, key, form.ID)
	}
	return x, nil
}
