package detail

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"umdeck/theme"
)

// foldAt is the width beyond which a string of JSON is folded.
const foldAt = 240

// JSON returns text indented, its keys in their own order, as lines of at most
// o.Width cells. Values of the keys in masked are hidden unless o.Reveal is set. What
// cannot be read as JSON is returned as wrapped text.
func JSON(th *theme.Theme, text string, masked []string, o Options) []string {
	p := printer{th: th, o: o, masked: masked, dec: json.NewDecoder(strings.NewReader(text))}
	p.dec.UseNumber()
	if len(text) > maxText {
		return wrap(text, o.Width)
	}
	err := p.value(0, "", false)
	if err == nil {
		_, err = p.dec.Token()
		if errors.Is(err, io.EOF) {
			return p.lines
		}
	}
	return wrap(text, o.Width)
}

// maxDepth is where the nesting is given up, before the indentation leaves no room.
const maxDepth = 64

var errDeep = errors.New("nested too deeply")

type printer struct {
	th     *theme.Theme
	o      Options
	masked []string
	dec    *json.Decoder
	lines  []string
}

// value prints the next value after key, its line ending in a comma unless it is the last.
func (p *printer) value(depth int, key string, masked bool) error {
	if depth > maxDepth {
		return errDeep
	}
	tok, err := p.dec.Token()
	if err != nil {
		return err
	}
	if d, ok := tok.(json.Delim); ok {
		return p.nested(d, depth, key, masked)
	}
	p.scalar(tok, depth, key, masked)
	return nil
}

func (p *printer) nested(open json.Delim, depth int, key string, masked bool) error {
	end := map[json.Delim]string{'{': "}", '[': "]"}[open]
	if !p.dec.More() {
		p.line(depth, key, open.String()+end, theme.Text)
		_, err := p.dec.Token()
		return err
	}
	p.line(depth, key, open.String(), theme.Text)
	for p.dec.More() {
		name, hide := "", masked
		if open == '{' {
			tok, err := p.dec.Token()
			if err != nil {
				return err
			}
			name, _ = tok.(string)
			hide = masked || slices.Contains(p.masked, name)
			name = quote(name)
		}
		if err := p.value(depth+1, name, hide); err != nil {
			return err
		}
		if p.dec.More() {
			p.lines[len(p.lines)-1] += ","
		}
	}
	p.line(depth, "", end, theme.Text)
	_, err := p.dec.Token()
	return err
}

func (p *printer) scalar(tok json.Token, depth int, key string, masked bool) {
	if masked && !p.o.Reveal {
		p.line(depth, key, mask(p.th), theme.Muted)
		return
	}
	switch v := tok.(type) {
	case string:
		p.line(depth, key, p.fold(quote(v)), theme.Good)
	case json.Number:
		p.line(depth, key, v.String(), theme.Info)
	case bool:
		p.line(depth, key, map[bool]string{true: "true", false: "false"}[v], theme.Info)
	default:
		p.line(depth, key, "null", theme.Muted)
	}
}

func (p *printer) fold(s string) string {
	w := theme.Width(s)
	if p.o.Whole || w <= foldAt {
		return s
	}
	return p.th.Cut(s, foldAt-40) + " (" + theme.Count(w-foldAt+40) + " more, w unfolds)"
}

// line adds a line, or several where the value is too long for one. The comma
// that may follow needs a cell too.
func (p *printer) line(depth int, key, value string, tok theme.Token) {
	indent := theme.Spaces(min(2*depth, p.o.Width/2))
	if key != "" {
		key = theme.Clean(key) + ": "
	}
	value = theme.Clean(value)
	room := p.o.Width - len(indent) - 1
	if theme.Width(key)+theme.Width(value) <= room {
		p.lines = append(p.lines, indent+p.th.Paint(theme.Accent, key)+p.th.Paint(tok, value))
		return
	}
	for i, part := range theme.Wrap(key+value, max(room-2, 2)) {
		if i > 0 {
			part = "  " + part
		}
		t := tok
		if i == 0 && key != "" {
			t = theme.Accent
		}
		if i == 0 && strings.HasPrefix(part, key) {
			part = p.th.Paint(theme.Accent, key) + p.th.Paint(tok, part[len(key):])
			t = theme.Text
		}
		p.lines = append(p.lines, indent+p.th.Paint(t, part))
	}
}

// quote returns s as JSON spells it, without the escapes that only HTML needs.
func quote(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return `""` // a string always encodes
	}
	return strings.TrimSuffix(b.String(), "\n")
}
