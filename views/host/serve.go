package host

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"umdeck/apiclient"
)

// ServeOptions are the flags of serve.
type ServeOptions struct {
	Listen      string // address and port; port 0 takes a free one
	URL         string // home address as the world knows it; empty: the address listened on
	Data        string // folder of the instance; empty: the user's own
	BehindProxy bool   // listen beyond this machine without TLS, because a proxy has it
	Demo        bool   // fill an empty instance with the demo's members, and let things happen
	LogLevel    string // debug, info, warn or error
	LogFormat   string // text or json
	LogFile     string // empty: umdeck.log in the state folder; -: standard error
}

// Level returns the level of the log.
func (o ServeOptions) Level() (slog.Level, error) {
	i := slices.Index(logLevels, o.LogLevel)
	if i < 0 {
		return 0, apiclient.FieldErrorf("log-level", "There is no log level %q; use one of %s.", o.LogLevel, strings.Join(logLevels, ", "))
	}
	return []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError}[i], nil
}

var (
	logLevels  = []string{"debug", "info", "warn", "error"}
	logFormats = []string{"text", "json"}
)

// Validate returns an Error of kind Invalid that says what is wrong with o.
func (o ServeOptions) Validate() error {
	host, _, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return apiclient.FieldErrorf("listen", "%q is no address to listen on; write it as 127.0.0.1:8420.", o.Listen)
	}
	if u, err := url.Parse(o.URL); o.URL != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		return apiclient.FieldErrorf("url", "%q is no address; write it as https://members.example.com.", o.URL)
	}
	if _, err := o.Level(); err != nil {
		return err
	}
	if !slices.Contains(logFormats, o.LogFormat) {
		return apiclient.FieldErrorf("log-format", "There is no log format %q; use text or json.", o.LogFormat)
	}
	ip := net.ParseIP(host)
	loopback := host == "localhost" || ip != nil && ip.IsLoopback()
	if !loopback && !o.BehindProxy {
		return apiclient.FieldErrorf("listen", "%s is reachable from other machines, and passwords would cross the network in plain HTTP; listen on 127.0.0.1, or put a TLS proxy in front and say --behind-proxy.", o.Listen)
	}
	return nil
}

// Serve returns the command `serve`, which calls run with the checked flags.
func Serve(run func(context.Context, ServeOptions) error) *cobra.Command {
	var o ServeOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve a local instance to Zapier, scripts and other consoles",
		Long: `Serve a local instance over HTTP: the Zapier API on POST /?action=…, and
/wp-json/umdeck/v1 for other consoles and scripts. The first line on stdout is
the URL. Callers log in with an application password (umdeck passwords create).

/readyz answers 503 and says why while something is wrong, and /metrics is for
Prometheus on this machine. SIGTERM or SIGINT ends in order: no new requests, up
to 20 s for what is under way, and what was not sent goes out after the next
start; a second one ends at once.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.Validate(); err != nil {
				return err
			}
			return run(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Listen, "listen", "127.0.0.1:8420", "address and port to listen on; port 0 takes a free one")
	f.StringVar(&o.URL, "url", "", "home address as callers know it, behind a proxy (default: the address listened on)")
	f.StringVar(&o.Data, "data", "", "data folder (default: your own, as with --local)")
	f.BoolVar(&o.BehindProxy, "behind-proxy", false, "a proxy in front has TLS: allow an address other than this machine's own")
	f.BoolVar(&o.Demo, "demo", false, "fill an empty instance with 250 members, zaps and live traffic")
	f.StringVar(&o.LogLevel, "log-level", "info", "what the log tells: debug, info, warn or error; requests are info")
	f.StringVar(&o.LogFormat, "log-format", "text", "how the log is written: text or json")
	f.StringVar(&o.LogFile, "log-file", "", "file that the log is added to, or - for stderr (default: umdeck.log in the state folder)")
	return cmd
}
