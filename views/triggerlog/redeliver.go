package triggerlog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/ui"
	"umdeck/ui/dialog/confirm"
	"umdeck/views/list"
)

// typedFrom is more than how many want a phrase to be typed.
const typedFrom = 50

// redeliver sends the row under the cursor again at once, or asks about the marked ones.
func (s *Screen) redeliver() tea.Cmd {
	if s.page == nil && s.log().Marks() > 0 {
		return s.redeliverMarked()
	}
	r, ok := s.selected()
	if !ok || r.event != nil {
		return nil
	}
	ctx, api, id := s.Env.Ctx, s.API, r.ID
	return list.Do(ID, func() list.DidMsg {
		d, err := api.Redeliver(ctx, id)
		return list.DidMsg{Err: err, Text: fmt.Sprintf("Delivery %d goes out again as %d; :%s/%d shows it.", id, d.ID, ID, d.ID)}
	})
}

func (s *Screen) redeliverMarked() tea.Cmd {
	var ids []apiclient.DeliveryID
	var targets []string
	for _, r := range s.log().Targets() {
		if r.event != nil {
			continue
		}
		ids = append(ids, r.ID)
		if to := apiclient.HideURL(r.URL); !slices.Contains(targets, to) {
			targets = append(targets, to)
		}
	}
	if len(ids) == 0 {
		return ui.Toast(ui.Warn, "The marked events made no delivery, so there is nothing to send again.")
	}
	return s.askAgain(ids, "Their targets: "+some(targets, 3)+".")
}

// some names the first n, and says how many more there are.
func some(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %s more", strings.Join(names[:n], ", "), theme.Count(len(names)-n))
}

func (s *Screen) askAgain(ids []apiclient.DeliveryID, which string) tea.Cmd {
	o := confirm.Options{
		Env: s.Env, Title: "Send " + deliveries(len(ids)) + " again", Go: "Send", Tier: confirm.Once,
		Lines: []string{
			which,
			"Each goes out as a new delivery with the same bytes and a new webhook-id, so a receiver takes it for new.",
		},
		Yes: func() tea.Cmd {
			s.log().ClearMarks()
			return ui.Start(s.again(ids))
		},
	}
	if len(ids) > typedFrom {
		o.Tier, o.Phrase = confirm.Typed, fmt.Sprintf("send %d", len(ids))
	}
	return ui.Open(confirm.New(o))
}

func deliveries(n int) string {
	if n == 1 {
		return "1 delivery"
	}
	return theme.Count(n) + " deliveries"
}

// again is the job that redelivers each once.
func (s *Screen) again(ids []apiclient.DeliveryID) ui.Job {
	api := s.API
	return ui.Job{
		Title: "Redeliver " + deliveries(len(ids)), Total: len(ids),
		Run: func(ctx context.Context, report func(ui.Part)) error {
			for _, id := range ids {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				d, err := api.Redeliver(ctx, id)
				if stops(err) {
					return err
				}
				report(partOf(id, d, err))
			}
			return nil
		},
		Retry: func(parts []ui.Part) *ui.Job {
			var left []apiclient.DeliveryID
			for _, p := range parts {
				if id, err := list.ParseNumber[apiclient.DeliveryID](p.Key); err == nil {
					left = append(left, id)
				}
			}
			if len(left) == 0 {
				return nil
			}
			job := s.again(left)
			return &job
		},
	}
}

// stops reports whether what went wrong with one would go wrong with all.
func stops(err error) bool {
	if err == nil {
		return false
	}
	switch apiclient.KindOf(err) {
	case apiclient.Unavailable, apiclient.Unauthorized, apiclient.Forbidden, apiclient.Unsupported:
		return true
	default:
		return false
	}
}

func partOf(id apiclient.DeliveryID, d apiclient.Delivery, err error) ui.Part {
	p := ui.Part{Key: list.Number(id), Label: "delivery " + list.Number(id), Err: err}
	if err == nil {
		p.Note = "again as " + list.Number(d.ID)
	}
	return p
}
