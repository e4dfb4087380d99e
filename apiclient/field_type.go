package apiclient

import "slices"

// FieldType is one of the 15 field types of the API document, which is all that
// Zapier, the wire and [Field.Accept] and [Field.Send] know.
//
// Ultimate Member has [CoreType]s instead, and each stands for one FieldType
// ([CoreType.API]): the API has no rating but a number, and calls a text that must be
// an address an email and a select of countries a country. A [Field] has both. Its
// Type always says how a value is read, stored and sent; its Core says what a form
// draws and checks, and is empty where it follows from Type ([Field.CoreType]).
type FieldType string

// The field types.
const (
	FieldText        FieldType = "text"
	FieldTextarea    FieldType = "textarea"
	FieldEmail       FieldType = "email"
	FieldURL         FieldType = "url"
	FieldTel         FieldType = "tel"
	FieldNumber      FieldType = "number"
	FieldSelect      FieldType = "select"
	FieldRadio       FieldType = "radio"
	FieldCheckbox    FieldType = "checkbox"
	FieldMultiselect FieldType = "multiselect"
	FieldDate        FieldType = "date"
	FieldTime        FieldType = "time"
	FieldCountry     FieldType = "country"
	FieldImage       FieldType = "image"
	FieldFile        FieldType = "file"

	// FieldPassword is no type of the API: such a field is never sent, and what is
	// accepted for it is hashed.
	FieldPassword FieldType = "password"
)

// FieldTypes returns the 15 types in the order of the API document.
func FieldTypes() []FieldType {
	return []FieldType{
		FieldText, FieldTextarea, FieldEmail, FieldURL, FieldTel, FieldNumber, FieldSelect, FieldRadio,
		FieldCheckbox, FieldMultiselect, FieldDate, FieldTime, FieldCountry, FieldImage, FieldFile,
	}
}

// Many reports whether Ultimate Member stores a list for the type: a radio is a
// list of one.
func (t FieldType) Many() bool {
	return t == FieldRadio || t == FieldCheckbox || t == FieldMultiselect
}

// Zapier returns what Zapier calls the type in um_get_fields. The document's table
// says "array" for multiselect, which Zapier does not have: that is a string with
// list true ([Field.IsList]).
func (t FieldType) Zapier() string {
	switch t {
	case FieldTextarea:
		return "text"
	case FieldNumber:
		return "number"
	case FieldCheckbox:
		return "boolean"
	default:
		return "string"
	}
}

// CoreType is one of the 26 field types of Ultimate Member 2.13
// (includes/core/class-builtin.php, set_core_fields).
type CoreType string

// The core types.
const (
	CoreRow         CoreType = "row"
	CoreText        CoreType = "text"
	CoreTel         CoreType = "tel"
	CoreNumber      CoreType = "number"
	CoreTextarea    CoreType = "textarea"
	CoreSelect      CoreType = "select"
	CoreMultiselect CoreType = "multiselect"
	CoreRadio       CoreType = "radio"
	CoreCheckbox    CoreType = "checkbox"
	CoreURL         CoreType = "url"
	CorePassword    CoreType = "password"
	CoreImage       CoreType = "image"
	CoreFile        CoreType = "file"
	CoreDate        CoreType = "date"
	CoreTime        CoreType = "time"
	CoreRating      CoreType = "rating"
	CoreBlock       CoreType = "block"
	CoreShortcode   CoreType = "shortcode"
	CoreSpacing     CoreType = "spacing"
	CoreDivider     CoreType = "divider"
	CoreGoogleMap   CoreType = "googlemap"
	CoreYouTube     CoreType = "youtube_video"
	CoreVimeo       CoreType = "vimeo_video"
	CoreSoundCloud  CoreType = "soundcloud_track"
	CoreSpotify     CoreType = "spotify"
	CoreOEmbed      CoreType = "oembed"
)

// CoreTypes returns the 26 types in the order of Ultimate Member's builder.
func CoreTypes() []CoreType {
	return []CoreType{
		CoreRow, CoreText, CoreTel, CoreNumber, CoreTextarea, CoreSelect, CoreMultiselect, CoreRadio, CoreCheckbox,
		CoreURL, CorePassword, CoreImage, CoreFile, CoreDate, CoreTime, CoreRating, CoreBlock, CoreShortcode,
		CoreSpacing, CoreDivider, CoreGoogleMap, CoreYouTube, CoreVimeo, CoreSoundCloud, CoreSpotify, CoreOEmbed,
	}
}

// Holds reports whether a field of the type holds an answer: the others are pieces
// of a form and have no metakey.
func (t CoreType) Holds() bool {
	return !slices.Contains([]CoreType{CoreRow, CoreBlock, CoreShortcode, CoreSpacing, CoreDivider}, t)
}

// API returns the type of the API document that the core type is sent as:
// [FieldPassword] for a password, and empty for a type that holds no answer and for
// what is no core type. Text with an e-mail rule is [FieldEmail] all the same, and a
// select of countries [FieldCountry]: [FieldTypeOf] knows.
func (t CoreType) API() FieldType {
	switch t {
	case CoreText, CoreGoogleMap, CoreYouTube, CoreVimeo, CoreSoundCloud, CoreSpotify:
		return FieldText
	case CoreOEmbed:
		return FieldURL
	case CoreRating:
		return FieldNumber
	case CoreTel, CoreNumber, CoreTextarea, CoreSelect, CoreMultiselect, CoreRadio, CoreCheckbox,
		CoreURL, CorePassword, CoreImage, CoreFile, CoreDate, CoreTime:
		return FieldType(t)
	default:
		return ""
	}
}

// FieldTypeOf returns the type of the API for a field as Ultimate Member defines it:
// its core type, key, rule and source of options.
func FieldTypeOf(t CoreType, key, validate, source string) FieldType {
	switch {
	case t == CoreText && (key == "user_email" || validate == "is_email" || validate == "unique_email"):
		return FieldEmail
	case t == CoreSelect && (key == "country" || source == "countries"):
		return FieldCountry
	}
	return t.API()
}

// Core returns the core type that the type of the API stands for by itself.
func (t FieldType) Core() CoreType {
	switch t {
	case FieldEmail:
		return CoreText
	case FieldCountry:
		return CoreSelect
	default:
		return CoreType(t)
	}
}

// CoreType returns Ultimate Member's own type of the field.
func (f Field) CoreType() CoreType {
	if f.Core != "" {
		return f.Core
	}
	return f.Type.Core()
}
