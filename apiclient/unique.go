package apiclient

import (
	"context"
	"strings"
)

// Taken tells what the members of a site have. Case never matters, and an id of 0 is
// nobody.
type Taken interface {
	// WhoHasLogin returns the user with that login.
	WhoHasLogin(ctx context.Context, login string) (UserID, error)
	// WhoHasEmail returns the user with that e-mail address.
	WhoHasEmail(ctx context.Context, email string) (UserID, error)
	// WhoHasValue returns a user other than but who has stored exactly that text
	// under the key.
	WhoHasValue(ctx context.Context, key, text string, but UserID) (UserID, error)
}

// CheckUnique returns which of the answers of a form are taken by somebody else, in
// Ultimate Member's words: logins (of a registration alone), addresses, and values of
// fields with the rule unique_value. The same answer as is stored is not asked about.
// err is what t failed with.
func CheckUnique(ctx context.Context, fields []Field, answers map[string]Value, in Intake, t Taken) (Problems, error) {
	if in.Mode == FormLogin {
		return nil, nil
	}
	var problems Problems
	for _, f := range fields {
		v, ok := answers[f.Key]
		if !ok || v.Empty() {
			continue
		}
		message, err := in.taken(ctx, f, v, t)
		if err != nil {
			return nil, err
		}
		if message != "" {
			problems = append(problems, Problem{f.Key, message})
		}
	}
	return problems, nil
}

// taken returns the message for one answer; empty when it is free.
func (in Intake) taken(ctx context.Context, f Field, v Value, t Taken) (string, error) {
	const (
		login = "The username you entered is incorrect"
		email = "The email you entered is incorrect"
	)
	text := strings.TrimSpace(v.String())
	switch f.Validate {
	case "unique_username":
		return in.free(ctx, login, text, t.WhoHasLogin)
	case "unique_username_or_email":
		if message, err := in.free(ctx, login, text, t.WhoHasLogin); message != "" || err != nil {
			return message, err
		}
		return in.free(ctx, email, text, t.WhoHasEmail)
	case "unique_email":
		id, err := t.WhoHasEmail(ctx, text)
		if err != nil || id != 0 && (id != in.Owner || f.Key != "user_email") {
			return email, err
		}
		if f.Key == "user_email" {
			return "", nil
		}
		id, err = t.WhoHasValue(ctx, f.Key, text, in.Owner)
		if err != nil || id != 0 {
			return email, err
		}
	case "unique_value":
		id, err := t.WhoHasValue(ctx, f.Key, text, in.Owner)
		if err != nil || id != 0 {
			return "You must provide a unique value", err
		}
	}
	return "", nil
}

// free asks about a login or an address of a registration; a profile never changes them.
func (in Intake) free(ctx context.Context, message, text string, who func(context.Context, string) (UserID, error)) (string, error) {
	if in.Mode != FormRegister {
		return "", nil
	}
	id, err := who(ctx, text)
	if err != nil || id == 0 {
		return "", err
	}
	return message, nil
}
