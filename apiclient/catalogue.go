package apiclient

import (
	"cmp"
	"slices"
)

// PredefinedFields returns the fields that Ultimate Member's code defines, by key, with
// all attributes of version 2.13 (includes/core/class-builtin.php,
// set_predefined_fields). The slice and all it holds are the caller's.
//
// Four are umdeck's own: account_status, display_name, role and roles. They name
// columns of the account, so that a trigger zap can send them; Ultimate Member needs a
// custom field for each. What no account keeps but a form or the account page asks
// (username_b, single_user_password, delete_account) is read-only or secret here: it
// cannot be stored.
//
// The choices of role_select and role_radio are the roles of the site, which this
// package does not know: they have none. The sizes of profile_photo and cover_photo are
// those of the settings of a new site.
func PredefinedFields() []Field {
	list := slices.Concat(accountFields(), profileFields(), phoneFields(), networkFields(), photoFields(), settingFields())
	for i := range list {
		list[i].Source = FieldPredefined
		if list[i].Title == "" {
			list[i].Title = list[i].Label
		}
	}
	slices.SortFunc(list, func(a, b Field) int { return cmp.Compare(a.Key, b.Key) })
	return list
}

// accountFields are the columns of an account. MaxChars is Ultimate Member's where
// it has a limit, and else the width of WordPress's column.
func accountFields() []Field {
	strong := Strength{Good: true, Confirm: true, ConfirmLabel: "Confirm Password"}
	return []Field{
		{Key: "user_login", Label: "Username", Type: FieldText, Required: true, Locked: true, Validate: "unique_username", MinChars: 3, MaxChars: 24},
		{Key: "username", Label: "Username or Email", Type: FieldText, Required: true, Locked: true, Validate: "unique_username_or_email", MaxChars: 100},
		{Key: "user_password", Label: "Password", Type: FieldPassword, Required: true, MinChars: 8, MaxChars: 30, Password: strong, Secret: true},
		{Key: "user_email", Label: "Email Address", Type: FieldEmail, Validate: "unique_email", MaxChars: 100},
		{Key: "user_url", Label: "Website URL", Type: FieldURL, Required: true, Validate: "url", MaxChars: 100},
		{Key: "display_name", Label: "Display Name", Type: FieldText, MaxChars: 250},
		{Key: "user_registered", Label: "Registration Date", Type: FieldText, ReadOnly: true},
		{Key: "_um_last_login", Label: "Last Login", Type: FieldText, ReadOnly: true},
		{Key: "account_status", Label: "Account Status", Type: FieldText, ReadOnly: true},
		{Key: "role", Label: "Role", Type: FieldText, ReadOnly: true},
		{Key: "roles", Label: "Roles", Type: FieldMultiselect, ReadOnly: true},
		// What a form stores under these two is the role itself, which has parameters of its own.
		{Key: "role_select", Label: "Account Type", Title: "Roles (Dropdown)", Placeholder: "Choose account type", Type: FieldSelect, OptionsSource: "roles", ReadOnly: true},
		{Key: "role_radio", Label: "Account Type", Title: "Roles (Radio)", Type: FieldRadio, OptionsSource: "roles", ReadOnly: true},
		{Key: "username_b", Title: "Username or Email", Label: "Username or Email", Placeholder: "Enter your username or email", Type: FieldText, Required: true, Locked: true, Private: true, ReadOnly: true},
	}
}

func profileFields() []Field {
	return []Field{
		{Key: "first_name", Label: "First Name", Type: FieldText},
		{Key: "last_name", Label: "Last Name", Type: FieldText},
		{Key: "nickname", Label: "Nickname", Type: FieldText},
		{Key: "secondary_user_email", Label: "Secondary Email Address", Type: FieldEmail, Validate: "unique_email", MaxChars: 100},
		{Key: "description", Label: "Biography", Placeholder: "Enter a bit about yourself...", Type: FieldTextarea, MaxWords: 40},
		{Key: "birth_date", Label: "Birth Date", Icon: "far fa-calendar-days", Type: FieldDate, Dates: DateRules{Years: 115, YearsX: "past", Age: true}},
		{Key: "gender", Label: "Gender", Type: FieldRadio, Choices: Choices("Male", "Female")},
		{Key: "country", Label: "Country", Placeholder: "Choose a Country", Type: FieldCountry},
		{Key: "languages", Label: "Languages Spoken", Title: "Languages", Placeholder: "Select languages", Type: FieldMultiselect, Choices: languages()},
	}
}

// outside is how Ultimate Member links to another site.
func outside(text string) Link { return Link{Text: text, Target: "_blank", Rel: "nofollow"} }

func phoneFields() []Field {
	discord := outside("Discord")
	discord.Social, discord.Color, discord.Match = true, "#7289da", "https://discord.com/users/"
	return []Field{
		{Key: "phone_number", Label: "Phone Number", Icon: "fas fa-phone", Type: FieldTel, Validate: "phone_number"},
		{Key: "mobile_number", Label: "Mobile Number", Icon: "fas fa-mobile-screen", Type: FieldTel, Validate: "phone_number"},
		{Key: "skype", Label: "Skype ID", Icon: "fab fa-skype", Type: FieldText, Validate: "skype", Link: outside("Join chat")},
		{Key: "viber", Label: "Viber number", Icon: "fab fa-viber", Type: FieldText, Validate: "phone_number", Link: outside("")},
		{Key: "whatsapp", Label: "WhatsApp number", Icon: "fab fa-whatsapp", Type: FieldText, Validate: "phone_number", Link: outside("")},
		{Key: "discord", Label: "Discord ID", Title: "Discord", Icon: "fab fa-discord", Type: FieldText, Validate: "discord", Link: discord},
	}
}

func networkFields() []Field {
	social := func(key, label, icon, color string) Field {
		f := Field{Key: key, Label: label, Icon: "fab " + icon, Type: FieldURL, Validate: key + "_url", Link: outside(label)}
		n, _ := networkOf(f.Validate)
		f.Link.Social, f.Link.Match, f.Link.Color = true, n.prefix, color
		return f
	}
	x := social("twitter", "X", "fa-square-x-twitter", "#0f1419")
	x.Title = "X (formerly Twitter)"
	return []Field{
		social("facebook", "Facebook", "fa-facebook-f", "#3B5999"),
		x,
		social("linkedin", "LinkedIn", "fa-linkedin-in", "#0976b4"),
		social("instagram", "Instagram", "fa-instagram", "radial-gradient(circle at 30% 107%, #fdf497 0%, #fdf497 5%, #fd5949 45%,#d6249f 60%,#285AEB 90%)"),
		social("telegram", "Telegram", "fa-telegram", "#24A1DE"),
		social("tiktok", "TikTok", "fa-tiktok", "#000000"),
		social("twitch", "Twitch", "fa-twitch", "#6441a5"),
		social("reddit", "Reddit", "fa-reddit-alien", "#ff4500"),
		social("youtube", "YouTube", "fa-youtube", "#e52d27"),
		social("soundcloud", "SoundCloud", "fa-soundcloud", "#f50"),
	}
}

// noLimit is the largest upload where the settings name none: 999999999 bytes.
const noLimit = 999999999

func photoFields() []Field {
	return []Field{
		{
			Key: "profile_photo", Label: "Change your profile photo", Title: "Profile Photo", Icon: "fas fa-camera", Type: FieldImage, Private: true,
			Upload: UploadRules{MaxSize: noLimit, Crop: CropSquare, MinWidth: 190, MinHeight: 190},
		},
		{
			Key: "cover_photo", Label: "Change your cover photo", Title: "Cover Photo", Icon: "far fa-image", Type: FieldImage, Private: true,
			Upload: UploadRules{MaxSize: noLimit, Crop: CropCover, MinWidth: 1000, Ratio: "2.7"},
		},
	}
}

// settingFields are asked on the account page alone.
func settingFields() []Field {
	list := []Field{
		{
			Key: "profile_privacy", Label: "Profile Privacy", Help: "Who can see your public profile?", Type: FieldSelect,
			Default: "Everyone", Choices: Choices("Everyone", "Only me"), NeedsPerm: "can_make_private_profile",
		},
		{
			Key: "profile_noindex", Label: "Avoid indexing my profile by search engines", Help: "Hide my profile for robots?", Type: FieldSelect,
			Default: "0", Choices: []Choice{{"0", "No"}, {"1", "Yes"}}, NeedsPerm: "can_make_private_profile",
		},
		{
			Key: "hide_in_members", Label: "Hide my profile from directory", Help: "Here you can hide yourself from appearing in public directory", Type: FieldRadio,
			Default: "No", Choices: Choices("No", "Yes"), NeedsOption: "members_page",
		},
		{
			Key: "um_show_last_login", Label: "Show my last login?", Help: "Here you can hide last login field on profile page and card in member directory", Type: FieldRadio,
			Default: "yes", Choices: []Choice{{"no", "No"}, {"yes", "Yes"}},
		},
		{
			Key: "delete_account", Label: "Delete Account", Help: "If you confirm, everything related to your profile will be deleted permanently from the site", Type: FieldRadio,
			Default: "No", Choices: Choices("Yes", "No"), ReadOnly: true,
		},
		{Key: "single_user_password", Label: "Password", Type: FieldPassword, Required: true, Secret: true},
	}
	for i := range list {
		list[i].AccountOnly = true
	}
	return list
}
