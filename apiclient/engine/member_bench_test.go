package engine_test

import (
	"fmt"
	"testing"

	"umdeck/apiclient"
	"umdeck/apiclient/apitest"
)

// BenchmarkDirectory reads pages of the member directory of a crowd, as a guest and as
// a member, of whom a few hide.
func BenchmarkDirectory(b *testing.B) {
	e := crowd(b)
	for i := range 100 {
		login := fmt.Sprintf("hidden%d", i)
		if _, err := e.FindUser(b.Context(), login); err == nil {
			break
		}
		must(e.CreateUser(b.Context(), apitest.User(login, apitest.AnswerValue("hide_in_members", apiclient.List("Yes")), apitest.Answer("profile_privacy", "Only me"))))(b)
	}
	for _, c := range []struct {
		name  string
		query apiclient.DirectoryQuery
	}{
		{"newest", apiclient.DirectoryQuery{}},
		{"oldest", apiclient.DirectoryQuery{Sort: "user_registered_asc"}},
		{"by name", apiclient.DirectoryQuery{Sort: "display_name"}},
		{"by last name", apiclient.DirectoryQuery{Sort: "last_name"}},
		{"search of many", apiclient.DirectoryQuery{Search: "lovelace"}},
		{"search of nobody", apiclient.DirectoryQuery{Search: "nobody at all"}},
		{"two characters", apiclient.DirectoryQuery{Search: "lo"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				must(e.Directory(b.Context(), apiclient.Visitor{}, c.query))(b)
			}
		})
		b.Run(c.name+", deep", func(b *testing.B) {
			q := c.query
			q.Limit = apiclient.MaxLimit
			for range 10 {
				d := must(e.Directory(b.Context(), apiclient.Visitor{}, q))(b)
				if q.After = d.Next; d.Next == "" {
					break
				}
			}
			q.Limit = 0
			for b.Loop() {
				must(e.Directory(b.Context(), apiclient.Visitor{}, q))(b)
			}
		})
	}
}
