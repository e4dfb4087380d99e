package userfile_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/views/userfile"
)

func open(t testing.TB, text string) (*userfile.File, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "members.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := userfile.Open(t.Context(), userfile.Config{Path: path})
	if err == nil {
		t.Cleanup(func() {
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return f, err
}

// A line is what a test looks at of a row.
type line struct {
	Line  int
	Raw   string
	Cells string
	Err   string
}

func read(t testing.TB, f *userfile.File) (lines []line, err error) {
	t.Helper()
	rows, err := f.Rows(t.Context())
	if err != nil {
		return nil, err
	}
	for last := int64(0); ; {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return lines, err
		}
		if row.End <= last || row.End > f.Size {
			t.Fatalf("line %d ends at byte %d, after %d of %d", row.Line, row.End, last, f.Size)
		}
		last = row.End
		l := line{Line: row.Line, Raw: string(row.Raw)}
		if row.Err != nil {
			l.Err = apiclient.MessageOf(row.Err)
		} else {
			var cells []string
			for _, c := range row.Cells {
				cells = append(cells, c.String())
			}
			l.Cells = strings.Join(cells, "|")
		}
		lines = append(lines, l)
	}
}

func TestRows(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		header string
		lines  []line
	}{
		"comma":     {"a,b\n1,2\n", "a|b", []line{{2, "1,2", "1|2", ""}}},
		"no end":    {"a,b\n1,2", "a|b", []line{{2, "1,2", "1|2", ""}}},
		"windows":   {"\xef\xbb\xbfa;b\r\n\r\n1;\"2\r\n3\"\r\n4;5\r\n", "a|b", []line{{3, "1;\"2\r\n3\"", "1|2\n3", ""}, {5, "4;5", "4|5", ""}}},
		"tabs":      {" a \tb\n1\t2\n", "a|b", []line{{2, "1\t2", "1|2", ""}}},
		"ragged":    {"a,b\n1\n1,2,3\n1,2\n", "a|b", []line{{2, "1", "", "The line has 1 cells, and the header 2; put a text that has the separator in it in quotation marks."}, {3, "1,2,3", "", "The line has 3 cells, and the header 2; put a text that has the separator in it in quotation marks."}, {4, "1,2", "1|2", ""}}},
		"quotes":    {"a,b\n\"x\"y,2\nz\"\",3\n4,5\n", "a|b", []line{{2, "\"x\"y,2", "", "The line is not CSV: extraneous or missing \" in quoted-field."}, {3, "z\"\",3", "", "The line is not CSV: bare \" in non-quoted-field."}, {4, "4,5", "4|5", ""}}},
		"latin 1":   {"a,b\nZo\xeb,2\n3,4\n", "a|b", []line{{2, "Zo\xeb,2", "", "The cell a is not UTF-8; save the file in that encoding."}, {3, "3,4", "3|4", ""}}},
		"lines":     {"{\"a\":1}\n\n{\"b\":[\"x\",2],\"a\":null}\n", "a|b", []line{{1, `{"a":1}`, "1|", ""}, {3, `{"b":["x",2],"a":null}`, "|x, 2", ""}}},
		"bad lines": {"{\"a\":1}\n{\"a\":1\n{\"a\":{}}\n{\"a\":true}", "a", []line{{1, `{"a":1}`, "1", ""}, {2, `{"a":1`, "", "The line is no JSON object; write one object a line."}, {3, `{"a":{}}`, "", `The value of "a" is nested; give a text, a number, true, false, or a list of those.`}, {4, `{"a":true}`, "true", ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := open(t, c.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(f.Header, "|"); got != c.header {
				t.Errorf("the header is %s; want %s", got, c.header)
			}
			for range 2 { // a file is read as often as is needed
				lines, err := read(t, f)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(c.lines, lines); diff != "" {
					t.Errorf("lines (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":       {"", "empty"},
		"blank":       {"\xef\xbb\xbf\n \n", "empty"},
		"a list":      {" [{}]", "one object a line"},
		"UTF-16":      {"\xff\xfea\x00,\x00", "not UTF-8"},
		"binary":      {"PK\x03\x04\x00\x00", "not UTF-8"},
		"latin 1":     {"Zo\xeb,b\n", "not UTF-8"},
		"a quote":     {"\"a,b\n1,2\n", "not CSV"},
		"many":        {strings.Repeat("a,", 1000) + "b\n", "1001 columns"},
		"many keys":   {manyKeys(), "1000 different keys"},
		"no line end": {strings.Repeat("a", 2<<20), "more than 1048576 bytes"},
	} {
		_, err := open(t, c.text)
		if apiclient.KindOf(err) != apiclient.Invalid || !strings.Contains(apiclient.MessageOf(err), c.want) {
			t.Errorf("%s: %v; want it refused with %q", name, err, c.want)
		}
	}
	if _, err := userfile.Open(t.Context(), userfile.Config{Path: filepath.Join(t.TempDir(), "none")}); apiclient.KindOf(err) != apiclient.NotFound {
		t.Errorf("no file: %v; want NotFound", err)
	}
	if _, err := userfile.Open(t.Context(), userfile.Config{Path: t.TempDir()}); apiclient.KindOf(err) != apiclient.Invalid {
		t.Errorf("a folder: %v; want Invalid", err)
	}
}

func manyKeys() string {
	var b strings.Builder
	for i := range 1001 {
		b.WriteString(`{"k` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/26) + "\":1}\n")
	}
	return b.String()
}

// A row that never ends is refused before it fills the memory.
func TestLongRow(t *testing.T) {
	f, err := open(t, "a,b\n1,2\n\""+strings.Repeat("x,\n", 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := read(t, f)
	if apiclient.KindOf(err) != apiclient.Invalid || len(lines) != 1 {
		t.Errorf("%d lines, then %v; want one line and the reason", len(lines), err)
	}
	long, err := open(t, "{\"a\":1}\n{\"a\":\""+strings.Repeat("x", 2<<20)+"\"}\n{\"a\":2}\n")
	if err != nil {
		t.Fatal(err)
	}
	lines, err = read(t, long)
	if err != nil || len(lines) != 3 || lines[1].Err == "" || lines[2].Cells != "2" || len(lines[1].Raw) > 1<<20+1 {
		t.Errorf("%d lines, %v; want three, of which the second is refused", len(lines), err)
	}
}

func TestStdin(t *testing.T) {
	f, err := userfile.Open(t.Context(), userfile.Config{Path: "-", Stdin: strings.NewReader("a,b\n1,2\n")})
	if err != nil {
		t.Fatal(err)
	}
	lines, err := read(t, f)
	if diff := cmp.Diff([]line{{2, "1,2", "1|2", ""}}, lines); err != nil || diff != "" {
		t.Errorf("stdin: %v (-want +got):\n%s", err, diff)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

func TestWithProblem(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"csv":     {"a;b\n1;2\n", "a;b;\"umdeck_problem\"\n1;2;\"It is \"\"bad\"\".\"\n"},
		"lines":   {"{\"a\":1 }\n{}\n", "{\"a\":1 ,\"umdeck_problem\":\"It is \\\"bad\\\".\"}\n{\"umdeck_problem\":\"It is \\\"bad\\\".\"}\n"},
		"nothing": {"{\"a\":1}\n{\"a\n", "{\"a\":1,\"umdeck_problem\":\"It is \\\"bad\\\".\"}\n{\"umdeck_line\":\"{\\\"a\",\"umdeck_problem\":\"It is \\\"bad\\\".\"}\n"},
	} {
		f, err := open(t, c.text)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		header, err := f.ProblemHeader(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got.Write(header)
		rows, err := f.Rows(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for row, err := rows.Next(); err == nil; row, err = rows.Next() {
			line, err := f.WithProblem(row, `It is "bad".`)
			if err != nil {
				t.Fatal(err)
			}
			got.Write(line)
		}
		if diff := cmp.Diff(c.want, got.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func FuzzRows(f *testing.F) {
	for _, text := range []string{"a,b\n1,2\n", "\xef\xbb\xbfa;b\r\n\"1\r\n\";2", "{\"a\":[1,\"x\"]}\n{\"a\":null}", "a\n\"", "{", "a\tb\n\"x\"y\t\xff\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := open(t, text)
		if err != nil {
			if kind := apiclient.KindOf(err); kind != apiclient.Invalid {
				t.Fatalf("%v is of the kind %v", err, kind)
			}
			return
		}
		lines, err := read(t, file)
		if err != nil && apiclient.KindOf(err) != apiclient.Invalid {
			t.Fatal(err)
		}
		again, _ := read(t, file)
		if diff := cmp.Diff(lines, again); diff != "" {
			t.Errorf("read again the file is another one:\n%s", diff)
		}
		for _, l := range lines {
			if !strings.Contains(text, l.Raw) {
				t.Errorf("line %d is %q, which the file has not", l.Line, l.Raw)
			}
		}
	})
}
