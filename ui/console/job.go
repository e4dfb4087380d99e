package console

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog/pager"
	"umdeck/ui/dialog/picker"
)

// progressEvery is how often the progress of a job is drawn at most.
const progressEvery = 250 * time.Millisecond

// A job is a ui.Job that runs or has run. What is above the mutex belongs to the event
// loop, what is below it is shared with the goroutine that runs the job.
type job struct {
	id    int
	spec  ui.Job
	own   owner
	stop  context.CancelFunc
	asked bool // to stop
	ended bool
	err   error
	seen  []ui.Part // what the event loop knows of

	mu      sync.Mutex
	parts   []ui.Part     // guarded by mu
	leaving bool          // guarded by mu; stop after the next part
	changed chan struct{} // has one entry when there are new parts; closed when the job has ended
}

// progressMsg says that a job has done more, or has ended.
type progressMsg struct {
	job  *job
	open bool
}

// start runs a job.
func (m *Model) start(spec ui.Job) {
	ctx, cancel := context.WithCancel(m.env.Ctx)
	j := &job{id: len(m.jobs) + 1, spec: spec, own: owner{tab: m.current()}, stop: cancel, changed: make(chan struct{}, 1)}
	j.spec.Title = theme.Clean(spec.Title)
	m.jobs = append(m.jobs, j)
	m.work(j.own, func() tea.Msg {
		defer close(j.changed)
		defer cancel()
		return jobEndedMsg{j, spec.Run(ctx, j.report)}
	})
	m.follow(j)
}

// report takes one part that has ended.
func (j *job) report(p ui.Part) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.parts = append(j.parts, p)
	if j.leaving {
		j.stop()
	}
	select {
	case j.changed <- struct{}{}:
	default: // it is known already that there is news
	}
}

// snapshot returns the parts so far.
func (j *job) snapshot() []ui.Part {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clip(j.parts)
}

// follow waits for news of a job, but not more often than it is drawn.
func (m *Model) follow(j *job) {
	ctx := m.env.Ctx
	m.work(owner{}, func() tea.Msg {
		_, open := <-j.changed
		if open {
			t := time.NewTimer(progressEvery)
			defer t.Stop()
			select {
			case <-t.C:
			case <-ctx.Done():
			}
		}
		return progressMsg{j, open}
	})
}

func (p progressMsg) apply(m *Model) {
	p.job.seen = p.job.snapshot()
	m.refreshJobs()
	if p.open {
		m.follow(p.job)
	}
}

// jobEndedMsg is what the run of a job has returned.
type jobEndedMsg struct {
	job *job
	err error
}

func (e jobEndedMsg) apply(m *Model) {
	j := e.job
	j.ended, j.err, j.seen = true, e.err, j.snapshot()
	m.refreshJobs()
	m.say(j.summary(m.env))
	if e.err != nil && !errors.Is(e.err, context.Canceled) {
		m.work(owner{}, func() tea.Msg {
			m.log.Error("job failed", "job", j.spec.Title, "err", e.err)
			return nil
		})
	}
	if j.spec.Ended != nil {
		if msg := j.spec.Ended(j.seen, e.err); msg != nil {
			m.handle(j.own, msg)
		}
	}
	if m.quitting || !m.leaving {
		return
	}
	if len(m.running()) == 0 {
		m.quitting = true
	}
}

// summary says in one line how a job has ended.
func (j *job) summary(env *ui.Env) ui.ToastMsg {
	failed := len(failedOf(j.seen))
	done := len(j.seen) - failed
	switch {
	case j.err != nil && !errors.Is(j.err, context.Canceled):
		return ui.ToastMsg{Level: ui.Bad, Text: fmt.Sprintf("%s: %s (:jobs lists what was done)", j.spec.Title, env.Say(j.err))}
	case failed > 0:
		return ui.ToastMsg{Level: ui.Bad, Text: fmt.Sprintf("%s: %d done, %d failed (:jobs says why)", j.spec.Title, done, failed)}
	case j.asked:
		return ui.ToastMsg{Level: ui.Warn, Text: fmt.Sprintf("%s: stopped after %s", j.spec.Title, j.count())}
	}
	return ui.ToastMsg{Level: ui.Done, Text: fmt.Sprintf("%s: %d done", j.spec.Title, done)}
}

func failedOf(parts []ui.Part) []ui.Part {
	var failed []ui.Part
	for _, p := range parts {
		if p.Err != nil {
			failed = append(failed, p)
		}
	}
	return failed
}

// count returns how far a job is, such as "34/120".
func (j *job) count() string {
	if j.spec.Total == 0 {
		return fmt.Sprint(len(j.seen))
	}
	return fmt.Sprintf("%d/%d", len(j.seen), j.spec.Total)
}

func (j *job) state() string {
	switch failed := len(failedOf(j.seen)); {
	case !j.ended && j.asked:
		return "stopping, " + j.count()
	case !j.ended:
		return "running, " + j.count()
	case j.err != nil && !errors.Is(j.err, context.Canceled):
		return "failed after " + j.count()
	case failed > 0:
		return fmt.Sprintf("ended, %d of %d failed", failed, len(j.seen))
	case j.asked:
		return "stopped after " + j.count()
	}
	return "done, " + j.count()
}

// running returns the jobs that have not ended.
func (m *Model) running() []*job {
	var left []*job
	for _, j := range m.jobs {
		if !j.ended {
			left = append(left, j)
		}
	}
	return left
}

// stopJob stops the newest job after the part under way; asked again, at once.
func (m *Model) stopJob() {
	left := m.running()
	if len(left) == 0 {
		m.say(ui.ToastMsg{Level: ui.Info, Text: "no job runs"})
		return
	}
	j := left[len(left)-1]
	if j.asked || j.spec.Waits {
		j.asked = true
		j.stop()
		return
	}
	j.asked = true
	j.mu.Lock()
	j.leaving = true
	j.mu.Unlock()
	m.say(ui.ToastMsg{Level: ui.Info, Text: j.spec.Title + ": stops after the part under way; ctrl+x again stops at once"})
}

// openJobs lists the jobs, the newest first.
func (m *Model) openJobs() {
	m.jobList = picker.New(picker.Options{
		Env: m.env, Title: "Jobs", Items: m.jobItems(), Hotkeys: true, Empty: "no job was started so far",
		Pick: func(ids []string) tea.Cmd {
			for _, j := range m.jobs {
				if fmt.Sprint(j.id) == ids[0] {
					return ui.Open(m.results(j))
				}
			}
			return nil
		},
	})
	m.push(m.jobList)
}

func (m *Model) jobItems() []picker.Item {
	var items []picker.Item
	for _, v := range slices.Backward(m.jobs) {
		items = append(items, picker.Item{ID: fmt.Sprint(v.id), Title: v.spec.Title, Note: v.state()})
	}
	return items
}

// refreshJobs brings the dialogs that show jobs up to date.
func (m *Model) refreshJobs() {
	for _, l := range m.dialogs {
		switch d := l.Dialog.(type) {
		case *picker.Dialog:
			if d == m.jobList {
				d.SetItems(m.jobItems())
			}
		case *pager.Dialog:
			d.Refresh()
		}
	}
}

// results lists what became of the parts of a job, those that failed first.
func (m *Model) results(j *job) ui.Dialog {
	failed := failedOf(j.seen)
	retry := ui.Action{ID: "job.retry", Key: "r", Title: fmt.Sprintf("Retry %d failed", len(failed)), Writes: true, Run: func() tea.Cmd {
		if again := j.spec.Retry(failed); again != nil {
			return ui.Start(*again)
		}
		return ui.Toast(ui.Warn, "none of them can be tried again")
	}}
	switch {
	case !j.ended:
		retry.Disabled = "the job still runs"
	case len(failed) == 0:
		retry.Disabled = "nothing failed"
	case j.spec.Retry == nil:
		retry.Disabled = "this job cannot be repeated in parts"
	}
	return pager.New(pager.Options{
		Env: m.env, Title: j.spec.Title, Copy: resultText(m.env, j.seen), What: "the results", Keys: []ui.Action{retry},
		Lines: func(t *theme.Theme, w int) []string { return resultLines(t, m.env, j, w) },
	})
}

func resultLines(t *theme.Theme, env *ui.Env, j *job, w int) []string {
	lines := []string{t.Paint(theme.Header, j.state())}
	if j.err != nil && !errors.Is(j.err, context.Canceled) {
		for _, l := range theme.Wrap(theme.Clean(env.Say(j.err)), w) {
			lines = append(lines, t.Paint(theme.Bad, l))
		}
	}
	for _, p := range failedOf(j.seen) {
		lines = append(lines, t.Paint(theme.Bad, t.Glyph.Fail)+" "+theme.Clean(p.Label+"  "+env.Say(p.Err)))
	}
	for _, p := range j.seen {
		if p.Err == nil {
			lines = append(lines, t.Paint(theme.Good, t.Glyph.OK)+" "+theme.Clean(p.Label+"  "+p.Note))
		}
	}
	return lines
}

func resultText(env *ui.Env, parts []ui.Part) string {
	var b strings.Builder
	for _, p := range parts {
		state := p.Note
		if p.Err != nil {
			state = "failed: " + env.Say(p.Err)
		}
		fmt.Fprintf(&b, "%s\t%s\n", p.Label, state)
	}
	return b.String()
}
