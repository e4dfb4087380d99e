package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/views/column"
)

// printed returns rows as a format prints them for programs.
func printed(t testing.TB, f format, users ...apiclient.User) string {
	t.Helper()
	var out bytes.Buffer
	a := &app{cfg: Config{Stdout: &out, Getenv: func(string) string { return "" }}, theme: theme.New(theme.Options{Palette: theme.None})}
	v := userView()
	v.names = []string{"id", "login", "display_name", "roles", "first_name"}
	s, err := sheetOf(a, f, v)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range users {
		if err := s.add(u); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.end(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func FuzzOutput(f *testing.F) {
	for _, s := range []string{"ada", "", "a,b", `"`, "red \x1b[31m", "\u009b31m", "a\u202eb", "line\nline\r\n", "\x00", "bad \xff", "=1+1", "null", "- a: b", "\u2028", "[x]", "李小龍"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u := apiclient.User{ID: 7, Login: text, DisplayName: text, Roles: []apiclient.RoleSlug{apiclient.RoleSlug(text)}, Fields: map[string]apiclient.Value{"first_name": apiclient.Text(text)}}
		var rows []map[string]any
		if err := json.Unmarshal([]byte(printed(t, formatJSON, u, u)), &rows); err != nil || len(rows) != 2 {
			t.Fatalf("JSON of %q: %v", text, err)
		}
		if want := strings.ToValidUTF8(text, "\ufffd"); rows[0]["login"] != want && strings.Count(want, "\ufffd") == 0 {
			t.Errorf("JSON has %q; want %q", rows[0]["login"], want)
		}
		lines := printed(t, formatLines, u, u)
		if strings.Count(lines, "\n") != 2 {
			t.Errorf("%d lines for two rows of JSON: %q", strings.Count(lines, "\n"), lines)
		}
		if yaml := printed(t, formatYAML, u); strings.Count(yaml, "\n") != 5 {
			t.Errorf("YAML of one row has not a line for each member: %q", yaml)
		}
		for name, out := range map[string]string{"JSON": lines, "table": printed(t, formatTable, u)} {
			if i := strings.IndexFunc(out, func(r rune) bool { return r < ' ' && r != '\n' || unsafe(r) }); i >= 0 {
				t.Errorf("%s has the character %q in it: %q", name, out[i:min(i+4, len(out))], out)
			}
		}
		if table := printed(t, formatTable, u); strings.Count(table, "\n") != 2 {
			t.Errorf("a table of one row has %d lines: %q", strings.Count(table, "\n"), table)
		}
	})
}

func TestEmpty(t *testing.T) {
	got := map[format]string{}
	for _, f := range []format{formatTable, formatJSON, formatLines, formatCSV, formatYAML} {
		got[f] = printed(t, f)
	}
	want := map[format]string{formatTable: "", formatJSON: "[]\n", formatLines: "", formatCSV: "id,login,display_name,roles,first_name\n", formatYAML: "[]\n"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("no rows (-want +got):\n%s", diff)
	}
}

// full is a stdout that takes nothing more.
type full struct{}

var errFull = errors.New("no space left on device")

func (full) Write([]byte) (int, error) { return 0, errFull }

// Output that is lost is no success.
func TestFullDisk(t *testing.T) {
	for _, f := range []format{formatTable, formatJSON, formatLines, formatCSV, formatYAML} {
		a := &app{cfg: Config{Stdout: full{}, Getenv: func(string) string { return "" }}, theme: theme.New(theme.Options{})}
		s, err := sheetOf(a, f, view[apiclient.User]{all: column.Users()})
		if err == nil {
			if err = s.add(apiclient.User{ID: 1, Login: "ada"}); err == nil {
				err = s.end()
			}
		}
		if !errors.Is(err, errFull) || ExitOf(err) != Failed {
			t.Errorf("%s: %v; want the error of stdout", f, err)
		}
		if err := one(a, f, apiclient.Payload{{Key: "id", Value: int64(1)}}); !errors.Is(err, errFull) {
			t.Errorf("%s of one thing: %v; want the error of stdout", f, err)
		}
	}
}

// A list in pages is read to its limit and not beyond.
func TestEach(t *testing.T) {
	for _, c := range []struct{ have, limit, want, asked int }{{0, 0, 0, 1}, {1234, 0, 1234, 3}, {1234, 1000, 1000, 2}, {1234, 7, 7, 1}, {500, 500, 500, 1}} {
		asked, got, last := 0, 0, 0
		err := each(t.Context(), c.limit, pagesOf(c.have, &asked), func(rows []int) error {
			for _, n := range rows {
				if n != last+1 {
					t.Errorf("row %d follows row %d", n, last)
				}
				last = n
			}
			got += len(rows)
			return nil
		})
		if err != nil || got != c.want || asked != c.asked {
			t.Errorf("%d rows, limit %d: %d rows in %d pages, err %v; want %d in %d", c.have, c.limit, got, asked, err, c.want, c.asked)
		}
	}
}

// pagesOf returns a list of the numbers from 1 to n, and counts its pages.
func pagesOf(n int, asked *int) fetch[int] {
	return func(_ context.Context, after apiclient.Cursor, limit int) ([]int, apiclient.Cursor, error) {
		*asked++
		var rows []int
		for i := len(after) + 1; i <= n && len(rows) < limit; i++ {
			rows = append(rows, i)
		}
		if len(after)+len(rows) == n {
			return rows, "", nil
		}
		return rows, apiclient.Cursor(strings.Repeat("x", len(after)+len(rows))), nil
	}
}
