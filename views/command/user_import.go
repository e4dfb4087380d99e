package command

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/views/userfile"
)

type usersImport struct {
	*app
	writeFlags
	target     Target
	file       string
	delimiter  string
	maps       []string
	mapFile    string
	ignore     []string
	update     bool
	skipFaulty bool
	rejects    string
	resume     bool
	problems   bool
	mail       func() *bool
}

func (a *app) usersImport() *cobra.Command {
	o := &usersImport{app: a}
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Register accounts from a file",
		Long: `Register accounts from a file: CSV with a header, or JSON with one object a line;
- is stdin. Columns are field keys (user_login, user_email, first_name, roles,
account_status, user_registered, ...); labels and the names that WordPress and its
exporters use are understood too, and --map says what the rest are. An empty cell
leaves its field alone.

An export of WordPress can move in with its passwords: the column user_pass holds
hashes, which members keep. Serialized lists, wp_capabilities and every form in which
Ultimate Member has stored dates are read.

Every line is checked first, by this program and by the site, and nobody is
registered while one is wrong; --skip-faulty takes the good ones. An import that was
interrupted goes on with --resume exactly where it was: it is noted in
FILE.umdeck-import until it is done. Nobody is mailed, unless --mail says so.`,
		Example: `  umdeck users import members.csv --dry-run
  umdeck users import export.csv --map 'Shoe size=shoe_size' --ignore-columns 'meta_*' --skip-faulty --rejects faulty.csv --yes`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.file, o.target = args[0], TargetOf(cmd.Root())
			return a.use(cmd, o.run)
		},
	}
	o.bind(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.delimiter, "delimiter", "", "what separates cells (default: comma, semicolon or tab, whichever the first line has)")
	flags.StringArrayVar(&o.maps, "map", nil, "what a column is, as `HEADER=KEY`; without a key it is left out; may be repeated")
	flags.StringVar(&o.mapFile, "map-file", "", "file with a line HEADER=KEY for each of several columns")
	flags.StringSliceVar(&o.ignore, "ignore-columns", nil, "leave out these columns; * stands for any text")
	flags.BoolVar(&o.update, "update", false, "change accounts that exist, instead of refusing their lines; they keep their passwords")
	flags.BoolVar(&o.skipFaulty, "skip-faulty", false, "take the good lines and report the others")
	flags.StringVar(&o.rejects, "rejects", "", "with --skip-faulty: write lines that are not taken to this `FILE`, each with its problem")
	flags.BoolVar(&o.resume, "resume", false, "go on with an import that was interrupted")
	flags.BoolVar(&o.problems, "problems", a.cfg.Terminal, "show lines with a problem alone (the default on a terminal)")
	o.mail = mailFlag(cmd)
	return cmd
}

func (o *usersImport) run(ctx context.Context, api apiclient.API) (err error) {
	comma, err := o.checkFlags()
	if err != nil {
		return err
	}
	f, err := userfile.Open(ctx, userfile.Config{Path: o.file, Stdin: o.stdin, Comma: comma})
	if err != nil {
		return err
	}
	defer func() { err = firstOf(err, f.Close()) }()
	j := &importJob{usersImport: o, api: api, in: f}
	if err := j.prepare(ctx); err != nil {
		return err
	}
	if o.dryRun {
		return j.plan(ctx)
	}
	if !o.skipFaulty {
		if err := j.checkAll(ctx); err != nil {
			return err
		}
	}
	if err := o.confirm(&o.writeFlags, j.question()); err != nil {
		return err
	}
	return j.write(ctx)
}

// firstOf returns the first error that is one.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// checkFlags returns the separator, or refuses flags that contradict each other.
func (o *usersImport) checkFlags() (rune, error) {
	switch {
	case o.file == "-" && o.resume:
		return 0, apiclient.FieldErrorf("resume", "What came through stdin is gone; --resume needs the name of a file.")
	case o.file == "-" && !o.yes && !o.dryRun:
		return 0, apiclient.FieldErrorf("yes", "stdin holds the file, so nothing can be asked; pass --yes or --dry-run.")
	case o.rejects != "" && !o.skipFaulty:
		return 0, apiclient.FieldErrorf("rejects", "Only --skip-faulty leaves lines out; pass it as well, or leave --rejects away.")
	case o.delimiter == "":
		return 0, nil
	case o.delimiter == `\t`:
		return '\t', nil
	}
	comma, size := utf8.DecodeRuneInString(o.delimiter)
	if size != len(o.delimiter) || strings.ContainsRune("\"\r\n\uFEFF", comma) || comma == utf8.RuneError {
		return 0, apiclient.FieldErrorf("delimiter", "%q separates no cells; use one character, such as ; or \\t.", o.delimiter)
	}
	return comma, nil
}

// mapping finds out what the columns of the file are, and says where that is not
// what their headers say.
func (o *usersImport) mapping(f *userfile.File, catalogue []apiclient.Field) (userfile.Mapping, error) {
	rules := userfile.Rules{Fields: catalogue, Keys: importKeys(), Ignore: o.ignore}
	var err error
	if rules.Named, err = o.named(); err != nil {
		return nil, err
	}
	m, unknown, err := userfile.Map(f.Header, rules)
	if err != nil {
		return nil, err
	}
	if len(unknown) > 0 {
		if m, err = o.ask(f, rules, unknown); err != nil {
			return nil, err
		}
	}
	for _, c := range m {
		switch {
		case c.Why == "":
		case c.Key == "":
			o.note("The column %s is left out: %s.", c.Header, c.Why)
		default:
			o.note("The column %s is %s, %s.", c.Header, c.Key, c.Why)
		}
	}
	if !slices.ContainsFunc(m, func(c userfile.Column) bool { return c.Key == "user_email" }) {
		return nil, apiclient.FieldErrorf("file", "The file has no column user_email, which every account needs.")
	}
	return m, nil
}

// importKeys are what a column can be besides a field.
func importKeys() []string { return append(apiclient.AccountKeys(), "user_pass", "user_nicename") }

// ask asks what columns are that nobody knows; without a terminal it fails with their
// names.
func (o *usersImport) ask(f *userfile.File, rules userfile.Rules, unknown []string) (userfile.Mapping, error) {
	if !o.cfg.Terminal || o.file == "-" {
		what := "The site has no field " + strings.Join(unknown, ", ")
		return nil, apiclient.FieldErrorf("file", "%s; `umdeck fields list` shows those that it has. Say what such a column is with --map 'HEADER=KEY', or leave it out with --ignore-columns.", what)
	}
	for _, header := range unknown {
		question := fmt.Sprintf("The site has no field %s. Which field is that column? Its key, or nothing to leave it out: ", header)
		if _, err := fmt.Fprint(o.cfg.Stderr, theme.Clean(question)); err != nil {
			return nil, fmt.Errorf("ask: %w", err)
		}
		line, err := o.stdin.ReadString('\n')
		if err != nil && line == "" {
			return nil, fmt.Errorf("read the answer: %w", err)
		}
		rules.Named[header] = strings.TrimSpace(line)
	}
	m, _, err := userfile.Map(f.Header, rules)
	return m, err
}

// named returns what --map and --map-file say.
func (o *usersImport) named() (map[string]string, error) {
	named := map[string]string{}
	add := func(from, line string) error {
		i := strings.LastIndexByte(line, '=')
		if i <= 0 {
			return apiclient.FieldErrorf(from, "%q says nothing about a column; write it as 'First name=first_name'.", line)
		}
		named[strings.TrimSpace(line[:i])] = strings.TrimSpace(line[i+1:])
		return nil
	}
	if o.mapFile != "" {
		text, err := os.ReadFile(o.mapFile)
		if err != nil {
			return nil, &apiclient.Error{Kind: apiclient.Invalid, Field: "map-file", Message: fmt.Sprintf("The file %s cannot be read; check its name and rights.", o.mapFile), Err: err}
		}
		for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
			line := strings.TrimSpace(s.Text())
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			if err := add("map-file", line); err != nil {
				return nil, err
			}
		}
	}
	for _, line := range o.maps {
		if err := add("map", line); err != nil {
			return nil, err
		}
	}
	return named, nil
}
