package apiclient

import "context"

// Origin says what a change came from.
type Origin string

// The origins.
const (
	OriginForm    Origin = "form"    // a member, on a form of the site
	OriginAdmin   Origin = "admin"   // an administrator, on the site itself
	OriginAPI     Origin = "api"     // Zapier, or whatever else posts to /?action=
	OriginCRM     Origin = "crm"     // a CRM's webhook
	OriginCron    Origin = "cron"    // the site's own schedule
	OriginConsole Origin = "console" // umdeck: its screens, its commands, its own HTTP API
)

// An Actor is who does something, for the audit and for events.
type Actor struct {
	ID     UserID // 0 for someone who is not a user of the site, such as a system user
	Login  string // empty: not known
	Origin Origin // empty: OriginConsole

	// Password is the UUID of the application password that the actor logged in
	// with; empty: with none.
	Password string
}

type actorKey struct{}

// WithActor returns a context whose calls are made by a.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorOf returns who acts in ctx; without [WithActor] that is a nameless actor
// of origin console.
func ActorOf(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	if a.Origin == "" {
		a.Origin = OriginConsole
	}
	return a
}

type ignoredKey struct{}

// WithIgnored returns a context whose call came with further values, under these names,
// that the site has no use for. They are recorded beside what the call changes.
func WithIgnored(ctx context.Context, names []string) context.Context {
	return context.WithValue(ctx, ignoredKey{}, names)
}

// IgnoredOf returns the names that [WithIgnored] has put into ctx.
func IgnoredOf(ctx context.Context) []string {
	names, _ := ctx.Value(ignoredKey{}).([]string)
	return names
}
