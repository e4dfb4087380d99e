package input

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/muesli/cancelreader"
)

// Wait is how long the rest of a torn key may take. A lone escape key acts after it.
const Wait = 50 * time.Millisecond

// ahead is how long after the start what comes was typed before it, while the terminal
// still made a line feed of the enter key.
const ahead = 50 * time.Millisecond

// pasteWait is how long a paste whose end mark was lost is waited for.
const pasteWait = 2 * time.Second

// A Reader hands out what a terminal sends, one whole piece a read.
type Reader struct {
	src  io.Reader
	stop chan struct{}
	once sync.Once
	wg   sync.WaitGroup

	chunks chan []byte
	failed chan error // holds the error that ended the pump
	cancel cancelreader.CancelReader
	ended  chan struct{}

	answers chan string // of the terminal, not yet taken

	held []byte // read, not yet handed out: whole pieces, then perhaps a torn one
	out  []byte // what is left of a piece that is longer than one read
	err  error
}

// Open returns a Reader of src and starts to read. Close ends it. A src that is no
// file cannot be interrupted: what it still returns after Close is dropped.
func Open(src io.Reader) (*Reader, error) {
	c, err := cancelreader.NewReader(src)
	if err != nil {
		return nil, err
	}
	r := &Reader{src: src, stop: make(chan struct{}), chunks: make(chan []byte), failed: make(chan error, 1), cancel: c, ended: make(chan struct{}), answers: make(chan string, 1)}
	r.wg.Add(1)
	go r.pump()
	return r, nil
}

// pump reads src until it ends, so that Read can wait with a limit.
func (r *Reader) pump() {
	defer r.wg.Done()
	defer close(r.ended)
	began := time.Now()
	for {
		buf := make([]byte, 4096)
		n, err := r.cancel.Read(buf)
		if n > 0 {
			if time.Since(began) < ahead && !bytes.Contains(buf[:n], []byte(pasteStart)) {
				enter(buf[:n])
			}
			select {
			case r.chunks <- buf[:n]:
			case <-r.stop:
				return
			}
		}
		if err != nil {
			if errors.Is(err, cancelreader.ErrCanceled) {
				err = io.EOF
			}
			r.failed <- err
			return
		}
	}
}

// enter makes the enter key of what was typed ahead what it is on a terminal in raw mode.
func enter(b []byte) {
	for i, c := range b {
		if c == '\n' {
			b[i] = '\r'
		}
	}
}

// Read returns one piece: one key, or letters that came together, or a part of a
// paste. It never fills p, because Bubble Tea would wait for more then.
func (r *Reader) Read(p []byte) (int, error) {
	if len(p) < 2 {
		return 0, io.ErrShortBuffer
	}
	for len(r.out) == 0 {
		if n, v := r.next(); v == whole && n > 0 {
			r.out = r.piece(r.held[:n])
			r.held = r.held[n:]
			break
		}
		if err := r.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p[:len(p)-1], r.out)
	n = wholeRunes(r.out, n)
	r.out = r.out[n:]
	return n, nil
}

// next drops what means nothing and looks at the first piece that is held.
func (r *Reader) next() (int, verdict) {
	for len(r.held) > 0 {
		n, v := cut(r.held)
		if v != nothing {
			return n, v
		}
		r.answered(r.held[:n])
		r.held = r.held[n:]
	}
	return 0, torn
}

// answered keeps what a terminal has answered, unless one answer waits already.
func (r *Reader) answered(b []byte) {
	if isAnswer(b) {
		select {
		case r.answers <- string(b):
		default:
		}
	}
}

// Answers returns what the terminal answers to a question such as "ESC ] 11 ; ?". None of it is
// handed out as keys.
func (r *Reader) Answers() <-chan string { return r.answers }

// piece returns what to hand out for a piece: a long run of letters that nobody types is a
// paste whatever the terminal says, and a paste has a limit.
func (r *Reader) piece(b []byte) []byte {
	const longest = 200
	body, isPaste := bytes.CutPrefix(b, []byte(pasteStart))
	body = bytes.TrimSuffix(body, []byte(pasteEnd))
	if !isPaste && (b[0] <= ' ' || len(b) <= longest || isTyped([]rune(string(b)))) {
		return bytes.Clone(b)
	}
	body = body[:wholeRunes(body, min(len(body), MaxPaste))]
	return bytes.Join([][]byte{[]byte(pasteStart), body, []byte(pasteEnd)}, nil)
}

// wholeRunes returns the largest number up to n at which b can be cut between runes.
func wholeRunes(b []byte, n int) int {
	if n >= len(b) {
		return n
	}
	for m := n; m > 0 && n-m < 4; m-- {
		if b[m]&0xc0 != 0x80 {
			return m
		}
	}
	return n
}

// fill waits for more bytes. When the rest of a torn piece does not come in time, what
// is there is taken for what it looks like.
func (r *Reader) fill() error {
	var late <-chan time.Time
	if len(r.held) > 0 {
		wait := Wait
		if bytes.HasPrefix(r.held, []byte(pasteStart)) {
			wait = pasteWait
		}
		t := time.NewTimer(wait)
		defer t.Stop()
		late = t.C
	}
	if r.err != nil {
		if len(r.held) == 0 {
			return r.err
		}
		r.settle()
		return nil
	}
	select {
	case b := <-r.chunks:
		r.held = append(r.held, b...)
		if len(r.held) > 4*MaxPaste && bytes.HasPrefix(r.held, []byte(pasteStart)) {
			r.settle() // more than anyone pastes, or its end was lost
		}
	case <-late:
		r.settle()
	case err := <-r.failed:
		r.err = err
	case <-r.stop:
		r.err = io.EOF
		r.held = nil
	}
	return nil
}

// settle decides about a torn piece whose rest has not come.
func (r *Reader) settle() {
	switch {
	case bytes.HasPrefix(r.held, []byte(pasteStart)):
		r.held = append(r.held, pasteEnd...)
	case isAnswer(r.held), r.held[0] != esc:
		r.held = nil
	default: // the escape key, and then what was typed
		r.out, r.held = []byte{esc}, r.held[1:]
	}
}

// Ended returns a channel that is closed when nothing more comes from the terminal.
func (r *Reader) Ended() <-chan struct{} { return r.ended }

// Close ends the reading and waits for it, unless the source cannot be interrupted.
func (r *Reader) Close() error {
	r.once.Do(func() { close(r.stop) })
	if r.cancel.Cancel() {
		r.wg.Wait()
	}
	return r.cancel.Close()
}

// A file is a terminal's file that is read through a Reader. It is not a whole
// cancelreader.File on purpose: Bubble Tea sets the terminal to raw mode and back
// through Fd, and leaves the reading to Read.
type file struct {
	*Reader
	f interface {
		io.Writer
		Fd() uintptr
	}
}

func (f file) Write(p []byte) (int, error) { return f.f.Write(p) }
func (f file) Fd() uintptr                 { return f.f.Fd() }

// ForTea returns what tea.WithInput takes: the Reader, and for a terminal its file as well.
func (r *Reader) ForTea() io.Reader {
	if f, ok := r.src.(interface {
		io.Writer
		Fd() uintptr
	}); ok {
		return file{r, f}
	}
	return r
}
