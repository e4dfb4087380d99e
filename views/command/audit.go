package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/views/column"
)

func (a *app) audit() *cobra.Command {
	return group("audit", "Read who changed what, and take changes back", a.auditList(), a.auditGet(), a.auditUndo())
}

type auditList struct {
	*app
	listFlags
}

func (a *app) auditList() *cobra.Command {
	o := &auditList{app: a}
	cmd := &cobra.Command{
		Use: "list", Aliases: []string{"ls"}, Short: "List changes, newest first", Args: cobra.NoArgs,
		Example: "  umdeck audit list --filter 'action:users.* actor:admin'",
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.use(cmd, o.run) },
	}
	o.bind(cmd, 50, column.Keys(column.Audits()))
	return cmd
}

func (o *auditList) run(ctx context.Context, api apiclient.API) error {
	tree, err := filter.Parse(o.filter, filter.Options{Columns: filter.Audits(), Now: o.cfg.Now})
	if err != nil {
		return err
	}
	return paged(ctx, o.app, &o.listFlags, view[apiclient.Audit]{all: column.Audits()},
		func(ctx context.Context, after apiclient.Cursor, limit int) ([]apiclient.Audit, apiclient.Cursor, error) {
			p, err := api.Audits(ctx, apiclient.AuditQuery{Filter: tree, After: after, Limit: limit})
			return p.Audits, p.Next, err
		})
}

func (a *app) auditGet() *cobra.Command {
	return a.byRef("get ID", "Show one change, and whether it can be taken back", func(ctx context.Context, api apiclient.API, f format, ref string) error {
		entry, err := auditOf(ctx, api, ref)
		if err != nil {
			return err
		}
		return one(a, f, column.Object(column.Audits(), entry))
	})
}

func auditOf(ctx context.Context, api apiclient.API, ref string) (apiclient.Audit, error) {
	id, err := idOf[int64]("change", ref)
	if err != nil {
		return apiclient.Audit{}, err
	}
	return api.Audit(ctx, id)
}

func (a *app) auditUndo() *cobra.Command {
	f := &writeFlags{}
	return a.many("undo ID…", "Take changes back, in the order given", f, func(ctx context.Context, api apiclient.API, refs []string) error {
		var question strings.Builder
		for _, ref := range refs {
			if entry, err := auditOf(ctx, api, ref); err == nil { // its result says why not
				fmt.Fprintf(&question, "%s: %s%s\n", entry.Action, entry.Undo, entry.NoUndo)
			}
		}
		if !f.dryRun {
			site, err := siteName(ctx, api)
			if err != nil {
				return err
			}
			if err := a.confirm(f, question.String()+"Take this back on "+site+"?"); err != nil {
				return err
			}
		}
		return a.forEach(f.format, refs, func(ref string) result { return takeBack(ctx, api, ref, f.dryRun) })
	})
}

// takeBack takes one change back, or says what that would do.
func takeBack(ctx context.Context, api apiclient.API, ref string, dry bool) result {
	entry, err := auditOf(ctx, api, ref)
	if err != nil {
		return result{Err: err}
	}
	r := result{Subject: entry.Action + " of " + entry.Subject, Word: "taken back"}
	switch {
	case dry && entry.Undo == "":
		r.Err = apiclient.Errorf(apiclient.Conflict, "%s", entry.NoUndo)
	case dry:
		r.Word = entry.Undo
	default:
		_, r.Err = api.UndoAudit(ctx, entry.ID)
	}
	return r
}
