package wire

import "reflect"

// A shape is a route with the types of its request and answer as values, for
// what goes over all routes.
type shape struct {
	route   Route
	in, out reflect.Type
}

func (e Endpoint[In, Out]) shape() shape {
	return shape{e.Route, reflect.TypeFor[In](), reflect.TypeFor[Out]()}
}

// shapes lists the endpoints of route.go; a test compares it with the methods of
// [apiclient.API].
func shapes() []shape {
	return []shape{
		Site.shape(), GetHealth.shape(), Users.shape(), CountUsers.shape(), FindUser.shape(), GetUser.shape(), CreateUser.shape(), CreateUsers.shape(),
		UpdateUser.shape(), PlanUsers.shape(), DoUsers.shape(), Roles.shape(), CreateRole.shape(), UpdateRole.shape(),
		ResetRole.shape(), DeleteRole.shape(), Statuses.shape(),
		Zaps.shape(), GetZap.shape(), CreateZap.shape(), UpdateZap.shape(), DeleteZap.shape(),
		GetFieldGroup.shape(), SampleZap.shape(), Fields.shape(), CreateField.shape(), UpdateField.shape(), DeleteField.shape(),
		Forms.shape(), GetForm.shape(), CreateForm.shape(), UpdateForm.shape(), DeleteForm.shape(),
		UploadFile.shape(), OpenFile.shape(),
		Subscriptions.shape(), GetSubscription.shape(), AddSubscription.shape(), UpdateSubscription.shape(),
		RotateSubscription.shape(), RemoveSubscription.shape(), SubscriptionHours.shape(), TestSubscription.shape(),
		FireTrigger.shape(), Events.shape(), Deliveries.shape(), GetDelivery.shape(), Redeliver.shape(), GetLogSpan.shape(), Watch.shape(),
		PlanReplay.shape(), StartReplay.shape(), StopReplay.shape(), Replays.shape(), GetReplay.shape(),
		Passwords.shape(), CreatePassword.shape(), RevokePassword.shape(),
		Settings.shape(), ChangeSettings.shape(), Audits.shape(), GetAudit.shape(), UndoAudit.shape(),
		Mails.shape(), GetMail.shape(), RevealMail.shape(), ResendMail.shape(), TestMail.shape(),
	}
}
