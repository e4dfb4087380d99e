package apiclient

// apiSettings are umdeck's own: what the Zapier actions and the loop guard do.
func apiSettings() []Setting {
	const group = "API"
	return []Setting{
		{
			Key: "umdeck_api_fires", Group: group, Label: "API changes fire registration and edit", Kind: SettingCheckbox, Default: "0",
			Help: "Accounts that come and change through the API raise um_registration_complete and um_user_edit_profile, which Ultimate Member does not.",
		},
		{
			Key: "umdeck_api_privileged_roles", Group: group, Label: "API may give privileged roles", Kind: SettingCheckbox, Default: "0",
			Help: "The API may give a role that can change the site or its users, such as administrator, to whoever may promote users.",
		},
		{
			Key: "umdeck_api_empty", Group: group, Label: "Empty values of the API", Kind: SettingSelect, Default: "keep",
			Help:    "What an empty value means that um_update_user brings.",
			Choices: []Choice{{"keep", "Leave the field as it is"}, {"clear", "Clear the field"}},
		},
		{
			Key: "umdeck_loop_limit", Group: group, Label: "Loop guard", Kind: SettingNumber, Min: 0, Max: 1_000_000, Default: "10",
			Help: "How many events a minute of one user reach one zap before the rest is held; 0: all of them.",
		},
	}
}
