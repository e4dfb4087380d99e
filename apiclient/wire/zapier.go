package wire

import (
	"net/http"

	"umdeck/apiclient"
)

// The calls of the Zapier extension's API document, POST /?action=NAME. The names
// are to the letter: one starts with umm_.
const (
	ActionAuthTest       = "um_zapier_auth_test"
	ActionRegister       = "um_register_user"
	ActionUpdate         = "um_update_user"
	ActionDelete         = "um_delete_user"
	ActionFields         = "um_get_fields"
	ActionStatuses       = "um_get_account_statuses"
	ActionRoles          = "um_account_roles"
	ActionOptionsAction  = "um_get_zap_actions_options"
	ActionOptionsTrigger = "um_get_zap_triggers_options"
	ActionSubscribe      = "umm_zapier_subscribe"
	ActionPerformList    = "um_zapier_activity_perform_list"

	// ActionUnsubscribe is umdeck's own: the document has no way to end a subscription.
	ActionUnsubscribe = "umm_zapier_unsubscribe"
)

// The header that every call has.
const (
	HeaderRequest = "X-Request"
	ValueRequest  = "um_zapier"

	// HeaderIgnored is umdeck's own, in answers: the names of parameters that meant nothing,
	// each escaped as in a path. The bodies of the document have no place for them.
	HeaderIgnored = "X-Umdeck-Ignored"
)

// The parameters that the document names.
const (
	ParamUsername     = "username"
	ParamZap          = "um_actions_triggers" // of register, update and delete
	ParamFields       = "get_fields"          // the zap, of um_get_fields
	ParamGroup        = "group_field_id"      // the zap, of the calls about triggers
	ParamRole         = "um_account_role"
	ParamStatus       = "um_account_status"
	ParamUpdate       = "um_update_on_exists"
	ParamDeletionMail = "email_on_account_deletion"
	ParamTarget       = "subscription_target_url"
	ParamUser         = "user_id"

	// ParamClear is umdeck's own: the keys of fields that um_update_user is to empty, in a
	// list or separated by commas. The document has no way to empty a field.
	ParamClear = "umdeck_clear"
)

// The sentences of the document.
const (
	MessageConnected    = "UM Zapier is connected!"
	MessageCreated      = "User account has been created."
	MessageUpdated      = "User account has been updated."
	MessageDeleted      = "The account has been successfully deleted."
	MessageUnauthorized = "Zapier Authorization Failed"
	MessageNotRunning   = "This UM Zap is not running or disabled."
	MessageNoUser       = "Account not found in the website"
	MessageExists       = `The Email address or Username is already registered. To update an existing user, turn "On" the option "Update when the account exists".`
)

// Sentences of umdeck where the document has none. MissingParameter is a format
// for the parameter's name.
const (
	MissingParameter    = "Missing required parameter: %s"
	MessageUnsubscribed = "The subscription has ended."
)

// An Envelope is the answer of every call but um_zapier_activity_perform_list.
type Envelope struct {
	Success bool `json:"success"`
	Data    any  `json:"data"`
}

// ZapierStatus returns the HTTP status of err in the calls of the extension,
// which know 400 for all that the caller can change.
func ZapierStatus(err error) int {
	switch apiclient.KindOf(err) {
	case apiclient.NotFound, apiclient.Conflict:
		return http.StatusBadRequest
	default:
		return StatusOf(err)
	}
}
