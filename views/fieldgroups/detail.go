package fieldgroups

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"umdeck/apiclient"
	"umdeck/ui/widget/detail"
	"umdeck/views/column"
)

// sections shows one field: the definition that Zapier reads, the rules, and the
// value of one user as it is stored and as it is sent.
func (s *Screen) sections(r row) []detail.Section {
	group := detail.Section{Title: "Field group", Text: r.Notice}
	if r.Zap.ID == 0 {
		group.Text = "No zap names this field, so Zapier never sees it. Add it to a zap on the Zaps screen."
	} else {
		group.Fields = []detail.Field{
			{Key: "Zap", Value: fmt.Sprintf("#%d %s", r.Zap.ID, r.Zap.Name)},
			{Key: "Kind", Value: string(r.Zap.Kind)},
			{Key: "Place", Value: fmt.Sprint(r.Place)},
		}
	}
	if r.Why != "" {
		return []detail.Section{group, {Title: "Hidden from Zapier", Text: r.Why}}
	}
	f := r.Field
	all := []detail.Section{group, rules(f), s.forms(f)}
	if f.Secret {
		return append(all, detail.Section{Title: "Zapier", Text: "A secret: it is never read and never sent."})
	}
	text, err := json.Marshal(definition(f))
	if err != nil {
		return append(all, detail.Section{Title: "As Zapier reads it", Text: err.Error()})
	}
	return append(all, detail.Section{Title: "As Zapier reads it", JSON: string(text)})
}

func rules(f apiclient.Field) detail.Section {
	section := detail.Section{Title: "Definition", Fields: []detail.Field{
		{Key: "Label", Value: f.Label},
		{Key: "Type", Value: string(f.Type)},
		{Key: "Source", Value: string(f.Source)},
	}}
	add := func(key, value string) {
		if value != "" {
			section.Fields = append(section.Fields, detail.Field{Key: key, Value: value})
		}
	}
	add("Core type", string(f.Core))
	add("Privacy", column.Privacy(f))
	for _, a := range f.Attributes() {
		if a.Value != "" && a.Name != "required" && a.Name != "public" && a.Name != "roles" && !strings.HasPrefix(a.Name, "conditional_") {
			add(label(a.Name), a.Value)
		}
	}
	for _, words := range column.Conditions(f) {
		add("Condition", words)
	}
	if f.Required {
		add("Required", "yes")
	}
	if f.ReadOnly {
		add("Written", "never by forms or the API")
	}
	if f.Type == apiclient.FieldCountry {
		add("Choices", fmt.Sprintf("%d countries", len(f.Options())))
		return section
	}
	if f.OptionsSource != "" && !slices.Contains(apiclient.OptionSources(), f.OptionsSource) {
		add("Options from", f.OptionsSource+", a function of WordPress that is not here; the choices are those that are listed")
	}
	labels := make([]string, len(f.Choices))
	for i, c := range f.Choices {
		labels[i] = c.Label
	}
	add("Choices", strings.Join(labels, ", "))
	return section
}

// label is the name of an attribute as a person reads it.
func label(name string) string {
	words := strings.ReplaceAll(name, "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

// forms sets the stored and the sent form side by side, in words and for a user.
func (s *Screen) forms(f apiclient.Field) detail.Section {
	section := detail.Section{Title: "Stored and sent", Fields: []detail.Field{
		{Key: "Stored as", Value: f.StoredForm()},
		{Key: "Sent as", Value: sent(row{Field: f})},
	}}
	if f.Secret {
		return section
	}
	section.Fields = append(section.Fields, detail.Field{Key: "Sample", Value: literal(f.Sample())})
	if s.who.ID == 0 {
		section.Text = "i shows the values of a user."
		return section
	}
	v := s.who.Value(f.Key)
	stored := any(v.Text)
	if v.List != nil {
		stored = v.List
	}
	section.Fields = append(section.Fields,
		detail.Field{Key: "Of", Value: fmt.Sprintf("%s (#%d)", s.who.Login, s.who.ID)},
		detail.Field{Key: "Stored", Value: literal(stored)},
		detail.Field{Key: "Sent", Value: literal(f.Send(v, s.who.ID, apiclient.SiteInfo{UploadsURL: s.Site.URL + "/wp-content/uploads"}))},
	)
	return section
}

// literal writes a value as JSON does.
func literal(v any) string {
	text, err := apiclient.Payload{{Key: "v", Value: v}}.MarshalJSON()
	if err != nil {
		return err.Error()
	}
	return string(text[len(`{"v":`) : len(text)-1])
}
