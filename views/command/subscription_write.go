package command

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
)

type subscriptionsEdit struct {
	*app
	writeFlags
	strict   bool
	rate     float64
	schedule string
}

func (a *app) subscriptionsEdit() *cobra.Command {
	o := &subscriptionsEdit{app: a}
	var cmd *cobra.Command
	cmd = a.many("edit ID…", "Set how subscriptions are posted to", &o.writeFlags, func(ctx context.Context, api apiclient.API, refs []string) error {
		u, words, err := o.update(cmd)
		if err != nil {
			return err
		}
		return a.eachSubscription(ctx, api, &o.writeFlags, refs, "would be "+words, func(s apiclient.Subscription) (string, error) {
			_, err := api.UpdateSubscription(ctx, s.ID, u)
			return "is " + words, err
		})
	})
	cmd.Example = "  umdeck subscriptions edit 3 --strict --rate 5\n  umdeck subscriptions edit 3 4 --schedule 5s,1m,10m,1h,6h"
	cmd.Flags().BoolVar(&o.strict, "strict", false, "one delivery at a time: a failure holds all later ones; --strict=false: no more")
	cmd.Flags().Float64Var(&o.rate, "rate", 0, "hooks a second at most; 0: no limit of its own")
	cmd.Flags().StringVar(&o.schedule, "schedule", "", "waits between tries, such as 5s,30s,2m; default: the site's own")
	return cmd
}

// update returns what the flags ask for, and the same in words.
func (o *subscriptionsEdit) update(cmd *cobra.Command) (u apiclient.SubscriptionUpdate, _ string, err error) {
	var words []string
	if cmd.Flags().Changed("strict") {
		u.Strict = &o.strict
		words = append(words, map[bool]string{true: "strict", false: "not strict"}[o.strict])
	}
	if cmd.Flags().Changed("rate") {
		u.Rate = &o.rate
		word := "without a rate of its own"
		if o.rate != 0 {
			word = "sent " + strconv.FormatFloat(o.rate, 'g', -1, 64) + " a second at most"
		}
		words = append(words, word)
	}
	if cmd.Flags().Changed("schedule") {
		waits, err := scheduleOf(o.schedule)
		if err != nil {
			return u, "", err
		}
		u.Schedule = &waits
		word := "on the site's own schedule"
		if len(waits) > 0 {
			word = fmt.Sprintf("tried %d times", len(waits)+1)
		}
		words = append(words, word)
	}
	if len(words) == 0 {
		return u, "", apiclient.FieldErrorf("strict", "Nothing is to be changed; give --strict, --rate or --schedule.")
	}
	return u, strings.Join(words, ", "), u.Validate()
}

// scheduleOf reads waits between commas or spaces; none for "default".
func scheduleOf(text string) ([]time.Duration, error) {
	if text == "default" {
		return nil, nil
	}
	var waits []time.Duration
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		wait, err := time.ParseDuration(part)
		if err != nil {
			return nil, apiclient.FieldErrorf("schedule", "%q is no wait; write the schedule as 5s,30s,2m, or as default.", part)
		}
		waits = append(waits, wait)
	}
	if len(waits) == 0 {
		return nil, apiclient.FieldErrorf("schedule", "The schedule has no wait; write it as 5s,30s,2m, or as default.")
	}
	return waits, nil
}

func (a *app) subscriptionsRotate() *cobra.Command {
	var overlap time.Duration
	cmd := a.byRef("rotate ID", "Make a new secret that a subscription's hooks are signed with", func(ctx context.Context, api apiclient.API, f format, ref string) error {
		id, err := idOf[apiclient.SubscriptionID]("subscription", ref)
		if err != nil {
			return err
		}
		s, err := api.RotateSubscription(ctx, id, overlap)
		if err != nil {
			return err
		}
		return a.told(f, fmt.Sprintf("Subscription %d (%s) has a new secret; the one before signs too until %s UTC.", s.ID, s.Target(), s.RotatedUntil.UTC().Format("2006-01-02 15:04")), s)
	})
	cmd.Long = `Make a new secret that a subscription's hooks are signed with, and show it, this once.
The secret before signs too for as long as --overlap, so that whoever verifies the hooks
can change over: webhook-signature holds both, as Standard Webhooks says.`
	cmd.Flags().DurationVar(&overlap, "overlap", apiclient.UsualOverlap, "for how long the secret before signs too; at most 168h")
	return cmd
}

func (a *app) subscriptionsRemove() *cobra.Command {
	f, tell := &writeFlags{}, false
	cmd := a.many("remove ID…", "End subscriptions and drop their waiting deliveries", f, func(ctx context.Context, api apiclient.API, refs []string) error {
		if err := a.confirmDelete(ctx, api, f, "", len(refs), "subscriptions"); err != nil {
			return err
		}
		would := "would be removed"
		if tell {
			would += ", and its target told"
		}
		return a.eachSubscription(ctx, api, f, refs, would, func(s apiclient.Subscription) (string, error) {
			told, err := api.RemoveSubscription(ctx, s.ID, tell)
			return "removed" + tellWords(told), err
		})
	})
	cmd.Flags().BoolVar(&tell, "tell", false, "tell the targets by one HTTP DELETE each: Zapier pauses the zap then")
	return cmd
}

// tellWords says what became of the word to a target.
func tellWords(a *apiclient.Attempt) string {
	switch {
	case a == nil:
		return ""
	case a.Error != "":
		return ", but its target was told in vain: " + a.Error
	}
	return fmt.Sprintf(", and its target told: it answered %d", a.Code)
}
