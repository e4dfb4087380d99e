package apiclient

import "time"

// Visibility says where a profile shows a field.
type Visibility string

// The visibilities.
const (
	VisibleAll  Visibility = "all"
	VisibleEdit Visibility = "edit" // on the form that edits the profile alone
	VisibleView Visibility = "view" // on the profile alone
)

// Privacy says who sees a field of somebody's profile, and who is asked it when the
// profile is edited: Ultimate Member's attribute public. A registration form asks
// everybody.
type Privacy int

// The privacies, with Ultimate Member's numbers. The zero Privacy is everyone too.
const (
	PrivacyEveryone   Privacy = 1
	PrivacyMembers    Privacy = 2  // who is logged in
	PrivacyOwner      Privacy = -1 // the owner, and who may edit the owner's account
	PrivacyRoles      Privacy = -2 // members with one of the field's roles
	PrivacyOwnerRoles Privacy = -3 // the owner, and members with one of the field's roles
)

// Crop says how an uploaded image is cut.
type Crop int

// The crops, with Ultimate Member's numbers.
const (
	CropNone   Crop = 0
	CropSquare Crop = 1
	CropCover  Crop = 2 // to the ratio of the rules
	CropFree   Crop = 3
)

// UploadRules are what an uploaded image or file must be.
type UploadRules struct {
	AllowedTypes []string // (allowed_types) endings such as "png"; nil: png, jpeg, jpg, gif of an image, pdf, txt of a file
	MaxSize      int64    // (max_size) bytes; 0: no limit
	Crop         Crop
	MinWidth     int    // (min_width) pixels of an image
	MinHeight    int    // (min_height) pixels of an image
	Ratio        string // width of a cover for a height of 1, such as "2.7"
}

// DateRules are what days a date field offers. The zero value offers all.
type DateRules struct {
	Range    string         // "years", "date_range", or empty: any day, unless Years is set
	Years    int            // of "years": how many
	YearsX   string         // (years_x) of "years": "past", "future", or "equal", half of them before today
	Start    string         // (range_start) of "date_range": first day, as YYYY-MM-DD; empty: no first
	End      string         // (range_end) of "date_range": last day, as YYYY-MM-DD; empty: no last
	Disabled []time.Weekday // (disabled_weekdays) days of the week that are not offered
	Custom   string         // (format_custom) as PHP's date() writes it; goes before Field.Format
	Age      bool           // (pretty_format) the years since are shown in place of the day
}

// Strength is what a new password must be, beside the site's own rules.
type Strength struct {
	Good         bool   // (force_good_pass) letters of both cases and a digit
	Confirm      bool   // (force_confirm_pass) it is asked twice
	ConfirmLabel string // (label_confirm_pass) of the second one; empty: "Confirm" and the label
}

// Link is how an answer is shown as a link.
type Link struct {
	Text   string // (url_text) empty: the address
	Target string // (url_target) "_self" or "_blank"
	Rel    string // (url_rel) "follow" or "nofollow"
	Social bool   // (advanced = social) shown among the profile's social links
	Match  string // what a bare name is put behind, such as "https://facebook.com/"
	Color  string // CSS colour of the icon
}

// A Piece is what a part of a form that holds no answer shows.
type Piece struct {
	Content string // HTML of a block; text of a shortcode
	Height  int    // (spacing) of a spacing, in pixels
	Text    string // (divider_text) of a divider
	Style   string // of a divider's line: "solid", "dashed", "dotted" or "double"
	Width   int    // of a divider's line, in pixels
}

// A Condition hides a field on a form, by what is answered to another field of it.
type Condition struct {
	Action   ConditionAction
	Field    string // key of the field that decides
	Operator ConditionOperator
	Value    string // what the answer is compared with; empty for OpEmpty and OpNotEmpty
}

// MaxConditions is how many conditions a field may have.
const MaxConditions = 5

// ConditionAction says what a condition that is met does to its field.
type ConditionAction string

// The actions.
const (
	ConditionShow ConditionAction = "show" // the field is hidden unless it is met
	ConditionHide ConditionAction = "hide"
)

// ConditionOperator says how an answer is compared with a condition's value.
type ConditionOperator string

// The operators, spelled as Ultimate Member stores them.
const (
	OpEmpty     ConditionOperator = "empty"
	OpNotEmpty  ConditionOperator = "not empty"
	OpEquals    ConditionOperator = "equals to"
	OpNotEquals ConditionOperator = "not equals"
	OpGreater   ConditionOperator = "greater than"
	OpLess      ConditionOperator = "less than"
	OpContains  ConditionOperator = "contains" // a text in a text, or an element of a list
)

// ConditionOperators returns the operators in the order of the form builder.
func ConditionOperators() []ConditionOperator {
	return []ConditionOperator{OpEmpty, OpNotEmpty, OpEquals, OpNotEquals, OpGreater, OpLess, OpContains}
}
