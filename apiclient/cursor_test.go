package apiclient_test

import (
	"encoding/base64"
	"testing"

	"umdeck/apiclient"
)

func TestKeysetCursor(t *testing.T) {
	for _, k := range []apiclient.Keyset{
		{},
		{Key: "1996-12-08 15:30:00", ID: 42, Sort: apiclient.Sort{Column: "registered", Desc: true}},
		{Key: "ødegård \"quoted\" \x00 <&>", ID: -1, Sort: apiclient.Sort{Column: "display_name"}},
		{Key: "", ID: 1<<63 - 1, Sort: apiclient.Sort{Desc: true}},
	} {
		got, err := k.Cursor().Keyset(k.Sort)
		if err != nil || got != k {
			t.Errorf("%+v comes back as %+v, %v", k, got, err)
		}
	}
}

func TestCursorRefused(t *testing.T) {
	byID := apiclient.Keyset{Sort: apiclient.Sort{Column: "id"}, Key: "7", ID: 7}.Cursor()
	for _, c := range []struct {
		name   string
		cursor apiclient.Cursor
		sort   apiclient.Sort
	}{
		{"no text", "", apiclient.Sort{}},
		{"no base64", "%%%", apiclient.Sort{}},
		{"no JSON", apiclient.Cursor(base64.RawURLEncoding.EncodeToString([]byte("seven"))), apiclient.Sort{}},
		{"a list", apiclient.Cursor(base64.RawURLEncoding.EncodeToString([]byte("[1]"))), apiclient.Sort{}},
		{"an id beyond 64 bits", apiclient.Cursor(base64.RawURLEncoding.EncodeToString([]byte(`{"i":99999999999999999999}`))), apiclient.Sort{}},
		{"cut", byID[:len(byID)-3], apiclient.Sort{Column: "id"}},
		{"another column", byID, apiclient.Sort{Column: "login"}},
		{"the other direction", byID, apiclient.Sort{Column: "id", Desc: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.cursor.Keyset(c.sort)
			wantInvalid(t, err, "cursor")
		})
	}
}

func TestSortString(t *testing.T) {
	for want, s := range map[string]apiclient.Sort{"": {Desc: true}, "login:asc": {Column: "login"}, "registered:desc": {Column: "registered", Desc: true}} {
		if got := s.String(); got != want {
			t.Errorf("%+v is %q, want %q", s, got, want)
		}
	}
}

// FuzzCursor reads texts from outside as cursors; whatever is taken for one means
// the same when it is written again.
func FuzzCursor(f *testing.F) {
	f.Add("", "registered", true)
	f.Add(string(apiclient.Keyset{Sort: apiclient.Sort{Column: "id"}, Key: "a", ID: 3}.Cursor()), "id", false)
	f.Add("e30", "", false)
	f.Fuzz(func(t *testing.T, text, column string, desc bool) {
		s := apiclient.Sort{Column: column, Desc: desc}
		k, err := apiclient.Cursor(text).Keyset(s)
		if err != nil {
			wantInvalid(t, err, "cursor")
			return
		}
		if k.Sort != s {
			t.Fatalf("a cursor of %v was taken for one of %v", k.Sort, s)
		}
		if again, err := k.Cursor().Keyset(s); err != nil || again != k {
			t.Fatalf("%+v comes back as %+v, %v", k, again, err)
		}
	})
}
