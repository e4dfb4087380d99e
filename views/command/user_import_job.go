package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/views/userfile"
)

// importBatch is how many lines are sent at once.
const importBatch = 500

// An importJob is one file on its way to one site.
type importJob struct {
	*usersImport
	api      apiclient.API
	in       *userfile.File
	site     string // in a question
	fields   map[string]apiclient.Field
	statuses []apiclient.AccountStatus
	mapping  userfile.Mapping
	state    importState
	progress *progressLine
	seen     *userfile.Seen // what must be unique of the lines that were taken, or could be
	good     int            // lines without a problem, once they were checked
	wish     *bool          // about mails: none go to whom a file brings, unless they are asked for
}

// An item is one line of the file.
type item struct {
	line   int
	raw    []byte // kept where it may have to be written somewhere
	end    int64
	change *change
	err    error // what is wrong with it; nil: it can be sent
}

func (i item) ref() string {
	if i.change == nil {
		return ""
	}
	return loginOf(i.change.newUser())
}

// prepare learns what the site has and what the columns are, and finds an import of
// the same file that was interrupted.
func (j *importJob) prepare(ctx context.Context) error {
	catalogue, err := catalogueOf(ctx, j.api)
	if err != nil {
		return err
	}
	j.fields = map[string]apiclient.Field{}
	for _, f := range catalogue {
		j.fields[f.Key] = f
	}
	if j.statuses, err = j.api.Statuses(ctx); err != nil {
		return err
	}
	j.statuses = beyond(j.statuses)
	site, err := j.api.Site(ctx)
	if err != nil {
		return err
	}
	if j.site, err = siteName(ctx, j.api); err != nil {
		return err
	}
	if j.wish = j.mail(); j.wish == nil {
		if can, _ := site.Can(apiclient.CanMail); can { // another one mails by its own settings alone
			j.wish = new(false)
		}
	}
	if j.mapping, err = j.usersImport.mapping(j.in, catalogue); err != nil {
		return err
	}
	if err := j.leaveOut(site); err != nil {
		return err
	}
	j.progress = &progressLine{app: j.app, size: j.in.Size, on: j.cfg.Terminal}
	return j.begin()
}

// leaveOut leaves out the column of last logins where the site writes them itself,
// and refuses hashes that it would not take.
func (j *importJob) leaveOut(site apiclient.Site) error {
	ok, why := site.Can(apiclient.CanMoveUsers)
	if ok {
		return nil
	}
	for i, c := range j.mapping {
		switch c.Key {
		case "_um_last_login":
			j.note("The column %s is left out: %s", c.Header, why)
			j.mapping[i].Key = ""
		case "user_pass":
			return apiclient.Errorf(apiclient.Unsupported, "The column %s cannot be imported: %s", c.Header, why)
		}
	}
	return nil
}

func (j *importJob) question() string {
	if j.skipFaulty {
		return fmt.Sprintf("Register the accounts of %s on %s?", j.in.Name, j.site)
	}
	return fmt.Sprintf("Register %s accounts on %s?", theme.Count(j.good), j.site)
}

// each calls fn with the lines of the file, some at a time, each checked as far as
// that needs no site. Those that an interrupted import has done are left out.
func (j *importJob) each(ctx context.Context, fn func(from int, items []item) error) error {
	rows, err := j.in.Rows(ctx)
	if err != nil {
		return err
	}
	items := make([]item, 0, importBatch)
	j.seen = userfile.NewSeen()
	from := j.state.Done
	for n := 0; ; n++ {
		row, err := rows.Next()
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			return err
		}
		if end && n == 0 {
			return apiclient.FieldErrorf("file", "%s has a header and no account; add lines.", j.file)
		}
		if !end && n >= j.state.Done {
			items = append(items, j.item(row))
		}
		if len(items) == importBatch || end && len(items) > 0 {
			if err := fn(from, items); err != nil {
				return err
			}
			from += len(items)
			items = items[:0]
		}
		if end {
			return nil
		}
	}
}

// item makes an account of a row.
func (j *importJob) item(row userfile.Row) item {
	i := item{line: row.Line, end: row.End, err: row.Err}
	if j.rejects != "" {
		i.raw = bytes.Clone(row.Raw)
	}
	if i.err != nil {
		return i
	}
	i.change = &change{}
	i.err = j.mapping.Each(row, func(key string, v apiclient.Value) error { return j.put(i.change, key, v) })
	if i.err == nil && i.change.update.Email == nil {
		i.err = apiclient.FieldErrorf("user_email", "The account has no e-mail address.")
	}
	return i
}

// put writes the value of one column.
func (j *importJob) put(c *change, key string, v apiclient.Value) (err error) {
	text := v.String()
	switch key {
	case "role", "roles":
		var ok bool
		if c.update.Roles, ok = userfile.Roles(text); !ok {
			c.update.Roles = rolesOf(text)
		}
		return nil
	case "user_pass":
		c.hash = apiclient.NewSecret(strings.TrimSpace(text))
		return nil
	case "user_nicename":
		c.nicename = strings.TrimSpace(text)
		return nil
	case "_um_last_login":
		c.lastLogin, err = momentOf(key, text)
		return err
	}
	if slices.Contains(apiclient.AccountKeys(), key) {
		return c.set(key, text, j.statuses)
	}
	if f := j.fields[key]; f.Type.Many() || f.Type == apiclient.FieldSelect || f.Type == apiclient.FieldCountry {
		if list, ok := userfile.List(v.Text); ok {
			v = list
		}
	}
	if c.update.Fields == nil {
		c.update.Fields = map[string]apiclient.Value{}
	}
	c.update.Fields[key] = v
	return nil
}

// unique returns what of a line no other line may have.
func (j *importJob) unique(i item) []uniqueText {
	texts := []uniqueText{
		{"login", "login", i.ref()},
		{"address", "e-mail address", *i.change.update.Email},
	}
	for key, v := range i.change.update.Fields {
		switch f := j.fields[key]; f.Validate {
		case "unique_email":
			texts = append(texts, uniqueText{"address", f.Label, v.String()})
		case "unique_value":
			texts = append(texts, uniqueText{"field " + key, f.Label, v.String()})
		}
	}
	return texts
}

// A uniqueText is one thing that an account has alone. Kind is what it is compared
// with, and what how a sentence calls it.
type uniqueText struct{ kind, what, text string }

func (t uniqueText) folded() string { return strings.ToLower(strings.TrimSpace(t.text)) }

// repeats says that an earlier line has something that must be unique.
func (j *importJob) repeats(i item) error {
	for _, t := range j.unique(i) {
		if first := j.seen.Line(t.kind, t.folded()); first != 0 {
			return apiclient.FieldErrorf("file", "The %s %s is in line %d already.", t.what, t.text, first)
		}
	}
	return nil
}

// remember keeps in mind what a line has that no later one may have.
func (j *importJob) remember(i item) {
	for _, t := range j.unique(i) {
		j.seen.Add(t.kind, t.folded(), i.line)
	}
}

// reasonFaulty says why nothing was changed.
func (j *importJob) reasonFaulty(t tally) error {
	code := Usage
	if t.code == Refused {
		code = Refused // every one for what is on the site already
	}
	return &exitError{code, fmt.Sprintf("Nothing was changed, because of %s of %s; correct the file, or pass --skip-faulty to take the others.",
		counted(t.failed, "line", "lines"), filepath.Base(j.in.Name))}
}
