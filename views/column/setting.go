package column

import (
	"strings"

	"umdeck/apiclient"
)

// Settings returns the columns of settings.
func Settings() []Column[apiclient.Setting] {
	type setting = apiclient.Setting
	kinds := []string{
		string(apiclient.SettingCheckbox), string(apiclient.SettingText), string(apiclient.SettingTextarea), string(apiclient.SettingNumber),
		string(apiclient.SettingSelect), string(apiclient.SettingRole), string(apiclient.SettingEmail),
	}
	return []Column[setting]{
		text("group", "GROUP", "what it is shown with", func(s setting) string { return s.Group }).shown().wide(9, 1).after(4),
		text("key", "KEY", "name of the option", func(s setting) string { return s.Key }).shown().wide(20, 2),
		maybe("value", "VALUE", "what holds; of a secret nothing", func(s setting) string { return s.Value }).shown().wide(12, 2).worded(Worth),
		flag("set", "CHANGED", "whether the site has a value of its own", func(s setting) bool { return s.Set }).shown().after(1),
		text("label", "LABEL", "what it is called", func(s setting) string { return s.Label }).shown().wide(14, 2).after(3),
		text("kind", "KIND", "what it takes", func(s setting) string { return string(s.Kind) }).after(5).oneOf(kinds...),
		maybe("default", "DEFAULT", "what holds unless the site says otherwise", func(s setting) string { return s.Default }).wide(10, 1).after(2),
		text("help", "HELP", "what it does, in a sentence", func(s setting) string { return s.Help }).wide(14, 3).after(6),
	}
}

// Worth returns what a setting says as people read it: on and off, the label of what was
// chosen, lines on one line.
func Worth(s apiclient.Setting) string {
	switch {
	case s.Secret && s.Set:
		return "(set)"
	case s.Secret:
		return "(none)"
	}
	return Meaning(s, s.Value)
}

// Meaning returns what a value of the setting says as people read it.
func Meaning(s apiclient.Setting, value string) string {
	switch s.Kind {
	case apiclient.SettingCheckbox:
		if value == "1" {
			return "on"
		}
		return "off"
	case apiclient.SettingTextarea:
		return strings.ReplaceAll(value, "\n", ", ")
	default:
		return value
	}
}
