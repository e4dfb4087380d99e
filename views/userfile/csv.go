package userfile

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"umdeck/apiclient"
)

// A csvReader reads the rows of a CSV file.
type csvReader struct {
	csv   *csv.Reader
	in    *recorder
	start int64 // bytes before what csv reads
	names []string
	cells []apiclient.Value
	raw   []byte // of the last row
}

func newCSV(in *bufio.Reader, comma rune, start int64) *csvReader {
	rec := &recorder{in: in}
	r := csv.NewReader(rec)
	r.Comma, r.ReuseRecord, r.FieldsPerRecord = comma, true, -1
	return &csvReader{csv: r, in: rec, start: start}
}

// header reads the first line.
func (r *csvReader) header() ([]string, error) {
	cells, err := r.csv.Read()
	r.raw = r.in.take(r.csv.InputOffset())
	switch {
	case errors.Is(err, errLong):
		return nil, apiclient.FieldErrorf("file", "The first line has more than %d bytes; it must be a header that names field keys.", maxRow)
	case err != nil:
		return nil, &apiclient.Error{Kind: apiclient.Invalid, Field: "file", Message: "The header of the file is not CSV: " + reason(err) + ".", Err: err}
	case len(cells) > maxColumns:
		return nil, apiclient.FieldErrorf("file", "The file has %d columns; keep at most %d.", len(cells), maxColumns)
	case !utf8.ValidString(strings.Join(cells, "")):
		return nil, apiclient.FieldErrorf("file", "The header of the file is not UTF-8; save it as CSV in UTF-8.")
	}
	r.names = append([]string{}, cells...)
	for i := range r.names {
		r.names[i] = strings.TrimSpace(r.names[i])
	}
	r.cells = make([]apiclient.Value, len(cells))
	return r.names, nil
}

// Next returns the next row.
func (r *csvReader) Next() (Row, error) {
	cells, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		return Row{}, io.EOF
	}
	row := Row{End: r.start + r.csv.InputOffset()}
	broken, isParse := errors.AsType[*csv.ParseError](err)
	switch {
	case errors.Is(err, errLong):
		line := r.csv.InputOffset() // nothing better is known
		return Row{}, apiclient.FieldErrorf("file", "A row that begins about %d bytes into the file has more than %d bytes: a quotation mark in it is not closed, or it is no row.", line, maxRow)
	case isParse:
		row.Line = broken.StartLine
		row.Err = apiclient.FieldErrorf("file", "The line is not CSV: %s.", reason(err))
	case err != nil:
		return Row{}, unreadable(err)
	default:
		row.Line, _ = r.csv.FieldPos(0)
	}
	r.raw = r.in.take(r.csv.InputOffset())
	row.Raw = bytes.Trim(r.raw, "\r\n")
	if row.Err == nil {
		row.Err = r.fill(cells)
	}
	row.Cells = r.cells
	return row, nil
}

// fill takes the cells of a row.
func (r *csvReader) fill(cells []string) error {
	if len(cells) != len(r.names) {
		return apiclient.FieldErrorf("file", "The line has %d cells, and the header %d; put a text that has the separator in it in quotation marks.", len(cells), len(r.names))
	}
	for i, cell := range cells {
		if !utf8.ValidString(cell) {
			return apiclient.FieldErrorf("file", "The cell %s is not UTF-8; save the file in that encoding.", r.names[i])
		}
		r.cells[i] = apiclient.Text(cell)
	}
	return nil
}

// reason returns what is wrong with CSV, without the line.
func reason(err error) string {
	if broken, ok := errors.AsType[*csv.ParseError](err); ok {
		return strings.TrimPrefix(broken.Err.Error(), "parse error on ")
	}
	return err.Error()
}

var errLong = fmt.Errorf("a row of more than %d bytes", maxRow)

// A recorder keeps what was read since the last row.
type recorder struct {
	in    *bufio.Reader
	buf   []byte
	taken int   // how much of buf is not needed any more
	base  int64 // where buf[taken] is in what was read
}

func (r *recorder) Read(p []byte) (int, error) {
	r.buf, r.taken = append(r.buf[:0], r.buf[r.taken:]...), 0
	if len(r.buf) > maxRow {
		return 0, errLong
	}
	n, err := r.in.Read(p)
	r.buf = append(r.buf, p[:n]...)
	return n, err
}

// take returns what was read up to an offset. It is valid until the next Read.
func (r *recorder) take(end int64) []byte {
	n := int(end - r.base)
	row := r.buf[r.taken : r.taken+n : r.taken+n]
	r.taken += n
	r.base = end
	return row
}
