package apiclient

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// attributes is the table of Ultimate Member's attributes, in the builder's order.
var attributes = sync.OnceValue(func() []attribute {
	return slices.Concat(commonAttributes(), ruleAttributes(), typeAttributes(), conditionAttributes())
})

// commonAttributes are those of most types.
func commonAttributes() []attribute {
	yes := func(f *Field) *bool { return &f.Required }
	return []attribute{
		word("title", "name for administrators", func(f *Field) *string { return &f.Title }).any(),
		word("placeholder", "shown in an empty input", func(f *Field) *string { return &f.Placeholder }).of(
			CoreText, CoreTel, CoreNumber, CoreTextarea, CoreSelect, CoreMultiselect, CoreURL, CorePassword, CoreDate, CoreTime,
			CoreGoogleMap, CoreYouTube, CoreVimeo, CoreSoundCloud, CoreSpotify, CoreOEmbed),
		word("help", "explains the question", func(f *Field) *string { return &f.Help }),
		word("icon", "Font Awesome icon, such as fas fa-phone", func(f *Field) *string { return &f.Icon }),
		lines(word("default", "what a form starts with; of a date also words such as today", func(f *Field) *string { return &f.Default }).of(
			CoreText, CoreTel, CoreNumber, CoreTextarea, CoreSelect, CoreMultiselect, CoreRadio, CoreCheckbox, CoreURL, CoreDate, CoreTime, CoreRating, CoreOEmbed)),
		tick("required", "an answer is required", yes),
		editable(),
		choice("visibility", "where a profile shows it", func(f *Field) *Visibility { return &f.Visibility }, VisibleAll, VisibleEdit, VisibleView).any(),
		privacy(),
		commas("roles", "slugs of the roles that public -2 and -3 name", func(f *Field) *[]RoleSlug { return &f.Roles }).any(),
		tick("account_only", "asked on the account page alone", func(f *Field) *bool { return &f.AccountOnly }),
		tick("private_use", "not offered to the builder of forms", func(f *Field) *bool { return &f.Private }),
		word("required_perm", "permission that the member's role must give", func(f *Field) *string { return &f.NeedsPerm }),
		word("required_opt", "setting that must be on", func(f *Field) *string { return &f.NeedsOption }),
	}
}

func lines(a attribute) attribute { a.lines = true; return a }

// editable is Locked the other way round: unset is yes.
func editable() attribute {
	a := tick("editable", "the owner may change it; administrators always may", nil)
	a.tick, a.choices = false, []string{"1", "0"}
	a.get = func(f *Field) string {
		if f.Locked {
			return "0"
		}
		return ""
	}
	a.set = func(f *Field, s string) bool {
		on, known := boolOf(s)
		f.Locked = known && !on
		return known || s == ""
	}
	return a
}

func privacy() attribute {
	return attribute{
		name: "public", help: "who sees it: 1 everyone, 2 members, -1 owner, -2 roles, -3 owner and roles", all: true,
		choices: []string{"1", "2", "-1", "-2", "-3"},
		get: func(f *Field) string {
			if f.Privacy == 0 {
				return ""
			}
			return strconv.Itoa(int(f.Privacy))
		},
		set: func(f *Field, s string) bool {
			n, err := strconv.Atoi(orNil(s))
			f.Privacy = Privacy(n)
			return err == nil
		},
	}
}

// ruleAttributes say what an answer must be.
func ruleAttributes() []attribute {
	rules := []CoreType{CoreText, CoreTel, CoreNumber, CoreURL, CoreGoogleMap, CoreYouTube, CoreVimeo, CoreSoundCloud, CoreSpotify, CoreOEmbed}
	long := []CoreType{CoreText, CoreTel, CoreTextarea, CorePassword}
	return []attribute{
		choice("validate", "further rule", func(f *Field) *string { return &f.Validate }, ValidateNames()...).of(rules...),
		word("custom_validate", "name of the site's own rule", func(f *Field) *string { return &f.CustomValidate }).of(rules...),
		count("min_chars", "least characters", func(f *Field) *int { return &f.MinChars }).of(long...),
		count("max_chars", "most characters", func(f *Field) *int { return &f.MaxChars }).of(append(long, CoreURL)...),
		count("max_words", "most words", func(f *Field) *int { return &f.MaxWords }).of(CoreText, CoreTextarea),
		limit("min", "least number", func(f *Field) **int { return &f.Min }).of(CoreNumber),
		limit("max", "largest number", func(f *Field) **int { return &f.Max }).of(CoreNumber),
		count("min_selections", "least choices", func(f *Field) *int { return &f.MinSelections }).of(CoreMultiselect),
		count("max_selections", "most choices", func(f *Field) *int { return &f.MaxSelections }).of(CoreMultiselect, CoreCheckbox),
		word("custom_dropdown_options_source", "callback that gives the options", func(f *Field) *string { return &f.OptionsSource }).of(CoreSelect, CoreMultiselect),
		word("parent_dropdown_relationship", "key of the select whose answer decides the options", func(f *Field) *string { return &f.Parent }).of(CoreSelect),
	}
}

// typeAttributes are those of one type or two.
func typeAttributes() []attribute {
	return []attribute{
		tick("html", "HTML is allowed", func(f *Field) *bool { return &f.HTML }).of(CoreTextarea),
		word("height", "height, such as 100px", func(f *Field) *string { return &f.Height }).of(CoreTextarea),
		count("number", "stars, 5 or 10", func(f *Field) *int { return &f.Stars }).of(CoreRating),
		commas("allowed_types", "endings such as png,jpg", func(f *Field) *[]string { return &f.Upload.AllowedTypes }).of(CoreImage, CoreFile),
		count("max_size", "most bytes", func(f *Field) *int64 { return &f.Upload.MaxSize }).of(CoreImage, CoreFile),
		crop(),
		count("min_width", "least width in pixels", func(f *Field) *int { return &f.Upload.MinWidth }).of(CoreImage),
		count("min_height", "least height in pixels", func(f *Field) *int { return &f.Upload.MinHeight }).of(CoreImage),
		word("ratio", "width for a height of 1", func(f *Field) *string { return &f.Upload.Ratio }).of(CoreImage),
		choice("range", "how days are limited", func(f *Field) *string { return &f.Dates.Range }, "years", "date_range").of(CoreDate),
		count("years", "how many years", func(f *Field) *int { return &f.Dates.Years }).of(CoreDate),
		choice("years_x", "which years", func(f *Field) *string { return &f.Dates.YearsX }, "equal", "past", "future").of(CoreDate),
		day("range_start", "first day", func(f *Field) *string { return &f.Dates.Start }),
		day("range_end", "last day", func(f *Field) *string { return &f.Dates.End }),
		weekdays(),
		word("format", "how it is shown, as PHP's date() writes it", func(f *Field) *string { return &f.Format }).of(CoreDate, CoreTime),
		word("format_custom", "how it is shown; goes before format", func(f *Field) *string { return &f.Dates.Custom }).of(CoreDate),
		tick("pretty_format", "the years since are shown in place of the day", func(f *Field) *bool { return &f.Dates.Age }).of(CoreDate),
		count("intervals", "minutes from one time to the next", func(f *Field) *int { return &f.Intervals }).of(CoreTime),
		tick("force_good_pass", "letters of both cases and a digit", func(f *Field) *bool { return &f.Password.Good }).of(CorePassword),
		tick("force_confirm_pass", "asked twice", func(f *Field) *bool { return &f.Password.Confirm }).of(CorePassword),
		word("label_confirm_pass", "label of the second input", func(f *Field) *string { return &f.Password.ConfirmLabel }).of(CorePassword),
		word("url_text", "text of the link", func(f *Field) *string { return &f.Link.Text }).of(CoreURL, CoreText),
		choice("url_target", "where the link opens", func(f *Field) *string { return &f.Link.Target }, "_blank", "_self").of(CoreURL, CoreText),
		choice("url_rel", "whether search engines follow it", func(f *Field) *string { return &f.Link.Rel }, "follow", "nofollow").of(CoreURL, CoreText),
		social(),
		word("match", "what a bare name is put behind", func(f *Field) *string { return &f.Link.Match }).of(CoreURL, CoreText),
		word("color", "colour", func(f *Field) *string { return &f.Link.Color }).of(CoreURL, CoreText, CoreDivider),
		lines(word("content", "what is shown", func(f *Field) *string { return &f.Piece.Content })).of(CoreBlock, CoreShortcode),
		count("spacing", "height in pixels", func(f *Field) *int { return &f.Piece.Height }).of(CoreSpacing),
		word("divider_text", "text", func(f *Field) *string { return &f.Piece.Text }).of(CoreDivider),
		choice("style", "line", func(f *Field) *string { return &f.Piece.Style }, "solid", "dashed", "dotted", "double").of(CoreDivider),
		count("width", "width of the line in pixels", func(f *Field) *int { return &f.Piece.Width }).of(CoreDivider),
	}
}

func crop() attribute {
	return attribute{
		name: "crop", help: "how an image is cut: 0 not, 1 square, 2 cover, 3 free", core: []CoreType{CoreImage},
		choices: []string{"0", "1", "2", "3"},
		get: func(f *Field) string {
			if f.Upload.Crop == CropNone {
				return ""
			}
			return strconv.Itoa(int(f.Upload.Crop))
		},
		set: func(f *Field, s string) bool {
			n, err := strconv.Atoi(orNil(s))
			f.Upload.Crop = Crop(n)
			return err == nil
		},
	}
}

func social() attribute {
	a := tick("advanced", "social: shown among the profile's social links", nil).of(CoreURL, CoreText)
	a.tick, a.choices = false, []string{"social"}
	a.get = func(f *Field) string {
		if f.Link.Social {
			return "social"
		}
		return ""
	}
	a.set = func(f *Field, s string) bool { f.Link.Social = s != ""; return true }
	return a
}

// day is an attribute that is a day, in any form that a date takes.
func day(name, help string, at func(*Field) *string) attribute {
	a := word(name, help, at).of(CoreDate)
	a.want = "a day that exists as YYYY-MM-DD"
	a.set = func(f *Field, s string) bool {
		d, ok := parseDate(s)
		*at(f) = d
		return ok || s == ""
	}
	return a
}

func weekdays() attribute {
	return attribute{
		name: "disabled_weekdays", help: "days of the week that are not offered: 1 is Sunday, 7 Saturday", core: []CoreType{CoreDate},
		want: "numbers from 1, Sunday, to 7, Saturday, with commas between them",
		get: func(f *Field) string {
			texts := make([]string, len(f.Dates.Disabled))
			for i, d := range f.Dates.Disabled {
				texts[i] = strconv.Itoa(int(d) + 1)
			}
			return strings.Join(texts, ",")
		},
		set: func(f *Field, s string) bool {
			f.Dates.Disabled = nil
			for part := range strings.SplitSeq(s, ",") {
				if part = strings.TrimSpace(part); part == "" {
					continue
				}
				n, err := strconv.Atoi(part)
				if err != nil || n < 1 || n > 7 {
					return false
				}
				f.Dates.Disabled = append(f.Dates.Disabled, time.Weekday(n-1))
			}
			return true
		},
	}
}

// conditionAttributes are the parts of the conditions, which the builder numbers
// from none to 4.
func conditionAttributes() []attribute {
	var list []attribute
	for i := range MaxConditions {
		end := ""
		if i > 0 {
			end = strconv.Itoa(i)
		}
		at := func(f *Field) *Condition {
			for len(f.Conditions) <= i {
				f.Conditions = append(f.Conditions, Condition{})
			}
			return &f.Conditions[i]
		}
		list = append(list,
			part(i, choice("conditional_action"+end, "what the condition does", func(f *Field) *ConditionAction { return &at(f).Action }, ConditionShow, ConditionHide)),
			part(i, word("conditional_field"+end, "key of the field that decides", func(f *Field) *string { return &at(f).Field })),
			part(i, choice("conditional_operator"+end, "how its answer is compared", func(f *Field) *ConditionOperator { return &at(f).Operator }, ConditionOperators()...)),
			part(i, word("conditional_value"+end, fmt.Sprintf("what condition %d compares it with", i+1), func(f *Field) *string { return &at(f).Value })),
		)
	}
	return list
}

// part is a part of the condition with that index, which need not be there.
func part(i int, a attribute) attribute {
	get, set := a.get, a.set
	a.get = func(f *Field) string {
		if i >= len(f.Conditions) {
			return ""
		}
		return get(f)
	}
	a.set = func(f *Field, s string) bool {
		if s == "" && i >= len(f.Conditions) {
			return true
		}
		list := append([]Condition(nil), f.Conditions...) // a copy of the field has the same
		f.Conditions = list
		ok := set(f, s)
		for n := len(f.Conditions); n > 0 && f.Conditions[n-1] == (Condition{}); n-- {
			f.Conditions = f.Conditions[:n-1]
		}
		if len(f.Conditions) == 0 {
			f.Conditions = nil
		}
		return ok
	}
	return a.any()
}
