// Umdeck is a terminal console for the members of an Ultimate Member site, remote
// or local. This file reads flags and environment, builds the parts and sets the
// exit code; the parts say themselves what they do.
package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/adrg/xdg"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
	"golang.org/x/term"

	"umdeck/apiclient"
	"umdeck/apiclient/demo"
	"umdeck/apiclient/engine"
	"umdeck/apiclient/engine/backup"
	"umdeck/apiclient/engine/delivery/sink"
	"umdeck/apiclient/open"
	"umdeck/apiclient/remote"
	"umdeck/theme"
	"umdeck/theme/hush"
	"umdeck/ui"
	"umdeck/ui/console"
	"umdeck/views"
	"umdeck/views/command"
	"umdeck/views/host"
)

func main() {
	if err := hush.Lift(); err != nil {
		fmt.Fprintf(os.Stderr, "umdeck: restore the environment: %v\n", err)
		os.Exit(1)
	}
	ctx, stop := interruptible(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// interruptible returns a context that the first of the signals ends: what is under way
// ends in order. A second one is the system's and ends the process at once. It is given
// back before the context ends, so that nobody sees the end begin and is not heard.
func interruptible(signals ...os.Signal) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	first := make(chan os.Signal, 1)
	signal.Notify(first, signals...)
	go func() {
		defer cancel()
		select {
		case <-first:
		case <-ctx.Done():
		}
		signal.Reset(signals...)
	}()
	return ctx, cancel
}

// run is the program: it returns the exit code and touches nothing global but the
// folders that the environment names.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{getenv: getenv, stdin: stdin, stdout: stdout, stderr: stderr}
	defer a.close()
	a.root = command.New(command.Config{
		Open: a.open, Console: a.console, Extra: a.commands(),
		Stdin: stdin, Stdout: stdout, Stderr: stderr, Getenv: getenv,
		Terminal: a.terminal(), Version: version(),
	})
	return int(command.Run(apiclient.WithActor(ctx, open.SystemActor()), a.root, args))
}

// app is what the commands share.
type app struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
	root           *cobra.Command
	log            *os.File     // nil until the first line
	logs           *slog.Logger // nil: to log, as text
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}

// terminal reports whether a person sits at both ends.
func (a *app) terminal() bool {
	in, ok := a.stdin.(*os.File)
	out, ok2 := a.stdout.(*os.File)
	return ok && ok2 && term.IsTerminal(int(in.Fd())) && term.IsTerminal(int(out.Fd()))
}

func (a *app) folder(variable, fallback string) string {
	return cmp.Or(a.getenv(variable), fallback)
}

func (a *app) stateDir() string {
	return a.folder("UMDECK_STATE", filepath.Join(xdg.StateHome, "umdeck"))
}

func (a *app) config() open.Config {
	return open.Config{
		DataDir:  a.folder("UMDECK_DATA", filepath.Join(xdg.DataHome, "umdeck")),
		Profiles: a.profiles(),
		User:     a.getenv("UMDECK_USER"),
		Password: apiclient.NewSecret(a.getenv("UMDECK_PASSWORD")),
		Version:  version(),
		Logger:   a.logger(),
	}
}

func (a *app) profiles() open.Profiles {
	return open.Profiles{Dir: a.folder("UMDECK_CONFIG", filepath.Join(xdg.ConfigHome, "umdeck"))}
}

// logger writes to umdeck.log in the state folder: the screen belongs to the console.
func (a *app) logger() *slog.Logger {
	if a.logs != nil {
		return a.logs
	}
	if a.log == nil {
		if err := a.openLog(a.logPath()); err != nil {
			_, _ = fmt.Fprintf(a.stderr, "umdeck: no log is kept: %v\n", err)
			return slog.New(slog.DiscardHandler)
		}
	}
	return slog.New(slog.NewTextHandler(a.log, nil))
}

func (a *app) logPath() string { return filepath.Join(a.stateDir(), "umdeck.log") }

// openLog opens the file that the log is added to.
func (a *app) openLog(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	a.log = file
	return nil
}

func (a *app) close() {
	if a.log != nil {
		_ = a.log.Close() // what could be said about it, and where?
	}
}

// open opens the site for a command, which is over soon.
func (a *app) open(ctx context.Context, t command.Target) (apiclient.API, error) {
	target, err := a.target(t)
	if err != nil {
		return nil, err
	}
	api, err := open.Open(ctx, target, a.config())
	if instance, ok := api.(*open.Instance); ok {
		return settling{instance, ctx, a.stderr}, err
	}
	return api, err
}

// settling is an instance that is closed once the hooks of the command have gone out.
type settling struct {
	*open.Instance
	ctx    context.Context //nolint:containedctx // of the command that opened it, for its Close
	stderr io.Writer
}

// patience is how long a command waits for its hooks before it leaves them to the
// next process that has the folder.
const patience = 5 * time.Second

func (s settling) Close() error {
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	all, err := s.Settle(ctx)
	if err == nil && !all && s.ctx.Err() == nil {
		_, _ = fmt.Fprintln(s.stderr, "umdeck: some deliveries are not sent yet; they go out while umdeck has this instance open, such as with `umdeck serve`.")
	}
	return cmp.Or(err, s.Instance.Close())
}

// target is what the flags and the environment say.
func (a *app) target(t command.Target) (open.Target, error) {
	field, networks := "allow-targets", t.AllowTargets
	if networks == "" {
		field, networks = "UMDECK_ALLOW_TARGETS", a.getenv("UMDECK_ALLOW_TARGETS")
	}
	allowed, err := apiclient.ParseNetworks(field, networks)
	return open.Target{
		Site: cmp.Or(t.Site, a.siteOfEnvironment(t)), Local: t.Local, Dir: t.Dir, Database: a.database(t), ReadOnly: t.ReadOnly,
		AllowPrivate: t.AllowPrivate || a.getenv("UMDECK_ALLOW_PRIVATE_TARGETS") == "1", AllowTargets: allowed,
	}, err
}

// database is the one that was named, unless a site was.
func (a *app) database(t command.Target) string {
	if t.Site != "" {
		return t.Database
	}
	return cmp.Or(t.Database, a.getenv("UMDECK_DATABASE"))
}

func (a *app) siteOfEnvironment(t command.Target) string {
	if t.Local || a.database(t) != "" {
		return ""
	}
	return a.getenv("UMDECK_SITE")
}

func (a *app) commands() []*cobra.Command {
	streams := host.Streams{In: a.stdin, Out: a.stdout, Err: a.stderr, Terminal: a.terminal(), Secret: a.readSecret}
	return []*cobra.Command{
		host.Serve(a.serve),
		host.Demo(a.terminal(), a.demo),
		host.Connect(streams, a.getenv, connector{a}),
		host.BackupCommand(streams, backups{a}),
		host.RestoreCommand(streams, backups{a}),
	}
}

func (a *app) readSecret() (string, error) {
	f, ok := a.stdin.(*os.File)
	if !ok {
		line, err := bufio.NewReader(a.stdin).ReadString('\n')
		return line, err
	}
	text, err := term.ReadPassword(int(f.Fd()))
	return string(text), err
}

func (a *app) console(ctx context.Context, t command.Target) error {
	target, err := a.target(t)
	if err != nil {
		return err
	}
	api, err := open.Open(ctx, target, a.config())
	if err != nil {
		return err
	}
	return closing(a.show(ctx, api, t.ReadOnly), api)
}

// closing closes what was opened and returns the first of the two errors.
func closing(err error, c io.Closer) error {
	if closed := c.Close(); err == nil {
		return closed
	}
	return err
}

func (a *app) show(ctx context.Context, api apiclient.API, readOnly bool) error {
	options, problems := theme.Detect(a.getenv)
	for _, p := range problems {
		_, _ = fmt.Fprintf(a.stderr, "umdeck: %v\n", p)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	env := &ui.Env{Ctx: ctx, Theme: theme.New(options), Now: time.Now, Slow: a.getenv("SSH_CONNECTION") != "" || a.getenv("SSH_TTY") != "", Sentence: apiclient.MessageOf}
	deck, err := views.Open(ctx, views.Config{Env: env, API: api, Logger: a.logger()})
	if err != nil {
		return err
	}
	defer deck.Close()
	return console.Run(ctx, console.Config{
		Env: env, Screens: deck.Screens, Header: deck.Header, Multiplex: a.multiplexer(),
		AskBackground: options.Palette == "",
		ReadOnly:      readOnly, SetReadOnly: func(on bool) error { return stayReadOnly(readOnly, on) },
		Logger: a.logger(), CrashDir: a.stateDir(),
		Redact: func(text string) string {
			return apiclient.Redact(text, apiclient.NewSecret(a.getenv("UMDECK_PASSWORD")))
		},
	}, a.stdin, a.stdout)
}

// stayReadOnly refuses to lift what was asked for at the start: the client below
// refuses changes too, and the screen must not say otherwise.
func stayReadOnly(started, on bool) error {
	if started && !on {
		return apiclient.Errorf(apiclient.Forbidden, "This session was started read-only; start without --read-only to change something.")
	}
	return nil
}

// multiplexer names what passes the clipboard's sequences on to the terminal.
func (a *app) multiplexer() string {
	switch {
	case a.getenv("TMUX") != "":
		return "tmux"
	case a.getenv("STY") != "":
		return "screen"
	}
	return ""
}

func (a *app) serve(ctx context.Context, o host.ServeOptions) error {
	t, err := a.target(command.TargetOf(a.root))
	if err != nil {
		return err
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return &apiclient.Error{Kind: apiclient.Unavailable, Message: fmt.Sprintf("Nothing can listen on %s; choose another port with --listen.", o.Listen), Err: err}
	}
	defer listener.Close()
	if a.logs, err = a.serveLogger(o); err != nil {
		return err
	}
	c := a.config()
	c.Grace = serveGrace
	c.URL = cmp.Or(strings.TrimRight(o.URL, "/"), "http://"+listener.Addr().String())
	t.Dir, t.AllowPrivate = o.Data, t.AllowPrivate || o.Demo
	instance, err := open.Local(ctx, t, c)
	if err != nil {
		return err
	}
	return closing(a.serveInstance(ctx, instance, listener, o), instance)
}

// serveGrace is how long what is under way may go on after a signal.
const serveGrace = 20 * time.Second

// serveLogger writes as the flags of serve say.
func (a *app) serveLogger(o host.ServeOptions) (*slog.Logger, error) {
	level, err := o.Level()
	if err != nil {
		return nil, err
	}
	out := a.stderr
	if o.LogFile != "-" {
		if err := a.openLog(cmp.Or(o.LogFile, a.logPath())); err != nil {
			return nil, &apiclient.Error{Kind: apiclient.Invalid, Field: "log-file", Message: fmt.Sprintf("The log %s cannot be written; give another file with --log-file, or - for stderr.", cmp.Or(o.LogFile, a.logPath())), Err: err}
		}
		out = a.log
	}
	options := &slog.HandlerOptions{Level: level}
	if o.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(out, options)), nil
	}
	return slog.New(slog.NewTextHandler(out, options)), nil
}

func (a *app) serveInstance(ctx context.Context, instance *open.Instance, listener net.Listener, o host.ServeOptions) error {
	if !instance.Owns() {
		return apiclient.Errorf(apiclient.Conflict, "Another umdeck has this data folder; end it first, or serve another folder with --data.")
	}
	ctx, stop := context.WithCancel(ctx)
	group, ctx := errgroup.WithContext(ctx)
	err := a.announce(ctx, group, instance, listener, o)
	if err != nil {
		stop()
	}
	ended := group.Wait()
	stop()
	return cmp.Or(err, ended)
}

// announce starts what serve is about, and prints the address once all of it works.
func (a *app) announce(ctx context.Context, group *errgroup.Group, instance *open.Instance, listener net.Listener, o host.ServeOptions) error {
	if o.Demo {
		if err := a.populate(ctx, group, instance, host.DemoOptions{Members: 250, Every: time.Second, Seed: 1}); err != nil {
			return err
		}
	}
	group.Go(func() error { return instance.Serve(ctx, listener, o.BehindProxy) })
	_, err := fmt.Fprintf(a.stdout, "http://%s\n", listener.Addr())
	return err
}

// populate fills an empty instance with the demo and keeps it busy until ctx ends.
func (a *app) populate(ctx context.Context, group *errgroup.Group, api apiclient.API, o host.DemoOptions) error {
	counts, err := api.CountUsers(ctx, apiclient.Filter{})
	if err != nil {
		return err
	}
	if counts.Total > 1 { // the administrator
		return apiclient.Errorf(apiclient.Conflict, "The demo fills an empty instance, and this one has %d users; give another folder with --data.", counts.Total)
	}
	receiver, err := sink.Open(ctx, sink.Config{Seed: o.Seed})
	if err != nil {
		return err
	}
	group.Go(func() error { return receiver.Run(ctx) })
	plan := demo.Plan{Members: o.Members, Seed: o.Seed, Targets: targets(receiver)}
	if err := demo.Seed(ctx, api, plan); err != nil {
		return err
	}
	traffic := &demo.Traffic{API: api, Every: o.Every, Seed: o.Seed, Logger: a.logger()}
	group.Go(func() error { return traffic.Run(ctx) })
	return nil
}

// targets gives each trigger zap of the demo a receiver: most of them well, each of
// the others with a weakness of its own.
func targets(s *sink.Sink) []string {
	return []string{
		s.Target(sink.OK, "newsletter"), s.Target(sink.Mixed, "spreadsheet"), s.Target(sink.OK, "crm"), s.Target(sink.Flaky, "directory"),
		s.Target(sink.Slow, "welcome-pack"), s.Target(sink.OK, "onboarding"), s.Target(sink.Throttled, "billing"),
		s.Target(sink.Gone, "old-spreadsheet"), s.Target(sink.Silent, "lost-server"),
	}
}

func (a *app) demo(ctx context.Context, o host.DemoOptions) error {
	dir, err := os.MkdirTemp("", "umdeck-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer os.RemoveAll(dir)
	c := a.config()
	c.SiteName = "demo"
	instance, err := open.Local(ctx, open.Target{Dir: dir, AllowPrivate: true}, c)
	if err != nil {
		return err
	}
	return closing(a.showDemo(ctx, instance, o), instance)
}

func (a *app) showDemo(ctx context.Context, instance *open.Instance, o host.DemoOptions) error {
	ctx, stop := context.WithCancel(ctx)
	group, ctx := errgroup.WithContext(ctx)
	err := a.populate(ctx, group, instance, o)
	if err == nil {
		err = a.show(ctx, instance, false)
	}
	stop()
	return cmp.Or(err, group.Wait())
}

// connector is what `umdeck connect` needs of open.
type connector struct{ *app }

func (c connector) Address(text string) (string, error) { return remote.Address(text) }

func (c connector) Try(ctx context.Context, o host.ConnectOptions) (apiclient.Site, error) {
	config := c.config()
	config.User, config.Password = o.User, o.Password
	api, err := open.Remote(ctx, open.Profile{URL: o.URL, User: o.User}, config)
	if err != nil {
		return apiclient.Site{}, err
	}
	site, err := api.Site(ctx)
	return site, closing(err, api)
}

func (c connector) Save(o host.ConnectOptions) (string, error) {
	return c.profiles().Save(open.Profile{Name: o.Name, URL: o.URL, User: o.User, ReadOnly: o.ReadOnly}, o.Password)
}

func (c connector) Profiles() ([]string, error) {
	list, err := c.profiles().List()
	lines := make([]string, len(list))
	for i, p := range list {
		lines[i] = fmt.Sprintf("%s  %s  %s", p.Name, p.URL, p.User)
	}
	return lines, err
}

// backups is what `umdeck backup` and `restore` need of open.
type backups struct{ *app }

func (b backups) local() (open.Target, error) { return b.target(command.TargetOf(b.root)) }

func (b backups) Backup(ctx context.Context, file string) (host.Backup, error) {
	t, err := b.local()
	if err != nil {
		return host.Backup{}, err
	}
	m, err := open.Backup(ctx, t, b.config(), file)
	return backupOf(file, m), err
}

func (b backups) Verify(ctx context.Context, file string) (host.Backup, error) {
	m, err := engine.VerifyBackup(ctx, file)
	return backupOf(file, m), err
}

func (b backups) Restore(ctx context.Context, file string, replace bool) (host.Backup, error) {
	t, err := b.local()
	if err != nil {
		return host.Backup{}, err
	}
	r, err := open.Restore(ctx, t, b.config(), file, replace)
	made := backupOf(file, r.Manifest)
	made.Aside = r.Aside
	return made, err
}

func backupOf(file string, m backup.Manifest) host.Backup {
	made := host.Backup{File: file, Made: m.Made.Format(time.RFC3339), Umdeck: m.Umdeck, Schema: m.Schema, Counts: m.Counts, Files: len(m.Parts)}
	for _, p := range m.Parts {
		made.Bytes += p.Size
	}
	return made
}
