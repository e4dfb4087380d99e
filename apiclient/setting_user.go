package apiclient

// userSettings are Ultimate Member's Settings > General > Users and Access > Other
// (version 2.13, includes/class-config.php), and the statuses of the site's own.
func userSettings() []Setting {
	const group = "Users"
	return []Setting{
		{
			Key: "register_role", Group: group, Label: "Registration Default Role", Kind: SettingRole,
			Help: "The role of who registers; empty: the default role of the site.",
		},
		{
			Key: "admin_ignore_user_status", Group: group, Label: "Approve users made by administrators", Kind: SettingCheckbox, Default: "0",
			Help: "An account that an administrator makes is approved, whatever its role says about new ones.",
		},
		{
			Key: "activation_link_expiry_time", Group: group, Label: "Activation link expiry", Kind: SettingNumber, Min: 1, Max: 3650,
			Help: "After how many days an activation link ends; empty: never.",
		},
		{
			Key: "umdeck_statuses", Group: group, Label: "Further account statuses", Kind: SettingTextarea,
			Help: "Statuses beyond Ultimate Member's five, one a line, as slug|Label.",
		},
		{
			Key: "permalink_base", Group: group, Label: "Profile Permalink Base", Kind: SettingSelect, Default: "user_login",
			Help: "What addresses of profiles are made of, and generated logins with them.",
			Choices: []Choice{
				{"user_login", "Username"},
				{"name", "First and Last Name with '.'"},
				{"name_dash", "First and Last Name with '-'"},
				{"name_plus", "First and Last Name with '+'"},
				{"user_id", "User ID"},
				{"hash", "Unique hash string"},
				{"custom_meta", "Custom usermeta"},
			},
		},
		{
			Key: "permalink_base_custom_meta", Group: group, Label: "Profile Permalink Base Custom Meta Key", Kind: SettingText,
			Help: "The key of the field that addresses of profiles are made of, where the base is custom usermeta.",
		},
		{
			Key: "display_name", Group: group, Label: "User Display Name", Kind: SettingSelect, Default: "full_name",
			Help: "What members are called on the site.",
			Choices: []Choice{
				{"default", "Default WP Display Name"},
				{"nickname", "Nickname"},
				{"username", "Username"},
				{"full_name", "First name & last name"},
				{"sur_name", "Last name & first name"},
				{"initial_name", "First name & first initial of last name"},
				{"initial_name_f", "First initial of first name & last name"},
				{"first_name", "First name only"},
				{"field", "Custom field(s)"},
			},
		},
		{
			Key: "display_name_field", Group: group, Label: "Display Name Custom Field(s)", Kind: SettingText,
			Help: "The keys of the fields that the display name is made of, separated by commas, where it is made of custom fields.",
		},
		{
			Key: "members_page", Group: group, Label: "Members Directory", Kind: SettingCheckbox, Default: "1",
			Help: "The site has a directory of members.",
		},
		{
			Key: "blocked_words", Group: group, Label: "Blacklist Words", Kind: SettingTextarea, Default: "admin\nadministrator\nwebmaster\nsupport\nstaff",
			Help: "Logins that nobody may choose, one a line.",
		},
		{
			Key: "blocked_emails", Group: group, Label: "Blocked Email Addresses", Kind: SettingTextarea,
			Help: "E-mail addresses that may neither register nor log in, one a line; *@example.com blocks a whole domain.",
		},
	}
}
