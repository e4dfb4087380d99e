package apiclient

// The groups of the settings of a role: the boxes of Ultimate Member's role editor.
const (
	groupRoleAdmin    = "Administrative Permissions"
	groupRoleGeneral  = "General Permissions"
	groupRoleProfile  = "Profile Access"
	groupRoleHome     = "Homepage Options"
	groupRoleRegister = "Registration Options"
	groupRoleLogin    = "Login Options"
	groupRoleLogout   = "Logout Options"
	groupRoleDelete   = "Delete Options"
)

// roleSettings are the settings with the keys, choices and defaults of Ultimate
// Member 2.13 (includes/admin/templates/role). The priority, the registration
// status and the capabilities stand in Role itself.
var roleSettings = []RoleSetting{
	{Key: "can_access_wpadmin", Group: groupRoleAdmin, Label: "Can access wp-admin?", Kind: RoleBool, of: func(s *RoleSettings) any { return &s.AccessWPAdmin }},
	{Key: "can_not_see_adminbar", Group: groupRoleAdmin, Label: "Force hiding adminbar in frontend?", Kind: RoleBool, of: func(s *RoleSettings) any { return &s.ShowAdminBar }, opposite: true},
	{Key: "can_edit_everyone", Group: groupRoleAdmin, Label: "Can edit other member accounts?", Kind: RoleBool, of: func(s *RoleSettings) any { return &s.EditEveryone }},
	{Key: "can_edit_roles", Group: groupRoleAdmin, Label: "Can edit these user roles only", Kind: RoleList, of: func(s *RoleSettings) any { return &s.EditRoles }},
	{Key: "can_delete_everyone", Group: groupRoleAdmin, Label: "Can delete other member accounts?", Kind: RoleBool, of: func(s *RoleSettings) any { return &s.DeleteEveryone }},
	{Key: "can_delete_roles", Group: groupRoleAdmin, Label: "Can delete these user roles only", Kind: RoleList, of: func(s *RoleSettings) any { return &s.DeleteRoles }},

	{Key: "can_edit_profile", Group: groupRoleGeneral, Label: "Can edit their profile?", Kind: RoleBool, of: func(s *RoleSettings) any { return &s.EditProfile }},
	{Key: "can_delete_profile", Group: groupRoleGeneral, Label: "Can delete their account?", Kind: RoleBool, of: func(s *RoleSettings) any { return &s.DeleteProfile }},

	{Key: "can_view_all", Group: groupRoleProfile, Label: "Can view other member profiles?", Kind: RoleBool, of: func(s *RoleSettings) any { return &s.ViewAll }},
	{Key: "can_view_roles", Group: groupRoleProfile, Label: "Can view these user roles only", Kind: RoleList, of: func(s *RoleSettings) any { return &s.ViewRoles }},
	{Key: "can_make_private_profile", Group: groupRoleProfile, Label: "Can make their profile private?", Kind: RoleBool, of: func(s *RoleSettings) any { return &s.MakePrivateProfile }},
	{Key: "can_access_private_profile", Group: groupRoleProfile, Label: "Can view/access private profiles?", Kind: RoleBool, of: func(s *RoleSettings) any { return &s.AccessPrivateProfile }},
	{
		Key: "profile_noindex", Group: groupRoleProfile, Label: "Avoid indexing profile by search engines", Kind: RoleChoice,
		Choices: []Choice{{"", "Default"}, {"0", "No"}, {"1", "Yes"}}, of: func(s *RoleSettings) any { return &s.ProfileNoindex },
	},

	{Key: "default_homepage", Group: groupRoleHome, Label: "Can view default homepage?", Kind: RoleBool, of: func(s *RoleSettings) any { return &s.HideHomepage }, opposite: true},
	{Key: "redirect_homepage", Group: groupRoleHome, Label: "Custom Homepage Redirect", Kind: RoleURL, of: func(s *RoleSettings) any { return &s.RedirectHomepage }},

	nextSetting("auto_approve_act", groupRoleRegister, "Action to be taken after registration", func(s *RoleSettings) any { return &s.AutoApproveAct }, RedirectProfile, RedirectURL),
	{Key: "auto_approve_url", Group: groupRoleRegister, Label: "Set Custom Redirect URL", Kind: RoleURL, of: func(s *RoleSettings) any { return &s.AutoApproveURL }},
	nextSetting("checkmail_action", groupRoleRegister, "Action while e-mail activation is required", func(s *RoleSettings) any { return &s.CheckmailAction }, ShowMessage, RedirectURL),
	{Key: "checkmail_message", Group: groupRoleRegister, Label: "Message while e-mail activation is required", Kind: RoleText, of: func(s *RoleSettings) any { return &s.CheckmailMessage }},
	{Key: "checkmail_url", Group: groupRoleRegister, Label: "Redirect URL while e-mail activation is required", Kind: RoleURL, of: func(s *RoleSettings) any { return &s.CheckmailURL }},
	{Key: "login_email_activate", Group: groupRoleRegister, Label: "Login user after validating the activation link?", Kind: RoleBool, of: func(s *RoleSettings) any { return &s.LoginEmailActivate }},
	{Key: "url_email_activate", Group: groupRoleRegister, Label: "URL redirect after email activation", Kind: RoleURL, of: func(s *RoleSettings) any { return &s.URLEmailActivate }},
	nextSetting("pending_action", groupRoleRegister, "Action while admin review is required", func(s *RoleSettings) any { return &s.PendingAction }, ShowMessage, RedirectURL),
	{Key: "pending_message", Group: groupRoleRegister, Label: "Message while admin review is required", Kind: RoleText, of: func(s *RoleSettings) any { return &s.PendingMessage }},
	{Key: "pending_url", Group: groupRoleRegister, Label: "Redirect URL while admin review is required", Kind: RoleURL, of: func(s *RoleSettings) any { return &s.PendingURL }},

	nextSetting("after_login", groupRoleLogin, "Action to be taken after login", func(s *RoleSettings) any { return &s.AfterLogin }, RedirectProfile, RedirectURL, RefreshPage, RedirectAdmin),
	{Key: "login_redirect_url", Group: groupRoleLogin, Label: "Redirect URL after login", Kind: RoleURL, of: func(s *RoleSettings) any { return &s.LoginRedirectURL }},

	nextSetting("after_logout", groupRoleLogout, "Action to be taken after logout", func(s *RoleSettings) any { return &s.AfterLogout }, RedirectHome, RedirectURL),
	{Key: "logout_redirect_url", Group: groupRoleLogout, Label: "Redirect URL after logout", Kind: RoleURL, of: func(s *RoleSettings) any { return &s.LogoutRedirectURL }},

	nextSetting("after_delete", groupRoleDelete, "Action to be taken after account is deleted", func(s *RoleSettings) any { return &s.AfterDelete }, RedirectHome, RedirectURL),
	{Key: "delete_redirect_url", Group: groupRoleDelete, Label: "Redirect URL after account is deleted", Kind: RoleURL, of: func(s *RoleSettings) any { return &s.DeleteRedirectURL }},
}

func nextSetting(key, group, label string, of func(*RoleSettings) any, next ...RoleNext) RoleSetting {
	d := RoleSetting{Key: key, Group: group, Label: label, Kind: RoleChoice, of: of}
	for _, n := range next {
		d.Choices = append(d.Choices, Choice{string(n), n.Title()})
	}
	return d
}

// Title returns what comes next in words.
func (n RoleNext) Title() string {
	switch n {
	case RedirectProfile:
		return "Redirect to profile"
	case RedirectURL:
		return "Redirect to URL"
	case RedirectHome:
		return "Go to Homepage"
	case RedirectAdmin:
		return "Redirect to WordPress Admin"
	case RefreshPage:
		return "Refresh active page"
	case ShowMessage:
		return "Show custom message"
	}
	return string(n)
}

// InstalledRole returns one of WordPress's own roles with the priority, the
// registration status and the settings that Ultimate Member 2.13 installs
// (includes/class-config.php, default_roles_metadata): members may edit and delete
// their own account and see others', and the administrator may do everything.
func InstalledRole(r Role) Role {
	r.Custom, r.Priority, r.Registration = false, 0, RegistrationApproved
	r.Settings = RoleSettings{
		EditProfile: true, DeleteProfile: true, ViewAll: true,
		AutoApproveAct: RedirectProfile, CheckmailAction: ShowMessage, PendingAction: ShowMessage,
		AfterLogin: RedirectProfile, AfterLogout: RedirectHome, AfterDelete: RedirectHome,
	}
	if r.Slug == RoleAdministrator {
		r.Settings.AccessWPAdmin, r.Settings.ShowAdminBar = true, true
		r.Settings.EditEveryone, r.Settings.DeleteEveryone = true, true
		r.Settings.MakePrivateProfile, r.Settings.AccessPrivateProfile = true, true
		r.Settings.AfterLogin = RedirectAdmin
	}
	return r
}
