package apiclient

import (
	"strings"
	"unicode"
)

// checkValidate checks the field's rule on a form, in Ultimate Member's words. Whether
// a value is taken is for [CheckUnique]. An empty text passes, but not as a login or as
// the account's own address.
//
// skype, soundcloud and custom check nothing: the first two have no check in Ultimate
// Member, and the third is a hook of the site's own.
func (in Intake) checkValidate(f Field, s string, add func(string, ...any)) {
	if in.Mode == FormLogin {
		return // what is typed at a login is looked up, not judged
	}
	switch f.Validate {
	case "unique_username":
		checkLoginRule(s, add)
	case "unique_username_or_email":
		if s == "" {
			add("You must provide a username or email")
		} else if !isEmail(s) && !isLogin(s) {
			add("Your username contains invalid characters")
		}
	case "unique_email":
		f.checkEmailRule(s, in, add)
	default:
		if message := f.checkTextRule(s); s != "" && message != "" {
			add("%s", message)
		}
	}
}

func checkLoginRule(s string, add func(string, ...any)) {
	switch {
	case s == "":
		add("You must provide a username")
	case isEmail(s):
		add("Username cannot be an email")
	case !isLogin(s):
		add("Your username contains invalid characters")
	}
}

func (f Field) checkEmailRule(s string, in Intake, add func(string, ...any)) {
	switch {
	case s == "" && (f.Key == "user_email" || f.Required):
		add("You must provide your email")
	case s != "" && !isEmail(s):
		add("The email you entered is incorrect")
	case f.Key == "secondary_user_email" && s != "" && s == strings.TrimSpace(in.Sent.First("user_email")):
		add("The secondary email cannot be the same as primary")
	}
}

// checkTextRule returns the message of a rule about the text itself; empty when it passes.
func (f Field) checkTextRule(s string) string {
	letters := strings.ReplaceAll(s, " ", "")
	var ok bool
	var message string
	switch f.Validate {
	case "numeric":
		ok, message = isNumeric(s), "Please enter numbers only in this field"
	case "phone_number":
		ok, message = isPhone(s), "Please enter a valid phone number"
	case "discord":
		ok, message = s == "0" || isDiscord(s), "Please enter a valid Discord ID"
	case "url":
		ok, message = strings.Contains(s, "http://") || strings.Contains(s, "https://"), "Please enter a valid URL"
	case "is_email":
		ok, message = isEmail(s), "This is not a valid email"
	case "alphabetic":
		ok, message = all(letters, unicode.IsLetter), "You must provide alphabetic letters"
	case "alpha_numeric":
		ok, message = all(letters, isLetterOrDigit), "You must provide alphabetic letters or numbers"
	case "lowercase":
		ok, message = lowerShape.MatchString(letters), "You must provide lowercase letters."
	case "english":
		ok, message = letters == "" || asciiShape.MatchString(letters), "You must provide English letters."
	case "youtube_video":
		ok, message = videoShape.MatchString(s), "Please enter a valid "+f.Label+" URL"
	default:
		return f.checkSocial(s)
	}
	if ok {
		return ""
	}
	return message
}

// checkSocial checks the rule of a social network as Ultimate Member does: the address
// must contain the domain and something more. A bare name was completed before.
func (f Field) checkSocial(s string) string {
	n, ok := networkOf(f.Validate)
	if !ok {
		return ""
	}
	if f.Link.Social && !strings.Contains(s, n.hosts[0]) && f.Validate != "youtube_url" {
		s = n.prefix + s
	}
	for _, host := range n.hosts {
		if strings.Contains(s, host) && s != host {
			return ""
		}
	}
	switch f.Validate {
	case "spotify_url":
		return "Please enter a valid " + f.Label + " URL"
	case "instagram_url", "tiktok_url", "twitch_url", "reddit_url":
		return "Please enter a valid " + f.Label + " profile URL"
	}
	return "Please enter a valid " + f.Label + " username or profile URL"
}

// isNumeric is PHP's is_numeric.
func isNumeric(s string) bool { return numeric.MatchString(strings.Trim(s, " \t\n\r\v\f")) }
