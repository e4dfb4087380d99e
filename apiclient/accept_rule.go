package apiclient

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// ValidateNames returns the 27 rules that Ultimate Member's form builder offers, and
// soundcloud_url, which it has for a predefined field alone.
func ValidateNames() []string {
	return []string{
		"alphabetic", "alpha_numeric", "english", "facebook_url", "instagram_url", "linkedin_url", "lowercase", "numeric",
		"phone_number", "skype", "soundcloud", "twitter_url", "is_email", "unique_email", "unique_value", "unique_username",
		"unique_username_or_email", "url", "youtube_url", "youtube_video", "spotify_url", "telegram_url", "discord",
		"tiktok_url", "twitch_url", "reddit_url", "custom", "soundcloud_url",
	}
}

// A network is a social network whose addresses a validation rule asks for.
type network struct {
	hosts  []string // the first is the one that a bare name is put behind
	prefix string   // what stands before a bare name
}

// networkOf returns the network of a rule, as Ultimate Member's predefined fields
// complete names (includes/core/class-builtin.php, "match"). x.com is ours: the
// plugin itself puts https://twitter.com/ before such an address.
func networkOf(rule string) (network, bool) {
	switch rule {
	case "facebook_url":
		return network{[]string{"facebook.com"}, "https://facebook.com/"}, true
	case "twitter_url":
		return network{[]string{"twitter.com", "x.com"}, "https://twitter.com/"}, true
	case "linkedin_url":
		return network{[]string{"linkedin.com"}, "https://linkedin.com/"}, true
	case "instagram_url":
		return network{[]string{"instagram.com"}, "https://instagram.com/"}, true
	case "telegram_url":
		return network{[]string{"t.me"}, "https://t.me/"}, true
	case "tiktok_url":
		return network{[]string{"tiktok.com"}, "https://tiktok.com/@"}, true
	case "twitch_url":
		return network{[]string{"twitch.tv"}, "https://twitch.tv/"}, true
	case "reddit_url":
		return network{[]string{"reddit.com"}, "https://www.reddit.com/user/"}, true
	case "youtube_url":
		return network{[]string{"youtube.com", "youtu.be"}, "https://youtube.com/"}, true
	case "soundcloud_url":
		return network{[]string{"soundcloud.com"}, "https://soundcloud.com/"}, true
	case "spotify_url":
		return network{[]string{"open.spotify.com"}, "https://open.spotify.com/"}, true
	}
	return network{}, false
}

var scheme = regexp.MustCompile(`(?i)^[a-z][a-z0-9+.-]*://`)

// acceptURL is Accept for url fields.
func (f Field) acceptURL(s string) (string, error) {
	if n, ok := networkOf(f.Validate); ok {
		return f.acceptNetworkURL(s, n)
	}
	if !scheme.MatchString(s) && f.Validate == "" {
		s = "http://" + s // as WordPress's esc_url_raw; the rule url wants it written
	}
	if !isWebURL(s) {
		return "", f.errorf("cannot be %s; give an address that starts with https://.", quote(s))
	}
	return s, nil
}

func (f Field) acceptNetworkURL(s string, n network) (string, error) {
	wrong := f.errorf("cannot be %s; give an address such as %sname.", quote(s), n.prefix)
	rest := scheme.ReplaceAllString(s, "")
	host, path, _ := strings.Cut(rest, "/")
	if onHost(host, n.hosts) {
		s = "https://" + strings.ToLower(host) + "/" + strings.Trim(path, "/ ")
		if strings.Trim(path, "/ ") == "" {
			return "", wrong
		}
	} else {
		name := strings.Trim(strings.TrimLeft(rest, "@"), "/ ")
		if rest != s || name == "" {
			return "", wrong // an address elsewhere
		}
		s = n.prefix + name
	}
	if !isWebURL(s) {
		return "", wrong
	}
	return s, nil
}

// onHost reports whether host is one of hosts or below one.
func onHost(host string, hosts []string) bool {
	host = strings.ToLower(host)
	for _, h := range hosts {
		if host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return false
}

// isWebURL reports whether s is an http or https address with a host.
func isWebURL(s string) bool {
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) || strings.ContainsAny(s, "<>\"") {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

var (
	emailLocal = regexp.MustCompile("^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]+$")
	emailLabel = regexp.MustCompile(`^[a-zA-Z0-9-]+$`)
	phone      = regexp.MustCompile(`^[0-9 .+()-]+$`)
	loginShape = regexp.MustCompile(`^[a-zA-Z0-9 _.@-]+$`)
	discordID  = regexp.MustCompile(`^[a-z0-9_]+(?:\.[a-z0-9_]+)*$`)
	lowerShape = regexp.MustCompile(`^[a-z]+$`)
	asciiShape = regexp.MustCompile(`^[a-zA-Z]+$`)
	videoShape = regexp.MustCompile(`(?i)^https?://(?:(?:www\.|m\.|music\.)?youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#]*&)?v=|embed/|shorts/|live/|v/)|youtu\.be/)[\w-]{11}(?:[^\w-]|$)`)
)

// isEmail reports whether s has the shape that WordPress's is_email asks for.
func isEmail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || len(s) < 6 || !emailLocal.MatchString(local) {
		return false
	}
	labels := strings.Split(domain, ".")
	for _, l := range labels {
		if !emailLabel.MatchString(l) || strings.HasPrefix(l, "-") || strings.HasSuffix(l, "-") {
			return false
		}
	}
	return len(labels) >= 2
}

func isPhone(s string) bool { return phone.MatchString(s) }

// isLogin reports whether s is made of what Ultimate Member allows in a user name.
func isLogin(s string) bool { return loginShape.MatchString(s) }

func isDiscord(s string) bool { return len(s) >= 2 && len(s) <= 31 && discordID.MatchString(s) }

func isLetterOrDigit(r rune) bool { return unicode.IsLetter(r) || '0' <= r && r <= '9' }

// checkRule checks the field's validation rule on a text that is not empty, as
// Ultimate Member 2.13 does (includes/core/um-actions-form.php). Uniqueness is the
// caller's; skype, soundcloud, custom and unknown rules check nothing, and url
// fields have theirs from acceptURL.
func (f Field) checkRule(s string) error {
	letters := strings.ReplaceAll(s, " ", "")
	var ok bool
	var fix string
	switch f.Validate {
	case "alphabetic":
		ok, fix = all(letters, unicode.IsLetter), "use letters and spaces only"
	case "alpha_numeric":
		ok, fix = all(letters, isLetterOrDigit), "use letters, digits and spaces only"
	case "english":
		ok, fix = asciiShape.MatchString(letters), "use the letters A to Z and spaces only"
	case "lowercase":
		ok, fix = lowerShape.MatchString(letters), "use the letters a to z and spaces only"
	case "numeric":
		ok, fix = numeric.MatchString(s), "give a number"
	case "phone_number":
		ok, fix = isPhone(s), "use digits, spaces and - . + ( ) only"
	case "is_email", "unique_email":
		ok, fix = isEmail(s), "give an e-mail address such as name@example.com"
	case "unique_username":
		ok, fix = isLogin(s) && !isEmail(s), "use letters, digits, spaces and _ . - @, and no e-mail address"
	case "unique_username_or_email":
		ok, fix = isLogin(s) || isEmail(s), "use letters, digits, spaces and _ . - @, or an e-mail address"
	case "discord":
		ok, fix = isDiscord(s), "give a Discord name: 2 to 31 small letters, digits, _ and single dots"
	case "youtube_video":
		ok, fix = videoShape.MatchString(s), "give the address of a YouTube video, such as https://youtu.be/dQw4w9WgXcQ"
	case "url":
		ok, fix = isWebURL(s), "give an address that starts with https://"
	default:
		return f.checkNetwork(s)
	}
	if ok {
		return nil
	}
	return f.errorf("cannot be %s; %s.", quote(s), fix)
}

// checkNetwork checks the rule of a social network on a field that is no url.
func (f Field) checkNetwork(s string) error {
	n, ok := networkOf(f.Validate)
	if !ok || f.Type == FieldURL {
		return nil
	}
	_, err := f.acceptNetworkURL(s, n)
	return err
}

func all(s string, fn func(rune) bool) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !fn(r) })
}
