package host

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
	"umdeck/theme"
)

// ConnectOptions are what connect asks a site with.
type ConnectOptions struct {
	URL      string
	Name     string // of the profile
	User     string
	Password apiclient.Secret
	ReadOnly bool
}

// A Connector does what connect is about.
type Connector interface {
	// Address returns the address as it is stored, or an Error of kind Invalid.
	Address(text string) (string, error)
	// Try logs in and returns what is there.
	Try(ctx context.Context, o ConnectOptions) (apiclient.Site, error)
	// Save stores the profile and says where its password is, as a clause.
	Save(o ConnectOptions) (where string, err error)
	// Profiles returns the stored profiles as "name  url  user", one a line.
	Profiles() ([]string, error)
}

type connect struct {
	ConnectOptions
	fromStdin bool
	list      bool

	streams Streams
	to      Connector
	getenv  func(string) string
}

// Connect returns the command `connect`.
func Connect(s Streams, getenv func(string) string, to Connector) *cobra.Command {
	o := &connect{streams: s, to: to, getenv: getenv}
	cmd := &cobra.Command{
		Use:   "connect URL",
		Short: "Check a site and store a profile for it",
		Long: `Check a site, explain how to make an application password there, log in with it
and store a profile, so that from then on umdeck and --site NAME know the site.
The password goes to the system's keyring, or to a file that only you can read.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.list {
				return o.profiles()
			}
			if len(args) == 0 {
				return apiclient.FieldErrorf("url", "connect needs the address of a site; write it as https://example.com.")
			}
			o.URL = args[0]
			return o.run(cmd.Context())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Name, "name", "", "name of the profile (default: the site's host)")
	f.StringVar(&o.User, "user", "", "login of an administrator of the site (default: UMDECK_USER, else asked)")
	f.BoolVar(&o.fromStdin, "password-stdin", false, "read the application password from stdin (default: UMDECK_PASSWORD, else asked)")
	f.BoolVar(&o.list, "list", false, "list the stored profiles")
	return cmd
}

func (o *connect) profiles() error {
	lines, err := o.to.Profiles()
	if err != nil {
		return err
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(o.streams.Out, theme.Clean(line)); err != nil {
			return err
		}
	}
	return nil
}

func (o *connect) run(ctx context.Context) error {
	address, err := o.to.Address(o.URL)
	if err != nil {
		return err
	}
	o.URL = address
	if o.Name == "" {
		u, err := url.Parse(address)
		if err != nil {
			return fmt.Errorf("parse a checked address: %w", err)
		}
		o.Name = u.Hostname()
	}
	if err := o.credentials(); err != nil {
		return err
	}
	site, err := o.to.Try(ctx, o.ConnectOptions)
	if err != nil {
		return err
	}
	where, err := o.to.Save(o.ConnectOptions)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(o.streams.Out, "Connected to %s as %s. Profile %q is stored, its password %s.\nStart the console with: umdeck --site %s\n",
		theme.Clean(cmp.Or(site.Name, site.URL)), theme.Clean(site.User), o.Name, where, o.Name)
	return err
}

// credentials takes user and password from the flags, the environment, stdin or
// the person, in that order.
func (o *connect) credentials() error {
	o.User = cmp.Or(o.User, o.getenv("UMDECK_USER"))
	o.Password = apiclient.NewSecret(o.getenv("UMDECK_PASSWORD"))
	if o.fromStdin {
		line, err := bufio.NewReader(io.LimitReader(o.streams.In, 4096)).ReadString('\n')
		if err != nil && err != io.EOF {
			return fmt.Errorf("read the password: %w", err)
		}
		o.Password = apiclient.NewSecret(strings.TrimSpace(line))
	}
	if o.User != "" && !o.Password.IsZero() {
		return nil
	}
	if !o.streams.Terminal || o.streams.Secret == nil {
		return apiclient.FieldErrorf("user", "Without a terminal connect cannot ask; pass --user and --password-stdin, or set UMDECK_USER and UMDECK_PASSWORD.")
	}
	return o.ask()
}

func (o *connect) ask() error {
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	_, err = fmt.Fprintf(o.streams.Err, `umdeck logs in with an application password, which you can revoke at any time.
Open this page as an administrator of the site, approve, and copy the password:

  %s/wp-admin/authorize-application.php?app_name=%s

(On an umdeck instance: umdeck passwords create --user admin --name console)

`, o.URL, url.QueryEscape("umdeck on "+host))
	if err != nil {
		return err
	}
	if o.User == "" {
		_, _ = fmt.Fprint(o.streams.Err, "User name: ")
		line, err := bufio.NewReader(o.streams.In).ReadString('\n')
		if err != nil {
			return fmt.Errorf("read the user name: %w", err)
		}
		o.User = strings.TrimSpace(line)
	}
	_, _ = fmt.Fprint(o.streams.Err, "Application password (not shown): ")
	text, err := o.streams.Secret()
	_, _ = fmt.Fprintln(o.streams.Err)
	if err != nil {
		return fmt.Errorf("read the password: %w", err)
	}
	o.Password = apiclient.NewSecret(strings.TrimSpace(text))
	return nil
}
