package store

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
)

// TestShortText looks for every text of one and two characters that a user has, and for
// some that nobody has: it is found wherever it stands, whether few have it or many.
func TestShortText(t *testing.T) {
	db := openTest(t)
	population(t, db, 80)
	addUser(t, db, Account{User: apiclient.User{Login: "rare", DisplayName: "Жанна Qx", Fields: map[string]apiclient.Value{"first_name": apiclient.Text("🙂é")}}})
	type row struct {
		id   int64
		text string
	}
	users := read(t, db, func(ctx context.Context, tx *Tx) ([]row, error) {
		return collect(ctx, tx, func(s scanner) (r row, err error) { return r, s.Scan(&r.id, &r.text) }, `SELECT id, search FROM users ORDER BY id`)
	})
	texts := map[string]bool{"qj": true, "ñ": true, "ж!": true, "Ж": true, "QX": true, "%": true, "_": true}
	for _, u := range users {
		for line := range strings.Lines(u.text) { // between them are the store's own ends of lines
			runes := []rune(strings.TrimSuffix(line, "\n"))
			for i := range runes {
				texts[string(runes[i])] = true
				texts[string(runes[i:min(i+2, len(runes))])] = true
			}
		}
	}
	var few, many int
	for text := range texts {
		want := []int64{}
		for _, u := range users {
			if strings.Contains(u.text, fold(text)) {
				want = append(want, u.id)
			}
		}
		if got := found(t, db, text); !slices.Equal(want, got) {
			t.Errorf("the text %q (-want +got):\n%s", text, cmp.Diff(want, got))
		}
		m := read(t, db, func(ctx context.Context, tx *Tx) (match, error) { return freeUser(ctx, tx, fold(text)) })
		switch {
		case m.ids.sql != "" || m.row.few:
			few++
		case len(want) < 2:
			t.Errorf("the text %q, which %d users have, is looked for in all of them", text, len(want))
		default:
			many++
		}
	}
	if few == 0 || many == 0 {
		t.Errorf("%d texts were looked up and %d looked for in all users; want some of both", few, many)
	}
}

// found returns the users that have a text, by id.
func found(t *testing.T, db *DB, text string) []int64 {
	t.Helper()
	page := read(t, db, func(ctx context.Context, tx *Tx) (apiclient.UserPage, error) {
		return tx.Users(ctx, apiclient.UserQuery{Filter: apiclient.Filter{Op: apiclient.Leaf, Match: apiclient.Match{Op: apiclient.Contains, Value: text}}, Sort: apiclient.Sort{Column: "id"}, Limit: 200})
	})
	ids := make([]int64, len(page.Users))
	for i, u := range page.Users {
		ids[i] = int64(u.ID)
	}
	return ids
}
