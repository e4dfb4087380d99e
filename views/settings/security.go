package settings

import (
	"context"
	"strings"

	"umdeck/apiclient"
)

const securityGroup = "Security"

// startedWith is why a setting of that group cannot be changed.
const startedWith = "It is set where the engine is started, and holds until that ends: umdeck serve --help says how."

// security returns what the engine was started with and keeps hooks out of the network
// that it stands in: shown among the settings, and changed nowhere in the console.
func (s *Screen) security(ctx context.Context) ([]apiclient.Setting, error) {
	site, err := s.API.Site(ctx)
	if err != nil {
		return nil, err
	}
	private := apiclient.Setting{
		Key: "allow_private_targets", Group: securityGroup, Label: "Private targets", Kind: apiclient.SettingCheckbox, Default: "0", Value: "0",
		Help: "Hooks may go to http and to private addresses: for development (--allow-private-targets).",
	}
	if site.PrivateTargets {
		private.Value = "1"
	}
	networks := apiclient.Setting{
		Key: "allow_targets", Group: securityGroup, Label: "Allowed networks", Kind: apiclient.SettingTextarea, Value: strings.Join(site.AllowTargets, "\n"),
		Help: "Networks to which hooks may go though they are not public (--allow-targets).",
	}
	fixed := []apiclient.Setting{networks, private}
	for i := range fixed {
		fixed[i].Set = fixed[i].Value != fixed[i].Default
	}
	return fixed, nil
}

// unchangeable returns why the setting cannot be changed; empty: it can.
func (s *Screen) unchangeable(v apiclient.Setting) string {
	if v.Group == securityGroup {
		return startedWith
	}
	return s.Missing(apiclient.CanWriteSettings)
}
