package wordpress

import (
	"context"
	"maps"
	"net/url"
	"strconv"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

const (
	pageSize = 100  // the largest per_page that WordPress takes
	maxScan  = 2000 // how many users one call reads to filter them here
)

// window reads n users from the given offset on, and how many there are in all.
func (c *Client) window(ctx context.Context, params url.Values, offset, n int, withFields bool) ([]apiclient.User, int, error) {
	q := maps.Clone(params)
	q.Set("context", "edit")
	q.Set("_fields", wire.WordPressUserFields)
	q.Set("offset", strconv.Itoa(offset))
	q.Set("per_page", strconv.Itoa(min(max(n, 1), pageSize)))
	var rows []wire.WordPressUser
	var h head
	if err := c.core(ctx, request{path: "/wp/v2/users", query: q, head: &h}, &rows); err != nil {
		return nil, 0, err
	}
	users := make([]apiclient.User, 0, len(rows))
	for _, row := range rows {
		u, err := row.User(withFields)
		if err != nil {
			return nil, 0, err
		}
		users = append(users, u)
	}
	return users, h.total, nil
}

// Users reads one page. WordPress has no keyset, only offsets: the cursor holds
// how many rows are behind it and the last one's id, and the next page is read
// from that row on, so that a shift of the list shows and is put right.
func (c *Client) Users(ctx context.Context, q apiclient.UserQuery) (apiclient.UserPage, error) {
	if err := c.need(ctx, apiclient.CanListUsers); err != nil {
		return apiclient.UserPage{}, err
	}
	if q.WithHashes {
		return apiclient.UserPage{}, absent(apiclient.CanReadHashes)
	}
	limit := q.Limit
	switch {
	case limit == 0:
		limit = 50
	case limit < 0 || limit > apiclient.MaxLimit:
		return apiclient.UserPage{}, invalid("limit", "The page has %d users; ask for 1 to %d.", limit, apiclient.MaxLimit)
	}
	s, err := c.searchFor(q)
	if err != nil {
		return apiclient.UserPage{}, err
	}
	r := &reader{c: c, s: s, limit: limit, withFields: q.WithFields}
	if q.After != "" {
		k, err := q.After.Keyset(q.Sort)
		if err == nil {
			r.at, err = strconv.Atoi(k.Key)
		}
		if err != nil || r.at < 1 || k.ID <= 0 {
			return apiclient.UserPage{}, invalid("cursor", "The cursor is not one that this list gave out; leave it away to start at the first page.")
		}
		r.last = apiclient.UserID(k.ID)
	}
	if err := r.run(ctx); err != nil {
		return apiclient.UserPage{}, err
	}
	page := apiclient.UserPage{Users: r.users, Note: r.note()}
	if r.more {
		page.Next = apiclient.Keyset{Sort: q.Sort, Key: strconv.Itoa(r.at), ID: int64(r.last)}.Cursor()
	}
	return page, nil
}

// A reader collects one page from as many windows as it takes.
type reader struct {
	c          *Client
	s          search
	limit      int
	withFields bool

	at      int              // rows behind
	last    apiclient.UserID // the last of them; 0: none
	scanned int
	shifted bool // the list changed between two reads
	users   []apiclient.User
	more    bool
}

func (r *reader) run(ctx context.Context) error {
	for {
		from, n := r.at, r.limit-len(r.users)
		if r.s.filters() {
			n = min(pageSize, maxScan-r.scanned)
		}
		if r.last != 0 { // read the last row again, to see that it still stands there
			from, n = from-1, n+1
		}
		rows, all, err := r.c.window(ctx, r.s.params, from, n, r.withFields || r.s.filters())
		if err != nil {
			return err
		}
		fresh, back := r.fresh(rows, from)
		if back {
			r.at = max(1, from-pageSize+1)
			continue
		}
		r.take(fresh)
		r.more = r.at < all && len(rows) > 0
		if len(r.users) >= r.limit || !r.more || r.scanned >= maxScan {
			return nil
		}
	}
}

// fresh returns the rows behind the last one that was taken. back asks to read
// from farther ahead: rows before it are gone, and some of those behind it stand
// before the window now.
func (r *reader) fresh(rows []apiclient.User, from int) (list []apiclient.User, back bool) {
	switch {
	case r.last == 0:
		return rows, false
	case r.s.byID:
		return r.freshByID(rows, from)
	}
	for i, u := range rows {
		if u.ID == r.last {
			if from+i+1 != r.at {
				r.at, r.shifted = from+i+1, true
			}
			return rows[i+1:], false
		}
	}
	r.shifted = true
	r.at = from // the row is gone, and what stands at its place was not seen yet
	return rows, false
}

// freshByID needs no luck: ids say which rows were seen.
func (r *reader) freshByID(rows []apiclient.User, from int) (list []apiclient.User, back bool) {
	if from > 0 && (len(rows) == 0 || r.s.behind(rows[0].ID, r.last)) {
		return nil, true
	}
	for i, u := range rows {
		if r.s.behind(u.ID, r.last) {
			r.at = from + i
			return rows[i:], false
		}
	}
	r.at = from + len(rows)
	return nil, false
}

func (r *reader) take(rows []apiclient.User) {
	for _, u := range rows {
		if len(r.users) >= r.limit {
			return
		}
		r.at++
		r.scanned++
		r.last = u.ID
		if !r.s.match(u) {
			continue
		}
		if !r.withFields {
			u.Fields = nil
		}
		r.users = append(r.users, u)
	}
}

func (r *reader) note() string {
	note := r.s.note
	if r.s.filters() && r.more && len(r.users) < r.limit {
		note = join(note, "The first "+strconv.Itoa(r.scanned)+" users were looked at; the next page goes on from there.")
	}
	if r.shifted {
		note = join(note, "The list changed while it was read; a user may be missing or stand in it twice.")
	}
	return note
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}

// CountUsers counts by X-WP-Total, or by looking at each user where the filter
// is not WordPress's.
func (c *Client) CountUsers(ctx context.Context, f apiclient.Filter) (apiclient.UserCounts, error) {
	if err := c.need(ctx, apiclient.CanListUsers); err != nil {
		return apiclient.UserCounts{}, err
	}
	s, err := c.searchFor(apiclient.UserQuery{Filter: f, Sort: apiclient.Sort{Column: "id"}})
	if err != nil {
		return apiclient.UserCounts{}, err
	}
	_, all, err := c.window(ctx, s.params, 0, 1, false)
	if err != nil {
		return apiclient.UserCounts{}, err
	}
	if !s.filters() && (!c.me.ShowsStatus() || all > maxScan) {
		return apiclient.UserCounts{Total: all}, nil
	}
	if all > maxScan {
		return apiclient.UserCounts{}, apiclient.Errorf(apiclient.Unsupported, "Counting these would mean reading %d users one by one, and WordPress cannot count them; narrow the filter by free text or one role.", all)
	}
	r := &reader{c: c, s: s, limit: maxScan + 1}
	if err := r.run(ctx); err != nil {
		return apiclient.UserCounts{}, err
	}
	counts := apiclient.UserCounts{Total: len(r.users)}
	if c.me.ShowsStatus() {
		counts.ByStatus = map[apiclient.Status]int{}
		for _, u := range r.users {
			counts.ByStatus[u.Status]++
		}
	}
	return counts, nil
}
