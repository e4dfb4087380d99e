package apiclient_test

import (
	"testing"

	"umdeck/apiclient"
)

func TestVisibleTo(t *testing.T) {
	const owner = 7
	nobody := apiclient.Viewer{}
	self := apiclient.Viewer{ID: owner, Roles: []apiclient.RoleSlug{"subscriber"}}
	other := apiclient.Viewer{ID: 8, Roles: []apiclient.RoleSlug{"subscriber"}}
	keeper := apiclient.Viewer{ID: 9, Roles: []apiclient.RoleSlug{"um_keeper", "subscriber"}}
	editor := apiclient.Viewer{ID: 10, Edits: true}
	for _, c := range []struct {
		name    string
		privacy apiclient.Privacy
		roles   []apiclient.RoleSlug
		sees    []bool // nobody, self, other, keeper, editor
	}{
		{"unset", 0, nil, []bool{true, true, true, true, true}},
		{"everyone", apiclient.PrivacyEveryone, nil, []bool{true, true, true, true, true}},
		{"members", apiclient.PrivacyMembers, nil, []bool{false, true, true, true, true}},
		{"owner", apiclient.PrivacyOwner, nil, []bool{false, true, false, false, true}},
		{"roles", apiclient.PrivacyRoles, []apiclient.RoleSlug{"um_keeper"}, []bool{false, false, false, true, false}},
		{"no roles", apiclient.PrivacyRoles, nil, []bool{false, true, true, true, true}},
		{"owner and roles", apiclient.PrivacyOwnerRoles, []apiclient.RoleSlug{"um_keeper"}, []bool{false, true, false, true, false}},
		{"owner and no roles", apiclient.PrivacyOwnerRoles, nil, []bool{false, true, true, true, true}},
	} {
		f := apiclient.Field{Privacy: c.privacy, Roles: c.roles}
		for i, v := range []apiclient.Viewer{nobody, self, other, keeper, editor} {
			if got := f.VisibleTo(v, owner); got != c.sees[i] {
				t.Errorf("%s: viewer %d sees it: %t; want %t", c.name, v.ID, got, c.sees[i])
			}
		}
	}
}

func TestEditableBy(t *testing.T) {
	const owner = 7
	self := apiclient.Viewer{ID: owner}
	other := apiclient.Viewer{ID: 8}
	editor := apiclient.Viewer{ID: 9, Edits: true}
	keeper := apiclient.Viewer{ID: 10, Edits: true, Roles: []apiclient.RoleSlug{"um_keeper"}}
	for _, c := range []struct {
		name  string
		field apiclient.Field
		may   []bool // nobody, self, other, editor, keeper
	}{
		{"plain", apiclient.Field{}, []bool{false, true, false, true, true}},
		{"locked", apiclient.Field{Locked: true}, []bool{false, false, false, true, true}},
		{"read-only", apiclient.Field{ReadOnly: true}, []bool{false, false, false, false, false}},
		{"hidden by its privacy", apiclient.Field{Privacy: apiclient.PrivacyRoles, Roles: []apiclient.RoleSlug{"um_keeper"}}, []bool{false, false, false, false, true}},
	} {
		for i, v := range []apiclient.Viewer{{}, self, other, editor, keeper} {
			if got := c.field.EditableBy(v, owner); got != c.may[i] {
				t.Errorf("%s: viewer %d may edit it: %t; want %t", c.name, v.ID, got, c.may[i])
			}
		}
	}
}

func TestShown(t *testing.T) {
	for _, c := range []struct {
		visibility apiclient.Visibility
		view, edit bool
	}{
		{"", true, true},
		{apiclient.VisibleAll, true, true},
		{apiclient.VisibleEdit, false, true},
		{apiclient.VisibleView, true, false},
	} {
		f := apiclient.Field{Visibility: c.visibility}
		if f.Shown(false) != c.view || f.Shown(true) != c.edit {
			t.Errorf("%q: shown %t, asked %t; want %t, %t", c.visibility, f.Shown(false), f.Shown(true), c.view, c.edit)
		}
	}
}
