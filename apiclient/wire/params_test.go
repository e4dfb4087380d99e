package wire_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"umdeck/apiclient"
	"umdeck/apiclient/wire"
)

func readParams(t *testing.T, query, kind, body string) (wire.Params, error) {
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader(body))
	r.URL.RawQuery = query
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return wire.ReadParams(r)
}

const (
	formType  = "application/x-www-form-urlencoded"
	jsonType  = "application/json"
	multiType = "multipart/form-data; boundary=b"
)

func part(name, value string) string {
	return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
}

func TestReadParams(t *testing.T) {
	text, list := apiclient.Text, apiclient.List
	for name, c := range map[string]struct {
		query, kind, body string
		want              wire.Params
	}{
		"nothing":            {"", "", "", wire.Params{}},
		"query":              {"action=x&a=1+2&b=%2B", "", "", wire.Params{"action": text("x"), "a": text("1 2"), "b": text("+")}},
		"form":               {"", formType, "a=1&b=&c&&d=x%3Dy=z", wire.Params{"a": text("1"), "b": text(""), "c": text(""), "d": text("x=y=z")}},
		"form with charset":  {"", formType + "; charset=UTF-8", "a=%E5%B1%B1", wire.Params{"a": text("山")}},
		"repeated":           {"", formType, "a=1&a=2&a=3", wire.Params{"a": list("1", "2", "3")}},
		"brackets":           {"", formType, "a[]=1&b%5B%5D=2&b%5B%5D=3", wire.Params{"a": list("1"), "b": list("2", "3")}},
		"numbered brackets":  {"", formType, "a[0]=x&a[7]=y", wire.Params{"a": list("x", "y")}},
		"named brackets":     {"", formType, "a[b]=x&[]=y", wire.Params{"a[b]": text("x"), "[]": text("y")}},
		"one and brackets":   {"", formType, "a=1&a[]=2", wire.Params{"a": list("1", "2")}},
		"semicolon":          {"", formType, "a=1;b=2", wire.Params{"a": text("1;b=2")}},
		"JSON":               {"", jsonType, ` {"t":"x y","n":4,"big":9007199254740993,"f":1.50,"y":true,"no":false,"null":null,"l":["a",2,true,null],"e":[],"u":"\u5c71"} `, wire.Params{"t": text("x y"), "n": text("4"), "big": text("9007199254740993"), "f": text("1.50"), "y": text("true"), "no": text("false"), "l": list("a", "2", "true", ""), "e": list(), "u": text("山")}},
		"JSON of a vendor":   {"", "application/vnd.api+json", `{"a":1}`, wire.Params{"a": text("1")}},
		"multipart":          {"", multiType, part("a", "x\r\ny") + part("l[]", "1") + part("l[]", "2") + "--b--", wire.Params{"a": text("x\r\ny"), "l": list("1", "2")}},
		"query and body":     {"action=x&a=1", jsonType, `{"a":"1","b":2}`, wire.Params{"action": text("x"), "a": text("1"), "b": text("2")}},
		"empty of no type":   {"a=1", "text/plain", " \r\n", wire.Params{"a": text("1")}},
		"empty JSON":         {"", jsonType, "", wire.Params{}},
		"a line and a tab":   {"", formType, "a=x%0Ay%09z", wire.Params{"a": text("x\ny\tz")}},
		"escape and control": {"", jsonType, `{"a":"\u001b[31m\u202e"}`, wire.Params{"a": text("\x1b[31m\u202e")}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readParams(t, c.query, c.kind, c.body)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParams(t *testing.T) {
	p := wire.Params{"t": apiclient.Text(" x "), "n": apiclient.Text(" 42 "), "e": apiclient.Text(" "), "l": apiclient.List("1", "2"), "neg": apiclient.Text("-1"), "Y": apiclient.Text("yEs"), "N": apiclient.Text("false")}
	if got, err := p.Text("t"); got != "x" || err != nil {
		t.Errorf("Text: %q, %v", got, err)
	}
	if got, err := p.Number("n"); got != 42 || err != nil {
		t.Errorf("Number: %d, %v", got, err)
	}
	for name, want := range map[string]bool{"Y": true, "N": false} {
		if got, err := p.YesNo(name); got != want || err != nil {
			t.Errorf("YesNo(%s): %t, %v", name, got, err)
		}
	}
	for name, fn := range map[string]func() error{
		"a list as a text":   func() error { _, err := p.Text("l"); return err },
		"an absent one":      func() error { _, err := p.Required("x"); return err },
		"an empty one":       func() error { _, err := p.Required("e"); return err },
		"a word as a number": func() error { _, err := p.Number("t"); return err },
		"below zero":         func() error { _, err := p.Number("neg"); return err },
		"no number":          func() error { _, err := p.RequiredNumber("e"); return err },
		"neither yes nor no": func() error { _, err := p.YesNo("t"); return err },
	} {
		if err := fn(); apiclient.KindOf(err) != apiclient.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n, err := p.Number("absent"); n != 0 || err != nil {
		t.Errorf("an absent number: %d, %v", n, err)
	}
}

func FuzzReadParams(f *testing.F) {
	f.Add("action=um_register_user", formType, "a=1&b[]=2&b[]=3&c=%E5%B1%B1")
	f.Add("", jsonType, `{"a":[1,"b",true,null],"c":{"d":1}}`)
	f.Add("a=%zz", multiType, part("a", "x")+part("b[]", "y")+"--b--")
	f.Add("", jsonType+"; charset=latin1", "{")
	f.Add("", "", "\xff\x00")
	f.Fuzz(func(t *testing.T, query, kind, body string) {
		p, err := readParams(t, query, kind, body)
		if err != nil {
			if apiclient.KindOf(err) != apiclient.Invalid || apiclient.MessageOf(err) == "" {
				t.Errorf("refused with %v", err)
			}
			return
		}
		n := 0
		for name, v := range p {
			n += max(1, len(v.List))
			for _, s := range append([]string{name, v.Text}, v.List...) {
				if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
					t.Errorf("%q has %q", name, s)
				}
			}
		}
		if n > 1000 {
			t.Errorf("%d parameters were taken", n)
		}
		// What was read says the same in every encoding.
		for _, again := range encodings(t, p) {
			if len(again.body) > wire.MaxBody {
				continue
			}
			got, err := readParams(t, "", again.kind, again.body)
			if err != nil {
				t.Fatalf("%s: %v", again.kind, err)
			}
			if diff := cmp.Diff(p, got); diff != "" {
				t.Errorf("%s (-first +again):\n%s", again.kind, diff)
			}
		}
	})
}

type encoded struct{ kind, body string }

// encodings returns p as JSON and, if forms can say it, as multipart. A form cannot
// say an empty list, reads brackets at the end of a name, and has names in headers.
func encodings(t *testing.T, p wire.Params) []encoded {
	object := map[string]wire.Value{}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	sayable := true
	for name, v := range p {
		object[name] = wire.Value(v)
		odd := strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || r == '[' || r == ']' })
		sayable = sayable && !odd && (v.List == nil || len(v.List) > 0)
		for _, s := range v.List {
			if err := w.WriteField(name+"[]", s); err != nil {
				t.Fatal(err)
			}
		}
		if v.List == nil {
			if err := w.WriteField(name, v.Text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	list := []encoded{{jsonType, string(text)}}
	if sayable {
		list = append(list, encoded{w.FormDataContentType(), b.String()})
	}
	return list
}

func FuzzFilter(f *testing.F) {
	for _, seed := range []string{
		``, `{"and":[]}`, `{"or":[{"field":"a","op":"equals","value":"b"},{"not":{"op":"empty","field":"c"}}]}`,
		`{"op":"between","field":"registered","value":"2026-01-01","high":"2026-02-01"}`, `{"op":"contains","value":"山"}`, `{"not":{"not":{}}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var filter wire.Filter
		if err := filter.UnmarshalText([]byte(text)); err != nil {
			if apiclient.KindOf(err) != apiclient.Invalid {
				t.Errorf("refused with %v", err)
			}
			return
		}
		said, err := filter.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var again wire.Filter
		if err := again.UnmarshalText(said); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		if diff := cmp.Diff(filter, again); diff != "" {
			t.Errorf("(-first +again):\n%s", diff)
		}
	})
}

func writeEntries(w io.Writer, list []apiclient.LogEntry) error {
	encoded := make([]wire.EncodedEntry, len(list))
	for i, e := range list {
		var err error
		if encoded[i], err = wire.LogEntryOf(e).Encode(); err != nil {
			return err
		}
	}
	return wire.WriteEntries(w, encoded)
}

func FuzzReadEntries(f *testing.F) {
	var b bytes.Buffer
	if err := writeEntries(&b, []apiclient.LogEntry{{Seq: 1, Kind: apiclient.LogEvent}, {Seq: 2}}); err != nil {
		f.Fatal(err)
	}
	if err := wire.WriteHeartbeat(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("event: error\ndata: {\"code\":\"umdeck_invalid\",\ndata: \"message\":\"x\"}\n\n"))
	f.Add([]byte("event: log\ndata: [\n\n"))
	f.Add([]byte("data\n\nevent\n:\n\r\n"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		read := func(stream []byte) (list []apiclient.LogEntry, err error) {
			err = wire.ReadEntries(bytes.NewReader(stream), nil, func(part []apiclient.LogEntry) error {
				list = append(list, part...)
				return nil
			})
			return list, err
		}
		list, err := read(stream)
		if err != nil {
			return
		}
		var said bytes.Buffer
		if err := writeEntries(&said, list); err != nil {
			return // a year beyond 9999, which JSON cannot say
		}
		again, err := read(said.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(list, again); diff != "" {
			t.Errorf("(-first +again):\n%s", diff)
		}
	})
}

func FuzzPayload(f *testing.F) {
	f.Add([]byte(`{"id":5,"um_zap_name":"x","a":["b","c"],"n":null,"t":true,"f":1.5e3}`))
	f.Add([]byte(`{"a":{"b":1}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var p wire.Payload
		if json.Unmarshal(text, &p) != nil {
			return
		}
		said, err := wire.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var again wire.Payload
		if err := json.Unmarshal(said, &again); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		if diff := cmp.Diff(p, again); diff != "" {
			t.Errorf("(-first +again):\n%s", diff)
		}
	})
}
