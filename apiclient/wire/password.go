package wire

import (
	"time"

	"umdeck/apiclient"
)

// A Password is an application password without its text.
type Password struct {
	UUID     string           `json:"uuid"`
	User     apiclient.UserID `json:"user"`
	Login    string           `json:"login"`
	Name     string           `json:"name"`
	Created  time.Time        `json:"created,omitzero"`
	LastUsed time.Time        `json:"last_used,omitzero"` // absent: never
}

// PasswordOf returns the twin of p.
func PasswordOf(p apiclient.Password) Password {
	p.Created, p.LastUsed = p.Created.UTC(), p.LastUsed.UTC()
	return Password(p)
}

// Domain returns the password.
func (p Password) Domain() apiclient.Password {
	p.Created, p.LastUsed = p.Created.UTC(), p.LastUsed.UTC()
	return apiclient.Password(p)
}

// A PasswordsRequest asks for the application passwords of a user.
type PasswordsRequest struct {
	User apiclient.UserID `json:"-" query:"user"` // 0: of everyone
}

// A NewPassword asks for an application password.
type NewPassword struct {
	User apiclient.UserID `json:"user"`
	Name string           `json:"name"`
}

// PasswordCreated is the answer of CreatePassword, the one place where the text is shown.
type PasswordCreated struct {
	Password Password `json:"password"`
	Text     string   `json:"text"`
}

// A PasswordRef names an application password.
type PasswordRef struct {
	UUID string `json:"-" path:"uuid"`
}
