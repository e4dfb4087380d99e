package command

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/views/column"
)

// maxImport is how large a file may be.
const maxImport = 256 << 20

type usersImport struct {
	*app
	writeFlags
	file      string
	delimiter string
	update    bool
}

func (a *app) usersImport() *cobra.Command {
	o := &usersImport{app: a}
	cmd := &cobra.Command{
		Use:   "import FILE.csv",
		Short: "Register accounts from a file",
		Long: `Register accounts from a CSV file whose headers are field keys: user_login,
user_email, first_name, role, account_status and so on; - is stdin. An empty cell
leaves its field alone. Every line is checked before the first account is made.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.file = args[0]
			return a.use(cmd, o.run)
		},
	}
	o.bind(cmd)
	cmd.Flags().StringVar(&o.delimiter, "delimiter", "", "what separates cells (default: comma, semicolon or tab, whichever the first line has)")
	cmd.Flags().BoolVar(&o.update, "update", false, "change accounts that exist, instead of refusing their lines")
	return cmd
}

// A line is an account of the file.
type line struct {
	number int // in the file, from 1 on
	change *change
}

func (l line) ref() string { return loginOf(l.change.newUser()) }

func (o *usersImport) run(ctx context.Context, api apiclient.API) error {
	catalogue, err := catalogueOf(ctx, api)
	if err != nil {
		return err
	}
	statuses, err := api.Statuses(ctx)
	if err != nil {
		return err
	}
	roles, err := api.Roles(ctx)
	if err != nil {
		return err
	}
	statuses = beyond(statuses)
	in, err := o.open()
	if err != nil {
		return err
	}
	lines, err := o.read(in, &checker{catalogue: catalogue, statuses: statuses, roles: roles, update: o.update, seen: map[string]int{}})
	if closed := in.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	if o.dryRun {
		return o.plan(ctx, api, lines)
	}
	site, err := siteName(ctx, api)
	if err != nil {
		return err
	}
	if err := o.confirm(&o.writeFlags, fmt.Sprintf("Register %s accounts on %s?", theme.Count(len(lines)), site)); err != nil {
		return err
	}
	return o.write(lines, func(l line) imported { return o.send(ctx, api, l) })
}

func (o *usersImport) open() (io.ReadCloser, error) {
	if o.file == "-" {
		if !o.yes && !o.dryRun {
			return nil, apiclient.FieldErrorf("yes", "stdin holds the file, so nothing can be asked; pass --yes or --dry-run.")
		}
		return io.NopCloser(o.stdin), nil
	}
	f, err := os.Open(o.file)
	if err != nil {
		kind := apiclient.Invalid
		if errors.Is(err, os.ErrNotExist) {
			kind = apiclient.NotFound
		}
		return nil, &apiclient.Error{Kind: kind, Field: "file", Message: fmt.Sprintf("The file %s cannot be read; check its name and rights.", o.file), Err: err}
	}
	return f, nil
}

// read reads and checks the whole file. Every line that is wrong is named on
// stderr; the error is for all of them.
func (o *usersImport) read(in io.Reader, c *checker) ([]line, error) {
	limited := &io.LimitedReader{R: in, N: maxImport + 1}
	r := bufio.NewReader(limited)
	if bom, err := r.Peek(3); err == nil && bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		if _, err := r.Discard(3); err != nil {
			return nil, fmt.Errorf("read the file: %w", err)
		}
	}
	reader := csv.NewReader(r)
	reader.Comma = o.comma(r)
	header, err := reader.Read()
	if err != nil {
		return nil, badFile(err)
	}
	if err := c.header(header); err != nil {
		return nil, err
	}
	var (
		lines []line
		wrong int
	)
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, badFile(err)
		}
		number, _ := reader.FieldPos(0)
		ch, err := c.line(number, cells)
		if err != nil {
			if wrong++; wrong <= 20 {
				o.note("line %d: %s", number, sentenceOf(err))
			}
			continue
		}
		lines = append(lines, line{number, ch})
	}
	switch {
	case limited.N <= 0:
		return nil, apiclient.FieldErrorf("file", "The file is larger than %d MiB; split it.", maxImport>>20)
	case wrong > 0:
		return nil, apiclient.FieldErrorf("file", "Nothing was changed, because of %s of %s; correct the file.", counted(wrong, "line", "lines"), filepath.Base(o.file))
	case len(lines) == 0:
		return nil, apiclient.FieldErrorf("file", "%s has a header and no account; add lines.", o.file)
	}
	return lines, nil
}

func badFile(err error) error {
	if errors.Is(err, io.EOF) {
		return apiclient.FieldErrorf("file", "The file is empty; its first line must name field keys.")
	}
	return &apiclient.Error{Kind: apiclient.Invalid, Field: "file", Message: "The file is not CSV: " + err.Error() + ".", Err: err}
}

// comma returns what separates cells.
func (o *usersImport) comma(r *bufio.Reader) rune {
	if o.delimiter == `\t` {
		return '\t'
	}
	for _, c := range o.delimiter {
		return c
	}
	first, _ := r.Peek(4096) // a short file is no error here
	if i := bytes.IndexByte(first, '\n'); i >= 0 {
		first = first[:i]
	}
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := bytes.Count(first, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// A checker checks lines as the site will.
type checker struct {
	catalogue []apiclient.Field
	statuses  []apiclient.AccountStatus
	roles     []apiclient.Role
	update    bool // accounts may exist, whose logins the site took once
	keys      []string
	seen      map[string]int // lines by login and address, in lower case
}

func (c *checker) header(cells []string) error {
	for _, cell := range cells {
		key := strings.TrimSpace(cell)
		switch {
		case key == "":
			return apiclient.FieldErrorf("file", "A column of the file has no header; name its field key.")
		case slices.Contains(c.keys, key):
			return apiclient.FieldErrorf("file", "The column %s is there twice; keep one.", key)
		case !slices.Contains(apiclient.AccountKeys(), key) && !slices.ContainsFunc(c.catalogue, func(f apiclient.Field) bool { return f.Key == key }):
			return apiclient.FieldErrorf("file", "The site has no field %s; `umdeck fields list` shows those that it has.", key)
		}
		c.keys = append(c.keys, key)
	}
	if !slices.Contains(c.keys, "user_email") {
		return apiclient.FieldErrorf("file", "The file has no column user_email, which every account needs.")
	}
	return nil
}

func (c *checker) line(number int, cells []string) (*change, error) {
	ch := &change{}
	for i, key := range c.keys {
		if i >= len(cells) || strings.TrimSpace(cells[i]) == "" || key == "_um_last_login" {
			continue
		}
		if err := ch.set(key, cells[i], c.statuses); err != nil {
			return nil, err
		}
	}
	if ch.update.Email == nil {
		return nil, apiclient.FieldErrorf("user_email", "The account has no e-mail address.")
	}
	for _, role := range ch.update.Roles {
		if !slices.ContainsFunc(c.roles, func(r apiclient.Role) bool { return r.Slug == role }) {
			return nil, apiclient.FieldErrorf("role", "The site has no role %s; `umdeck roles list` shows those that it has.", role)
		}
	}
	if err := ch.check(c.catalogue); err != nil {
		return nil, err
	}
	if err := apiclient.CheckLogin(loginOf(ch.newUser())); err != nil && !c.update {
		return nil, err
	}
	for _, name := range []struct{ what, text string }{{"login", loginOf(ch.newUser())}, {"e-mail address", *ch.update.Email}} {
		key := name.what + " " + strings.ToLower(name.text)
		if first, twice := c.seen[key]; twice {
			return nil, apiclient.FieldErrorf("file", "The %s %s is in line %d already.", name.what, name.text, first)
		}
		c.seen[key] = number
	}
	return ch, nil
}

// imported is what became of a line.
type imported struct {
	line int
	ref  string
	id   apiclient.UserID
	word string
	err  error
}

// send registers the account of a line, or changes it where it exists and that was
// asked for.
func (o *usersImport) send(ctx context.Context, api apiclient.API, l line) imported {
	out := imported{line: l.number, ref: l.ref(), word: "created"}
	u, err := api.CreateUser(ctx, l.change.newUser())
	if err != nil && apiclient.KindOf(err) == apiclient.Conflict && o.update {
		out.word = "changed"
		if u, err = o.existing(ctx, api, l); err == nil {
			u, err = api.UpdateUser(ctx, u.ID, l.change.update)
		}
	}
	out.id, out.err = u.ID, err
	return out
}

func (o *usersImport) existing(ctx context.Context, api apiclient.API, l line) (apiclient.User, error) {
	u, err := api.FindUser(ctx, l.ref())
	if apiclient.KindOf(err) == apiclient.NotFound && err != nil {
		return api.FindUser(ctx, *l.change.update.Email)
	}
	return u, err
}

// plan says of each line whether its account exists.
func (o *usersImport) plan(ctx context.Context, api apiclient.API, lines []line) error {
	return o.write(lines, func(l line) imported {
		out := imported{line: l.number, ref: l.ref(), word: "would be created"}
		u, err := o.existing(ctx, api, l)
		switch {
		case err == nil && o.update:
			out.id, out.word = u.ID, "would be changed"
		case err == nil:
			out.id, out.err = u.ID, apiclient.Errorf(apiclient.Conflict, "%s exists already; pass --update to change it.", userName(u))
		case apiclient.KindOf(err) != apiclient.NotFound:
			out.err = err
		}
		return out
	})
}

// write does something with each line and writes what became of it, as it comes.
func (o *usersImport) write(lines []line, do func(line) imported) error {
	s, err := sheetOf(o.app, o.format, view[imported]{all: importColumns()})
	if err != nil {
		return err
	}
	errs := make([]error, len(lines))
	for i, l := range lines {
		out := do(l)
		errs[i] = out.err
		if err := s.add(out); err != nil {
			return err
		}
		if i%100 == 99 {
			if err := s.page(); err != nil {
				return err
			}
		}
		if apiclient.KindOf(out.err) == apiclient.Unavailable && out.err != nil {
			// Nobody answers any more: the other lines would only wait for the same.
			errs = errs[:i+1]
			o.note("The site does not answer any more; stopped at line %d.", l.number)
			break
		}
	}
	if err := s.end(); err != nil {
		return err
	}
	return summary(errs)
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
