package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/apiclient/document"
)

func (a *app) exportSite() *cobra.Command {
	return &cobra.Command{
		Use:   "export FILE.json",
		Short: "Write settings, roles, fields, forms and zaps as one document",
		Long: `Write what makes the site, its members apart, as one JSON document: settings that
are not their defaults, roles, the site's own fields, forms and zaps; - is stdout. No
secret is in it. Members are written by umdeck users export, and umdeck backup keeps
all of a local instance.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return a.writeSite(ctx, api, args[0]) })
		},
	}
}

func (a *app) writeSite(ctx context.Context, api apiclient.API, file string) error {
	d, notes, err := document.Of(ctx, api)
	if err != nil {
		return err
	}
	text, err := d.Encode()
	if err != nil {
		return err
	}
	for _, note := range notes {
		a.note("%s", note)
	}
	if file == "-" {
		return written(a.cfg.Stdout.Write(text))
	}
	return replaceFile(file, text)
}

// replaceFile writes a file in one step: whoever reads it has the old one or the new.
func replaceFile(file string, text []byte) error {
	part, err := os.CreateTemp(filepath.Dir(file), ".umdeck-export-*")
	if err == nil {
		_, err = part.Write(text)
		err = firstOf(err, part.Sync(), part.Close())
		if err == nil {
			err = os.Rename(part.Name(), file)
		}
		if err != nil {
			err = errors.Join(err, os.Remove(part.Name()))
		}
	}
	if err != nil {
		return &apiclient.Error{Kind: apiclient.Invalid, Field: "file", Message: fmt.Sprintf("The file %s cannot be written; check that its folder exists, and its rights.", file), Err: err}
	}
	return nil
}

type importSite struct {
	*app
	writeFlags
	file string
}

func (a *app) importSite() *cobra.Command {
	o := &importSite{app: a}
	cmd := &cobra.Command{
		Use:   "import FILE.json",
		Short: "Read settings, roles, fields, forms and zaps from a document",
		Long: `Read a document that umdeck export has written, or a part of one; - is stdin. What is
not in it stays as it is, and reading it again changes nothing. All of it is compared
with the site first: nothing is changed when the site could not take a part of it.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.file = args[0]
			return a.use(cmd, o.run)
		},
	}
	o.bind(cmd)
	return cmd
}

func (o *importSite) run(ctx context.Context, api apiclient.API) error {
	if o.file == "-" && !o.yes && !o.dryRun {
		return apiclient.FieldErrorf("yes", "stdin holds the document, so nothing can be asked; pass --yes or --dry-run.")
	}
	d, err := o.read()
	if err != nil {
		return err
	}
	plan, err := document.PlanOf(ctx, api, d)
	if err != nil {
		return err
	}
	s, err := sheetOf(o.app, o.format, view[result]{all: results()})
	if err != nil {
		return err
	}
	if o.dryRun || !o.yes {
		if err := o.show(s, plan); err != nil || o.dryRun {
			return err
		}
	}
	if plan.Changes() > 0 {
		site, err := siteName(ctx, api)
		if err != nil {
			return err
		}
		if err := o.confirm(&o.writeFlags, fmt.Sprintf("Make %s on %s?", counted(plan.Changes(), "change", "changes"), site)); err != nil {
			return err
		}
	}
	return o.apply(ctx, api, plan)
}

func (o *importSite) read() (document.Document, error) {
	if o.file == "-" {
		return document.Decode(o.stdin)
	}
	f, err := os.Open(o.file)
	if err != nil {
		kind := apiclient.Invalid
		if errors.Is(err, os.ErrNotExist) {
			kind = apiclient.NotFound
		}
		return document.Document{}, &apiclient.Error{Kind: kind, Field: "file", Message: fmt.Sprintf("The file %s cannot be read; check its name and rights.", o.file), Err: err}
	}
	defer f.Close()
	return document.Decode(io.Reader(f))
}

// show writes what would be done.
func (o *importSite) show(s sheet[result], plan document.Plan) error {
	for _, step := range plan {
		word := "would be " + step.Action
		if step.Action == document.Same {
			word = "is the same"
		}
		if err := s.add(result{Subject: step.Noun + " " + step.Name, Word: word}); err != nil {
			return err
		}
	}
	return s.end()
}

// apply does it and writes what was done, also when not all of it could be.
func (o *importSite) apply(ctx context.Context, api apiclient.API, plan document.Plan) error {
	s, err := sheetOf(o.app, o.format, view[result]{all: results()})
	if err != nil {
		return err
	}
	var wrote error
	done := 0
	err = plan.Apply(ctx, api, func(step document.Step) {
		if step.Action == document.Same {
			return
		}
		done++
		wrote = firstOf(wrote, s.add(result{Subject: step.Noun + " " + step.Name, Word: step.Action}))
	})
	if wrote = firstOf(wrote, s.end()); err == nil {
		if plan.Changes() == 0 {
			o.note("The site has all of it already.")
		}
		return wrote
	}
	if done > 0 {
		return &exitError{Partly, fmt.Sprintf("%s %d of %d changes were made; correct that, and import the document again.", sentenceOf(err), done, plan.Changes())}
	}
	return err
}
