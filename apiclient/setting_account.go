package apiclient

// accountSettings are Ultimate Member's settings of the account page (version 2.13,
// includes/class-config.php).
func accountSettings() []Setting {
	const group = "Account page"
	return []Setting{
		{Key: "account_tab_password", Group: group, Label: "Password Account Tab", Kind: SettingCheckbox, Default: "1", Help: "Members change their password there."},
		{Key: "account_tab_privacy", Group: group, Label: "Privacy Account Tab", Kind: SettingCheckbox, Default: "1", Help: "Members say there who sees their profile."},
		{Key: "account_tab_notifications", Group: group, Label: "Notifications Account Tab", Kind: SettingCheckbox, Default: "1", Help: "Members choose there which mails they get."},
		{Key: "account_tab_delete", Group: group, Label: "Delete Account Tab", Kind: SettingCheckbox, Default: "1", Help: "Members whose role allows it delete their account there."},
		{Key: "account_name", Group: group, Label: "Account name fields", Kind: SettingCheckbox, Default: "1", Help: "The page shows the first and the last name."},
		{Key: "account_name_disable", Group: group, Label: "Disable changing account name", Kind: SettingCheckbox, Default: "0", Help: "The names are shown and cannot be changed."},
		{Key: "account_name_require", Group: group, Label: "Require account name", Kind: SettingCheckbox, Default: "1", Help: "The first and the last name must be given."},
		{Key: "account_email", Group: group, Label: "Allow users to change e-mail", Kind: SettingCheckbox, Default: "1", Help: "Members change their e-mail address themselves."},
		{Key: "account_general_password", Group: group, Label: "Require password to update account", Kind: SettingCheckbox, Default: "0", Help: "Changes of the account need the current password."},
		{Key: "account_hide_in_directory", Group: group, Label: "Allow users to hide their profiles from directory", Kind: SettingCheckbox, Default: "1", Help: "Members choose whether the directory shows them."},
		{
			Key: "account_hide_in_directory_default", Group: group, Label: "Hide profiles from directory by default", Kind: SettingSelect, Default: "No",
			Help: "What holds for a member who has not chosen.", Choices: []Choice{{"No", "No"}, {"Yes", "Yes"}},
		},
	}
}
