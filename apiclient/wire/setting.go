package wire

import "umdeck/apiclient"

// A Setting is one option of the site.
type Setting struct {
	Key     string                `json:"key"`
	Group   string                `json:"group"`
	Label   string                `json:"label"`
	Help    string                `json:"help"`
	Kind    apiclient.SettingKind `json:"kind"`
	Choices []Choice              `json:"choices,omitempty"`
	Min     int                   `json:"min,omitempty"`
	Max     int                   `json:"max,omitempty"` // 0: no limit
	Default string                `json:"default"`
	Value   string                `json:"value"` // empty for a secret
	Secret  bool                  `json:"secret,omitempty"`
	Set     bool                  `json:"set"` // the site has a value of its own
}

// SettingOf returns the twin of s. A secret has no value, whoever asks.
func SettingOf(s apiclient.Setting) Setting {
	if s.Secret {
		s.Value = ""
	}
	return Setting{
		Key: s.Key, Group: s.Group, Label: s.Label, Help: s.Help, Kind: s.Kind,
		Choices: back(s.Choices, func(c apiclient.Choice) Choice { return Choice(c) }), Min: s.Min, Max: s.Max,
		Default: s.Default, Value: s.Value, Secret: s.Secret, Set: s.Set,
	}
}

// Domain returns the setting.
func (s Setting) Domain() apiclient.Setting {
	return apiclient.Setting{
		Key: s.Key, Group: s.Group, Label: s.Label, Help: s.Help, Kind: s.Kind,
		Choices: back(s.Choices, func(c Choice) apiclient.Choice { return apiclient.Choice(c) }), Min: s.Min, Max: s.Max,
		Default: s.Default, Value: s.Value, Secret: s.Secret, Set: s.Set,
	}
}

// SettingsChange gives settings new values, by key.
type SettingsChange struct {
	Values map[string]string `json:"values"`
}
