package server

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
	"time"

	"umdeck/apiclient"
)

// WordPress's REST API counts pages, and apiclient has cursors, which a site finds
// its place by however deep it is. What stands between is here: places remembers
// which cursor lies how far into which list.
//
// A page that follows one that the same caller was given costs what any page costs:
// it starts at the end of that one, so that somebody who goes through all pages sees
// each user once, also while others come and go. A page that is asked for out of the
// blue is walked to, placeStep users at a time and without their fields, from the
// nearest place that is known, the end of the list included, from which the list is
// read the other way round. The way leaves a place every placeStep users. So the last
// page costs what the first one does; the way to the middle of a million users is five
// hundred steps once, and one step after that for as long as no user has come or gone.
const (
	placeStep = apiclient.MaxLimit
	maxTrails = 64               // lists that are remembered
	maxSteps  = 4096             // places of a list
	stepsLast = time.Minute      // how long places are good while the number of users stays
	pageLasts = 10 * time.Minute // how long the end of a page is
)

// places remembers cursors. The zero value remembers none.
type places struct {
	now func() time.Time

	mu     sync.Mutex // guards trails
	trails map[listKey]*trail
}

// A listKey stands for a caller, a filter and a sort, however long those are.
type listKey [sha256.Size]byte

// A trail is what is known of one list of one caller.
type trail struct {
	used  time.Time
	total int // when the steps were made
	made  time.Time
	steps map[int]apiclient.Cursor // by how many users come before
	end   int                      // of the page that was given last
	next  apiclient.Cursor
	given time.Time
}

// read returns the users of the page that starts at an offset of the list.
func (p *places) read(ctx context.Context, api apiclient.Users, q apiclient.UserQuery, offset, total int) ([]apiclient.User, error) {
	from := p.nearest(keyOf(ctx, q), offset, total)
	back, size := q, min(q.Limit, total-offset)
	back.Sort.Desc, back.Limit = !q.Sort.Desc, size
	if behind := total - offset - size; behind < offset-from.at {
		users, err := p.walk(ctx, api, back, p.nearest(keyOf(ctx, back), behind, total), behind)
		slices.Reverse(users)
		return users, err
	}
	return p.walk(ctx, api, q, from, offset)
}

func keyOf(ctx context.Context, q apiclient.UserQuery) listKey {
	return sha256.Sum256(fmt.Appendf(nil, "%d %v %v", callerOf(ctx).actor.ID, q.Sort, q.Filter))
}

// A place is a cursor of a list and how many users come before it.
type place struct {
	list   listKey
	total  int // of the list
	at     int
	cursor apiclient.Cursor
}

// walk goes from a place to an offset, and returns the page there.
func (p *places) walk(ctx context.Context, api apiclient.Users, q apiclient.UserQuery, from place, offset int) ([]apiclient.User, error) {
	for from.at < offset {
		step := apiclient.UserQuery{Filter: q.Filter, Sort: q.Sort, After: from.cursor, Limit: min(placeStep, offset-from.at)}
		page, err := api.Users(ctx, step)
		if err != nil || page.Next == "" {
			return nil, err // users have gone since they were counted
		}
		from.at, from.cursor = from.at+len(page.Users), page.Next
		p.step(from)
	}
	q.After = from.cursor
	page, err := api.Users(ctx, q)
	if err == nil && page.Next != "" {
		p.gave(from.list, offset+len(page.Users), page.Next)
	}
	return page.Users, err
}

// nearest returns the last place that is known and does not lie beyond the offset.
func (p *places) nearest(list listKey, offset, total int) place {
	p.mu.Lock()
	defer p.mu.Unlock()
	start := place{list: list, total: total}
	t := p.trails[list]
	if t == nil || offset == 0 {
		return start
	}
	now := p.now()
	t.used = now
	if t.next != "" && t.end == offset && now.Sub(t.given) < pageLasts {
		return place{list, total, offset, t.next}
	}
	if t.total != total || now.Sub(t.made) > stepsLast {
		t.steps = map[int]apiclient.Cursor{}
		return start
	}
	for at := offset - offset%placeStep; at > 0; at -= placeStep {
		if cursor, ok := t.steps[at]; ok {
			return place{list, total, at, cursor}
		}
	}
	return start
}

// step remembers a place on the way.
func (p *places) step(at place) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.trail(at.list)
	if len(t.steps) == 0 || t.total != at.total {
		t.steps, t.total, t.made = map[int]apiclient.Cursor{}, at.total, p.now()
	}
	if at.at%placeStep == 0 && len(t.steps) < maxSteps {
		t.steps[at.at] = at.cursor
	}
}

// gave remembers the end of a page that was given to the caller.
func (p *places) gave(key listKey, end int, next apiclient.Cursor) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.trail(key)
	t.end, t.next, t.given = end, next, p.now()
}

// trail returns what is known of the list. It is called with the lock.
func (p *places) trail(key listKey) *trail {
	if p.trails == nil {
		p.trails = map[listKey]*trail{}
	}
	t := p.trails[key]
	if t == nil {
		if len(p.trails) >= maxTrails {
			p.forget()
		}
		t = &trail{steps: map[int]apiclient.Cursor{}}
		p.trails[key] = t
	}
	t.used = p.now()
	return t
}

// forget drops the list that was used least lately. It is called with the lock.
func (p *places) forget() {
	var oldest listKey
	for key, t := range p.trails {
		if known := p.trails[oldest]; known == nil || t.used.Before(known.used) {
			oldest = key
		}
	}
	delete(p.trails, oldest)
}
