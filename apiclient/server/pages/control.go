package pages

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"umdeck/apiclient"
)

// A control is a question as the template draws it.
type control struct {
	Kind        string // hidden, static, block, divider, spacing, textarea, select, multiselect, radio, checkboxes, agree, file or input
	ID, Name    string
	Label, Help string
	Problem     string // what is wrong with the answer; empty: nothing
	Required    bool

	Input        string // type of an input
	Value        string
	Placeholder  string
	Autocomplete string
	Mode         string // inputmode
	Min, Max     string
	Step         string
	MaxLength    int
	Rows         int // of a textarea, or of a list of choices
	Checked      bool
	Options      []option
	Content      template.HTML // of a block

	Current, CurrentName string // address and name of the file that is there
	Picture              bool
	Accept               string
}

type option struct {
	Value, Label string
	Selected     bool
}

// DescribedBy names the elements that explain the control.
func (c control) DescribedBy() string {
	var ids []string
	if c.Help != "" {
		ids = append(ids, c.ID+"-help")
	}
	if c.Problem != "" {
		ids = append(ids, c.ID+"-problem")
	}
	return strings.Join(ids, " ")
}

// idOf is the id of the control of a key.
func idOf(key string) string { return "field-" + key }

// controls returns how a question is asked: a password that is to be confirmed is
// two, and what shows nothing is none.
func (p *Pages) controls(x apiclient.PageField, problems apiclient.Problems, newPassword bool) []control {
	c := control{
		ID: idOf(x.Key), Name: x.Key, Label: labelOf(x.Field), Help: x.Help, Placeholder: x.Placeholder,
		Problem: strings.Join(problems.Of(x.Key), " "), MaxLength: x.MaxChars,
		Required:     x.Required || x.Key == "user_email", // whatever its definition says, no account is without one
		Autocomplete: autocomplete(x.Key, newPassword),
	}
	if len(x.Values) > 0 {
		c.Value = x.Values[0]
	}
	switch core := x.CoreType(); {
	case core == apiclient.CoreRow || core == apiclient.CoreShortcode:
		return nil // a row is drawn by the layout, and umdeck runs no code of WordPress
	case core == apiclient.CoreBlock:
		c.Kind, c.Content = "block", p.clean(x.Piece.Content)
	case core == apiclient.CoreSpacing:
		c.Kind = "spacing"
	case core == apiclient.CoreDivider:
		c.Kind, c.Value = "divider", x.Piece.Text
	case x.Disabled:
		c.Kind, c.Value = "static", strings.Join(x.Values, ", ")
	case core == apiclient.CoreImage || core == apiclient.CoreFile:
		c.file(x)
	case core == apiclient.CorePassword:
		return c.password(x, problems)
	default:
		c.ask(x)
	}
	return []control{c}
}

func labelOf(f apiclient.Field) string {
	if f.Label != "" {
		return f.Label
	}
	return f.Key
}

// ask draws the questions that text or choices answer.
func (c *control) ask(x apiclient.PageField) {
	switch core := x.CoreType(); core {
	case apiclient.CoreTextarea:
		c.Kind, c.Rows = "textarea", 5
	case apiclient.CoreSelect:
		c.Kind = "select"
		c.choose(x)
		empty := option{Label: "Select…", Selected: c.Value == ""}
		if x.Placeholder != "" {
			empty.Label = x.Placeholder
		}
		c.Options = slices.Insert(c.Options, 0, empty)
	case apiclient.CoreMultiselect, apiclient.CoreCheckbox:
		c.Kind = "checkboxes"
		c.choose(x)
		if len(c.Options) > 24 {
			c.Kind, c.Rows = "multiselect", 8
		}
	case apiclient.CoreRadio:
		c.Kind = "radio"
		c.choose(x)
	case apiclient.CoreRating:
		c.Kind = "radio"
		c.rate(x)
	default:
		c.input(x, core)
	}
}

func (c *control) choose(x apiclient.PageField) {
	for _, o := range x.Options() {
		stored := o.Label
		if x.OptionsSource != "" || x.Key == "role_select" || x.Key == "role_radio" {
			stored = o.Value // what comes from a callback is stored by its key
		}
		c.Options = append(c.Options, option{Value: stored, Label: o.Label, Selected: slices.Contains(x.Values, stored)})
	}
}

func (c *control) rate(x apiclient.PageField) {
	stars := x.Stars
	if stars == 0 {
		stars = 5
	}
	for n := 1; n <= stars; n++ {
		v := strconv.Itoa(n)
		c.Options = append(c.Options, option{Value: v, Label: v + " of " + strconv.Itoa(stars), Selected: c.Value == v})
	}
}

// input draws a line of text of some kind.
func (c *control) input(x apiclient.PageField, core apiclient.CoreType) {
	c.Kind, c.Input = "input", "text"
	switch core {
	case apiclient.CoreTel:
		c.Input = "tel"
	case apiclient.CoreURL, apiclient.CoreOEmbed:
		c.Mode = "url" // a name is enough for a social network, so it is no input of type url
	case apiclient.CoreNumber:
		c.Input, c.Step, c.Min, c.Max = "number", "1", bound(x.Min), bound(x.Max)
	case apiclient.CoreDate:
		c.Input, c.Min, c.Max = "date", x.Dates.Start, x.Dates.End
	case apiclient.CoreTime:
		c.Input = "time"
	default:
		if x.Type == apiclient.FieldEmail {
			c.Input = "email"
		}
	}
}

func bound(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func (c *control) file(x apiclient.PageField) {
	c.Kind, c.Picture = "file", x.CoreType() == apiclient.CoreImage
	c.Current, c.CurrentName = x.URL, c.Value
	var endings []string
	for _, t := range x.Upload.AllowedTypes {
		endings = append(endings, "."+t)
	}
	c.Accept = strings.Join(endings, ",")
	if c.Accept == "" && c.Picture {
		c.Accept = "image/*"
	}
}

// password draws a password, and once more where it is to be confirmed.
func (c control) password(x apiclient.PageField, problems apiclient.Problems) []control {
	c.Kind, c.Input, c.Value = "input", "password", ""
	if !x.Confirm {
		return []control{c}
	}
	again := c
	again.Name = apiclient.FieldConfirm + x.Key
	again.ID, again.Help, again.Problem = idOf(again.Name), "", strings.Join(problems.Of(again.Name), " ")
	again.Label = x.Password.ConfirmLabel
	if again.Label == "" {
		again.Label = "Confirm " + c.Label
	}
	return []control{c, again}
}

// autocomplete is what a browser may fill in, by the names of the HTML standard.
func autocomplete(key string, newPassword bool) string {
	switch key {
	case "user_password":
		if newPassword {
			return "new-password"
		}
		return "current-password"
	case apiclient.FieldOwnPass, apiclient.FieldOldPass:
		return "current-password"
	}
	return map[string]string{
		"user_login": "username", "username": "username", apiclient.FieldResetLogin: "username", "user_email": "email",
		"first_name": "given-name", "last_name": "family-name", "nickname": "nickname", "user_url": "url",
		"phone_number": "tel", "mobile_number": "tel", "birth_date": "bday", "gender": "sex", "country": "country-name",
	}[key]
}
