package apiclient

import (
	"encoding/base64"
	"encoding/json"
)

// A Sort is a column and a direction. Its zero value is the list's own order.
type Sort struct {
	Column string
	Desc   bool
}

// String returns the sort as commands spell it, such as "registered:desc".
func (s Sort) String() string {
	if s.Column == "" {
		return ""
	}
	if s.Desc {
		return s.Column + ":desc"
	}
	return s.Column + ":asc"
}

// A Cursor marks a place in a list. It is opaque to callers: the value of
// [UserPage.Next] and the like, valid for the same filter and sort.
type Cursor string

// A Keyset is what a cursor means to a store: the sort that it belongs to, and
// the sort key and id of the last row already seen. Rows that come and go
// before that place do not shift it, as they would an offset.
type Keyset struct {
	Sort Sort
	Key  string // the row's value in the sort column, as the store compares it
	ID   int64
}

type keysetText struct {
	Column string `json:"c,omitempty"`
	Desc   bool   `json:"d,omitempty"`
	Key    string `json:"k"`
	ID     int64  `json:"i"`
}

// Cursor returns the keyset as text.
func (k Keyset) Cursor() Cursor {
	text, err := json.Marshal(keysetText{k.Sort.Column, k.Sort.Desc, k.Key, k.ID})
	if err != nil {
		panic("apiclient: a keyset of strings and numbers always encodes: " + err.Error())
	}
	return Cursor(base64.RawURLEncoding.EncodeToString(text))
}

// Keyset reads a cursor for a list sorted by s. It fails with Invalid for a
// text that is no cursor and for a cursor of another order.
func (c Cursor) Keyset(s Sort) (Keyset, error) {
	raw, err := base64.RawURLEncoding.DecodeString(string(c))
	var t keysetText
	if err == nil {
		err = json.Unmarshal(raw, &t)
	}
	if err != nil {
		return Keyset{}, &Error{Kind: Invalid, Field: "cursor", Message: "The cursor is not one that this list gave out; leave it away to start at the first page.", Err: err}
	}
	k := Keyset{Sort: Sort{t.Column, t.Desc}, Key: t.Key, ID: t.ID}
	if k.Sort != s {
		return Keyset{}, FieldErrorf("cursor", "The cursor belongs to a list sorted by %s, not by %s; leave it away to start at the first page.", quote(k.Sort.String()), quote(s.String()))
	}
	return k, nil
}
