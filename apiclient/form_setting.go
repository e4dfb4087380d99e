package apiclient

import (
	"maps"
	"slices"
)

// FormSettings are the settings of one form by Ultimate Member's names without
// _um_ and the mode: "primary_btn_word" of a registration form is
// _um_register_primary_btn_word. What is not in it has its default; see
// [FormSettingDefaults].
type FormSettings map[string]string

// FormSettingDefaults returns the settings of forms of the mode, with the values
// that hold where a form says nothing: those of Ultimate Member 2.13
// (includes/class-config.php, core_form_meta_all). "1" is yes, "0" is no. Nearly
// all count only where use_custom_settings is on.
func FormSettingDefaults(m FormMode) FormSettings {
	s := FormSettings{"use_custom_settings": "0", "template": string(m), "icons": "label", "secondary_btn": "1"}
	switch m {
	case FormRegister:
		maps.Copy(s, FormSettings{
			"role": "", "max_width": "450px", "primary_btn_word": "Register", "secondary_btn_word": "Login", "secondary_btn_url": "",
			"use_gdpr": "0", "use_gdpr_content_id": "", "use_gdpr_toggle_show": "Show privacy policy", "use_gdpr_toggle_hide": "Hide privacy policy",
			"use_gdpr_agreement":  "Please confirm that you agree to our privacy policy",
			"use_gdpr_error_text": "Please confirm your acceptance of our privacy policy",
		})
	case FormLogin:
		maps.Copy(s, FormSettings{
			"max_width": "450px", "primary_btn_word": "Login", "secondary_btn_word": "Register", "secondary_btn_url": "",
			"forgot_pass_link": "1", "show_rememberme": "1", "after_login": "0", "redirect_url": "",
		})
	case FormProfile:
		maps.Copy(s, FormSettings{
			"role": "", "max_width": "1000px", "area_max_width": "600px", "primary_btn_word": "Update Profile", "secondary_btn_word": "Cancel",
			"cover_enabled": "1", "coversize": "original", "cover_ratio": "2.7:1", "disable_photo_upload": "0", "photosize": "190",
			"photo_required": "0", "show_name": "1", "show_social_links": "0", "show_bio": "1", "metafields": "",
		})
	}
	return s
}

// Setting returns the value that holds for a setting of the form. It panics for a
// name that forms of the mode do not have.
func (f Form) Setting(name string) string {
	value, ok := FormSettingDefaults(f.Mode)[name]
	if !ok {
		panic("apiclient: no setting " + name + " of a " + string(f.Mode) + " form")
	}
	if set := f.Settings[name]; set != "" {
		return set
	}
	return value
}

// On reports whether a setting of the form that is yes or no is yes.
func (f Form) On(name string) bool { return f.Setting(name) == "1" }

// clean returns the settings that are not empty.
func (s FormSettings) clean() FormSettings {
	s = maps.Clone(s)
	maps.DeleteFunc(s, func(_, value string) bool { return value == "" })
	if len(s) == 0 {
		return nil
	}
	return s
}

// check refuses settings that forms of the mode do not have, and text that cannot be shown.
func (s FormSettings) check(m FormMode) error {
	known := FormSettingDefaults(m)
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if _, ok := known[name]; !ok {
			return FieldErrorf(name, "A %s form has no setting %s; see the form for those it has.", m, quote(name))
		}
		if err := CheckName(name, "The setting "+name, s[name]); err != nil {
			return err
		}
	}
	return nil
}
