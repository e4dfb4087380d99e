package audit

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/ui/widget/detail"
)

// parts lists what the change touched, each with how it was and is: by name.
func parts(a apiclient.Audit) []detail.Field {
	before, after := read(a.Before), read(a.After)
	all := maps.Clone(before)
	maps.Copy(all, after)
	var list []detail.Field
	for _, name := range slices.Sorted(maps.Keys(all)) {
		was, is := words(before[name]), words(after[name])
		f := detail.Field{Key: name, Value: was + " → " + is}
		switch {
		case a.Before == "":
			f.Value = is
		case a.After == "":
			f.Value = was
		}
		if f.Value != "" && f.Value != empty {
			list = append(list, f)
		}
	}
	return list
}

// read returns the parts of one side; text that is no JSON object has none, and is
// shown nowhere: the site made it for programs.
func read(text string) map[string]json.RawMessage {
	parts := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(text), &parts); err != nil {
		return map[string]json.RawMessage{}
	}
	return parts
}

const empty = "(empty)"

// words writes one part for a person: a text without quotes, a list with commas,
// anything else as JSON.
func words(raw json.RawMessage) string {
	var text string
	if err := json.Unmarshal(raw, &text); err == nil {
		if text == "" {
			return empty
		}
		return text
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err == nil {
		if len(list) == 0 {
			return empty
		}
		return strings.Join(list, ", ")
	}
	if len(raw) == 0 || string(raw) == "null" {
		return empty
	}
	return string(raw)
}
