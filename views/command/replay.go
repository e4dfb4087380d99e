package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
	"umdeck/views/column"
)

func (a *app) replays() *cobra.Command {
	cmd := group("replays", "Read and stop the jobs that send deliveries again", a.replaysList(), a.replaysGet(), a.replaysStop())
	cmd.Aliases = []string{"replay"}
	return cmd
}

type replaysList struct {
	*app
	listFlags
}

func (a *app) replaysList() *cobra.Command {
	o := &replaysList{app: a}
	cmd := &cobra.Command{
		Use: "list", Aliases: []string{"ls"}, Short: "List replays, newest first",
		Example: "  umdeck deliveries replays list --filter 'state:running'\n  umdeck deliveries replays list --filter 'by:ada since:7d dead:>0'",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.use(cmd, o.run) },
	}
	o.bind(cmd, 50, column.Keys(column.Replays()))
	return cmd
}

func (o *replaysList) run(ctx context.Context, api apiclient.API) error {
	tree, err := filter.Parse(o.filter, filter.Options{Columns: filter.Replays(), Now: o.cfg.Now})
	if err != nil {
		return err
	}
	return paged(ctx, o.app, &o.listFlags, view[apiclient.Replay]{all: column.Replays()},
		func(ctx context.Context, after apiclient.Cursor, limit int) ([]apiclient.Replay, apiclient.Cursor, error) {
			p, err := api.Replays(ctx, apiclient.ReplaysQuery{Filter: tree, After: after, Limit: limit})
			return p.Replays, p.Next, err
		})
}

func (a *app) replaysGet() *cobra.Command {
	return a.byRef("get ID", "Show how far a replay is", func(ctx context.Context, api apiclient.API, f format, ref string) error {
		id, err := idOf[apiclient.ReplayID]("replay", ref)
		if err != nil {
			return err
		}
		r, err := api.Replay(ctx, id)
		if err != nil {
			return err
		}
		return one(a, f, column.Object(column.Replays(), r))
	})
}

func (a *app) replaysStop() *cobra.Command {
	f := &writeFlags{}
	return a.many("stop ID…", "Stop replays: what they made and is not sent yet is gone", f, func(ctx context.Context, api apiclient.API, refs []string) error {
		return a.forEach(f.format, refs, func(ref string) result {
			id, err := idOf[apiclient.ReplayID]("replay", ref)
			if err != nil {
				return result{Err: err}
			}
			r, err := api.Replay(ctx, id)
			res := result{Subject: fmt.Sprintf("replay %d", id), Err: err}
			switch {
			case err != nil:
			case r.State != apiclient.ReplayRunning:
				res.Word = string(r.State) + " already"
			case f.dryRun:
				res.Word = fmt.Sprintf("would be stopped with %s of %s made", theme.Count(r.Made), theme.Count(r.Total))
			default:
				r, res.Err = api.StopReplay(ctx, id)
				res.Word = fmt.Sprintf("%s with %s of %s made", r.State, theme.Count(r.Made), theme.Count(r.Total))
			}
			return res
		})
	})
}
