package engine

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/delivery"
	"umdeck/apiclient/engine/mail"
	"umdeck/apiclient/engine/metrics"
	"umdeck/apiclient/engine/outbox"
	"umdeck/apiclient/engine/store"
	"umdeck/apiclient/engine/upload"
)

// Config is what an Engine needs. Dir is required.
type Config struct {
	Dir      string        // the data folder; made with mode 0700 when it does not exist
	Database string        // a PostgreSQL database, as postgres://user@host/name, which other engines may share; empty: SQLite in Dir
	Lease    time.Duration // after how long others take over what an engine of a PostgreSQL database had claimed, when it says nothing; zero means a minute
	SiteName string        // of a new folder; empty: "umdeck"
	URL      string        // the home address at which the instance is served; empty: nobody serves it
	Version  string        // of umdeck, for Site; empty: "dev"

	AllowPrivateTargets bool           // subscriptions may go to http and to private addresses: for development
	AllowTargets        []netip.Prefix // networks to which subscriptions may go whatever they are, as apiclient.ParseNetworks gives them
	Roots               *x509.CertPool // who may sign certificates of targets and of the mail server; nil means whom the system trusts

	Now    func() time.Time                                          // nil means time.Now
	Rand   io.Reader                                                 // of ids, secrets and passwords; nil means crypto/rand
	Ticks  func(time.Duration) (ticks <-chan time.Time, stop func()) // of what Run does from time to time; nil means a ticker of the system
	Jitter func() float64                                            // of the schedule of retries, see outbox.Config; nil means at random
	Logger *slog.Logger                                              // nil means silence

	Grace    time.Duration  // how long sends may go on when Run ends, see outbox.Config
	DiskFree func() float64 // share of the disk with Dir that is free, -1: not known; nil asks the system
}

// An Engine is the local instance of a data folder.
type Engine struct {
	cfg      Config
	lock     *flock.Flock
	db       *store.DB
	tenure   tenure
	claims   claims
	defaults apiclient.Options          // of a site that has changed no setting
	address  string                     // at which the instance was served last; empty: it never was
	ruled    atomic.Pointer[rules]      // as they were last read, see rules
	turns    atomic.Int64               // rises whenever the rules may have changed
	mended   atomic.Int64               // when what mails go out by was changed last
	roles    atomic.Pointer[roleSet]    // as they were last read, see roleSet
	fields   atomic.Pointer[catalogue]  // as they were last read, see catalogue
	known    map[string]apiclient.Field // Ultimate Member's predefined fields
	guard    delivery.Guard
	sender   *delivery.Sender
	mailer   *mail.Sender
	outbox   *outbox.Outbox
	pages    pages
	files    *upload.Folder

	pulse   pulse
	metrics *metrics.Metrics

	landing sync.Mutex // held while files move to the folders of users or go

	replays  chan struct{} // has a token when replay jobs are to be looked for
	settling chan struct{} // has one when subscriptions are, see keepSettling
	hashing  chan struct{} // has a place for each password that may be hashed at once
}

var _ apiclient.API = (*Engine)(nil)

// Open takes the data folder and opens its database. It fails with Conflict and
// [ErrLocked] when another engine has the folder.
func Open(ctx context.Context, cfg Config) (*Engine, error) {
	if cfg.Dir == "" {
		return nil, errors.New("engine: Dir is required")
	}
	cfg.SiteName = cmp.Or(cfg.SiteName, "umdeck")
	cfg.Version = cmp.Or(cfg.Version, "dev")
	cfg.Lease = cmp.Or(cfg.Lease, time.Minute)
	cfg.URL = strings.TrimRight(cfg.URL, "/")
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Ticks == nil {
		cfg.Ticks = ticksOf
	}
	if cfg.DiskFree == nil {
		cfg.DiskFree = func() float64 { return diskFree(cfg.Dir) }
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, &apiclient.Error{Kind: apiclient.Unavailable, Message: fmt.Sprintf("The data folder %s cannot be made; check the rights of the folder above it.", cfg.Dir), Err: err}
	}
	l, err := lock(cfg.Dir, cfg.Database != "")
	if err != nil {
		return nil, err
	}
	e := &Engine{cfg: cfg, lock: l, replays: make(chan struct{}, 1), settling: make(chan struct{}, 1), hashing: make(chan struct{}, runtime.GOMAXPROCS(0)), known: map[string]apiclient.Field{}, defaults: apiclient.DefaultOptions(), guard: delivery.Guard{Allow: cfg.AllowTargets, AllowPrivate: cfg.AllowPrivateTargets}, pages: newPages()}
	if err := e.open(ctx); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

func (e *Engine) open(ctx context.Context) (err error) {
	e.metrics = metrics.New(metrics.Config{Version: e.cfg.Version, Read: e.reading, Logger: e.cfg.Logger})
	for _, f := range apiclient.PredefinedFields() {
		e.known[f.Key] = f
	}
	e.sender, err = delivery.New(delivery.Config{
		Source: e, Guard: e.guard, Roots: e.cfg.Roots, UserAgent: "umdeck/" + e.cfg.Version, Now: e.cfg.Now, Logger: e.cfg.Logger,
	})
	if err != nil {
		return err
	}
	e.mailer, err = mail.New(mail.Config{Source: e, Roots: e.cfg.Roots, Now: e.cfg.Now, Logger: e.cfg.Logger})
	if err != nil {
		return err
	}
	if e.outbox, err = outbox.New(e.outboxConfig()); err != nil {
		return err
	}
	if e.files, err = upload.Open(e.cfg.Dir); err != nil {
		return err
	}
	at := store.Config{URL: e.cfg.Database, Lease: e.cfg.Lease, Others: e.hear, Now: e.cfg.Now, Logger: e.cfg.Logger, Committed: e.metrics.Commit, Handed: e.handed}
	if at.URL == "" {
		at.File = filepath.Join(e.cfg.Dir, databaseFile)
	}
	if e.db, err = store.Open(ctx, at); err != nil {
		return err
	}
	if err := e.db.Change(ctx, e.start); err != nil {
		return err
	}
	return e.mend(ctx)
}

// outboxConfig is how the engine's outbox works.
func (e *Engine) outboxConfig() outbox.Config {
	return outbox.Config{
		Store: queue{e}, Sender: leased{e, senders{hooks: e.sender, mails: e.mailer}}, Now: e.cfg.Now, Jitter: e.cfg.Jitter, Grace: e.cfg.Grace, Logger: e.cfg.Logger,
		HostLimits: hostLimits(), Observe: e.observe,
		Share: e.tenure.live,
	}
}

// start prepares a new database and begins a new boot.
func (e *Engine) start(ctx context.Context, tx *store.Tx) (err error) {
	if err := e.settleIn(ctx, tx); err != nil { // first, for it looks at what was written last
		return err
	}
	if err := e.setUp(ctx, tx); err != nil {
		return err
	}
	if err := e.setUpForms(ctx, tx); err != nil {
		return err
	}
	if err := tx.ForgetProbes(ctx, e.now().Add(-probesKept)); err != nil {
		return err
	}
	if err := e.keepAddress(ctx, tx); err != nil {
		return err
	}
	if err := e.settleMails(ctx, tx); err != nil {
		return err
	}
	e.pages.stampKey, err = e.stampKey(ctx, tx)
	return err
}

// Run sends deliveries until ctx ends, and returns when those under way have
// ended too; beside that it approves accounts without a status, every hour,
// lets go what the loop guard has held for a minute, and works at replays. A second Run at the same time
// fails at once.
func (e *Engine) Run(ctx context.Context) error {
	ctx, end := context.WithCancel(ctx)
	var beside sync.WaitGroup
	beside.Go(func() { e.keepHours(ctx) })
	beside.Go(func() { e.keepGuard(ctx) })
	beside.Go(func() { e.keepPulse(ctx) })
	beside.Go(func() { e.keepReplays(ctx) })
	beside.Go(func() { e.keepSettling(ctx) })
	beside.Go(func() { e.keepTidy(ctx) })
	defer beside.Wait()
	defer end()
	if err := e.deliver(ctx); err != nil {
		return fmt.Errorf("send deliveries: %w", err)
	}
	return nil
}

// Close ends the engine and gives the folder back. Run must have returned.
func (e *Engine) Close() error {
	var errs []error
	if e.sender != nil {
		e.sender.Close()
	}
	if e.db != nil {
		e.leave()
		errs = append(errs, e.db.Close())
	}
	if e.files != nil {
		errs = append(errs, e.files.Close())
	}
	if err := e.lock.Unlock(); err != nil {
		errs = append(errs, fmt.Errorf("unlock the data folder: %w", err))
	}
	return errors.Join(errs...)
}

// hear is told that another engine has changed something, and whether that is something
// that deliveries go by.
func (e *Engine) hear(turned bool) {
	if turned {
		e.turns.Add(1)
	}
	e.outbox.Wake()
}

// leave gives up the engine's place among those of the database.
func (e *Engine) leave() {
	boot := e.tenure.number()
	if boot == 0 || e.cfg.Database == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := e.db.Change(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.Leave(ctx, boot) }); err != nil {
		e.cfg.Logger.Warn("the database was not told that this engine ends; others will know in a minute", "err", err)
	}
}

// change runs fn in a transaction; afterwards the outbox looks for what became due.
func (e *Engine) change(ctx context.Context, fn func(context.Context, *store.Tx) error) error {
	return e.changeUser(ctx, 0, fn)
}

// changeUser is change for what begins with the account of a user; 0: of nobody.
func (e *Engine) changeUser(ctx context.Context, user apiclient.UserID, fn func(context.Context, *store.Tx) error) error {
	var a aftermath
	err := e.db.ChangeUser(ctx, user, func(ctx context.Context, tx *store.Tx) error {
		err := fn(ctx, tx)
		a = aftermathOf(tx)
		return err
	})
	if err == nil {
		e.follow(ctx, a)
	}
	return err
}

// changeEach is change for several changes that stand and fall by themselves: one
// error or nil for each.
func (e *Engine) changeEach(ctx context.Context, fns []func(context.Context, *store.Tx) error) []error {
	after := make([]aftermath, len(fns))
	each := make([]func(context.Context, *store.Tx) error, len(fns))
	for i, fn := range fns {
		each[i] = func(ctx context.Context, tx *store.Tx) error {
			err := fn(ctx, tx)
			after[i] = aftermathOf(tx)
			return err
		}
	}
	errs := e.db.ChangeEach(ctx, each)
	for i, err := range errs {
		if err == nil {
			e.follow(ctx, after[i])
		}
	}
	return errs
}

// An aftermath is what is to be done when a transaction is committed.
type aftermath struct {
	queued    bool // deliveries became due
	turned    bool // rules have changed
	unsettled bool // there is something to be moved, see keepSettling
	kept      []store.Upload
	waste     []store.Waste
}

func aftermathOf(tx *store.Tx) aftermath {
	a := aftermath{queued: tx.Queued(), turned: tx.Turned(), unsettled: tx.Unsettled()}
	a.kept, a.waste = tx.Files()
	return a
}

// follow does what a committed transaction asks for.
func (e *Engine) follow(ctx context.Context, a aftermath) {
	e.settle(ctx, a.kept, a.waste)
	if a.turned {
		e.turns.Add(1)
	}
	if a.queued {
		e.outbox.Wake()
	}
	if a.unsettled {
		e.wakeSettling()
	}
}

// view runs fn on a snapshot and returns its value.
func view[T any](ctx context.Context, e *Engine, fn func(context.Context, *store.Tx) (T, error)) (v T, err error) {
	err = e.db.View(ctx, func(ctx context.Context, tx *store.Tx) error {
		v, err = fn(ctx, tx)
		return err
	})
	return v, err
}

// now is the engine's time in UTC and whole milliseconds, as the store keeps it.
func (e *Engine) now() time.Time { return e.cfg.Now().UTC().Truncate(time.Millisecond) }
