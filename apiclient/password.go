package apiclient

import (
	"context"
	"time"
)

// Passwords manages application passwords, which programs log in with.
type Passwords interface {
	// Passwords returns the application passwords of a user, or of everyone for 0, oldest first.
	Passwords(ctx context.Context, user UserID) ([]Password, error)
	// CreatePassword makes one and returns its text, which is shown only now:
	// 24 letters and digits in six groups. A name that the user has in use is Conflict.
	CreatePassword(ctx context.Context, user UserID, name string) (Password, Secret, error)
	// RevokePassword ends one; calls with it are Unauthorized from then on.
	RevokePassword(ctx context.Context, uuid string) error
}

// A Password is an application password without its text.
type Password struct {
	UUID     string
	User     UserID
	Login    string
	Name     string
	Created  time.Time
	LastUsed time.Time // zero: never; exact to the hour
}
