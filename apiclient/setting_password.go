package apiclient

// passwordSettings are Ultimate Member's settings about the passwords of members
// (version 2.13, includes/class-config.php).
func passwordSettings() []Setting {
	const group = "Passwords"
	return []Setting{
		{
			Key: "require_strongpass", Group: group, Label: "Require Strong Passwords", Kind: SettingCheckbox, Default: "0",
			Help: "Passwords that members choose need an upper-case letter, a lower-case letter and a number.",
		},
		{
			Key: "require_strongpass_special_char", Group: group, Label: "Password requires special character", Kind: SettingCheckbox, Default: "0",
			Help: "A strong password needs a character that is neither a letter nor a digit as well.",
		},
		{
			Key: "password_min_chars", Group: group, Label: "Password minimum length", Kind: SettingNumber, Min: 1, Max: 4096, Default: "8",
			Help: "The fewest characters of a strong password.",
		},
		{
			Key: "password_max_chars", Group: group, Label: "Password maximum length", Kind: SettingNumber, Min: 1, Max: 4096, Default: "30",
			Help: "The most characters of a strong password.",
		},
		{
			Key: "enable_reset_password_limit", Group: group, Label: "Password reset limit", Kind: SettingCheckbox, Default: "1",
			Help: "Requests for a new password are counted, and refused after too many.",
		},
		{
			Key: "reset_password_limit_number", Group: group, Label: "Password reset maximum attempts", Kind: SettingNumber, Min: 1, Max: 1000, Default: "3",
			Help: "How many requests for a new password a member has between two logins.",
		},
		{
			Key: "change_password_request_limit", Group: group, Label: "Change Password request limit", Kind: SettingCheckbox, Default: "0",
			Help: "A member changes the password at most once in 30 minutes.",
		},
		{
			Key: "only_approved_user_reset_password", Group: group, Label: "Only approved user Reset Password", Kind: SettingCheckbox, Default: "1",
			Help: "Only approved members may ask for a new password.",
		},
	}
}
