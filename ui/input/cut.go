package input

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

const (
	esc        = 0x1b
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

// MaxPaste is how many bytes of a paste are kept; the rest is dropped.
const MaxPaste = 64 << 10

// A verdict says what cut found at the start of its bytes.
type verdict int

const (
	whole   verdict = iota // a piece that means one thing
	torn                   // the start of a piece whose rest has not come
	nothing                // bytes that mean nothing and are dropped
)

// cut returns how many bytes the first piece of b has and what it is. b is not empty.
func cut(b []byte) (int, verdict) {
	switch c := b[0]; {
	case c == esc:
		return cutEscape(b)
	case c <= ' ' || c == 0x7f:
		return 1, whole
	}
	return cutRunes(b)
}

// cutRunes takes the letters up to the next control character, space or torn rune.
func cutRunes(b []byte) (int, verdict) {
	n := 0
	for n < len(b) && b[n] > ' ' && b[n] != 0x7f {
		r, size := utf8.DecodeRune(b[n:])
		if r == utf8.RuneError && size <= 1 || unicode.IsControl(r) {
			break
		}
		n += size
	}
	if n > 0 {
		return n, whole
	}
	if !utf8.FullRune(b) {
		return len(b), torn
	}
	_, size := utf8.DecodeRune(b)
	return size, nothing
}

// cutEscape takes an escape sequence, or the escape key alone.
func cutEscape(b []byte) (int, verdict) {
	if len(b) == 1 {
		return 1, torn
	}
	switch b[1] {
	case '[':
		return cutCSI(b)
	case 'O': // SS3: one more byte
		if len(b) == 2 {
			return 2, torn
		}
		if b[2] >= '@' && b[2] <= '~' {
			return 3, whole
		}
	case ']', 'P', '_':
		return cutString(b)
	}
	return 1, whole
}

// cutCSI takes "ESC [", parameters and a last byte, or a bracketed paste.
func cutCSI(b []byte) (int, verdict) {
	if bytes.HasPrefix(b, []byte(pasteStart)) {
		if i := bytes.Index(b, []byte(pasteEnd)); i >= 0 {
			return i + len(pasteEnd), whole
		}
		return len(b), torn
	}
	if len(b) > 2 && b[2] == '[' { // the function keys of a Linux console
		if len(b) == 3 {
			return 3, torn
		}
		return 4, whole
	}
	for n := 2; n < len(b); n++ {
		switch c := b[n]; {
		case c >= '@' && c <= '~':
			return n + 1, whole
		case c < ' ' || c > '?':
			return 1, whole // not a sequence after all: the escape key, then the rest
		}
	}
	return len(b), torn
}

// cutString takes the answer of a terminal to a question, such as
// "ESC ] 11;rgb:0000/0000/0000 BEL". It is no key, whoever has asked.
func cutString(b []byte) (int, verdict) {
	n := 2
	for n < len(b) && (b[n] >= '0' && b[n] <= '9' || b[n] == '$' || b[n] == '+' || b[n] == '>' || b[n] == '|') {
		n++
	}
	if n == len(b) {
		return n, torn
	}
	if n == 2 || b[1] == ']' && b[n] != ';' {
		return 1, whole // the escape key, then a letter that was typed
	}
	for ; n < len(b); n++ {
		if b[n] == 0x07 {
			return n + 1, nothing
		}
		if b[n] == '\\' && b[n-1] == esc {
			return n + 1, nothing
		}
	}
	return len(b), torn
}

// isAnswer reports whether a torn piece is the start of a terminal's answer, which no
// one has typed.
func isAnswer(b []byte) bool {
	return len(b) > 3 && b[0] == esc && b[1] == ']' && bytes.IndexByte(b, ';') > 0
}
