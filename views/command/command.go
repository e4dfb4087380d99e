package command

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/theme"
)

// Config is what the commands need. Open is required.
type Config struct {
	// Open opens the site that the flags name; the command closes it.
	Open func(context.Context, Target) (apiclient.API, error)
	// Console runs for umdeck without a command; nil: the help is printed.
	Console func(context.Context, Target) error
	// Extra are commands that need more than a site.
	Extra []*cobra.Command

	Stdin    io.Reader           // nil: empty
	Stdout   io.Writer           // nil: nowhere
	Stderr   io.Writer           // nil: nowhere
	Terminal bool                // a person sits at stdin and stdout
	Getenv   func(string) string // nil: everything is unset
	Now      func() time.Time    // nil means time.Now
	Version  string              // of the program
}

// A Target is the site that the flags name. Its zero value leaves the choice to Open.
type Target struct {
	Site         string // a profile's name or an address
	Local        bool   // the local instance
	Dir          string // its folder; empty: the usual one
	Database     string // its PostgreSQL database; empty: SQLite in the folder
	ReadOnly     bool
	AllowPrivate bool
	AllowTargets string // networks, as --allow-targets has them, separated by commas
}

// app is what the commands share.
type app struct {
	cfg   Config
	stdin *bufio.Reader // of cfg.Stdin; nothing else reads that
	theme *theme.Theme
}

// New returns the root command with all others on it.
func New(cfg Config) *cobra.Command {
	cfg.Stdin = cmp.Or[io.Reader](cfg.Stdin, strings.NewReader(""))
	cfg.Stdout = cmp.Or(cfg.Stdout, io.Discard)
	cfg.Stderr = cmp.Or(cfg.Stderr, io.Discard)
	if cfg.Getenv == nil {
		cfg.Getenv = func(string) string { return "" }
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	a := &app{cfg: cfg, stdin: bufio.NewReader(cfg.Stdin)}
	root := &cobra.Command{
		Use:   "umdeck",
		Short: "The terminal console of an Ultimate Member site",
		Long: `The terminal console of an Ultimate Member site.

Without a command umdeck opens the console: on the site that was used last, or on
the local instance when there is none. The commands do the same work for scripts;
their results go to stdout and everything else to stderr.

Exit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 unauthorized, 5 refused,
6 unavailable, 7 partly done.`,
		Version:           cfg.Version,
		Args:              cobra.NoArgs,
		SilenceErrors:     true,
		SilenceUsage:      true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return a.begin(cmd) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cfg.Console == nil {
				return cmd.Help()
			}
			return cfg.Console(cmd.Context(), TargetOf(cmd.Root()))
		},
	}
	root.SetIn(cfg.Stdin)
	root.SetOut(cfg.Stdout)
	root.SetErr(cfg.Stderr)
	root.SetVersionTemplate("umdeck {{.Version}}\n")
	bindTarget(root)
	root.AddCommand(a.users(), a.zaps(), a.fields(), a.forms(), a.subscriptions(), a.deliveries(), a.mail(), a.events(), a.triggers(),
		a.roles(), a.statuses(), a.settings(), a.audit(), a.passwords(), a.site(), a.version())
	root.AddCommand(a.exportSite(), a.importSite())
	root.AddCommand(cfg.Extra...)
	return root
}

func bindTarget(root *cobra.Command) {
	f := root.PersistentFlags()
	f.SortFlags = false
	f.String("site", "", "work on this site: a profile's `NAME` or a URL (env UMDECK_SITE)")
	f.Var(&localFlag{}, "local", "work on the local instance, in the folder `DIR` if one is given")
	f.Lookup("local").NoOptDefVal = usualFolder
	f.Bool("read-only", false, "refuse every change")
	f.String("database", "", "keep the local instance in this PostgreSQL `database`, as postgres://user@host/name, with others if need be (env UMDECK_DATABASE, which no process list shows)")
	f.Bool("allow-private-targets", false, "let hooks of the local instance go to http and private addresses (env UMDECK_ALLOW_PRIVATE_TARGETS)")
	f.Var(&networksFlag{}, "allow-targets", "let hooks of the local instance go to the networks `CIDR[,CIDR…]` whatever they are, such as 10.1.0.0/16,fd00:1::/32; http too, to an address written out (env UMDECK_ALLOW_TARGETS)")
	f.Bool("no-color", false, "no colours (env NO_COLOR)")
	f.Bool("debug", false, "say the cause of an error as well")
}

// usualFolder is what --local stands for without a folder.
const usualFolder = "the usual one"

// A localFlag is --local or --local=DIR.
type localFlag struct {
	on  bool
	dir string
}

func (f *localFlag) String() string { return f.dir }
func (f *localFlag) Type() string   { return "DIR" }

func (f *localFlag) Set(s string) error {
	f.on, f.dir = true, ""
	if s == "" {
		return errors.New("the folder is empty; write --local=DIR, or --local for the usual one")
	}
	if s != usualFolder {
		f.dir = s
	}
	return nil
}

// A networksFlag is --allow-targets, which adds up when it is given again.
type networksFlag struct{ list []string }

func (f *networksFlag) String() string { return strings.Join(f.list, ",") }
func (f *networksFlag) Type() string   { return "CIDR" }

func (f *networksFlag) Set(s string) error {
	f.list = append(f.list, s)
	return nil
}

// TargetOf returns what the flags of the root say, once they are parsed.
func TargetOf(root *cobra.Command) Target {
	f := root.PersistentFlags()
	on := func(name string) bool { return f.Lookup(name).Value.String() == "true" }
	t := Target{Site: f.Lookup("site").Value.String(), Database: f.Lookup("database").Value.String(), ReadOnly: on("read-only"), AllowPrivate: on("allow-private-targets"), AllowTargets: f.Lookup("allow-targets").Value.String()}
	if local, ok := f.Lookup("local").Value.(*localFlag); ok {
		t.Local, t.Dir = local.on, local.dir
	}
	return t
}

// A progress is how far a command line has come, kept in the context of its run.
type progress struct{ begun bool }

type progressKey struct{}

// begin runs before each command, when its flags and arguments are known to be right.
func (a *app) begin(cmd *cobra.Command) error {
	if p, ok := cmd.Context().Value(progressKey{}).(*progress); ok {
		p.begun = true
	}
	if t := TargetOf(cmd.Root()); t.Local && t.Site != "" {
		return apiclient.FieldErrorf("site", "Both --site and --local are given; choose one.")
	}
	options := theme.Options{Palette: theme.None}
	if a.cfg.Terminal {
		var problems []error
		options, problems = theme.Detect(a.cfg.Getenv)
		for _, err := range problems {
			a.note("%v", err)
		}
	}
	if cmd.Root().PersistentFlags().Lookup("no-color").Value.String() == "true" {
		options.Palette = theme.None
	}
	a.theme = theme.New(options)
	return nil
}

// Run runs the command line and returns the exit code. An error is one sentence on
// stderr.
func Run(ctx context.Context, root *cobra.Command, args []string) Exit {
	p := &progress{}
	root.SetArgs(append([]string{}, args...)) // nil would be the arguments of the process
	cmd, err := root.ExecuteContextC(context.WithValue(ctx, progressKey{}, p))
	if err == nil {
		return Done
	}
	if !p.begun {
		err = usage(cmd, err)
	}
	_, _ = fmt.Fprintf(root.ErrOrStderr(), "umdeck: %s\n", theme.Clean(sentenceOf(err))) // nobody is left to be told
	if f := root.PersistentFlags().Lookup("debug"); f.Value.String() == "true" {
		for cause := err; cause != nil; cause = errors.Unwrap(cause) {
			_, _ = fmt.Fprintf(root.ErrOrStderr(), "umdeck: cause: %s\n", theme.Clean(cause.Error()))
		}
	}
	return ExitOf(err)
}

// usage makes an error of the command line one that says where the help is. What
// cobra adds in further lines, its suggestions, becomes part of the sentence.
func usage(cmd *cobra.Command, err error) error {
	text := strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "\n", " ")), " ")
	return &exitError{Usage, strings.TrimSuffix(text, ".") + "; see " + cmd.CommandPath() + " --help"}
}

// use opens the site, runs fn and closes it.
func (a *app) use(cmd *cobra.Command, fn func(context.Context, apiclient.API) error) error {
	ctx := cmd.Context()
	api, err := a.cfg.Open(ctx, TargetOf(cmd.Root()))
	if err != nil {
		return err
	}
	err = fn(ctx, api)
	if closed := api.Close(); err == nil {
		err = closed
	}
	return err
}

// note says one line on stderr.
func (a *app) note(format string, args ...any) {
	_, _ = fmt.Fprintf(a.cfg.Stderr, "%s\n", theme.Clean(fmt.Sprintf(format, args...))) // a note is not worth failing for
}

// group returns a command that only holds others.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return apiclient.FieldErrorf("command", "%s needs a command; see %s --help", cmd.CommandPath(), cmd.CommandPath())
		},
	}
	cmd.AddCommand(commands...)
	return cmd
}
