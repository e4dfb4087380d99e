package fuzzy_test

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"umdeck/ui/fuzzy"
)

func TestRank(t *testing.T) {
	texts := []string{"Subscriptions", "users.approve  Approve", "users", "Field groups", "theme high-contrast", "überprüfen"}
	for pattern, want := range map[string][]int{
		"":           {0, 1, 2, 3, 4, 5},
		"us":         {2, 1, 0, 3},
		"appr":       {1},
		"fg":         {3},
		"theme high": {4},
		"high theme": {4},
		"ÜBER":       {5},
		"xyz":        {},
		"sub":        {0},
	} {
		if diff := cmp.Diff(want, fuzzy.Rank(pattern, texts)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", pattern, diff)
		}
	}
}

// The positions are those of the pattern's letters, in order.
func FuzzScore(f *testing.F) {
	f.Add("us", "Users")
	f.Add("é山", "xé 山")
	f.Add("\xff", "\xff")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		_, at, ok := fuzzy.Score(pattern, text)
		if !ok {
			return
		}
		if len(at) != 0 && len(at) != utf8.RuneCountInString(pattern) {
			t.Fatalf("%d positions for %q", len(at), pattern)
		}
		for i := range at {
			if at[i] >= utf8.RuneCountInString(text) || i > 0 && at[i] <= at[i-1] {
				t.Fatalf("positions %v in %q", at, text)
			}
		}
	})
}
