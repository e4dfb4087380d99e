package command

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/views/column"
)

func (a *app) deliveries() *cobra.Command {
	cmd := group("deliveries", "Read, follow and send again what was sent", a.deliveriesList(), a.deliveriesGet(), a.deliveriesTail(), a.deliveriesRedeliver(), a.replays())
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
