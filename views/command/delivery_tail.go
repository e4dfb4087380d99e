package command

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
	"umdeck/theme"
	"umdeck/views/column"
	"umdeck/views/live"
)

type deliveriesTail struct {
	*app
	listFlags
	since            string
	follow, noFollow bool
	events           bool
}

func (a *app) deliveriesTail() *cobra.Command {
	o := &deliveriesTail{app: a}
	cmd := &cobra.Command{
		Use:   "tail",
		Short: "Follow deliveries live, until interrupted",
		Long: `Follow deliveries live, until interrupted: a row when a delivery is made, after each
attempt, and when its state changes otherwise.

Every row has a number, seq. --since N goes on behind that row without a gap and without
a repeat, and --since 0 starts with the oldest. --since 1h starts with what was logged an
hour ago; 30m, 2d, a day and a moment work as well. A connection that is lost is made
again for as long as it takes, and the tail goes on where it was; stderr says so, and says
when rows are missing because the site's retention has taken them.

On a terminal at most 50 rows a second are shown, with how many were left out. What is
written to a file or a pipe is always complete.`,
		Example: `  umdeck deliveries tail --filter 'state:dead target:hooks.zapier.com'
  umdeck deliveries tail --since 1h --no-follow --output jsonl > last-hour.jsonl`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.use(cmd, o.run) },
	}
	o.bind(cmd, 0, column.Keys(column.LogEntries()))
	flags := cmd.Flags()
	flags.StringVar(&o.since, "since", "-1", "start behind the row with this seq, or that long ago, such as 1h; -1: with what comes next")
	flags.BoolVar(&o.follow, "follow", true, "go on with what comes")
	flags.BoolVar(&o.noFollow, "no-follow", false, "end with the newest row that there is now")
	cmd.MarkFlagsMutuallyExclusive("follow", "no-follow")
	flags.BoolVar(&o.events, "events", false, "show events as well, with why they made no delivery")
	return cmd
}

// errEnough ends a tail that has shown as many rows as were asked for.
var errEnough = &exitError{Done, "that was all"}

func (o *deliveriesTail) run(ctx context.Context, api apiclient.API) error {
	if err := o.check(); err != nil {
		return err
	}
	tree, err := filter.Parse(o.filter, filter.Options{Columns: column.LogFilters(), Now: o.cfg.Now})
	if err != nil {
		return err
	}
	after, err := o.start(ctx, api)
	if err != nil {
		return err
	}
	t := &tailing{o: o, match: tree, until: -1}
	if o.noFollow || !o.follow {
		span, err := api.LogSpan(ctx, time.Time{})
		if err != nil {
			return err
		}
		t.until = span.Last
	}
	if t.sheet, err = o.sheet(column.LogEntries()); err != nil {
		return err
	}
	if t.until < 0 || after >= 0 && after < t.until {
		err = live.Follow(ctx, api, after, live.Follower{Entries: t.take, Lost: t.away, Gap: t.gap, Behind: t.late})
	}
	t.pace.end(o.app)
	if ended := t.sheet.end(); err == nil || errors.Is(err, errEnough) {
		return ended
	}
	return err
}

// start returns the number of the row behind which to begin.
func (o *deliveriesTail) start(ctx context.Context, api apiclient.API) (int64, error) {
	if n, err := strconv.ParseInt(o.since, 10, 64); err == nil && n >= live.Newest {
		return n, nil
	}
	at, ok := filter.Moment(o.since, o.cfg.Now())
	if !ok {
		return 0, apiclient.FieldErrorf("since", "%q is neither the seq of a row nor a time; write 1204, or 1h, 2d, 2026-01-31 or 2026-01-31T15:04Z.", o.since)
	}
	span, err := api.LogSpan(ctx, at)
	return span.Start, err
}

// A tailing is one run of a tail.
type tailing struct {
	o       *deliveriesTail
	match   apiclient.Filter
	sheet   sheet[apiclient.LogEntry]
	until   int64 // the number of the last row that is shown; -1: it goes on
	shown   int
	reached bool // the site has answered once
	lost    bool
	behind  bool // it was said that the tail catches up
	pace    pace
}

// take shows entries.
func (t *tailing) take(entries []apiclient.LogEntry) error {
	if t.lost {
		t.o.note("The connection is back.")
	}
	t.reached, t.lost = true, false
	for _, e := range entries {
		if t.until >= 0 && e.Seq > t.until {
			break
		}
		if !t.o.shows(e) || !filter.Run(t.match, column.LogRow(e)) || !t.pace.takes(t.o.app) {
			continue
		}
		if err := t.sheet.add(e); err != nil {
			return err
		}
		if t.shown++; t.o.limit > 0 && t.shown >= t.o.limit {
			return errEnough
		}
	}
	if n := len(entries); n > 0 && t.until >= 0 && entries[n-1].Seq >= t.until {
		return errEnough
	}
	return t.sheet.page()
}

// away goes on after a connection that was lost: what runs for days outlives a restart of
// the site. A site that was never reached is an error.
func (t *tailing) away(err error) error {
	switch {
	case err == nil:
		err = apiclient.Errorf(apiclient.Unavailable, "The site ended it.")
	case !t.reached || apiclient.KindOf(err) != apiclient.Unavailable:
		return err
	}
	if !t.lost {
		t.o.note("The connection is lost: %s Trying again until it is back.", apiclient.MessageOf(err))
		t.lost = true
	}
	return nil
}

func (t *tailing) gap(why string) { t.o.note("A gap: %s.", why) }

// late says that the tail reads what has gathered, and that it has.
func (t *tailing) late(n int64) {
	switch {
	case n > 0 && !t.behind:
		t.o.note("Catching up, %s behind.", theme.Count(n))
	case n == 0 && t.behind:
		t.o.note("Caught up.")
	}
	t.behind = n > 0
}

// shows reports whether the entry is about what is followed: a delivery, or an
// event where that was asked for. The log holds other changes as well.
func (o *deliveriesTail) shows(e apiclient.LogEntry) bool {
	return e.Delivery != nil || o.events && e.Event != nil
}

// A tailColumn is how a column stands in the table of a tail.
type tailColumn struct {
	key      string
	least    int // cells on a terminal
	wide     int // cells elsewhere, where nothing has to fit
	priority int // the highest goes first on a narrow terminal
}

// tailColumns are the columns of the table, unless others are named, and how they stand in
// it: when it happened and what, then where to and about whom.
func tailColumns() []tailColumn {
	return []tailColumn{
		{"logged", len(tailTime), len(tailTime), 0},
		{"id", 6, 6, 8},
		{"event", 20, 24, 0},
		{"state", 9, 9, 0},
		{"attempts", 3, 3, 6},
		{"code", 4, 4, 1},
		{"ms", 5, 5, 7},
		{"login", 12, 16, 3},
		{"target", 22, 24, 2},
		{"error", 12, 12, 9},
	}
}

// tailTime is how the table writes a moment: rows come by the second.
const tailTime = "01-02 15:04:05"

// sheet returns what writes the rows. A table's widths are fixed, since its first
// page may be a single row.
func (o *deliveriesTail) sheet(columns []column.Column[apiclient.LogEntry]) (sheet[apiclient.LogEntry], error) {
	s, err := sheetOf(o.app, o.format, view[apiclient.LogEntry]{all: columns, names: o.columns})
	t, ok := s.(*tableSheet[apiclient.LogEntry])
	if err != nil || !ok {
		return s, err
	}
	usual := len(o.columns) == 0
	if usual {
		t.columns = nil
	}
	for _, how := range tailColumns() {
		c, ok := column.Find(columns, how.key)
		if usual && ok {
			t.columns = append(t.columns, c)
		}
		i := slices.IndexFunc(t.columns, func(c column.Column[apiclient.LogEntry]) bool { return c.Key == how.key })
		if i < 0 {
			continue
		}
		t.columns[i].Min, t.columns[i].Priority = how.least, how.priority
		if !o.cfg.Terminal {
			t.columns[i].Min = how.wide
		}
		if how.key == "logged" {
			t.columns[i].Text = func(e apiclient.LogEntry) string { return e.At.UTC().Format(tailTime) }
		}
	}
	t.steady = true
	return t, nil
}

// maxPerSecond is how many rows a second a person at a terminal is shown.
const maxPerSecond = 50

// A pace leaves out what comes faster than a person reads, and counts it. Its zero value is ready.
type pace struct {
	second  int64 // Unix time
	shown   int   // in it
	leftOut int   // since that was said last
}

// takes reports whether another row may be shown. Only a terminal has a pace.
func (p *pace) takes(a *app) bool {
	if !a.cfg.Terminal {
		return true
	}
	if now := time.Now().Unix(); now != p.second {
		p.end(a)
		p.second, p.shown = now, 0
	}
	if p.shown++; p.shown > maxPerSecond {
		p.leftOut++
		return false
	}
	return true
}

// end says how many were left out.
func (p *pace) end(a *app) {
	if p.leftOut > 0 {
		a.note("%s rows left out, because more than %d came in a second; --output jsonl to a file has all.", theme.Count(p.leftOut), maxPerSecond)
	}
	p.leftOut = 0
}
