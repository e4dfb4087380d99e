package engine

import (
	"context"
	"slices"

	"umdeck/apiclient"
	"umdeck/apiclient/engine/store"
)

// Keys of what the database keeps of the instance itself.
const (
	metaUUID = "site_uuid"
	metaURL  = "site_url" // at which it was served last
)

// setUp fills a new database.
func (e *Engine) setUp(ctx context.Context, tx *store.Tx) error {
	uuid, err := tx.Meta(ctx, metaUUID)
	if err != nil || uuid != "" {
		return err
	}
	if err := tx.SetMeta(ctx, metaUUID, e.uuid()); err != nil {
		return err
	}
	if e.cfg.SiteName != e.defaults.Text("blogname") {
		if err := tx.SetSetting(ctx, "blogname", e.cfg.SiteName); err != nil {
			return err
		}
	}
	for _, r := range firstRoles() {
		if err := tx.InsertRole(ctx, r); err != nil {
			return err
		}
	}
	_, err = tx.InsertUser(ctx, store.Account{User: apiclient.User{
		Login: "admin", Email: e.defaults.Text("admin_email"), DisplayName: "admin",
		Roles: []apiclient.RoleSlug{apiclient.RoleAdministrator}, Status: apiclient.StatusApproved, Registered: tx.Now(),
	}})
	return err
}

// firstRoles are WordPress's roles with the capabilities of its
// wp-admin/includes/schema.php (levels and the link manager's apart), and a
// role of Ultimate Member. All register as approved, as Ultimate Member has it.
func firstRoles() []apiclient.Role {
	subscriber := []string{"read"}
	contributor := slices.Concat(subscriber, []string{"edit_posts", "delete_posts"})
	author := slices.Concat(contributor, []string{"upload_files", "publish_posts", "edit_published_posts", "delete_published_posts"})
	editor := slices.Concat(author, []string{
		"moderate_comments", "manage_categories", "unfiltered_html", "edit_others_posts", "edit_pages",
		"edit_others_pages", "edit_published_pages", "publish_pages", "delete_pages", "delete_others_pages", "delete_published_pages",
		"delete_others_posts", "delete_private_posts", "edit_private_posts", "read_private_posts", "delete_private_pages",
		"edit_private_pages", "read_private_pages",
	})
	admin := slices.Concat(editor, []string{
		"switch_themes", "edit_themes", "activate_plugins", "edit_plugins", "edit_users", "edit_files", "manage_options", "import",
		"delete_users", "create_users", "unfiltered_upload", "edit_dashboard", "update_plugins", "delete_plugins", "install_plugins",
		"update_themes", "install_themes", "update_core", "list_users", "remove_users", "promote_users", "edit_theme_options",
		"delete_themes", "export",
	})
	list := []apiclient.Role{
		{Slug: apiclient.RoleAdministrator, Name: "Administrator", Capabilities: admin},
		{Slug: "editor", Name: "Editor", Capabilities: editor},
		{Slug: "author", Name: "Author", Capabilities: author},
		{Slug: "contributor", Name: "Contributor", Capabilities: contributor},
		{Slug: "subscriber", Name: "Subscriber", Capabilities: subscriber},
		{Slug: "um_member", Name: "Member", Capabilities: subscriber},
	}
	for i := range list {
		list[i] = apiclient.InstalledRole(list[i])
		list[i].Custom = list[i].Slug == "um_member"
		list[i].Capabilities = slices.Sorted(slices.Values(list[i].Capabilities))
	}
	return list
}
