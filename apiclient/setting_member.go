package apiclient

// memberSettings are about what members meet on the pages: Ultimate Member's (version
// 2.13, includes/class-config.php), and one of umdeck's own.
func memberSettings() []Setting {
	const group = "Pages"
	return []Setting{
		{
			Key: "delete_account_text", Group: group, Label: "Account Deletion Text", Kind: SettingTextarea, Help: "What members read before they delete their account.",
			Default: "Are you sure you want to delete your account? This will erase all of your account data from the site. To delete your account enter your password below.",
		},
		{
			Key: "profile_noindex", Group: group, Label: "Avoid indexing profile by search engines", Kind: SettingCheckbox, Default: "0",
			Help: "Profiles ask search engines to leave them alone, unless their role or their member says otherwise.",
		},
		{
			Key: "umdeck_form_seconds", Group: group, Label: "Fastest registration", Kind: SettingNumber, Min: 0, Max: 60, Default: "1",
			Help: "A registration form that is sent sooner than so many seconds after it was opened comes from a program.",
		},
	}
}
