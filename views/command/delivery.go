package command

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
	"umdeck/views/column"
)

func (a *app) deliveries() *cobra.Command {
	cmd := group("deliveries", "Read, follow and send again what was sent", a.deliveriesList(), a.deliveriesGet(), a.deliveriesTail(), a.deliveriesRedeliver())
	cmd.Aliases = []string{"delivery"}
	return cmd
}

type deliveriesList struct {
	*app
	listFlags
}

func (a *app) deliveriesList() *cobra.Command {
	o := &deliveriesList{app: a}
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List deliveries, newest first",
		Example: "  umdeck deliveries list --filter 'state:dead target:hooks.zapier.com since:7d'",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.use(cmd, o.run) },
	}
	o.bind(cmd, 50, column.Keys(column.Deliveries()))
	return cmd
}

func (o *deliveriesList) run(ctx context.Context, api apiclient.API) error {
	get, err := o.fetchDeliveries(api, o.filter)
	if err != nil {
		return err
	}
	return paged(ctx, o.app, &o.listFlags, view[apiclient.Delivery]{all: column.Deliveries()}, get)
}

func (a *app) fetchDeliveries(api apiclient.API, text string) (fetch[apiclient.Delivery], error) {
	tree, err := filter.Parse(text, filter.Options{Columns: filter.Deliveries(), Now: a.cfg.Now})
	return func(ctx context.Context, after apiclient.Cursor, limit int) ([]apiclient.Delivery, apiclient.Cursor, error) {
		p, err := api.Deliveries(ctx, apiclient.DeliveryQuery{Filter: tree, After: after, Limit: limit})
		return p.Deliveries, p.Next, err
	}, err
}

func (a *app) deliveriesGet() *cobra.Command {
	return a.byRef("get ID", "Show one delivery with its body and attempts", func(ctx context.Context, api apiclient.API, f format, ref string) error {
		id, err := idOf[apiclient.DeliveryID]("delivery", ref)
		if err != nil {
			return err
		}
		d, err := api.Delivery(ctx, id)
		if err != nil {
			return err
		}
		o := column.Object(column.Deliveries(), d)
		if f != formatTable {
			return one(a, f, append(o, apiclient.Member{Key: "body", Value: bodyOf(d.Body)}, apiclient.Member{Key: "log", Value: attemptsOf(d.Log)}))
		}
		if err := one(a, f, append(o, apiclient.Member{Key: "body", Value: string(d.Body)})); err != nil {
			return err
		}
		if len(d.Log) == 0 {
			return nil
		}
		if err := written(fmt.Fprintln(a.cfg.Stdout)); err != nil {
			return err
		}
		s, err := sheetOf(a, f, view[apiclient.Attempt]{all: column.Attempts()})
		if err != nil {
			return err
		}
		for _, attempt := range d.Log {
			if err := s.add(attempt); err != nil {
				return err
			}
		}
		return s.end()
	})
}

// bodyOf returns bytes as JSON where they are that, and else as text.
func bodyOf(b []byte) any {
	if json.Valid(b) && utf8.Valid(b) {
		return json.RawMessage(bytes.TrimSpace(b))
	}
	return string(bytes.ToValidUTF8(b, []byte("\ufffd")))
}

func attemptsOf(log []apiclient.Attempt) []apiclient.Payload {
	list := make([]apiclient.Payload, len(log))
	for i, attempt := range log {
		list[i] = append(column.Object(column.Attempts(), attempt),
			apiclient.Member{Key: "request", Value: headersOf(attempt.Request)},
			apiclient.Member{Key: "response", Value: headersOf(attempt.Response)},
			apiclient.Member{Key: "answer", Value: bodyOf(attempt.Body)})
	}
	return list
}

// headersOf returns the lines of a head in their order; a name may come twice.
func headersOf(list []apiclient.Header) [][2]string {
	lines := make([][2]string, len(list))
	for i, h := range list {
		lines[i] = [2]string{h.Name, h.Value}
	}
	return lines
}

type deliveriesRedeliver struct {
	*app
	writeFlags
	filter string
}

func (a *app) deliveriesRedeliver() *cobra.Command {
	o := &deliveriesRedeliver{app: a}
	cmd := &cobra.Command{
		Use:     "redeliver ID…",
		Short:   "Send deliveries again: the same bytes as new deliveries",
		Example: "  umdeck deliveries redeliver --filter 'state:dead subscription:3' --yes",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return o.run(ctx, api, args) })
		},
	}
	o.bind(cmd)
	cmd.Flags().StringVarP(&o.filter, "filter", "f", "", "send all again that match, such as 'state:dead at:1d'")
	return cmd
}

func (o *deliveriesRedeliver) run(ctx context.Context, api apiclient.API, refs []string) error {
	switch {
	case len(refs) > 0 && o.filter != "":
		return apiclient.FieldErrorf("filter", "Both deliveries and a filter are given; choose one.")
	case len(refs) == 0 && o.filter == "":
		return apiclient.FieldErrorf("id", "No delivery is named; give ids, or --filter.")
	}
	if o.filter != "" {
		var err error
		if refs, err = o.matching(ctx, api); err != nil {
			return err
		}
		if err := o.ask(ctx, api, len(refs)); err != nil {
			return err
		}
	}
	return o.forEach(o.format, refs, func(ref string) result {
		id, err := idOf[apiclient.DeliveryID]("delivery", ref)
		if err != nil {
			return result{Err: err}
		}
		r := result{Subject: "delivery " + ref}
		if o.dryRun {
			d, err := api.Delivery(ctx, id)
			r.Word, r.Err = "would be sent again to "+apiclient.HideURL(d.URL), err
			return r
		}
		d, err := api.Redeliver(ctx, id)
		r.Word, r.Err = fmt.Sprintf("sent again as delivery %d", d.ID), err
		return r
	})
}

// matching returns the ids of the filter's deliveries, oldest first: they go out in
// the order in which they did the first time.
func (o *deliveriesRedeliver) matching(ctx context.Context, api apiclient.API) ([]string, error) {
	get, err := o.fetchDeliveries(api, o.filter)
	if err != nil {
		return nil, err
	}
	var refs []string
	err = each(ctx, 0, get, func(list []apiclient.Delivery) error {
		for _, d := range list {
			refs = append(refs, strconv.FormatInt(int64(d.ID), 10))
		}
		return nil
	})
	slices.Reverse(refs)
	return refs, err
}

func (o *deliveriesRedeliver) ask(ctx context.Context, api apiclient.API, n int) error {
	if o.dryRun || o.yes || n == 0 {
		return nil
	}
	site, err := siteName(ctx, api)
	if err != nil {
		return err
	}
	return o.confirm(&o.writeFlags, fmt.Sprintf("Send %s deliveries of %s again?", theme.Count(n), site))
}
