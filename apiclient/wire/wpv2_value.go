package wire

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

var (
	uuidShape     = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	dateTimeShape = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}(?::\d{2})?)?$`)
	localShape    = regexp.MustCompile("^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]+$")
	labelShape    = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$`)
	numberShape   = regexp.MustCompile(`^[ \t\n\r\v\f]*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?[ \t\n\r\v\f]*$`)
)

// isEmail reports whether WordPress takes the text for an address (is_email in its
// wp-includes/formatting.php).
func isEmail(text string) bool {
	local, domain, ok := strings.Cut(text, "@")
	if !ok || len(text) < 6 || !localShape.MatchString(local) {
		return false
	}
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		if !labelShape.MatchString(label) {
			return false
		}
	}
	return len(labels) > 1
}

// integerOf returns the whole number that a value is for PHP: 7, 7.0, "7", " 7" and
// "7e0", but not true.
func integerOf(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case float64:
		return wholeOf(v)
	case string:
		if !numberShape.MatchString(v) {
			return 0, false
		}
		if n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64); err == nil {
			return n, true
		}
		f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		if err != nil {
			return 0, false
		}
		return wholeOf(f)
	}
	return 0, false
}

// wholeOf returns a number without a fraction, at the end of the range where it is
// beyond.
func wholeOf(f float64) (int64, bool) {
	switch {
	case math.IsNaN(f) || math.Round(f) != f:
		return 0, false
	case f >= math.MaxInt64:
		return math.MaxInt64, true
	case f <= math.MinInt64:
		return math.MinInt64, true
	}
	return int64(f), true
}

// booleanOf returns what WordPress takes for true and false.
func booleanOf(v any) (value, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case int64:
		return v == 1, v == 0 || v == 1
	case string:
		switch strings.ToLower(v) {
		case "true", "1":
			return true, true
		case "false", "0":
			return false, true
		}
	}
	return false, false
}

// listOf returns the items of a list, and those of a text, which commas and spaces
// divide. A number or a boolean is a list of one.
func listOf(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	case RestObject:
		items := make([]any, len(v))
		for i, m := range v {
			items[i] = m.Value
		}
		return items
	}
	items := []any{}
	for _, text := range strings.FieldsFunc(RestScalar(v), func(r rune) bool { return r == ',' || strings.ContainsRune(" \t\n\r\v\f", r) }) {
		items = append(items, text)
	}
	return items
}

// RestScalar returns a text, a number or a boolean as PHP writes it, and nothing for
// anything else.
func RestScalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', 14, 64)
	case bool:
		if v {
			return "1"
		}
	}
	return ""
}

// RestTruth reports whether PHP takes the value for something (not empty).
func RestTruth(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case int64:
		return v != 0
	case float64:
		return v != 0
	case string:
		return v != "" && v != "0"
	case []any:
		return len(v) > 0
	case RestObject:
		return len(v) > 0
	}
	return true
}
