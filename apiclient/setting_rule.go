package apiclient

import "strings"

// checkSetting refuses what a setting cannot mean, beyond what its kind says. An empty
// text means nothing and passes, unless the setting needs one.
func checkSetting(key, text string) error {
	switch key {
	case "blogname":
		if text == "" {
			return FieldErrorf(key, "The site has no title; give one.")
		}
	case "admin_email":
		return checkAddresses(key, strings.Split(text, ","))
	case "umdeck_statuses":
		_, err := parseStatuses(text)
		return err
	case "photo_thumb_sizes", "cover_thumb_sizes":
		return checkSizes(key, text)
	case "blocked_emails":
		return checkBlocked(key, text)
	}
	return checkMailSetting(key, text)
}

func checkAddresses(key string, list []string) error {
	for _, a := range list {
		if a = strings.TrimSpace(a); !isEmail(a) {
			return FieldErrorf(key, "%s has %s in it, which is no e-mail address.", key, quote(a))
		}
	}
	return nil
}

// checkBlocked refuses a line that could never block anybody.
func checkBlocked(key, text string) error {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		domain, whole := strings.CutPrefix(line, "*@")
		if line == "" || isEmail(line) || whole && isEmail("a@"+domain) {
			continue
		}
		return FieldErrorf(key, "%s has the line %s, which is neither an e-mail address nor a domain such as *@example.com.", key, quote(line))
	}
	return nil
}
