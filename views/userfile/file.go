package userfile

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"umdeck/apiclient"
)

const (
	maxRow     = 1 << 20 // bytes of a row
	maxColumns = 1000
)

// bom is what spreadsheets write before UTF-8.
var bom = []byte("\xef\xbb\xbf")

// A Kind is the form of a file.
type Kind string

// The forms.
const (
	CSV   Kind = "csv"
	Lines Kind = "jsonl" // JSON, one object a line
)

// A File is a file of accounts.
type File struct {
	Name   string // without its folder
	Kind   Kind
	Header []string // of Lines: the keys of all objects, in the order in which they first come
	SHA256 [sha256.Size]byte
	Size   int64

	file  *os.File
	comma rune
	spool bool // a copy of stdin, to be removed
}

// Config says what to open.
type Config struct {
	Path  string    // "-" is Stdin, which is copied to a temporary file
	Stdin io.Reader // nil: empty
	Comma rune      // what separates cells; 0: comma, semicolon or tab, whichever the first line has most of
}

// Open opens a file, finds out its form and reads its header, and all of it for the
// checksum. It fails with NotFound for a file that is not there, and Invalid for one
// that is none of accounts.
func Open(ctx context.Context, c Config) (*File, error) {
	f := &File{Name: filepath.Base(c.Path), comma: c.Comma}
	if err := f.open(c); err != nil {
		return nil, err
	}
	if err := f.look(ctx); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (f *File) open(c Config) (err error) {
	if c.Path == "-" {
		f.Name, f.spool = "stdin", true
		return f.copyIn(c.Stdin)
	}
	f.file, err = os.Open(c.Path)
	if err == nil {
		var info os.FileInfo
		if info, err = f.file.Stat(); err == nil && !info.Mode().IsRegular() {
			return errors.Join(apiclient.FieldErrorf("file", "%s is no regular file, which must be read twice; pipe it in and name the file -.", c.Path), f.file.Close())
		}
	}
	if err != nil {
		kind := apiclient.Invalid
		if errors.Is(err, os.ErrNotExist) {
			kind = apiclient.NotFound
		}
		return &apiclient.Error{Kind: kind, Field: "file", Message: fmt.Sprintf("The file %s cannot be read; check its name and rights.", c.Path), Err: err}
	}
	return nil
}

// copyIn keeps stdin, which can be read only once.
func (f *File) copyIn(stdin io.Reader) (err error) {
	if f.file, err = os.CreateTemp("", "umdeck-import-*"); err != nil {
		return fmt.Errorf("keep stdin: %w", err)
	}
	if stdin == nil {
		return nil
	}
	if _, err := io.Copy(f.file, stdin); err != nil {
		return errors.Join(fmt.Errorf("keep stdin: %w", err), f.Close())
	}
	return nil
}

// look reads the file once for its checksum, its form and its header.
func (f *File) look(ctx context.Context) error {
	sum := sha256.New()
	n, err := io.Copy(sum, &cancelled{ctx, io.NewSectionReader(f.file, 0, 1<<62)})
	if err != nil {
		return unreadable(err)
	}
	f.Size = n
	sum.Sum(f.SHA256[:0])
	start := make([]byte, 4096)
	k, err := f.file.ReadAt(start, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return unreadable(err)
	}
	start = bytes.TrimPrefix(start[:k], bom)
	switch trimmed := bytes.TrimSpace(start); {
	case len(trimmed) == 0:
		return apiclient.FieldErrorf("file", "The file is empty; its first line must name field keys.")
	case trimmed[0] == '[':
		return apiclient.FieldErrorf("file", "The file is one JSON list; write one object a line, as `jq -c '.[]'` does.")
	case trimmed[0] == '{':
		f.Kind = Lines
		f.Header, err = f.keys(ctx)
		return err
	case start[0] == 0xff || start[0] == 0xfe || bytes.IndexByte(start, 0) >= 0:
		return apiclient.FieldErrorf("file", "The file is not UTF-8 text; save it as CSV in UTF-8.")
	}
	f.Kind = CSV
	if f.comma == 0 {
		f.comma = commaOf(start)
	}
	r := f.rows(ctx)
	f.Header, err = r.(*csvReader).header()
	return err
}

// commaOf returns what separates the cells of the first line.
func commaOf(start []byte) rune {
	first, _, _ := bytes.Cut(start, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := bytes.Count(first, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

func unreadable(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &apiclient.Error{Kind: apiclient.Invalid, Field: "file", Message: "The file cannot be read to its end: " + err.Error() + ".", Err: err}
}

// cancelled is a reader that ends with its context.
type cancelled struct {
	ctx context.Context //nolint:containedctx // the reader is of one call
	r   io.Reader
}

func (c *cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// Close gives the file back, and removes a copy of stdin.
func (f *File) Close() error {
	err := f.file.Close()
	if f.spool {
		err = errors.Join(err, os.Remove(f.file.Name()))
	}
	if err != nil {
		return fmt.Errorf("close the file: %w", err)
	}
	return nil
}

// A Row is one account of a file. What it holds is valid until the next is read.
type Row struct {
	Line  int               // where it begins in the file, from 1 on
	Cells []apiclient.Value // as many as the header has; nothing where the row has none
	Raw   []byte            // its bytes without the end of its line
	Err   error             // what is wrong with it, an apiclient.Error; nil: it can be read
	End   int64             // how many bytes of the file have been read with it
}

// A Rows reads the rows of a file.
type Rows interface {
	// Next returns the next row, io.EOF after the last one, and an apiclient.Error
	// where the rest of the file cannot be read.
	Next() (Row, error)
}

// Rows returns the rows of the file from the first on.
func (f *File) Rows(ctx context.Context) (Rows, error) {
	r := f.rows(ctx)
	if c, ok := r.(*csvReader); ok {
		_, err := c.header()
		return r, err
	}
	return r, nil
}

func (f *File) rows(ctx context.Context) Rows {
	in := bufio.NewReaderSize(&cancelled{ctx, io.NewSectionReader(f.file, 0, f.Size)}, 1<<16)
	skipped := int64(0)
	if start, err := in.Peek(len(bom)); err == nil && bytes.Equal(start, bom) {
		n, _ := in.Discard(len(bom)) // they were there a moment ago
		skipped = int64(n)
	}
	if f.Kind == Lines {
		return &lineReader{in: in, end: skipped, header: f.Header}
	}
	return newCSV(in, f.comma, skipped)
}

// WithProblem returns a row as it stands and what is wrong with it, for a file of
// rows that were left out. A row of JSON that cannot be extended is kept as a text.
func (f *File) WithProblem(r Row, problem string) ([]byte, error) {
	if f.Kind == Lines {
		return lineWithProblem(r, problem)
	}
	return append(bytes.Clone(r.Raw), f.quoted(problem)...), nil
}

// ProblemHeader returns the first line of a file of rows that were left out; nothing
// where there is none.
func (f *File) ProblemHeader(ctx context.Context) ([]byte, error) {
	if f.Kind == Lines {
		return nil, nil
	}
	r := f.rows(ctx).(*csvReader)
	if _, err := r.header(); err != nil {
		return nil, err
	}
	return append(bytes.TrimRight(r.raw, "\r\n"), f.quoted(ProblemColumn)...), nil
}

// ProblemColumn is the column that WithProblem adds. An import leaves it out.
const ProblemColumn = "umdeck_problem"

// quoted returns a text as a further cell of a line.
func (f *File) quoted(text string) string {
	return string(f.comma) + `"` + strings.ReplaceAll(text, `"`, `""`) + `"` + "\n"
}
