package console_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/theme"
)

// However a line cuts the bytes of a session, the screen is the same at its end.
func TestAnyCutGivesTheSameScreen(t *testing.T) {
	const session = "jj3jjj/föö bar\rd\x1b[B\x1b\x1b[A2j:users/4\r\x1b[Bd\ty\x1b" + "0jj[j]-:log\r\x1b[200~paste\x1b[201~j/\x1b[200~ and more\x1b[201~\r"
	end := func(t *testing.T, cut func(rest int) int) (string, []string) {
		f := newFixture(t, theme.Options{})
		term := f.start(t, 100, 24)
		for rest := session; rest != ""; {
			n := cut(len(rest))
			term.Keys(rest[:n])
			rest = rest[n:]
		}
		term.WaitText("föö bar and more\" detail")
		term.WaitStable()
		keys := slices.Concat(f.users.keys, f.zaps.keys, f.log.keys, f.house.keys)
		return term.Screen(), strings.Split(strings.Join(keys, ""), "")
	}
	wantScreen, wantKeys := end(t, func(rest int) int { return rest })
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 7))
		gotScreen, gotKeys := end(t, func(rest int) int { return 1 + rng.IntN(min(rest, 12)) })
		if diff := cmp.Diff(wantScreen, gotScreen) + cmp.Diff(wantKeys, gotKeys); diff != "" {
			t.Fatalf("seed %d (-at once +cut):\n%s", seed, diff)
		}
	}
}

// What holds for one session holds for any.
func TestAnySessionCutAnywhere(t *testing.T) {
	tokens := []string{
		"j", "k", "jjj", "1", "2", "3", "0", "/foo bar\r", "/é山", "\x1b", "\r", "d", "dy", "d\t\r", "y", "yyyy", ":zaps\r", ":users/3\r", ":rw", "?", "?jj",
		"a", "ajj", "!", "[", "]", "-", "\t", "\x1b[Z", "\x1b[A", "\x1b[1;5C", "u", "\x1b[200~x y\x1b[201~", "n", "\x18", "jkjkjkjkjkjkjkjkjkjkjk",
	}
	for seed := range uint64(sessions) {
		rng := rand.New(rand.NewPCG(seed, 11))
		var session strings.Builder
		for i := range 25 {
			session.WriteString(tokens[rng.IntN(len(tokens))])
			if i%4 == 3 { // or some would be long enough for a paste
				session.WriteString("\x1b[A")
			}
		}
		keys := session.String() + "\x1b"
		end := func(parts []string) string {
			f := newFixture(t, theme.Options{})
			term := f.start(t, 100, 24)
			defer term.Close()
			for _, p := range parts {
				term.Keys(p)
			}
			term.WaitStable()
			return term.Screen()
		}
		for name, cut := range map[string]func(int) int{"anywhere": func(rest int) int { return 1 + rng.IntN(min(rest, 6)) }, "each": func(int) int { return 1 }} {
			var parts []string
			for rest := keys; rest != ""; {
				n := cut(len(rest))
				parts, rest = append(parts, rest[:n]), rest[n:]
			}
			// A machine that stops for longer than a torn key may take makes another key of
			// it, now and then; what is cut wrongly is so each time.
			diff := "not tried"
			for try := 0; try < 3 && diff != ""; try++ {
				diff = cmp.Diff(end([]string{keys}), end(parts))
			}
			if diff != "" {
				t.Errorf("seed %d, %q cut %s (-at once +cut):\n%s", seed, keys, name, diff)
			}
		}
	}
}

// sessions is how many sessions are tried; more of them find more.
const sessions = 4
