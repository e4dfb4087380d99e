package apiclient

// fieldSettings are umdeck's own about the values of fields.
func fieldSettings() []Setting {
	return []Setting{
		{
			Key: "umdeck_array_format", Group: "Fields", Label: "Lists in hooks", Kind: SettingSelect, Default: "json",
			Help:    "How the bodies of hooks carry a field with several answers; the API document allows both. What Ultimate Member keeps as a list without being a multi-select is comma separated either way.",
			Choices: []Choice{{"json", "A JSON array for a multi-select"}, {"comma", "Comma separated text"}},
		},
	}
}
