package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
)

// usersUpload stores a file as the answer of a user.
func (a *app) usersUpload() *cobra.Command {
	f := &writeFlags{}
	cmd := &cobra.Command{
		Use:     "upload ID|LOGIN|EMAIL KEY FILE",
		Short:   "Store a file as a user's answer to an image or file field",
		Example: `  umdeck users upload ada profile_photo portrait.jpg`,
		Args:    cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return a.upload(ctx, api, f, args) })
		},
	}
	f.bind(cmd)
	return cmd
}

func (a *app) upload(ctx context.Context, api apiclient.API, f *writeFlags, args []string) error {
	u, err := api.FindUser(ctx, args[0])
	if err != nil {
		return err
	}
	info, err := os.Stat(args[2])
	if err != nil {
		return &apiclient.Error{Kind: apiclient.NotFound, Message: fmt.Sprintf("The file %s cannot be read; check its name and its rights.", args[2]), Err: err}
	}
	if f.dryRun {
		return a.said(f.format, fmt.Sprintf("Would store %s (%s) as %s of %s.", filepath.Base(args[2]), apiclient.SizeFormat(info.Size()), args[1], u.Login),
			apiclient.Payload{{Key: "action", Value: "upload"}, {Key: "user", Value: u.Login}, {Key: "key", Value: args[1]}, {Key: "file", Value: filepath.Base(args[2])}})
	}
	file, err := api.UploadFile(ctx, u.ID, args[1], apiclient.SentFile{
		Name: filepath.Base(args[2]), Size: info.Size(), Open: func() (io.ReadCloser, error) { return os.Open(args[2]) },
	})
	if err != nil {
		return err
	}
	return a.said(f.format, fmt.Sprintf("Stored %s (%s) as %s of %s.", file.Name, apiclient.SizeFormat(file.Size), args[1], u.Login), fileObject(file))
}

func fileObject(f apiclient.File) apiclient.Payload {
	return apiclient.Payload{
		{Key: "key", Value: f.Key},
		{Key: "name", Value: f.Name},
		{Key: "original_name", Value: f.Original},
		{Key: "type", Value: f.Type},
		{Key: "size", Value: f.Size},
		{Key: "size_format", Value: apiclient.SizeFormat(f.Size)},
		{Key: "url", Value: f.URL},
	}
}

// usersFile writes the file that is an answer.
func (a *app) usersFile() *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use:   "file ID|LOGIN|EMAIL KEY",
		Short: "Write the file that is a user's answer to --output, or to stdout",
		Args:  cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.use(cmd, func(ctx context.Context, api apiclient.API) error { return a.download(ctx, api, args, to) })
		},
	}
	cmd.Flags().StringVarP(&to, "output", "o", "-", "`FILE` to write, which must not exist; -: stdout")
	return cmd
}

func (a *app) download(ctx context.Context, api apiclient.API, args []string, to string) (err error) {
	u, err := api.FindUser(ctx, args[0])
	if err != nil {
		return err
	}
	file, content, err := api.OpenFile(ctx, u.ID, args[1])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, content.Close()) }()
	if to == "-" {
		if _, err := io.Copy(a.cfg.Stdout, content); err != nil {
			return fmt.Errorf("write the file: %w", err)
		}
		return nil
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return &apiclient.Error{Kind: apiclient.Conflict, Message: fmt.Sprintf("The file %s cannot be made; it may exist already.", to), Err: err}
	}
	_, err = io.Copy(out, content)
	if err = errors.Join(err, out.Close()); err != nil {
		return errors.Join(fmt.Errorf("write the file: %w", err), os.Remove(to))
	}
	a.note("Wrote %s (%s, %s) to %s.", file.Name, file.Type, apiclient.SizeFormat(file.Size), to)
	return nil
}
