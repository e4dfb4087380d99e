package open

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/zalando/go-keyring"

	"umdeck/apiclient"
	"umdeck/apiclient/remote"
)

// Profiles is the config file and the place of the secrets beside it.
type Profiles struct {
	Dir string // folder of config.toml and credentials.toml
}

// A Profile is a site that someone has connected to.
type Profile struct {
	Name            string `toml:"-"`
	URL             string `toml:"url"`
	User            string `toml:"user"`
	PasswordCommand string `toml:"password_command,omitempty"` // a shell command that prints the application password
	ReadOnly        bool   `toml:"read_only,omitempty"`
}

type configFile struct {
	Site  string             `toml:"site,omitempty"` // the profile that was used last
	Sites map[string]Profile `toml:"sites,omitempty"`
}

func (p Profiles) configPath() string      { return filepath.Join(p.Dir, "config.toml") }
func (p Profiles) credentialsPath() string { return filepath.Join(p.Dir, "credentials.toml") }

func (p Profiles) read() (configFile, error) {
	var c configFile
	err := readTOML(p.configPath(), &c)
	if c.Sites == nil {
		c.Sites = map[string]Profile{}
	}
	return c, err
}

// Last returns the name of the profile that was used last; empty: none was.
func (p Profiles) Last() (string, error) {
	c, err := p.read()
	return c.Site, err
}

// List returns the profiles by name.
func (p Profiles) List() ([]Profile, error) {
	c, err := p.read()
	if err != nil {
		return nil, err
	}
	var list []Profile
	for name, profile := range c.Sites {
		profile.Name = name
		list = append(list, profile)
	}
	slices.SortFunc(list, func(a, b Profile) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// Find returns the profile of that name or address. An address without a profile
// is a profile without a name; any other word is NotFound.
func (p Profiles) Find(site string) (Profile, error) {
	c, err := p.read()
	if err != nil {
		return Profile{}, err
	}
	if profile, ok := c.Sites[site]; ok {
		profile.Name = site
		return profile, nil
	}
	address, err := remote.Address(site)
	if err != nil || !strings.ContainsAny(site, ".:") {
		return Profile{}, apiclient.Errorf(apiclient.NotFound, "There is no profile %q, and it is no address; see `umdeck connect --list`, or give a URL.", site)
	}
	for name, profile := range c.Sites {
		if profile.URL == address {
			profile.Name = name
			return profile, nil
		}
	}
	return Profile{URL: address}, nil
}

// Save stores a profile and makes it the last one; a secret that is not empty goes
// to the keyring, or to credentials.toml where there is no keyring. where says
// which, as a clause for a person.
func (p Profiles) Save(profile Profile, secret apiclient.Secret) (where string, err error) {
	c, err := p.read()
	if err != nil {
		return "", err
	}
	if profile.Name == "" {
		return "", apiclient.FieldErrorf("name", "The profile has no name; give one with --name.")
	}
	c.Sites[profile.Name], c.Site = profile, profile.Name
	where = "nowhere: it comes from password_command or UMDECK_PASSWORD"
	if !secret.IsZero() {
		if where, err = p.keep(profile, secret); err != nil {
			return "", err
		}
	}
	return where, writeTOML(p.configPath(), c)
}

// Use remembers a profile as the last one.
func (p Profiles) Use(name string) error {
	c, err := p.read()
	if err != nil || c.Site == name {
		return err
	}
	c.Site = name
	return writeTOML(p.configPath(), c)
}

// service is the name of umdeck's entries in the system's keyring.
const service = "umdeck"

func account(profile Profile) string { return profile.User + "@" + profile.URL }

func (p Profiles) keep(profile Profile, secret apiclient.Secret) (string, error) {
	if keyring.Set(service, account(profile), secret.Reveal()) == nil {
		return "in the system's keyring", nil
	}
	// No keyring is the usual case on a server; a file that only its owner reads is next best.
	secrets := map[string]string{}
	if err := readTOML(p.credentialsPath(), &secrets); err != nil {
		return "", err
	}
	secrets[account(profile)] = secret.Reveal()
	return "in " + p.credentialsPath() + " (mode 0600)", writeTOML(p.credentialsPath(), secrets)
}

// Password returns the application password of a profile; an empty one when
// none is kept.
func (p Profiles) Password(ctx context.Context, profile Profile) (apiclient.Secret, error) {
	if profile.PasswordCommand != "" {
		return runPasswordCommand(ctx, profile.PasswordCommand)
	}
	if text, err := keyring.Get(service, account(profile)); err == nil {
		return apiclient.NewSecret(text), nil
	}
	secrets := map[string]string{}
	if err := readTOML(p.credentialsPath(), &secrets); err != nil {
		return apiclient.Secret{}, err
	}
	return apiclient.NewSecret(secrets[account(profile)]), nil
}

func runPasswordCommand(ctx context.Context, command string) (apiclient.Secret, error) {
	cmd := exec.CommandContext(ctx, "sh", "-c", command) //nolint:gosec // the owner's own config file names it
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return apiclient.Secret{}, &apiclient.Error{Kind: apiclient.Unauthorized, Message: "The profile's password_command failed; run it by hand to see why.", Err: err}
	}
	line, _, _ := bytes.Cut(out, []byte("\n"))
	return apiclient.NewSecret(strings.TrimSpace(string(line))), nil
}

func readTOML(path string, into any) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &apiclient.Error{Kind: apiclient.Internal, Message: fmt.Sprintf("%s cannot be read; check its owner and mode.", path), Err: err}
	}
	if err := toml.Unmarshal(text, into); err != nil {
		return &apiclient.Error{Kind: apiclient.Invalid, Message: fmt.Sprintf("%s is not valid: %v.", path, err), Err: err}
	}
	return nil
}

// writeTOML replaces the file in one step, so that a crash leaves the old one.
func writeTOML(path string, v any) error {
	text, err := toml.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode %s: %w", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return cannotWrite(path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600
	if err != nil {
		return cannotWrite(path, err)
	}
	defer os.Remove(f.Name()) // no longer there after the rename
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return cannotWrite(path, err)
	}
	return nil
}

func cannotWrite(path string, err error) error {
	return &apiclient.Error{Kind: apiclient.Internal, Message: fmt.Sprintf("%s cannot be written; check the folder's owner and mode, and the disk.", path), Err: err}
}
