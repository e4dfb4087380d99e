package settings

import (
	"strings"

	"umdeck/apiclient"
	"umdeck/ui/widget/detail"
	"umdeck/views/column"
)

// sections is what the preview and the page of a setting show.
func (s *Screen) sections(v apiclient.Setting) []detail.Section {
	about := detail.Section{Title: "Setting", Text: v.Help, Fields: []detail.Field{
		{Key: "Key", Value: v.Key},
		{Key: "Group", Value: v.Group},
		{Key: "Kind", Value: string(v.Kind)},
		{Key: "Value", Value: column.Worth(v)},
		{Key: "Default", Value: column.Meaning(v, v.Default)},
		{Key: "Changed", Value: map[bool]string{true: "yes", false: "no"}[v.Set]},
	}}
	all := []detail.Section{about}
	if v.Kind == apiclient.SettingTextarea && v.Value != "" {
		all = append(all, detail.Section{Title: "Lines", Text: v.Value})
	}
	if len(v.Choices) == 0 {
		return all
	}
	lines := make([]string, len(v.Choices))
	for i, c := range v.Choices {
		lines[i] = c.Value + "  " + c.Label
	}
	return append(all, detail.Section{Title: "Choices", Text: strings.Join(lines, "\n")})
}
