package wordpress

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

// parallel is how many requests one call has under way: shared hosting gives a
// site about four PHP workers, and members need some of them too.
const parallel = 3

// inventoryAge is how long what was read of zaps is taken for true.
const inventoryAge = time.Minute

// An inventory is the zaps of a site with their fields, read once a minute.
type inventory struct {
	lock chan struct{} // holds one token while the inventory is read or looked at
	at   time.Time
	list []zap
}

// A zap is what the extension tells of one.
type zap struct {
	id      apiclient.ZapID
	name    string
	kind    apiclient.ZapKind
	fields  []apiclient.Field
	stopped bool // um_get_fields says that it is not running
}

func (z zap) has(key string) bool {
	return slices.ContainsFunc(z.fields, func(f apiclient.Field) bool { return f.Key == key })
}

// statusField returns the key under which a trigger zap carries the status.
func (z zap) statusField() string {
	for _, key := range []string{"account_status", "um_account_status"} {
		if z.has(key) {
			return key
		}
	}
	return ""
}

func (z zap) keys() []string {
	keys := []string{}
	for _, f := range z.fields {
		keys = append(keys, f.Key)
	}
	return keys
}

// allZaps returns the zaps by id; fresh reads them again.
func (c *Client) allZaps(ctx context.Context, fresh bool) ([]zap, error) {
	select {
	case c.zaps.lock <- struct{}{}:
	case <-ctx.Done():
		return nil, &apiclient.Error{Kind: apiclient.Unavailable, Message: "The request was stopped.", Err: ctx.Err()}
	}
	defer func() { <-c.zaps.lock }()
	if !fresh && !c.zaps.at.IsZero() && c.cfg.Now().Sub(c.zaps.at) < inventoryAge {
		return c.zaps.list, nil
	}
	list, err := c.readZaps(ctx)
	if err != nil {
		return nil, err
	}
	c.zaps.list, c.zaps.at = list, c.cfg.Now()
	return list, nil
}

func (c *Client) readZaps(ctx context.Context) ([]zap, error) {
	var list []zap
	for kind, action := range map[apiclient.ZapKind]string{apiclient.ZapAction: "um_get_zap_actions_options", apiclient.ZapTrigger: "um_get_zap_triggers_options"} {
		r, err := c.act(ctx, action, nil, true)
		if err != nil {
			return nil, err
		}
		var zaps wire.WordPressZaps
		if err := json.Unmarshal(r.Data, &zaps); err != nil {
			return nil, undocumented(action, err)
		}
		for _, id := range zaps.Order {
			list = append(list, zap{id: id, name: zaps.Choices[id], kind: kind})
		}
	}
	slices.SortFunc(list, func(a, b zap) int { return int(a.id - b.id) })
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for i := range list {
		g.Go(func() error {
			fields, err := c.fieldsOf(ctx, list[i].id)
			if apiclient.KindOf(err) == apiclient.Conflict {
				list[i].stopped = true
				return nil
			}
			list[i].fields = fields
			return err
		})
	}
	return list, g.Wait()
}

func (c *Client) fieldsOf(ctx context.Context, id apiclient.ZapID) ([]apiclient.Field, error) {
	r, err := c.act(ctx, "um_get_fields", url.Values{"get_fields": {idText(id)}}, true)
	if err != nil {
		return nil, err
	}
	var defs []wire.WordPressField
	if err := json.Unmarshal(r.Data, &defs); err != nil {
		return nil, undocumented("um_get_fields", err)
	}
	fields := []apiclient.Field{}
	for _, d := range defs {
		if f := d.Field(); f.Key != "" {
			fields = append(fields, f)
		}
	}
	return fields, nil
}

func undocumented(action string, err error) error {
	return &apiclient.Error{Kind: apiclient.Unavailable, Message: "The Zapier extension answered " + action + " in another shape than its API document shows.", Err: err}
}

func idText[T ~int64](id T) string { return strconv.FormatInt(int64(id), 10) }

// find returns the zap of that id, or NotFound.
func (c *Client) find(ctx context.Context, id apiclient.ZapID) (zap, error) {
	for _, fresh := range []bool{false, true} {
		list, err := c.allZaps(ctx, fresh)
		if err != nil {
			return zap{}, err
		}
		for _, z := range list {
			if z.id == id {
				return z, nil
			}
		}
	}
	return zap{}, apiclient.Errorf(apiclient.NotFound, "The site offers no zap %d; drafts are not offered.", id)
}

// statusZap returns a running trigger zap whose sample tells a user's status; and,
// where none does, the one with the most fields. ok is false without any.
func (c *Client) statusZap(ctx context.Context) (z zap, tellsStatus, ok bool, err error) {
	list, err := c.allZaps(ctx, false)
	if err != nil {
		return zap{}, false, false, err
	}
	for _, candidate := range list {
		if candidate.kind != apiclient.ZapTrigger || candidate.stopped {
			continue
		}
		tells := candidate.statusField() != ""
		if !ok || tells && !tellsStatus || tells == tellsStatus && len(candidate.fields) > len(z.fields) {
			z, tellsStatus, ok = candidate, tells, true
		}
	}
	return z, tellsStatus, ok, nil
}

// wants returns the required fields that are not among the keys given.
func (z zap) wants(given []string) []string {
	var keys []string
	for _, f := range z.fields {
		if f.Required && !slices.Contains(given, f.Key) {
			keys = append(keys, f.Key)
		}
	}
	return keys
}

// actionZap returns the running action zap that takes the most of the keys, and
// which of them it does not take; among equals the one that wants the least
// beyond what is given.
func (c *Client) actionZap(ctx context.Context, keys, given []string) (z zap, lacks []string, err error) {
	list, err := c.allZaps(ctx, false)
	if err != nil {
		return zap{}, nil, err
	}
	found := false
	for _, candidate := range list {
		if candidate.kind != apiclient.ZapAction || candidate.stopped {
			continue
		}
		var missing []string
		for _, k := range keys {
			if !candidate.has(k) {
				missing = append(missing, k)
			}
		}
		fewer := len(missing) < len(lacks) || len(missing) == len(lacks) && len(candidate.wants(given)) < len(z.wants(given))
		if !found || fewer {
			z, lacks, found = candidate, missing, true
		}
	}
	if !found {
		return zap{}, nil, apiclient.Errorf(apiclient.Unsupported, reasonNoAction)
	}
	return z, lacks, nil
}
