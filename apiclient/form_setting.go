package apiclient

import (
	"maps"
	"slices"
	"strings"
)

// FormSettings are the settings of one form by Ultimate Member's names without
// _um_ and the mode: "primary_btn_word" of a registration form is
// _um_register_primary_btn_word. What is not in it has its default; see
// [FormSettingCatalogue].
type FormSettings map[string]string

// FormSettingCatalogue returns the settings of forms of the mode with the values
// that hold where a form says nothing: those of Ultimate Member 2.13
// (includes/class-config.php, core_form_meta_all; includes/admin/templates/form).
// Where Setting.Group is "Customize this form" a setting counts only while
// use_custom_settings is on. The slice and all it holds are the caller's.
func FormSettingCatalogue(m FormMode) []Setting {
	var list []Setting
	switch m {
	case FormRegister:
		list = slices.Concat(customSettings(m, "450px", "Register", "Login"), []Setting{
			formText(groupCustom, "role", "Assign role to form", "", "The role of who registers here; empty: the site's."),
		}, agreementSettings())
	case FormLogin:
		list = slices.Concat(customSettings(m, "450px", "Login", "Register"), loginSettings())
	case FormProfile:
		list = slices.Concat(customSettings(m, "1000px", "Update Profile", "Cancel"), profileSettings())
	}
	for i := range list {
		list[i].Value = list[i].Default
	}
	return list
}

// The groups of settings of a form, as Ultimate Member's boxes are called.
const (
	groupCustom    = "Customize this form"
	groupAgreement = "Privacy Policy"
	groupOptions   = "Options"
)

func formText(group, key, label, value, help string) Setting {
	return Setting{Key: key, Group: group, Label: label, Help: help, Kind: SettingText, Default: value}
}

func formSwitch(group, key, label, value, help string) Setting {
	return Setting{Key: key, Group: group, Label: label, Help: help, Kind: SettingCheckbox, Default: value}
}

func formSelect(group, key, label, value, help string, choices ...Choice) Setting {
	return Setting{Key: key, Group: group, Label: label, Help: help, Kind: SettingSelect, Default: value, Choices: choices}
}

// customSettings are those that every form has.
func customSettings(m FormMode, width, button, second string) []Setting {
	return []Setting{
		formSwitch(groupOptions, "use_custom_settings", "Apply custom settings to this form", "0", "Whether the settings of this form count, and not those of the site."),
		formText(groupCustom, "template", "Template", string(m), "Name of the template that the form is shown with."),
		formText(groupCustom, "max_width", "Max. Width (px)", width, "Widest that the form is shown."),
		formSelect(groupCustom, "icons", "Field Icons", "label", "Whether and where the icons of fields are shown.",
			Choice{"field", "Show inside text field"}, Choice{"label", "Show with label"}, Choice{"off", "Turn off"}),
		formText(groupCustom, "primary_btn_word", "Primary Button Text", button, "Words on the button that sends the form."),
		formSwitch(groupCustom, "secondary_btn", "Show Secondary Button", "1", "Whether there is a second button."),
		formText(groupCustom, "secondary_btn_word", "Secondary Button Text", second, "Words on the second button."),
		formText(groupCustom, "secondary_btn_url", "Secondary Button URL", "", "Where the second button leads; empty: to the page that its words name."),
	}
}

func agreementSettings() []Setting {
	return []Setting{
		formSwitch(groupAgreement, "use_gdpr", "Enable on this form", "0", "Whether who registers has to agree to the privacy policy."),
		formText(groupAgreement, "use_gdpr_content_id", "Content", "", "Number of the page with the policy."),
		formText(groupAgreement, "use_gdpr_toggle_show", "Toggle Show text", "Show privacy policy", "Words that show the policy."),
		formText(groupAgreement, "use_gdpr_toggle_hide", "Toggle Hide text", "Hide privacy policy", "Words that hide it again."),
		formText(groupAgreement, "use_gdpr_agreement", "Checkbox agreement description", "Please confirm that you agree to our privacy policy", "Words beside the box."),
		formText(groupAgreement, "use_gdpr_error_text", "Error Text", "Please confirm your acceptance of our privacy policy", "What who does not agree is told."),
	}
}

func loginSettings() []Setting {
	return []Setting{
		formSwitch(groupCustom, "forgot_pass_link", "Show Forgot Password Link", "1", "Whether the form leads to a new password."),
		formSwitch(groupCustom, "show_rememberme", `Show "Remember Me"`, "1", "Whether who logs in may stay logged in."),
		formSelect(groupOptions, "after_login", "Redirection after Login", "0", "Where a login here leads, over what the role says.",
			Choice{"0", "Default"}, Choice{"redirect_profile", "Redirect to profile"}, Choice{"redirect_url", "Redirect to URL"},
			Choice{"refresh", "Refresh active page"}, Choice{"redirect_admin", "Redirect to WordPress Admin"}),
		formText(groupOptions, "redirect_url", "Set Custom Redirect URL", "", "The address for Redirect to URL."),
	}
}

func profileSettings() []Setting {
	ratios := Choices("1.6:1", "2.7:1", "2.2:1", "3.2:1")
	return []Setting{
		formText(groupCustom, "role", "Make this profile form role-specific", "", "Slugs of the roles whose profiles have this form, with commas between them; empty: all."),
		formText(groupCustom, "area_max_width", "Profile Area Max. Width (px)", "600px", "Widest that what is below the header is shown."),
		formSwitch(groupCustom, "cover_enabled", "Enable Cover Photos", "1", "Whether profiles have a cover photo."),
		formText(groupCustom, "coversize", "Cover Photo Size", "original", "Width of the cover photo that is shown, or original."),
		formSelect(groupCustom, "cover_ratio", "Cover photo ratio", "2.7:1", "Width of a cover photo to its height.", ratios...),
		formSwitch(groupCustom, "disable_photo_upload", "Disable Profile Photo Upload", "0", "Whether members cannot give a profile photo."),
		formText(groupCustom, "photosize", "Profile Photo Size", "190", "Width of the profile photo that is shown, or original."),
		formSwitch(groupCustom, "photo_required", "Make Profile Photo Required", "0", "Whether a profile cannot be saved without a photo."),
		formSwitch(groupCustom, "show_name", "Show display name in profile header?", "1", "Whether the name is shown above a profile."),
		formSwitch(groupCustom, "show_social_links", "Show social links in profile header?", "0", "Whether links to social networks are."),
		formSwitch(groupCustom, "show_bio", "Show user description in profile header?", "1", "Whether the biography is."),
		formText(groupOptions, "metafields", "Field(s) to show in user meta", "", "Keys of fields that are shown below the name, with commas between them."),
	}
}

// Setting returns the value that holds for a setting of the form. It panics for a
// name that forms of the mode do not have.
func (f Form) Setting(name string) string {
	s, ok := formSetting(f.Mode, name)
	if !ok {
		panic("apiclient: no setting " + name + " of a " + string(f.Mode) + " form")
	}
	if set := f.Settings[name]; set != "" && (s.Group != groupCustom || f.Settings["use_custom_settings"] == "1") {
		return set
	}
	return s.Default
}

// On reports whether a setting of the form that is yes or no is yes.
func (f Form) On(name string) bool { return f.Setting(name) == "1" }

func formSetting(m FormMode, name string) (Setting, bool) {
	list := FormSettingCatalogue(m)
	i := slices.IndexFunc(list, func(s Setting) bool { return s.Key == name })
	if i < 0 {
		return Setting{}, false
	}
	return list[i], true
}

// accept returns the settings as they are kept: what is empty or the default is not.
// What forms of the mode do not have is Invalid.
func (s FormSettings) accept(m FormMode) (FormSettings, error) {
	kept := FormSettings{}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		known, ok := formSetting(m, name)
		if !ok {
			return nil, FieldErrorf(name, "A %s form has no setting %s; it has %s.", m, quote(name), formSettingNames(m))
		}
		if s[name] == "" {
			continue
		}
		value, err := known.Accept(s[name])
		if err != nil {
			return nil, err
		}
		if value != known.Default && value != "" {
			kept[name] = value
		}
	}
	if len(kept) == 0 {
		return nil, nil
	}
	return kept, nil
}

func formSettingNames(m FormMode) string {
	var names []string
	for _, s := range FormSettingCatalogue(m) {
		names = append(names, s.Key)
	}
	return strings.Join(names, ", ")
}
