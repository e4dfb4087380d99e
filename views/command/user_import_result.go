package command

import (
	"context"
	"fmt"
	"io"
	"os"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/views/column"
	"umdeck/views/userfile"
)

// imported is what became of a line.
type imported struct {
	line int
	ref  string
	id   apiclient.UserID
	word string
	err  error
}

func (j *importJob) sheet() (sheet[imported], error) {
	return sheetOf(j.app, j.format, view[imported]{all: importColumns()})
}

// show writes what became of lines, so that it can be seen now.
func (j *importJob) show(s sheet[imported], results []imported) error {
	j.progress.clear()
	for _, r := range results {
		if j.problems && r.err == nil {
			continue
		}
		if err := s.add(r); err != nil {
			return err
		}
	}
	return s.page()
}

func importColumns() []column.Column[imported] {
	said := func(i imported) string {
		if i.err != nil {
			return sentenceOf(i.err)
		}
		return i.word
	}
	return []column.Column[imported]{
		{
			Key: "line", Title: "LINE", Help: "line of the file", Default: true, Right: true,
			Text: func(i imported) string { return numberOf(int64(i.line)) }, Value: func(i imported) any { return int64(i.line) },
		},
		{
			Key: "login", Title: "LOGIN", Help: "login, or the e-mail address", Default: true, Min: 10, Flex: 1,
			Text: func(i imported) string { return i.ref }, Value: func(i imported) any { return i.ref },
		},
		{
			Key: "id", Title: "ID", Help: "number of the user", Default: true, Right: true,
			Text: func(i imported) string { return numberOf(int64(i.id)) }, Value: func(i imported) any { return present(int64(i.id)) },
		},
		{
			Key: "done", Title: "DONE", Help: "whether it was done",
			Text: func(i imported) string { return fmt.Sprint(i.err == nil) }, Value: func(i imported) any { return i.err == nil },
		},
		{
			Key: "result", Title: "RESULT", Help: "what was done, or why not", Default: true, Min: 12, Flex: 2,
			Text: said, Value: func(i imported) any { return said(i) },
		},
	}
}

// rejects is the file of lines that were not taken. Without a file it is nothing.
type rejects struct {
	in   *userfile.File
	file *os.File
}

// openRejects makes the file, or cuts that of an interrupted import to where it was
// when its last batch was done.
func (j *importJob) openRejects(ctx context.Context) (*rejects, error) {
	r := &rejects{in: j.in}
	if j.rejects == "" {
		return r, nil
	}
	flags := os.O_RDWR | os.O_CREATE
	if j.state.Done == 0 && j.state.Sending == 0 {
		flags |= os.O_EXCL // what is there belongs to somebody
	}
	var err error
	if r.file, err = os.OpenFile(j.rejects, flags, 0o600); err != nil {
		return nil, &apiclient.Error{Kind: apiclient.Invalid, Field: "rejects", Message: fmt.Sprintf("The file %s cannot be made; it must not exist yet, and its folder must.", j.rejects), Err: err}
	}
	if err := r.start(ctx, j.state.Rejects); err != nil {
		return nil, firstOf(err, r.close())
	}
	return r, nil
}

func (r *rejects) start(ctx context.Context, size int64) error {
	err := r.file.Truncate(size)
	if err == nil {
		_, err = r.file.Seek(size, io.SeekStart)
	}
	if err != nil || size > 0 {
		return lostReject(err)
	}
	header, err := r.in.ProblemHeader(ctx)
	if err != nil {
		return err
	}
	_, err = r.file.Write(header)
	return lostReject(err)
}

func lostReject(err error) error {
	if err != nil {
		return fmt.Errorf("write the lines that were not taken: %w", err)
	}
	return nil
}

func (r *rejects) add(i item, problem string) error {
	if r.file == nil {
		return nil
	}
	line, err := r.in.WithProblem(userfile.Row{Raw: i.raw}, problem)
	if err != nil {
		return err
	}
	_, err = r.file.Write(line)
	return lostReject(err)
}

func (r *rejects) size() (int64, error) {
	if r.file == nil {
		return 0, nil
	}
	size, err := r.file.Seek(0, io.SeekCurrent)
	return size, lostReject(err)
}

func (r *rejects) close() error {
	if r.file == nil {
		return nil
	}
	return lostReject(r.file.Close())
}

// A progressLine is a line on a terminal's stderr that is written over and over.
type progressLine struct {
	*app
	size  int64
	on    bool
	width int // of what stands there
}

// show says how many lines were done, and how much of the file.
func (p *progressLine) show(word string, lines int, end int64) {
	if !p.on || p.size == 0 {
		return
	}
	text := fmt.Sprintf("%s lines %s, %d %%", theme.Count(lines), word, min(end*100/p.size, 100))
	p.clear()
	p.width = theme.Width(text)
	_, _ = fmt.Fprint(p.cfg.Stderr, text) // not worth failing for
}

// clear removes the line.
func (p *progressLine) clear() {
	if p.width > 0 {
		_, _ = fmt.Fprint(p.cfg.Stderr, "\r"+theme.Spaces(p.width)+"\r")
		p.width = 0
	}
}
