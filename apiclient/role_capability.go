package apiclient

import "slices"

// PrivilegedCapabilities returns the WordPress capabilities that Ultimate Member
// bans from its forms, sorted: those of someone who runs a site (version 2.13,
// includes/common/class-secure.php).
func PrivilegedCapabilities() []string { return slices.Clone(privileged) }

var privileged = slices.Sorted(slices.Values([]string{
	"create_sites", "delete_sites", "manage_network", "manage_sites", "manage_network_users", "manage_network_plugins",
	"manage_network_themes", "manage_network_options", "upgrade_network", "setup_network", "activate_plugins", "edit_dashboard",
	"edit_theme_options", "export", "import", "list_users", "remove_users", "switch_themes", "customize", "delete_site", "update_core",
	"update_plugins", "update_themes", "install_plugins", "install_themes", "delete_themes", "delete_plugins", "edit_plugins",
	"edit_themes", "edit_files", "edit_users", "add_users", "create_users", "delete_users", "level_10", "manage_options", "promote_users",
}))

// WordPressCapabilities returns the capabilities that WordPress itself knows,
// sorted: those of its five roles (wp-admin/includes/schema.php, the levels
// included), and the privileged ones of networks. A plugin may have more.
func WordPressCapabilities() []string { return slices.Clone(wordPressCaps) }

var wordPressCaps = slices.Compact(slices.Sorted(slices.Values(append(PrivilegedCapabilities(),
	"read", "edit_posts", "delete_posts", "upload_files", "publish_posts", "edit_published_posts", "delete_published_posts",
	"moderate_comments", "manage_categories", "manage_links", "unfiltered_html", "unfiltered_upload", "edit_others_posts", "edit_pages",
	"edit_others_pages", "edit_published_pages", "publish_pages", "delete_pages", "delete_others_pages", "delete_published_pages",
	"delete_others_posts", "delete_private_posts", "edit_private_posts", "read_private_posts", "delete_private_pages",
	"edit_private_pages", "read_private_pages",
	"level_0", "level_1", "level_2", "level_3", "level_4", "level_5", "level_6", "level_7", "level_8", "level_9",
))))
