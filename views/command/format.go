package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"umdeck/theme"
)

// A format is how results are written. It is a flag's value.
type format string

const (
	formatTable format = "table" // for people
	formatJSON  format = "json"
	formatLines format = "jsonl" // JSON, one row a line
	formatCSV   format = "csv"
	formatYAML  format = "yaml"
)

var formats = []string{string(formatTable), string(formatJSON), string(formatLines), string(formatCSV), string(formatYAML)}

func (f *format) String() string { return string(*f) }
func (f *format) Type() string   { return "FORMAT" }

func (f *format) Set(s string) error {
	if slices.Contains(formats, s) {
		*f = format(s)
		return nil
	}
	return fmt.Errorf("%q is no format; use %s", s, strings.Join(formats, ", "))
}

// bind adds the flag --output.
func (f *format) bind(cmd *cobra.Command) {
	if *f == "" {
		*f = formatTable
	}
	cmd.Flags().VarP(f, "output", "o", "table, json, jsonl, csv or yaml")
	complete(cmd, "output", formats...)
}

// complete offers values for a flag in the shell.
func complete(cmd *cobra.Command, flag string, values ...string) {
	err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic("command: " + err.Error()) // only for a flag that this program has not, or twice
	}
}

// changed reports whether the flag was given.
func changed(f *pflag.FlagSet, name string) bool { return f.Lookup(name).Changed }

// counted returns a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return theme.Count(n) + " " + many
}
