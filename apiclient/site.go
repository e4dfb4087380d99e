package apiclient

import (
	"context"
	"maps"
	"slices"
)

// Sites tells what is at the other end.
type Sites interface {
	// Site describes the site and what it can do for who asks. It fails with
	// Unauthorized when the credentials are refused and Unavailable when nobody
	// answers as such a site would.
	Site(ctx context.Context) (Site, error)
	// Health says how the site's engine does. That something is wrong is no error.
	Health(ctx context.Context) (Health, error)
}

// SiteKind says what program a site is.
type SiteKind string

// The kinds of site.
const (
	SiteUmdeck    SiteKind = "umdeck"    // an umdeck engine, here or served
	SiteWordPress SiteKind = "wordpress" // WordPress with Ultimate Member's Zapier extension
)

// A Site is one place whose members are managed.
type Site struct {
	Kind     SiteKind
	Name     string
	URL      string            // the home address, without a slash at the end; empty for an instance that nobody serves
	Versions map[string]string // by program: "umdeck", "wordpress", "ultimate-member", "um-zapier"; what is not known is absent
	User     string            // login of who asks; for a local instance the system user
	Warnings []string          // sentences that stay on screen, such as that private targets are allowed

	PrivateTargets bool     // hooks may go to http and to private addresses, as --allow-private-targets has it
	AllowTargets   []string // networks to which hooks may go whatever they are, in CIDR notation, as --allow-targets has it

	// Missing holds, for each capability that the site does not have, the reason
	// as one sentence.
	Missing map[Capability]string
}

// Can reports whether the site has c, and the reason when it has not.
func (s Site) Can(c Capability) (bool, string) {
	why, missing := s.Missing[c]
	return !missing, why
}

// A Capability is something that some sites can do and others cannot.
type Capability string

// The capabilities. Each is one or more methods of [API].
const (
	CanListUsers     Capability = "users.list"           // Users, User, FindUser
	CanFilterStatus  Capability = "users.filter.status"  // a filter on status, and counts per status
	CanFilterFields  Capability = "users.filter.fields"  // a filter on field values and dates, and any sort
	CanReadStatus    Capability = "users.status"         // User.Status of a user that is read alone
	CanReadFields    Capability = "users.fields"         // User.Fields beyond first_name, last_name, nickname, description
	CanCreateUsers   Capability = "users.create"         // CreateUser, CreateUsers
	CanMoveUsers     Capability = "users.move"           // NewUser.PasswordHash and NewUser.LastLogin
	CanReadHashes    Capability = "users.hashes"         // UserQuery.WithHashes
	CanEditUsers     Capability = "users.edit"           // UpdateUser
	CanActOnUsers    Capability = "users.actions"        // PlanUsers and DoUsers with a status action
	CanSetRoles      Capability = "users.roles"          // PlanUsers and DoUsers with an action on roles
	CanDeleteUsers   Capability = "users.delete"         // PlanUsers and DoUsers with ActionDelete
	CanEditRoles     Capability = "roles.write"          // CreateRole, UpdateRole, ResetRole, DeleteRole; and the registration statuses and settings of roles are told
	CanReadZaps      Capability = "zaps.read"            // Zaps, Zap, FieldGroups, FieldGroup
	CanReadZapState  Capability = "zaps.state"           // Zap.Status, Zap.Event and the options of a zap
	CanWriteZaps     Capability = "zaps.write"           // CreateZap, UpdateZap, DeleteZap
	CanSampleZaps    Capability = "zaps.sample"          // SampleZap
	CanReadFieldSet  Capability = "fields.read"          // Fields: the catalogue
	CanWriteFields   Capability = "fields.write"         // CreateField, DeleteField
	CanReadForms     Capability = "forms.read"           // Forms, Form
	CanWriteForms    Capability = "forms.write"          // CreateForm, UpdateForm, DeleteForm
	CanFiles         Capability = "users.files"          // UploadFile, OpenFile
	CanListSubs      Capability = "subscriptions.list"   // Subscriptions, Subscription
	CanAddSubs       Capability = "subscriptions.add"    // AddSubscription
	CanRemoveSubs    Capability = "subscriptions.remove" // RemoveSubscription, UpdateSubscription, RotateSubscription
	CanTestSubs      Capability = "subscriptions.test"   // TestSubscription
	CanReadHours     Capability = "subscriptions.hours"  // SubscriptionHours
	CanReadLog       Capability = "deliveries.read"      // Events, Deliveries, Delivery, Watch
	CanRedeliver     Capability = "deliveries.redeliver" // Redeliver
	CanReplay        Capability = "deliveries.replay"    // PlanReplay, StartReplay, StopReplay, Replays, Replay
	CanFireTriggers  Capability = "triggers.fire"        // FireTrigger
	CanPasswords     Capability = "passwords"            // Passwords, CreatePassword, RevokePassword
	CanReadSettings  Capability = "settings.read"        // Settings
	CanWriteSettings Capability = "settings.write"       // ChangeSettings
	CanReadAudit     Capability = "audit.read"           // Audits, Audit
	CanUndo          Capability = "audit.undo"           // UndoAudit
	CanSendMail      Capability = "mail.send"            // the mails that a plan names are really sent by the site
	CanMail          Capability = "mail.read"            // Mails, Mail, RevealMail, ResendMail, TestMail
	CanReadHealth    Capability = "site.health"          // Health
)

// Capabilities returns every capability, sorted.
func Capabilities() []Capability {
	return slices.Clone(allCapabilities)
}

var allCapabilities = slices.Sorted(maps.Keys(map[Capability]bool{
	CanListUsers: true, CanFilterStatus: true, CanFilterFields: true, CanReadStatus: true, CanReadFields: true,
	CanCreateUsers: true, CanMoveUsers: true, CanReadHashes: true, CanEditUsers: true, CanActOnUsers: true, CanSetRoles: true, CanDeleteUsers: true, CanEditRoles: true,
	CanReadZaps: true, CanReadZapState: true, CanWriteZaps: true, CanSampleZaps: true, CanReadFieldSet: true, CanWriteFields: true,
	CanReadForms: true, CanWriteForms: true, CanFiles: true,
	CanListSubs: true, CanAddSubs: true, CanRemoveSubs: true, CanTestSubs: true, CanReadHours: true,
	CanReadLog: true, CanRedeliver: true, CanReplay: true, CanFireTriggers: true, CanPasswords: true,
	CanReadSettings: true, CanWriteSettings: true, CanReadAudit: true, CanUndo: true, CanSendMail: true, CanMail: true, CanReadHealth: true,
}))
