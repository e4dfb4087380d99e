package input

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// feed writes the chunks to a Reader, with a pause after each, and returns its pieces.
func feed(t *testing.T, pause time.Duration, chunks ...string) []string {
	t.Helper()
	var pieces []string
	synctest.Test(t, func(t *testing.T) {
		pr, pw := io.Pipe()
		r, err := Open(pr)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for _, c := range chunks {
				_, _ = io.WriteString(pw, c)
				if pause > 0 {
					<-time.After(pause)
				}
			}
			<-time.After(time.Second)
			_ = pw.Close()
		}()
		buf := make([]byte, 256)
		for {
			n, err := r.Read(buf)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			pieces = append(pieces, string(buf[:n]))
		}
		_ = r.Close()
	})
	return pieces
}

func TestPieces(t *testing.T) {
	const up, f1, del = "\x1b[A", "\x1bOP", "\x1b[3~"
	for name, tc := range map[string]struct {
		pause time.Duration
		in    []string
		want  []string
	}{
		"one key":                   {0, []string{"j"}, []string{"j"}},
		"letters together":          {0, []string{"3jj/foo\r"}, []string{"3jj/foo", "\r"}},
		"a blank is a key":          {0, []string{"a b"}, []string{"a", " ", "b"}},
		"arrows together":           {0, []string{up + up + "j"}, []string{up, up, "j"}},
		"an arrow in three reads":   {0, []string{"\x1b", "[", "A"}, []string{up}},
		"a function key in two":     {0, []string{"\x1bO", "P"}, []string{f1}},
		"delete in four":            {0, []string{"\x1b[", "3", "~", "x"}, []string{del, "x"}},
		"escape alone":              {0, []string{"\x1b"}, []string{"\x1b"}},
		"escape and a letter":       {0, []string{"\x1bj"}, []string{"\x1b", "j"}},
		"escape and a key":          {0, []string{"\x1b\x1b[A"}, []string{"\x1b", up}},
		"escape and a late bracket": {60 * time.Millisecond, []string{"\x1b", "[", "A"}, []string{"\x1b", "[", "A"}},
		"escape and a bracket":      {0, []string{"\x1b["}, []string{"\x1b", "["}},
		"a torn umlaut":             {0, []string{"a\xc3", "\xa9b"}, []string{"a", "éb"}},
		"a torn emoji":              {10 * time.Millisecond, []string{"\xf0", "\x9f", "\x98", "\x80"}, []string{"😀"}},
		"half a rune":               {60 * time.Millisecond, []string{"\xc3", "j"}, []string{"j"}},
		"no rune at all":            {0, []string{"\xff\xfej"}, []string{"j"}},
		"control runes":             {0, []string{"a\u0085b"}, []string{"a", "b"}},
		"a paste":                   {0, []string{"\x1b[200~a b\rc\x1b[201~d"}, []string{"\x1b[200~a b\rc\x1b[201~", "d"}},
		"a paste in pieces":         {0, []string{"\x1b[2", "00~ab", "c\x1b[20", "1~", "d"}, []string{"\x1b[200~abc\x1b[201~", "d"}},
		"a paste without an end":    {0, []string{"\x1b[200~abc"}, []string{"\x1b[200~abc\x1b[201~"}},
		"the terminal's colours":    {0, []string{"\x1b]11;rgb:0000/0000/0000\x07j"}, []string{"j"}},
		"the same in pieces":        {0, []string{"\x1b]1", "1;rgb:0000", "/0000/0000\x1b", "\\j"}, []string{"j"}},
		"a version answer":          {0, []string{"\x1bP>|tmux 3.4\x1b\\j"}, []string{"j"}},
		"escape and history":        {0, []string{"\x1b]"}, []string{"\x1b", "]"}},
		"console function keys":     {0, []string{"\x1b[[", "A"}, []string{"\x1b[[A"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, feed(t, tc.pause, tc.in...)); diff != "" {
				t.Errorf("pieces (-want +got):\n%s", diff)
			}
		})
	}
}

// However a line cuts the bytes, the keys are the same.
// What was typed before the terminal was in raw mode ends with the enter key; later a line
// feed is ctrl+j, and in a paste it is always a line feed.
func TestTypedAhead(t *testing.T) {
	got := feed(t, 20*time.Millisecond, ":zaps\nj", "\n", "k\n", "", "\n")
	if diff := cmp.Diff([]string{":zaps", "\r", "j", "\r", "k", "\r", "\n"}, got); diff != "" {
		t.Errorf("the pieces (-want +got):\n%s", diff)
	}
	got = feed(t, 0, pasteStart+"a\nb"+pasteEnd)
	if diff := cmp.Diff([]string{pasteStart + "a\nb" + pasteEnd}, got); diff != "" {
		t.Errorf("the pieces of a paste (-want +got):\n%s", diff)
	}
}

func TestAnyCutGivesTheSameKeys(t *testing.T) {
	const keys = "3jj/föö 山 bar\r\x1b[B\x1b[1;5C:users\r\x1bOH\tq\x1b[200~pasted\ttext é\x1b[201~\x7f\x1b[3~😀gg"
	want := single(feed(t, 0, keys))
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var chunks []string
		for rest := keys; rest != ""; {
			n := 1 + rng.IntN(min(len(rest), 1+rng.IntN(8)))
			chunks = append(chunks, rest[:n])
			rest = rest[n:]
		}
		if diff := cmp.Diff(want, single(feed(t, 0, chunks...))); diff != "" {
			t.Fatalf("cut into %q (-want +got):\n%s", chunks, diff)
		}
	}
}

// single cuts runs of letters into letters.
func single(pieces []string) []string {
	var keys []string
	for _, p := range pieces {
		if p[0] == esc || p[0] <= ' ' {
			keys = append(keys, p)
			continue
		}
		keys = append(keys, strings.Split(p, "")...)
	}
	return keys
}

func TestLongRuns(t *testing.T) {
	held := strings.Repeat("j", 1000)
	if got := strings.Join(feed(t, 0, held), ""); got != held {
		t.Errorf("a key held down: %d letters of %d", len(got), len(held))
	}
	text := strings.Repeat("pasted", 100)
	got := strings.Join(feed(t, 0, text), "")
	if got != pasteStart+text+pasteEnd {
		t.Errorf("a long run without blanks is a paste; got %.40q", got)
	}
	big := strings.Repeat("é", MaxPaste)
	got = strings.Join(feed(t, 0, pasteStart+big+pasteEnd), "")
	if want := pasteStart + strings.Repeat("é", MaxPaste/2) + pasteEnd; got != want {
		t.Errorf("a paste is cut at %d bytes; got %d", MaxPaste, len(got)-len(pasteStart+pasteEnd))
	}
}

// Bubble Tea never finds its buffer full, because it would wait for more then.
func TestReadNeverFills(t *testing.T) {
	pr, pw := io.Pipe()
	r, err := Open(pr)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		_, _ = io.WriteString(pw, strings.Repeat("j", 256)+strings.Repeat("é", 90))
		_ = pw.Close()
	}()
	buf := make([]byte, 256)
	for {
		n, err := r.Read(buf)
		if err != nil {
			break
		}
		if n == len(buf) {
			t.Errorf("a full buffer")
		}
	}
	_ = r.Close()
}

func TestCloseInterruptsAFile(t *testing.T) {
	pr, pw, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pw.Close()
	defer pr.Close()
	r, err := Open(pr)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		_, err := r.Read(make([]byte, 64))
		done <- err
	}()
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; !errors.Is(err, io.EOF) {
		t.Errorf("Read after Close: %v", err)
	}
	<-r.Ended()
}

func TestSplit(t *testing.T) {
	for text, want := range map[string]bool{
		"jj": true, "3jjx": true, "abcdefmopqrstuvw": true, "abcdefmopqrstuvwxyz": false,
		strings.Repeat("j", 300): true, "/status:awaiting_admin_review": true, ":users/1234567890123456": true,
		"3jj/status:awaiting_admin_review": true, strings.Repeat("jk", 40) + "d": true, "https://example.com/hooks/1": false, "eyJhbGciOiJIUzI1NiJ9.e30": false,
	} {
		keys, typed := Split(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text)})
		if typed != want {
			t.Errorf("%.40q: typed %v, want %v", text, typed, want)
		}
		if typed && len(keys) != len([]rune(text)) {
			t.Errorf("%.40q: %d keys of %d", text, len(keys), len(text))
		}
	}
	if _, typed := Split(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("j"), Paste: true}); typed {
		t.Error("a paste of one letter is no key")
	}
}

// No bytes make the cutter stand still, go too far or hand out a torn rune.
func FuzzCut(f *testing.F) {
	for _, s := range []string{"j", "\x1b[A", "\x1b[200~x\x1b[201~", "\x1b]11;rgb:0/0/0\x07", "\xc3", "é\x1b", "\x1bP\x1b\\", "\x1b[[A", "\x1bO"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for len(b) > 0 {
			n, v := cut(b)
			if n <= 0 || n > len(b) {
				t.Fatalf("%q: piece of %d bytes", b, n)
			}
			if v == torn {
				return
			}
			if v == whole && b[0] > ' ' && b[0] != 0x7f && bytes.ContainsRune(b[:n], '\ufffd') && !bytes.Contains(b[:n], []byte("\ufffd")) {
				t.Fatalf("%q: torn rune in %q", b, b[:n])
			}
			b = b[n:]
		}
	})
}

func TestOneLine(t *testing.T) {
	got := OneLine(tea.KeyMsg{Type: tea.KeyRunes, Paste: true, Runes: []rune("a\r\nb\x1b[31mc\u202e")})
	if want := []rune("a bc"); !slices.Equal(got.Runes, want) {
		t.Errorf("got %q, want %q", string(got.Runes), string(want))
	}
}
