package wire

import (
	"reflect"
	"time"

	"umdeck/apiclient"
)

// A Field is an entry of the catalogue.
type Field struct {
	Key      string                `json:"key"`
	Label    string                `json:"label"`
	Type     apiclient.FieldType   `json:"type"`
	Core     apiclient.CoreType    `json:"core,omitempty"`
	Required bool                  `json:"required,omitempty"`
	Choices  []Choice              `json:"choices,omitempty"`
	Validate string                `json:"validate,omitempty"`
	Source   apiclient.FieldSource `json:"source,omitempty"`
	Secret   bool                  `json:"secret,omitempty"`
	ReadOnly bool                  `json:"read_only,omitempty"`

	Title       string `json:"title,omitempty"`
	Placeholder string `json:"placeholder,omitempty"`
	Help        string `json:"help,omitempty"`
	Icon        string `json:"icon,omitempty"`
	Default     string `json:"default,omitempty"`

	Locked      bool                 `json:"locked,omitempty"`
	Visibility  apiclient.Visibility `json:"visibility,omitempty"`
	Privacy     apiclient.Privacy    `json:"public,omitempty"`
	Roles       []apiclient.RoleSlug `json:"roles,omitempty"`
	Conditions  []Condition          `json:"conditions,omitempty"`
	AccountOnly bool                 `json:"account_only,omitempty"`
	Private     bool                 `json:"private_use,omitempty"`
	NeedsPerm   string               `json:"required_perm,omitempty"`
	NeedsOption string               `json:"required_opt,omitempty"`

	CustomValidate string       `json:"custom_validate,omitempty"`
	Min            *int         `json:"min,omitempty"`
	Max            *int         `json:"max,omitempty"`
	MinChars       int          `json:"min_chars,omitempty"`
	MaxChars       int          `json:"max_chars,omitempty"`
	MaxWords       int          `json:"max_words,omitempty"`
	MinSelections  int          `json:"min_selections,omitempty"`
	MaxSelections  int          `json:"max_selections,omitempty"`
	HTML           bool         `json:"html,omitempty"`
	Height         string       `json:"height,omitempty"`
	OptionsSource  string       `json:"custom_dropdown_options_source,omitempty"`
	Parent         string       `json:"parent_dropdown_relationship,omitempty"`
	Stars          int          `json:"number,omitempty"`
	Upload         *UploadRules `json:"upload,omitempty"`
	Dates          *DateRules   `json:"dates,omitempty"`
	Format         string       `json:"format,omitempty"`
	Intervals      int          `json:"intervals,omitempty"`
	Password       *Strength    `json:"password,omitempty"`
	Link           *Link        `json:"link,omitempty"`
	Piece          *Piece       `json:"piece,omitempty"`
}

// UploadRules are what an uploaded image or file must be.
type UploadRules struct {
	AllowedTypes []string       `json:"allowed_types,omitempty"`
	MaxSize      int64          `json:"max_size,omitempty"`
	Crop         apiclient.Crop `json:"crop,omitempty"`
	MinWidth     int            `json:"min_width,omitempty"`
	MinHeight    int            `json:"min_height,omitempty"`
	Ratio        string         `json:"ratio,omitempty"`
}

// DateRules are what days a date field offers. Days of the week count from Sunday, 0.
type DateRules struct {
	Range    string         `json:"range,omitempty"`
	Years    int            `json:"years,omitempty"`
	YearsX   string         `json:"years_x,omitempty"`
	Start    string         `json:"range_start,omitempty"`
	End      string         `json:"range_end,omitempty"`
	Disabled []time.Weekday `json:"disabled_weekdays,omitempty"`
	Custom   string         `json:"format_custom,omitempty"`
	Age      bool           `json:"pretty_format,omitempty"`
}

// Strength is what a new password must be.
type Strength struct {
	Good         bool   `json:"force_good_pass,omitempty"`
	Confirm      bool   `json:"force_confirm_pass,omitempty"`
	ConfirmLabel string `json:"label_confirm_pass,omitempty"`
}

// Link is how an answer is shown as a link.
type Link struct {
	Text   string `json:"url_text,omitempty"`
	Target string `json:"url_target,omitempty"`
	Rel    string `json:"url_rel,omitempty"`
	Social bool   `json:"social,omitempty"`
	Match  string `json:"match,omitempty"`
	Color  string `json:"color,omitempty"`
}

// Piece is what a part of a form that holds no answer shows.
type Piece struct {
	Content string `json:"content,omitempty"`
	Height  int    `json:"spacing,omitempty"`
	Text    string `json:"divider_text,omitempty"`
	Style   string `json:"style,omitempty"`
	Width   int    `json:"width,omitempty"`
}

// A Condition hides a field on a form.
type Condition struct {
	Action   apiclient.ConditionAction   `json:"action"`
	Field    string                      `json:"field"`
	Operator apiclient.ConditionOperator `json:"operator"`
	Value    string                      `json:"value,omitempty"`
}

// A Choice is an answer that a field offers.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// FieldOf returns the twin of f.
func FieldOf(f apiclient.Field) Field {
	return Field{
		Key: f.Key, Label: f.Label, Type: f.Type, Core: f.Core, Required: f.Required,
		Choices:  back(f.Choices, func(c apiclient.Choice) Choice { return Choice(c) }),
		Validate: f.Validate, Source: f.Source, Secret: f.Secret, ReadOnly: f.ReadOnly,
		Title: f.Title, Placeholder: f.Placeholder, Help: f.Help, Icon: f.Icon, Default: f.Default,
		Locked: f.Locked, Visibility: f.Visibility, Privacy: f.Privacy, Roles: f.Roles,
		Conditions:  back(f.Conditions, func(c apiclient.Condition) Condition { return Condition(c) }),
		AccountOnly: f.AccountOnly, Private: f.Private, NeedsPerm: f.NeedsPerm, NeedsOption: f.NeedsOption,
		CustomValidate: f.CustomValidate, Min: f.Min, Max: f.Max, MinChars: f.MinChars, MaxChars: f.MaxChars, MaxWords: f.MaxWords,
		MinSelections: f.MinSelections, MaxSelections: f.MaxSelections, HTML: f.HTML, Height: f.Height,
		OptionsSource: f.OptionsSource, Parent: f.Parent, Stars: f.Stars,
		Upload: set(UploadRules(f.Upload)), Dates: set(DateRules(f.Dates)), Format: f.Format, Intervals: f.Intervals,
		Password: set(Strength(f.Password)), Link: set(Link(f.Link)), Piece: set(Piece(f.Piece)),
	}
}

// Domain returns the field.
func (f Field) Domain() apiclient.Field {
	return apiclient.Field{
		Key: f.Key, Label: f.Label, Type: f.Type, Core: f.Core, Required: f.Required,
		Choices:  back(f.Choices, func(c Choice) apiclient.Choice { return apiclient.Choice(c) }),
		Validate: f.Validate, Source: f.Source, Secret: f.Secret, ReadOnly: f.ReadOnly,
		Title: f.Title, Placeholder: f.Placeholder, Help: f.Help, Icon: f.Icon, Default: f.Default,
		Locked: f.Locked, Visibility: f.Visibility, Privacy: f.Privacy, Roles: none(f.Roles),
		Conditions:  back(f.Conditions, func(c Condition) apiclient.Condition { return apiclient.Condition(c) }),
		AccountOnly: f.AccountOnly, Private: f.Private, NeedsPerm: f.NeedsPerm, NeedsOption: f.NeedsOption,
		CustomValidate: f.CustomValidate, Min: f.Min, Max: f.Max, MinChars: f.MinChars, MaxChars: f.MaxChars, MaxWords: f.MaxWords,
		MinSelections: f.MinSelections, MaxSelections: f.MaxSelections, HTML: f.HTML, Height: f.Height,
		OptionsSource: f.OptionsSource, Parent: f.Parent, Stars: f.Stars,
		Upload: apiclient.UploadRules(of(f.Upload)), Dates: apiclient.DateRules(of(f.Dates)), Format: f.Format, Intervals: f.Intervals,
		Password: apiclient.Strength(of(f.Password)), Link: apiclient.Link(of(f.Link)), Piece: apiclient.Piece(of(f.Piece)),
	}
}

// set returns v for JSON: absent when it is zero.
func set[T any](v T) *T {
	if reflect.ValueOf(v).IsZero() {
		return nil
	}
	return &v
}

// of returns what set was given.
func of[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// A FieldRef names a field.
type FieldRef struct {
	Key string `json:"-" path:"key"`
}

// A FieldUpdate says what to change of a field; what is absent stays as it is.
type FieldUpdate struct {
	Key        string            `json:"-" path:"key"`
	Label      *string           `json:"label,omitempty"`
	Choices    []Choice          `json:"choices,omitzero"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

// FieldUpdateOf returns the twin of u.
func FieldUpdateOf(key string, u apiclient.FieldUpdate) FieldUpdate {
	w := FieldUpdate{Key: key, Label: u.Label, Attributes: u.Attributes}
	if u.Choices != nil {
		w.Choices = each(u.Choices, func(c apiclient.Choice) Choice { return Choice(c) })
	}
	return w
}

// Domain returns the update.
func (u FieldUpdate) Domain() apiclient.FieldUpdate {
	d := apiclient.FieldUpdate{Label: u.Label, Attributes: u.Attributes}
	if u.Choices != nil {
		d.Choices = each(u.Choices, func(c Choice) apiclient.Choice { return apiclient.Choice(c) })
	}
	return d
}

// A FieldGroup is a zap's fields as Zapier reads them, and what it does not get.
type FieldGroup struct {
	Zap    Zap           `json:"zap"`
	Fields []Field       `json:"fields"`
	Hidden []HiddenField `json:"hidden"`
	Notice string        `json:"notice,omitempty"`
}

// A HiddenField is a field that the zap names and Zapier does not get.
type HiddenField struct {
	Key string `json:"key"`
	Why string `json:"why"`
}

// FieldGroupOf returns the twin of g.
func FieldGroupOf(g apiclient.FieldGroup) FieldGroup {
	return FieldGroup{
		ZapOf(g.Zap), each(g.Fields, FieldOf),
		each(g.Hidden, func(h apiclient.HiddenField) HiddenField { return HiddenField(h) }), g.Notice,
	}
}

// Domain returns the group.
func (g FieldGroup) Domain() apiclient.FieldGroup {
	return apiclient.FieldGroup{
		Zap: g.Zap.Domain(), Fields: back(g.Fields, Field.Domain), Notice: g.Notice,
		Hidden: back(g.Hidden, func(h HiddenField) apiclient.HiddenField { return apiclient.HiddenField(h) }),
	}
}
