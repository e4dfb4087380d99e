package wire

import (
	"maps"

	"umdeck/apiclient"
)

// A SiteAnswer describes the site and what it can do for who asks.
type SiteAnswer struct {
	Kind     apiclient.SiteKind `json:"kind"`
	Name     string             `json:"name"`
	URL      string             `json:"url"`
	Versions map[string]string  `json:"versions"`
	User     string             `json:"user"`
	Warnings []string           `json:"warnings"`

	PrivateTargets bool     `json:"private_targets"` // hooks may go to http and to private addresses
	AllowTargets   []string `json:"allow_targets"`   // networks in CIDR notation to which hooks may go whatever they are

	Missing map[apiclient.Capability]string `json:"missing"` // why, by what the site cannot do
}

// SiteOf returns the twin of s.
func SiteOf(s apiclient.Site) SiteAnswer {
	w := SiteAnswer(s)
	w.Warnings = some(s.Warnings)
	w.AllowTargets = some(s.AllowTargets)
	w.Versions = maps.Clone(s.Versions)
	w.Missing = maps.Clone(s.Missing)
	if w.Versions == nil {
		w.Versions = map[string]string{}
	}
	if w.Missing == nil {
		w.Missing = map[apiclient.Capability]string{}
	}
	return w
}

// Domain returns the site.
func (s SiteAnswer) Domain() apiclient.Site {
	d := apiclient.Site(s)
	d.Warnings = none(s.Warnings)
	d.AllowTargets = none(s.AllowTargets)
	if len(s.Versions) == 0 {
		d.Versions = nil
	}
	if len(s.Missing) == 0 {
		d.Missing = nil
	}
	return d
}
