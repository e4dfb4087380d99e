package apiclient

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Send turns a stored value into what hooks and um_zapier_activity_perform_list
// carry: a string, bool, json.Number, []string or nil. It reads every form that
// versions of Ultimate Member have stored:
//
//   - number: a json.Number; nil for nothing; text that is no number as it is;
//   - select and radio: the label of the one choice (of a list, the first);
//   - checkbox: with one choice, whether it is ticked; with several, the labels
//     joined by ", ", which is the "comma-separated" that the API document allows;
//   - multiselect: the labels in order, never nil;
//   - date: YYYY-MM-DD, and time: HH:MM; text that is neither is sent as stored,
//     because a reader can do more with it than with nothing;
//   - country: the label, whether the label or the code is stored;
//   - image and file: the address; a file name lies in the user's folder below
//     site.UploadsURL, and is sent as stored where that is not known;
//   - anything else: the text.
//
// A list that is stored as one text is read as [Field.Stored] does. A role is sent as its
// slug, and an old _um_last_login, seconds since 1970, as a moment.
func (f Field) Send(v Value, user UserID, site SiteInfo) any {
	if f.Type.Many() && v.List == nil && (f.Type != FieldCheckbox || len(f.Choices) > 1) {
		v = f.Stored(v.Text)
	}
	if f.OptionsSource == "roles" {
		return f.sendRole(v)
	}
	switch f.Type {
	case FieldNumber:
		return sendNumber(first(v))
	case FieldSelect, FieldRadio:
		return f.label(first(v))
	case FieldCheckbox:
		if len(f.Choices) <= 1 {
			return ticked(v)
		}
		return strings.Join(f.labels(v), ", ")
	case FieldMultiselect:
		return f.labels(v)
	case FieldDate:
		return orStored(v, parseDate)
	case FieldTime:
		return orStored(v, parseTime)
	case FieldCountry:
		return orStored(v, countryLabel)
	case FieldImage, FieldFile:
		return fileURL(first(v), user, site)
	default:
		return f.sendText(v)
	}
}

// orStored returns what read makes of the value, or the value where it makes nothing.
func orStored(v Value, read func(string) (string, bool)) string {
	s := first(v)
	if out, ok := read(s); ok {
		return out
	}
	return s
}

func (f Field) sendRole(v Value) any {
	if f.Type == FieldMultiselect {
		return slices.DeleteFunc(slices.Clone(v.List), func(s string) bool { return s == "" })
	}
	return first(v)
}

func (f Field) sendText(v Value) string {
	if f.Key == "_um_last_login" && unixTime.MatchString(v.Text) {
		sec, _ := strconv.ParseInt(v.Text, 10, 64) // the pattern lets at most eleven digits pass
		return time.Unix(sec, 0).UTC().Format(TimeFormat)
	}
	return v.String()
}

// first returns the text, or the first one of a list that is not empty.
func first(v Value) string {
	for _, s := range v.List {
		if s != "" {
			return s
		}
	}
	return v.Text
}

// ticked reports whether a box with one choice is ticked: a list has it, or a
// text is what other plugins store for yes.
func ticked(v Value) bool {
	if v.List != nil {
		return !v.Empty()
	}
	on, known := boolOf(v.Text)
	return on || !known && v.Text != ""
}

func sendNumber(s string) any {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil
	}
	if !numeric.MatchString(s) {
		return s
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return number(n)
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	text, err := json.Marshal(x)
	if err != nil {
		return s
	}
	return json.Number(text)
}

// label returns the label of the choice that s is; what is no choice is its own
// label. Labels go before values, because Ultimate Member stores labels.
func (f Field) label(s string) string {
	if label, ok := f.choice(s); ok {
		return label
	}
	return s
}

// labels returns the labels of a stored list, without empty ones; never nil.
func (f Field) labels(v Value) []string {
	list := v.List
	if list == nil {
		list = []string{v.Text}
	}
	out := make([]string, 0, len(list))
	for _, s := range list {
		if s != "" {
			out = append(out, f.label(s))
		}
	}
	return out
}

func fileURL(name string, user UserID, site SiteInfo) string {
	if name == "" || site.UploadsURL == "" || isWebURL(name) {
		return name
	}
	return site.UploadsURL + "/ultimatemember/" + strconv.FormatInt(int64(user), 10) + "/" + url.PathEscape(name)
}

// Sample returns a placeholder in the form that Send gives. The day is fixed: the
// API document's "current timestamp in ISO format" is not what a date field sends,
// and two samples of one zap are the same bytes.
func (f Field) Sample() any {
	if v, ok := accountSample(f.Key); ok {
		return v
	}
	text := "sample value"
	switch {
	case len(f.Choices) > 0:
		text = f.Choices[0].Label
	case f.Validate == "phone_number":
		text = "+1 555 0100"
	case f.Validate == "discord":
		text = "sample_value"
	}
	switch f.Type {
	case FieldCheckbox:
		if len(f.Choices) <= 1 {
			return true
		}
		return text
	case FieldMultiselect:
		return []string{text}
	case FieldNumber:
		return json.Number("1")
	default:
		return f.textSample(text)
	}
}

// textSample is Sample for the types that are sent as a string; text is what stands
// for one without a form of its own.
func (f Field) textSample(text string) string {
	switch f.Type {
	case FieldEmail:
		return "test@example.com"
	case FieldURL:
		if n, ok := networkOf(f.Validate); ok {
			return n.prefix + "sample"
		}
		return "https://example.com"
	case FieldTel:
		return "+1 555 0100"
	case FieldDate:
		return "1996-12-08"
	case FieldTime:
		return "15:30"
	case FieldCountry:
		return "Spain"
	case FieldImage:
		return "https://example.com/image.jpg"
	case FieldFile:
		return "https://example.com/file.pdf"
	default:
		return text
	}
}

// accountSample is Sample for the columns of an account that have forms of their own.
func accountSample(key string) (v any, ok bool) {
	switch key {
	case "user_registered", "_um_last_login":
		return "1996-12-08 15:30:00", true
	case "account_status":
		return string(StatusApproved), true
	case "role", "role_select", "role_radio":
		return "subscriber", true
	case "roles":
		return []string{"subscriber"}, true
	}
	return nil, false
}

// StoredForm describes in a few words what a site stores for the field.
func (f Field) StoredForm() string {
	switch f.Type {
	case FieldTextarea:
		return "text with line breaks"
	case FieldEmail:
		return "e-mail address"
	case FieldURL:
		return "web address"
	case FieldTel:
		return "phone number as text"
	case FieldNumber:
		return "whole number"
	case FieldSelect:
		return "one label"
	case FieldRadio:
		return "list of one label"
	case FieldCheckbox, FieldMultiselect:
		return "list of labels"
	case FieldDate:
		return "YYYY-MM-DD; before 2.13 YYYY/MM/DD"
	case FieldTime:
		return "HH:MM; before 2.13 as displayed"
	case FieldCountry:
		return "label, such as Spain"
	case FieldImage, FieldFile:
		return "file name, or a URL"
	case FieldPassword:
		return "hash"
	default:
		return "text"
	}
}

// SentForm describes in a few words what Send gives.
func (f Field) SentForm() string {
	switch f.Type {
	case FieldTextarea:
		return "string with line breaks"
	case FieldNumber:
		return "number, or null when empty"
	case FieldSelect, FieldRadio:
		return "string: the label"
	case FieldCheckbox:
		if len(f.Choices) <= 1 {
			return "boolean: true when ticked"
		}
		return "string: the labels, comma separated"
	case FieldMultiselect:
		return "list of strings: the labels"
	case FieldDate:
		return "string: YYYY-MM-DD"
	case FieldTime:
		return "string: HH:MM"
	case FieldCountry:
		return "string: the label"
	case FieldImage, FieldFile:
		return "string: the full URL"
	case FieldPassword:
		return "never sent"
	default:
		return "string"
	}
}
