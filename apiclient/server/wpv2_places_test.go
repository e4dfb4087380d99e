package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/server"
)

// A crowd is a site of very many users with the ids from 1 on, read by cursors as a
// store does.
type crowd struct {
	*site

	mu   sync.Mutex // guards what follows
	ids  []apiclient.UserID
	asks int // pages that were read
	rows int // users on them
}

func newCrowd(n int) *crowd {
	c := &crowd{site: newSite()}
	for i := range n {
		c.ids = append(c.ids, apiclient.UserID(i+1))
	}
	return c
}

func (c *crowd) CountUsers(context.Context, apiclient.Filter) (apiclient.UserCounts, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return apiclient.UserCounts{Total: len(c.ids)}, nil
}

func (c *crowd) Users(_ context.Context, q apiclient.UserQuery) (apiclient.UserPage, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	after, err := strconv.ParseInt("0"+string(q.After), 10, 64)
	if err != nil {
		return apiclient.UserPage{}, err
	}
	c.asks++
	var page apiclient.UserPage
	ids := slices.Clone(c.ids)
	if q.Sort.Desc {
		slices.Reverse(ids)
	}
	for _, id := range ids {
		if after != 0 && (int64(id) <= after) != q.Sort.Desc || int64(id) == after {
			continue
		}
		if len(page.Users) == q.Limit {
			page.Next = apiclient.Cursor(fmt.Sprint(page.Users[q.Limit-1].ID))
			break
		}
		page.Users = append(page.Users, apiclient.User{ID: id})
	}
	c.rows += len(page.Users)
	return page, nil
}

// work returns how many pages and users were read since it was last asked.
func (c *crowd) work() (asks, rows int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	asks, rows = c.asks, c.rows
	c.asks, c.rows = 0, 0
	return asks, rows
}

// change replaces the users.
func (c *crowd) change(fn func([]apiclient.UserID) []apiclient.UserID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ids = fn(c.ids)
}

// TestRESTPages asks for pages near and far, and counts what that costs.
func TestRESTPages(t *testing.T) {
	c := newCrowd(20_000)
	r := start(t, server.Config{API: c, Trust: &apiclient.Actor{ID: 1, Login: "admin"}})
	for _, s := range []struct {
		name, query string
		first, n    int // id of the first user, how many
		asks, rows  int // at most
		before      func()
	}{
		{name: "the first", query: "per_page=100", first: 1, n: 100, asks: 1, rows: 100},
		{name: "the one after it", query: "per_page=100&page=2", first: 101, n: 100, asks: 1, rows: 100},
		{name: "out of the blue", query: "per_page=100&page=91", first: 9_001, n: 100, asks: 10, rows: 9_100},
		{name: "the one after that", query: "per_page=100&page=92", first: 9_101, n: 100, asks: 1, rows: 100},
		{name: "a little before", query: "per_page=100&page=85", first: 8_401, n: 100, asks: 2, rows: 500},
		{name: "an offset", query: "per_page=7&offset=8999", first: 9_000, n: 7, asks: 2, rows: 1_006},
		{name: "the last", query: "per_page=100&page=200", first: 19_901, n: 100, asks: 1, rows: 100},
		{name: "the last that is not full", query: "per_page=70&page=286", first: 19_951, n: 50, asks: 1, rows: 50},
		{name: "the one before the last", query: "per_page=100&page=199", first: 19_801, n: 100, asks: 2, rows: 200},
		{name: "beyond the middle", query: "per_page=100&page=150", first: 14_901, n: 100, asks: 6, rows: 5_100},
		{name: "beyond the middle again", query: "per_page=100&page=148", first: 14_701, n: 100, asks: 2, rows: 400},
		{name: "beyond the last", query: "per_page=100&page=201", asks: 0, rows: 0},
		{name: "far beyond", query: "per_page=100&page=9999999999", asks: 0, rows: 0},
		{
			name: "after somebody has come", query: "per_page=100&page=95", first: 9_401, n: 100, asks: 11, rows: 9_500,
			before: func() { c.change(func(ids []apiclient.UserID) []apiclient.UserID { return append(ids, 20_001) }) },
		},
		{
			name: "the next one, while the one before goes", query: "per_page=100&page=96", first: 9_501, n: 100, asks: 1, rows: 100,
			before: func() { c.change(func(ids []apiclient.UserID) []apiclient.UserID { return ids[100:] }) },
		},
		{
			name: "much later", query: "per_page=100&page=95", first: 9_501, n: 100, asks: 11, rows: 9_500,
			before: func() { r.now(time.Hour) },
		},
	} {
		if s.before != nil {
			s.before()
		}
		got := r.do(t, ask{path: restUsers + "?_fields=id&orderby=id&" + s.query})
		var users []struct{ ID int }
		if err := json.Unmarshal([]byte(got.body), &users); err != nil || got.status != 200 || len(users) != s.n || s.n > 0 && users[0].ID != s.first {
			t.Errorf("%s: %d %.200s, %v; want %d users from %d on", s.name, got.status, got.body, err, s.n, s.first)
		}
		if asks, rows := c.work(); asks > s.asks || rows > s.rows {
			t.Errorf("%s: read %d pages with %d users; want at most %d with %d", s.name, asks, rows, s.asks, s.rows)
		}
	}
}

// TestRESTPagesTogether goes through different lists at once: none takes another's
// place, however many there are.
func TestRESTPagesTogether(t *testing.T) {
	c := newCrowd(3_000)
	r := start(t, server.Config{API: c, Trust: &apiclient.Actor{ID: 1, Login: "admin"}})
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			for page := 2; page < 5; page++ {
				got := r.do(t, ask{path: fmt.Sprintf("%s?_fields=id&orderby=id&per_page=100&page=%d&exclude=%d", restUsers, page, 10_000+i)})
				var users []struct{ ID int }
				if err := json.Unmarshal([]byte(got.body), &users); err != nil || len(users) != 100 || users[0].ID != (page-1)*100+1 {
					t.Errorf("list %d, page %d: %d %.100s, %v", i, page, got.status, got.body, err)
				}
			}
		})
	}
	all.Wait()
}
