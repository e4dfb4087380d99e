package open

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/remote"
)

// A Target is what a person asked for. Its zero value is the profile that was
// used last, or the local instance when there is none.
type Target struct {
	Site     string // a profile's name or an address; empty: not a remote site
	Local    bool   // the local instance
	Dir      string // its folder; empty: the user's own data folder
	Database string // a PostgreSQL database with its data, which makes it local; empty: its data is in the folder too
	ReadOnly bool   // refuse every change, in this program already

	// To where hooks of the local instance may go, if this opens its engine.
	AllowPrivate bool           // to http and to private addresses
	AllowTargets []netip.Prefix // to these networks whatever they are, see apiclient.ParseNetworks
}

// Config is what Open needs besides the target. DataDir is required.
type Config struct {
	DataDir  string   // folder of the local instance that has no other
	Database string   // its PostgreSQL database, where a target names none; empty: SQLite in the folder
	Profiles Profiles // zero: there are none
	User     string   // from the environment: wins over the profile's
	Password apiclient.Secret
	SiteName string        // of a local instance that is made; empty: "local"
	URL      string        // at which a local instance is served, for the addresses of its files; empty: nobody serves it
	Version  string        // of this program
	Grace    time.Duration // how long what is under way may go on when the instance ends; zero means some seconds
	Lease    time.Duration // of an engine on PostgreSQL, see engine.Config; zero means its default
	Logger   *slog.Logger  // nil means silence
	Now      func() time.Time
}

// Open returns the API of the target and starts what that needs. Closing the API
// ends all of it. Errors have a sentence that says what to do.
func Open(ctx context.Context, t Target, c Config) (apiclient.API, error) {
	if t.Site != "" && t.Database != "" {
		return nil, apiclient.FieldErrorf("site", "Both --site and --database are given; choose one.")
	}
	t.Local = t.Local || t.Database != ""
	if t.Site != "" && t.Local {
		return nil, apiclient.FieldErrorf("site", "Both --site and --local are given; choose one.")
	}
	site := t.Site
	if site == "" && !t.Local {
		var err error
		if site, err = c.Profiles.Last(); err != nil {
			return nil, err
		}
	}
	if site == "" {
		return openLocal(ctx, t, c)
	}
	profile, err := c.Profiles.Find(site)
	if err != nil {
		return nil, err
	}
	profile.ReadOnly = profile.ReadOnly || t.ReadOnly
	api, err := Remote(ctx, profile, c)
	if err != nil || profile.Name == "" {
		return api, err
	}
	if err := c.Profiles.Use(profile.Name); err != nil {
		return nil, errors.Join(err, api.Close())
	}
	return api, nil
}

func openLocal(ctx context.Context, t Target, c Config) (apiclient.API, error) {
	instance, err := Local(ctx, t, c)
	if err != nil {
		return nil, err // not instance: a nil in an interface is not nil
	}
	if t.ReadOnly {
		return apiclient.ReadOnly(instance), nil
	}
	return instance, nil
}

// Remote returns the API of a site over HTTP. Without credentials it is
// Unauthorized, with a sentence that says how to give them.
func Remote(ctx context.Context, p Profile, c Config) (apiclient.API, error) {
	secret := c.Password
	if c.User != "" {
		p.User = c.User
	}
	if secret.IsZero() {
		var err error
		if secret, err = c.Profiles.Password(ctx, p); err != nil {
			return nil, err
		}
	}
	if p.User == "" || secret.IsZero() {
		return nil, apiclient.Errorf(apiclient.Unauthorized,
			"No application password is known for %s; run `umdeck connect %s`, or set UMDECK_USER and UMDECK_PASSWORD.", p.URL, p.URL)
	}
	return remote.Open(ctx, remote.Config{
		URL: p.URL, User: p.User, Password: secret, ReadOnly: p.ReadOnly, Logger: c.Logger, UserAgent: "umdeck/" + c.Version,
	})
}

// SystemActor returns who runs this program: the actor of what is done to a local
// instance from its own machine.
func SystemActor() apiclient.Actor {
	return apiclient.Actor{Login: systemUser(), Origin: apiclient.OriginConsole}
}

func systemUser() string {
	u, err := user.Current()
	if err != nil {
		return "system"
	}
	_, name, found := strings.Cut(u.Username, `\`) // Windows has DOMAIN\name
	if !found {
		name = u.Username
	}
	return name
}

// Folder returns the data folder of a target that is a local instance, for what is
// done to its files. A remote site is Unsupported.
func Folder(t Target, c Config) (string, error) {
	if cmp.Or(t.Database, c.Database) != "" {
		return "", apiclient.Errorf(apiclient.Unsupported,
			"The instance is in a PostgreSQL database: copy that with pg_dump and pg_restore, and the folder uploads beside it.")
	}
	site := t.Site
	if site == "" && !t.Local {
		var err error
		if site, err = c.Profiles.Last(); err != nil {
			return "", err
		}
	}
	if site != "" {
		return "", apiclient.Errorf(apiclient.Unsupported,
			"%s is a site elsewhere, whose files umdeck cannot reach; run this on its own machine, or pass --local for the instance on this one.", site)
	}
	return filepath.Abs(cmp.Or(t.Dir, c.DataDir))
}
