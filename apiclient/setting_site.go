package apiclient

// siteSettings are what WordPress's Settings > General has, as far as members meet it.
func siteSettings() []Setting {
	const group = "Site"
	return []Setting{
		{
			Key: "blogname", Group: group, Label: "Site Title", Kind: SettingText, Default: "umdeck",
			Help: "The name of the site, on its pages, in its mails and to other consoles.",
		},
		{
			Key: "admin_email", Group: group, Label: "Admin E-mail Address", Kind: SettingText, Default: "admin@localhost.localdomain",
			Help: "Who gets the notices to administrators; several addresses are separated by commas.",
		},
		{
			Key: "default_role", Group: group, Label: "New User Default Role", Kind: SettingRole, Default: "subscriber",
			Help: "The role of an account that is made without one.",
		},
	}
}
