package host

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/theme"
)

// A Backup is what a backup has in it.
type Backup struct {
	File   string           `json:"file"`
	Made   string           `json:"made"`   // RFC 3339, UTC
	Umdeck string           `json:"umdeck"` // the version that made it
	Schema int64            `json:"schema"`
	Counts map[string]int64 `json:"counts"`
	Files  int              `json:"files"`
	Bytes  int64            `json:"bytes"` // of the files in it
	Aside  string           `json:"aside,omitempty"`
}

// A Backups makes and restores backups of the local instance that the flags name.
type Backups interface {
	// Backup writes the instance to a file, which must not exist.
	Backup(ctx context.Context, file string) (Backup, error)
	// Verify compares a backup with its sums.
	Verify(ctx context.Context, file string) (Backup, error)
	// Restore makes the instance of a backup; replace puts aside what is there.
	Restore(ctx context.Context, file string, replace bool) (Backup, error)
}

// output is the flag of the two commands.
type output string

func (o *output) String() string { return string(*o) }
func (o *output) Type() string   { return "FORMAT" }

func (o *output) Set(s string) error {
	if s != "table" && s != "json" {
		return apiclient.FieldErrorf("output", "%q is no format; use table or json", s)
	}
	*o = output(s)
	return nil
}

func (o *output) bind(cmd *cobra.Command) {
	*o = "table"
	cmd.Flags().VarP(o, "output", "o", "table or json")
}

// write says what was done, as a sentence or as an object.
func (o *output) write(w io.Writer, sentence string, b Backup) error {
	if *o == "json" {
		raw, err := json.Marshal(b)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "%s\n", raw)
		return err
	}
	_, err := fmt.Fprintln(w, theme.Clean(sentence))
	return err
}

// BackupCommand returns the command `backup`.
func BackupCommand(s Streams, b Backups) *cobra.Command {
	var (
		verify bool
		out    output
	)
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write the local instance to one file, also while it is served",
		Long: `Write the local instance to one file (a tar file with gzip): its database as it is
at one moment, the files of its members, and a manifest with their sums. The instance
may be served meanwhile. Who has the file has the hashes of the members' passwords.

--verify compares a backup with its sums and changes nothing.`,
		Example: "  umdeck backup --local=DIR members.tar.gz\n  umdeck backup --verify members.tar.gz",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if verify {
				made, err := b.Verify(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				return out.write(s.Out, "The backup is whole: "+made.describe()+".", made)
			}
			made, err := b.Backup(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return out.write(s.Out, fmt.Sprintf("Backed up to %s: %s.", args[0], made.describe()), made)
		},
	}
	out.bind(cmd)
	cmd.Flags().BoolVar(&verify, "verify", false, "compare the backup with its sums")
	return cmd
}

// RestoreCommand returns the command `restore`.
func RestoreCommand(s Streams, b Backups) *cobra.Command {
	var (
		yes bool
		out output
	)
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Make the local instance of a backup",
		Long: `Make the local instance of a backup. Everything in it is compared with its sums
first. A folder that has something in it needs --yes, and stays beside the new one
under another name; one that an umdeck has open is refused.`,
		Example: "  umdeck restore --local=DIR members.tar.gz --yes",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			made, err := b.Restore(cmd.Context(), args[0], yes)
			if err != nil {
				return err
			}
			sentence := fmt.Sprintf("Restored %s: %s.", args[0], made.describe())
			if made.Aside != "" {
				sentence += " What was there is in " + made.Aside + "; remove that when you do not need it."
			}
			return out.write(s.Out, sentence, made)
		},
	}
	out.bind(cmd)
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "put aside what is in the folder")
	return cmd
}

// describe says in a clause what a backup has.
func (b Backup) describe() string {
	parts := []string{"made " + b.Made}
	for _, noun := range []string{"users", "zaps", "deliveries"} { // the rest is in the manifest
		if n, ok := b.Counts[noun]; ok {
			parts = append(parts, theme.Count(n)+" "+noun)
		}
	}
	parts = append(parts, theme.Count(b.Files)+" "+plural(b.Files, "file", "files"))
	return strings.Join(parts, ", ")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
