package wire

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"umdeck/apiclient"
)

// A Registration is a call of um_register_user or um_update_user.
type Registration struct {
	Username string // login or e-mail address
	Zap      apiclient.ZapID
	Role     apiclient.RoleSlug
	Status   string // as it was written; see apiclient.ParseStatus
	Update   bool   // of um_register_user: update the account when it exists

	// Fields are the further parameters, by name. Those that are empty are in Empty
	// instead, sorted: Zapier sends every field that is not mapped as an empty text.
	Fields map[string]apiclient.Value
	Empty  []string
	Clear  []string // keys that ParamClear names, in its order
}

// registrationParams are the parameters that are no fields.
func registrationParam(name string) bool {
	switch name {
	case "action", ParamUsername, ParamZap, ParamRole, ParamStatus, ParamUpdate, ParamClear:
		return true
	}
	return false
}

// ReadRegistration reads a call of um_register_user, or of um_update_user when
// register is false, where um_update_on_exists is no parameter.
func ReadRegistration(p Params, register bool) (Registration, error) {
	var r Registration
	zap, err := p.RequiredNumber(ParamZap)
	if err != nil {
		return r, err
	}
	r.Zap = apiclient.ZapID(zap)
	if r.Username, err = p.Required(ParamUsername); err != nil {
		return r, err
	}
	role, err := p.Required(ParamRole)
	if err != nil {
		return r, err
	}
	r.Role = apiclient.RoleSlug(role)
	if r.Status, err = p.Required(ParamStatus); err != nil {
		return r, err
	}
	if register {
		if r.Update, err = p.YesNo(ParamUpdate); err != nil {
			return r, err
		}
	}
	r.Fields = map[string]apiclient.Value{}
	for name, value := range p {
		switch {
		case registrationParam(name):
		case value.Empty():
			r.Empty = append(r.Empty, name)
		default:
			r.Fields[name] = value
		}
	}
	slices.Sort(r.Empty)
	r.Clear = namesIn(p[ParamClear])
	return r, nil
}

// namesIn returns the names of a list, or of a text in which commas separate them.
func namesIn(v apiclient.Value) []string {
	list := v.List
	if list == nil {
		list = strings.Split(v.Text, ",")
	}
	var names []string
	for _, name := range list {
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Form returns the call as a form; register says which of the two it is.
func (r Registration) Form(register bool) url.Values {
	form := url.Values{}
	for name, value := range r.Fields {
		if value.List == nil {
			form.Set(name, value.Text)
			continue
		}
		for _, text := range value.List {
			form.Add(name+"[]", text)
		}
	}
	for _, name := range r.Clear {
		form.Add(ParamClear+"[]", name)
	}
	form.Set(ParamUsername, r.Username)
	form.Set(ParamZap, strconv.FormatInt(int64(r.Zap), 10))
	form.Set(ParamRole, string(r.Role))
	form.Set(ParamStatus, r.Status)
	if register {
		form.Set(ParamUpdate, yesNo(r.Update))
	}
	return form
}

// A Registered is the data of um_register_user's answer for a new account.
type Registered struct {
	Message  string           `json:"message"`
	User     UserData         `json:"user"`
	Requests apiclient.UserID `json:"requests"` // the number of the account
}

// UserData is what the document calls user_data: columns of the account and the
// zap's fields as hooks carry them, in order.
type UserData = Payload

// UserDataOf returns the data of u. payload is the zap's for the same user; its
// own numbers and names are left out.
func UserDataOf(u apiclient.User, payload apiclient.Payload) UserData {
	data := UserData{
		{Key: "ID", Value: int64(u.ID)},
		{Key: "user_login", Value: u.Login},
		{Key: "user_email", Value: u.Email},
		{Key: "display_name", Value: u.DisplayName},
		{Key: "user_registered", Value: u.Value("user_registered").Text},
		{Key: "account_status", Value: string(u.Status)},
		{Key: "roles", Value: u.Value("roles").List},
	}
	for _, m := range payload {
		switch m.Key {
		case "id", "um_zap_name", "um_zap_id", "user_id":
			continue
		}
		if _, there := apiclient.Payload(data).Get(m.Key); !there {
			data = append(data, m)
		}
	}
	return data
}

// A Deletion is a call of um_delete_user.
type Deletion struct {
	Username string
	Zap      apiclient.ZapID
	Mail     bool // send the deletion mail
}

// ReadDeletion reads a call of um_delete_user.
func ReadDeletion(p Params) (Deletion, error) {
	var d Deletion
	zap, err := p.RequiredNumber(ParamZap)
	if err != nil {
		return d, err
	}
	d.Zap = apiclient.ZapID(zap)
	if d.Username, err = p.Required(ParamUsername); err != nil {
		return d, err
	}
	d.Mail, err = p.YesNo(ParamDeletionMail)
	return d, err
}

// Form returns the call as a form.
func (d Deletion) Form() url.Values {
	return url.Values{
		ParamUsername:     {d.Username},
		ParamZap:          {strconv.FormatInt(int64(d.Zap), 10)},
		ParamDeletionMail: {yesNo(d.Mail)},
	}
}

func yesNo(b bool) string {
	if b {
		return "Yes"
	}
	return "No"
}

// A Subscribed is the data of umm_zapier_subscribe's answer, which the document
// leaves open. Zapier keeps it and hands it back when it unsubscribes.
type Subscribed struct {
	ID     apiclient.SubscriptionID `json:"id"`
	Group  apiclient.ZapID          `json:"group_field_id"`
	Target string                   `json:"subscription_target_url"`
}

// SubscribeForm returns a call of umm_zapier_subscribe or umm_zapier_unsubscribe.
func SubscribeForm(n apiclient.NewSubscription) url.Values {
	return url.Values{ParamGroup: {strconv.FormatInt(int64(n.Zap), 10)}, ParamTarget: {n.URL}}
}

// ReadSubscribe reads a call of umm_zapier_subscribe.
func ReadSubscribe(p Params) (apiclient.NewSubscription, error) {
	zap, err := p.RequiredNumber(ParamGroup)
	if err != nil {
		return apiclient.NewSubscription{}, err
	}
	target, err := p.Required(ParamTarget)
	return apiclient.NewSubscription{Zap: apiclient.ZapID(zap), URL: target}, err
}

// ReadUnsubscribe reads a call of umm_zapier_unsubscribe: either id is set (the
// parameter id or subscription_id), or both members of n are.
func ReadUnsubscribe(p Params) (id apiclient.SubscriptionID, n apiclient.NewSubscription, err error) {
	for _, name := range []string{"id", "subscription_id"} {
		number, err := p.Number(name)
		if err != nil {
			return 0, n, err
		}
		if number > 0 {
			return apiclient.SubscriptionID(number), n, nil
		}
	}
	n, err = ReadSubscribe(p)
	return 0, n, err
}
