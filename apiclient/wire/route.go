package wire

import (
	"encoding/json"
	"net/http"

	"umdeck/apiclient"
)

// Namespace is the name of umdeck's own API in the index of a site, and Root is
// where its paths start.
const (
	Namespace = "umdeck/v1"
	Root      = "/wp-json/" + Namespace
)

// The WordPress capabilities that routes need.
const (
	CapListUsers     = "list_users"
	CapEditUsers     = "edit_users"
	CapCreateUsers   = "create_users"
	CapDeleteUsers   = "delete_users"
	CapPromoteUsers  = "promote_users"
	CapManageOptions = "manage_options"
	CapImport        = "import"
)

// A Route is the address of one method of [apiclient.API].
type Route struct {
	Name   string // of the method
	Method string // of HTTP
	Path   string // below Root, with {names}
	Needs  string // the WordPress capability that who calls must have; empty: none but being known
	Status int    // of an answer that is no error
}

// Pattern returns the route for [http.ServeMux].
func (r Route) Pattern() string { return r.Method + " " + Root + r.Path }

// An Endpoint is a route with the types of its request and answer.
type Endpoint[In, Out any] struct{ Route }

// Read returns the answer in body. What it does not know is left out.
func (e Endpoint[In, Out]) Read(body []byte) (Out, error) {
	var out Out
	if err := json.Unmarshal(body, &out); err != nil {
		return out, &apiclient.Error{
			Kind: apiclient.Unavailable, Err: err,
			Message: "The site's answer to " + e.Name + " is not the JSON of umdeck/v1; look whether something stands between.",
		}
	}
	return out, nil
}

// Nothing is the request or the answer of a call that has none.
type Nothing struct{}

// The endpoints of Sites, Users and Roles.
var (
	Site        = get[Nothing, SiteAnswer]("Site", "/site", "")
	GetHealth   = get[Nothing, Health]("Health", "/site/health", CapManageOptions)
	Users       = get[UsersRequest, UserPage]("Users", "/users", CapListUsers)
	CountUsers  = get[CountRequest, UserCounts]("CountUsers", "/users/count", CapListUsers)
	FindUser    = get[FindRequest, User]("FindUser", "/users/find", CapListUsers)
	GetUser     = get[UserRef, User]("User", "/users/{id}", CapListUsers)
	CreateUser  = post[NewUser, User]("CreateUser", "/users", CapCreateUsers, http.StatusCreated)
	CreateUsers = post[UserBatch, []Outcome]("CreateUsers", "/users/batch", CapCreateUsers, http.StatusOK)
	UpdateUser  = patch[UserUpdate, User]("UpdateUser", "/users/{id}", CapEditUsers)
	PlanUsers   = post[UserAction, Plan]("PlanUsers", "/users/plan", CapEditUsers, http.StatusOK)
	DoUsers     = post[UserAction, []Outcome]("DoUsers", "/users/do", CapEditUsers, http.StatusOK)
	Roles       = get[Nothing, []Role]("Roles", "/roles", CapListUsers)
	CreateRole  = post[NewRole, Role]("CreateRole", "/roles", CapManageOptions, http.StatusCreated)
	UpdateRole  = patch[RoleUpdate, Role]("UpdateRole", "/roles/{slug}", CapManageOptions)
	ResetRole   = post[RoleRef, Role]("ResetRole", "/roles/{slug}/reset", CapManageOptions, http.StatusOK)
	DeleteRole  = Endpoint[RoleRef, RoleDeleted]{Route{"DeleteRole", http.MethodDelete, "/roles/{slug}", CapManageOptions, http.StatusOK}}
	Statuses    = get[Nothing, []AccountStatus]("Statuses", "/statuses", CapListUsers)
)

// The endpoints of Zaps and Fields.
var (
	Zaps          = get[ZapsRequest, []Zap]("Zaps", "/zaps", CapEditUsers)
	GetZap        = get[ZapRef, Zap]("Zap", "/zaps/{id}", CapEditUsers)
	CreateZap     = post[NewZap, Zap]("CreateZap", "/zaps", CapManageOptions, http.StatusCreated)
	UpdateZap     = patch[ZapUpdate, Zap]("UpdateZap", "/zaps/{id}", CapManageOptions)
	DeleteZap     = remove[ZapRef]("DeleteZap", "/zaps/{id}", CapManageOptions)
	GetFieldGroup = get[ZapRef, FieldGroup]("FieldGroup", "/zaps/{id}/fields", CapEditUsers)
	SampleZap     = get[SampleRequest, Payload]("SampleZap", "/zaps/{id}/sample", CapEditUsers)
	Fields        = get[Nothing, []Field]("Fields", "/fields", CapListUsers)
	CreateField   = post[Field, Field]("CreateField", "/fields", CapManageOptions, http.StatusCreated)
	UpdateField   = patch[FieldUpdate, Field]("UpdateField", "/fields/{key}", CapManageOptions)
	DeleteField   = remove[FieldRef]("DeleteField", "/fields/{key}", CapManageOptions)
)

// The endpoints of Forms and Uploads. The body of the request of UploadFile, and of
// the answer of OpenFile, is the file as it is: see [FileHeader].
var (
	Forms      = get[Nothing, []Form]("Forms", "/forms", CapListUsers)
	GetForm    = get[FormRef, Form]("Form", "/forms/{id}", CapListUsers)
	CreateForm = post[NewForm, Form]("CreateForm", "/forms", CapManageOptions, http.StatusCreated)
	UpdateForm = patch[FormUpdate, Form]("UpdateForm", "/forms/{id}", CapManageOptions)
	DeleteForm = remove[FormRef]("DeleteForm", "/forms/{id}", CapManageOptions)
	UploadFile = Endpoint[FileUpload, File]{Route{"UploadFile", http.MethodPut, "/users/{id}/files/{key}", CapEditUsers, http.StatusOK}}
	OpenFile   = get[FileRef, Nothing]("OpenFile", "/users/{id}/files/{key}", CapListUsers)
)

// The endpoints of Subscriptions.
var (
	Subscriptions      = get[SubscriptionsRequest, []Subscription]("Subscriptions", "/subscriptions", CapManageOptions)
	GetSubscription    = get[SubscriptionRef, Subscription]("Subscription", "/subscriptions/{id}", CapManageOptions)
	AddSubscription    = post[NewSubscription, SubscriptionAdded]("AddSubscription", "/subscriptions", CapManageOptions, http.StatusOK)
	UpdateSubscription = patch[SubscriptionUpdate, Subscription]("UpdateSubscription", "/subscriptions/{id}", CapManageOptions)
	RotateSubscription = post[SubscriptionRotation, Subscription]("RotateSubscription", "/subscriptions/{id}/rotate", CapManageOptions, http.StatusOK)
	RemoveSubscription = Endpoint[SubscriptionRemoval, SubscriptionRemoved]{Route{"RemoveSubscription", http.MethodDelete, "/subscriptions/{id}", CapManageOptions, http.StatusOK}}
	SubscriptionHours  = get[SubscriptionHoursRequest, []SubscriptionHour]("SubscriptionHours", "/subscriptions/{id}/hours", CapManageOptions)
	TestSubscription   = post[SubscriptionRef, Delivery]("TestSubscription", "/subscriptions/{id}/test", CapManageOptions, http.StatusCreated)
)

// The endpoints of Deliveries, Replays, Passwords, Settings, Audits and Mails. The answer of Watch is a
// stream; its type is that of one of the stream's events.
var (
	FireTrigger    = post[FireRequest, Event]("FireTrigger", "/triggers/{trigger}/fire", CapManageOptions, http.StatusCreated)
	Events         = get[PageRequest, EventPage]("Events", "/events", CapManageOptions)
	Deliveries     = get[PageRequest, DeliveryPage]("Deliveries", "/deliveries", CapManageOptions)
	GetDelivery    = get[DeliveryRef, Delivery]("Delivery", "/deliveries/{id}", CapManageOptions)
	Redeliver      = post[DeliveryRef, Delivery]("Redeliver", "/deliveries/{id}/redeliver", CapManageOptions, http.StatusCreated)
	GetLogSpan     = get[LogSpanRequest, LogSpan]("LogSpan", "/log/span", CapManageOptions)
	PlanReplay     = post[ReplayRequest, ReplayPlan]("PlanReplay", "/replays/plan", CapManageOptions, http.StatusOK)
	StartReplay    = post[ReplayRequest, Replay]("StartReplay", "/replays", CapManageOptions, http.StatusCreated)
	StopReplay     = post[ReplayRef, Replay]("StopReplay", "/replays/{id}/stop", CapManageOptions, http.StatusOK)
	Replays        = get[PageRequest, ReplayPage]("Replays", "/replays", CapManageOptions)
	GetReplay      = get[ReplayRef, Replay]("Replay", "/replays/{id}", CapManageOptions)
	Watch          = get[WatchRequest, []LogEntry]("Watch", "/log", CapManageOptions)
	Passwords      = get[PasswordsRequest, []Password]("Passwords", "/passwords", CapEditUsers)
	CreatePassword = post[NewPassword, PasswordCreated]("CreatePassword", "/passwords", CapEditUsers, http.StatusCreated)
	RevokePassword = remove[PasswordRef]("RevokePassword", "/passwords/{uuid}", CapEditUsers)
	Settings       = get[Nothing, []Setting]("Settings", "/settings", CapManageOptions)
	ChangeSettings = patch[SettingsChange, []Setting]("ChangeSettings", "/settings", CapManageOptions)
	Audits         = get[PageRequest, AuditPage]("Audits", "/audits", CapManageOptions)
	GetAudit       = get[AuditRef, Audit]("Audit", "/audits/{id}", CapManageOptions)
	UndoAudit      = post[AuditRef, Audit]("UndoAudit", "/audits/{id}/undo", CapManageOptions, http.StatusCreated)
	Mails          = get[PageRequest, MailPage]("Mails", "/mails", CapListUsers)
	GetMail        = get[MailRef, Mail]("Mail", "/mails/{id}", CapListUsers)
	RevealMail     = post[MailRef, Mail]("RevealMail", "/mails/{id}/reveal", CapEditUsers, http.StatusOK)
	ResendMail     = post[MailRef, Mail]("ResendMail", "/mails/{id}/resend", CapEditUsers, http.StatusCreated)
	TestMail       = post[MailTestRequest, MailTest]("TestMail", "/mails/test", CapManageOptions, http.StatusOK)
)

// Routes returns every route: one for each method of [apiclient.API] except Close.
func Routes() []Route {
	shapes := shapes()
	routes := make([]Route, len(shapes))
	for i, s := range shapes {
		routes[i] = s.route
	}
	return routes
}

// Needs returns the capability that an action on users needs.
func Needs(a apiclient.Action) string {
	switch a {
	case apiclient.ActionDelete:
		return CapDeleteUsers
	case apiclient.ActionRole, apiclient.ActionAddRole, apiclient.ActionRemoveRole:
		return CapPromoteUsers
	default:
		return CapEditUsers
	}
}

func get[In, Out any](name, path, needs string) Endpoint[In, Out] {
	return Endpoint[In, Out]{Route{name, http.MethodGet, path, needs, http.StatusOK}}
}

func post[In, Out any](name, path, needs string, status int) Endpoint[In, Out] {
	return Endpoint[In, Out]{Route{name, http.MethodPost, path, needs, status}}
}

func patch[In, Out any](name, path, needs string) Endpoint[In, Out] {
	return Endpoint[In, Out]{Route{name, http.MethodPatch, path, needs, http.StatusOK}}
}

func remove[In any](name, path, needs string) Endpoint[In, Nothing] {
	return Endpoint[In, Nothing]{Route{name, http.MethodDelete, path, needs, http.StatusOK}}
}
