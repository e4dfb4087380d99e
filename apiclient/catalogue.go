package apiclient

import (
	"cmp"
	"slices"
)

// PredefinedFields returns the fields that Ultimate Member's code defines, by
// key, with the labels and rules of version 2.13 (includes/core/class-builtin.php).
// The slice and all it holds are the caller's.
//
// Four are umdeck's own: account_status, display_name, role and roles. They name
// columns of the account, so that a trigger zap can send them; Ultimate Member
// needs a custom field for each. Not here are the settings of the account page
// (profile_privacy, profile_noindex, hide_in_members, um_show_last_login) and what
// only a form asks for (username_b, single_user_password, delete_account).
//
// The choices of role_select and role_radio are the roles of the site, which this
// package does not know: they have none.
func PredefinedFields() []Field {
	list := slices.Concat(accountFields(), profileFields(), socialFields())
	for i := range list {
		list[i].Source = FieldPredefined
	}
	slices.SortFunc(list, func(a, b Field) int { return cmp.Compare(a.Key, b.Key) })
	return list
}

// accountFields are the columns of an account. MaxChars is Ultimate Member's where
// it has a limit, and else the width of WordPress's column.
func accountFields() []Field {
	return []Field{
		{Key: "user_login", Label: "Username", Type: FieldText, Required: true, Validate: "unique_username", MaxChars: 24},
		{Key: "username", Label: "Username or Email", Type: FieldText, Required: true, Validate: "unique_username_or_email", MaxChars: 100},
		{Key: "user_password", Label: "Password", Type: FieldPassword, Required: true, MaxChars: 30, Secret: true},
		{Key: "user_email", Label: "Email Address", Type: FieldEmail, Validate: "unique_email", MaxChars: 100},
		{Key: "user_url", Label: "Website URL", Type: FieldURL, Required: true, Validate: "url", MaxChars: 100},
		{Key: "display_name", Label: "Display Name", Type: FieldText, MaxChars: 250},
		{Key: "user_registered", Label: "Registration Date", Type: FieldText, ReadOnly: true},
		{Key: "_um_last_login", Label: "Last Login", Type: FieldText, ReadOnly: true},
		{Key: "account_status", Label: "Account Status", Type: FieldText, ReadOnly: true},
		{Key: "role", Label: "Role", Type: FieldText, ReadOnly: true},
		{Key: "roles", Label: "Roles", Type: FieldMultiselect, ReadOnly: true},
		// What a form stores under these two is the role itself, which has parameters of its own.
		{Key: "role_select", Label: "Account Type", Type: FieldSelect, ReadOnly: true},
		{Key: "role_radio", Label: "Account Type", Type: FieldRadio, ReadOnly: true},
	}
}

func profileFields() []Field {
	return []Field{
		{Key: "first_name", Label: "First Name", Type: FieldText},
		{Key: "last_name", Label: "Last Name", Type: FieldText},
		{Key: "nickname", Label: "Nickname", Type: FieldText},
		{Key: "secondary_user_email", Label: "Secondary Email Address", Type: FieldEmail, Validate: "unique_email", MaxChars: 100},
		{Key: "description", Label: "Biography", Type: FieldTextarea, MaxWords: 40},
		{Key: "birth_date", Label: "Birth Date", Type: FieldDate},
		{Key: "gender", Label: "Gender", Type: FieldRadio, Choices: Choices("Male", "Female")},
		{Key: "country", Label: "Country", Type: FieldCountry},
		{Key: "languages", Label: "Languages Spoken", Type: FieldMultiselect, Choices: languages()},
		{Key: "phone_number", Label: "Phone Number", Type: FieldTel, Validate: "phone_number"},
		{Key: "mobile_number", Label: "Mobile Number", Type: FieldTel, Validate: "phone_number"},
		{Key: "profile_photo", Label: "Change your profile photo", Type: FieldImage},
		{Key: "cover_photo", Label: "Change your cover photo", Type: FieldImage},
	}
}

func socialFields() []Field {
	return []Field{
		{Key: "skype", Label: "Skype ID", Type: FieldText, Validate: "skype"},
		{Key: "viber", Label: "Viber number", Type: FieldText, Validate: "phone_number"},
		{Key: "whatsapp", Label: "WhatsApp number", Type: FieldText, Validate: "phone_number"},
		{Key: "discord", Label: "Discord ID", Type: FieldText, Validate: "discord"},
		{Key: "facebook", Label: "Facebook", Type: FieldURL, Validate: "facebook_url"},
		{Key: "twitter", Label: "X", Type: FieldURL, Validate: "twitter_url"},
		{Key: "linkedin", Label: "LinkedIn", Type: FieldURL, Validate: "linkedin_url"},
		{Key: "instagram", Label: "Instagram", Type: FieldURL, Validate: "instagram_url"},
		{Key: "telegram", Label: "Telegram", Type: FieldURL, Validate: "telegram_url"},
		{Key: "tiktok", Label: "TikTok", Type: FieldURL, Validate: "tiktok_url"},
		{Key: "twitch", Label: "Twitch", Type: FieldURL, Validate: "twitch_url"},
		{Key: "reddit", Label: "Reddit", Type: FieldURL, Validate: "reddit_url"},
		{Key: "youtube", Label: "YouTube", Type: FieldURL, Validate: "youtube_url"},
		{Key: "soundcloud", Label: "SoundCloud", Type: FieldURL, Validate: "soundcloud_url"},
	}
}
