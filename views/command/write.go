package command

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/theme"
	"umdeck/views/column"
)

// writeFlags are the flags of a command that changes something.
type writeFlags struct {
	format format
	yes    bool
	dryRun bool
}

func (f *writeFlags) bind(cmd *cobra.Command) {
	f.format.bind(cmd)
	cmd.Flags().BoolVarP(&f.yes, "yes", "y", false, "do it without asking")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "show what would be done, and do nothing")
}

// confirm asks whether to go on, unless that was answered beforehand.
func (a *app) confirm(f *writeFlags, question string) error {
	if f.yes {
		return nil
	}
	if !a.cfg.Terminal {
		return apiclient.FieldErrorf("yes", "Nothing was changed: this needs a yes and there is no terminal to ask on; pass --yes, or --dry-run to see what would be done.")
	}
	if _, err := fmt.Fprintf(a.cfg.Stderr, "%s [y/N] ", theme.CleanLines(question)); err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	line, err := a.stdin.ReadString('\n')
	if err != nil && err != io.EOF {
		return fmt.Errorf("read the answer: %w", err)
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		return nil
	}
	return &exitError{Failed, "Nothing was changed."}
}

// siteName names the site in a question.
func siteName(ctx context.Context, api apiclient.API) (string, error) {
	s, err := api.Site(ctx)
	switch {
	case err != nil:
		return "", err
	case s.URL == "":
		return s.Name, nil
	case s.Name == "":
		return s.URL, nil
	}
	return s.Name + " (" + s.URL + ")", nil
}

// said reports what was done to one thing: as a sentence, or as the thing itself.
func (a *app) said(f format, sentence string, o apiclient.Payload) error {
	if f == formatTable {
		return written(fmt.Fprintln(a.cfg.Stdout, theme.Clean(sentence)))
	}
	return one(a, f, o)
}

// A result is what became of one of several things.
type result struct {
	Subject string // what it is, as in "zap 4 (New members)"
	Word    string // what was done, or would be
	Err     error  // why not; nil: it was done
}

func results() []column.Column[result] {
	return []column.Column[result]{
		{
			Key: "subject", Title: "WHAT", Help: "what it was about", Default: true, Flex: 1, Min: 10,
			Text: func(r result) string { return r.Subject }, Value: func(r result) any { return r.Subject },
		},
		{
			Key: "result", Title: "RESULT", Help: "what was done, or why not", Default: true, Flex: 1, Min: 20,
			Text: func(r result) string { return r.text() }, Value: func(r result) any { return r.text() },
		},
		{
			Key: "done", Title: "DONE", Help: "whether it was done",
			Text:  func(r result) string { return fmt.Sprint(r.Err == nil) },
			Value: func(r result) any { return r.Err == nil },
		},
	}
}

func (r result) text() string {
	if r.Err != nil {
		return sentenceOf(r.Err)
	}
	return r.Word
}

// forEach does something to each of several things, shows the results and sums
// them up.
func (a *app) forEach(f format, refs []string, do func(ref string) result) error {
	s, err := sheetOf(a, f, view[result]{all: results()})
	if err != nil {
		return err
	}
	errs := make([]error, len(refs))
	for i, ref := range refs {
		r := do(ref)
		if r.Subject == "" {
			r.Subject = ref
		}
		errs[i] = r.Err
		if err := s.add(r); err != nil {
			return err
		}
	}
	if err := s.end(); err != nil {
		return err
	}
	return summary(errs)
}
