package host

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
)

// DemoOptions are the flags of demo.
type DemoOptions struct {
	Members int           // how many members there are at the start
	Every   time.Duration // mean time between two events
	Seed    uint64        // the same seed makes the same members
}

// Validate returns an Error of kind Invalid that says what is wrong with o.
func (o DemoOptions) Validate() error {
	if o.Members < 1 || o.Members > 100_000 {
		return apiclient.FieldErrorf("members", "The demo cannot have %d members; use 1 to 100000.", o.Members)
	}
	if o.Every < 10*time.Millisecond {
		return apiclient.FieldErrorf("every", "An event every %v is more than the demo does; use at least 10ms.", o.Every)
	}
	return nil
}

// Demo returns the command `demo`, which calls run with the checked flags.
func Demo(terminal bool, run func(context.Context, DemoOptions) error) *cobra.Command {
	o := DemoOptions{}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Look round in a throw-away site with members, zaps and live traffic",
		Long: `Start the console on a throw-away local instance: 250 members from all over the
world, action and trigger zaps over all 15 field types, and about one event a
second, delivered to a built-in receiver that answers 200 mostly, and now and
then 500, 410, slowly or never. Nothing leaves this machine, and nothing is
left when it ends.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.Validate(); err != nil {
				return err
			}
			if !terminal {
				return apiclient.Errorf(apiclient.Invalid, "The demo is a console and needs a terminal; without one, run `umdeck serve --demo --data DIR`.")
			}
			return run(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.IntVar(&o.Members, "members", 250, "how many members there are at the start")
	f.DurationVar(&o.Every, "every", time.Second, "mean time between two events")
	f.Uint64Var(&o.Seed, "seed", 1, "the same seed makes the same members")
	return cmd
}
