package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"umdeck/apiclient"
)

// SetResetKey stores the SHA-256 of the key in a user's link for a new password; an
// earlier link of theirs ends with it.
func (tx *Tx) SetResetKey(ctx context.Context, user apiclient.UserID, key []byte, made time.Time) error {
	_, err := tx.exec(ctx, `INSERT INTO reset_keys (user_id, key, made) VALUES (?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET key = excluded.key, made = excluded.made`, user, key, stamp(made))
	return err
}

// ResetKey returns the SHA-256 of the key in a user's link, and when it was made;
// nil: there is none.
func (tx *Tx) ResetKey(ctx context.Context, user apiclient.UserID) (key []byte, made time.Time, err error) {
	_, err = one(ctx, tx, func(s scanner) (none struct{}, err error) {
		var ms int64
		err = s.Scan(&key, &ms)
		made = unstamp(ms)
		return none, err
	}, `SELECT key, made FROM reset_keys WHERE user_id = ?`, user)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return key, made, err
}

// DeleteResetKey ends a user's link for a new password.
func (tx *Tx) DeleteResetKey(ctx context.Context, user apiclient.UserID) error {
	_, err := tx.exec(ctx, `DELETE FROM reset_keys WHERE user_id = ?`, user)
	return err
}

// PasswordLimits are what limits how often a user's password changes.
type PasswordLimits struct {
	Requests int       // links asked for since the last login
	Changed  time.Time // by the member; zero: never
}

// PasswordLimits returns those of a user; the zero ones where nothing is stored.
func (tx *Tx) PasswordLimits(ctx context.Context, user apiclient.UserID) (PasswordLimits, error) {
	l, err := one(ctx, tx, func(s scanner) (l PasswordLimits, err error) {
		var changed int64
		err = s.Scan(&l.Requests, &changed)
		l.Changed = unstamp(changed)
		return l, err
	}, `SELECT requests, changed FROM password_limits WHERE user_id = ?`, user)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return l, err
}

// SetPasswordLimits stores those of a user.
func (tx *Tx) SetPasswordLimits(ctx context.Context, user apiclient.UserID, l PasswordLimits) error {
	_, err := tx.exec(ctx, `INSERT INTO password_limits (user_id, requests, changed) VALUES (?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET requests = excluded.requests, changed = excluded.changed`,
		user, l.Requests, stamp(l.Changed))
	return err
}

// A Submission is what somebody has filled in to register.
type Submission struct {
	Form    apiclient.FormID
	At      time.Time
	Answers map[string]apiclient.Value // without passwords
}

// InsertSubmission stores what a user has registered with.
func (tx *Tx) InsertSubmission(ctx context.Context, user apiclient.UserID, s Submission) error {
	answers := make(map[string]any, len(s.Answers))
	for key, v := range s.Answers {
		answers[key] = v.Text
		if v.List != nil {
			answers[key] = v.List
		}
	}
	_, err := tx.exec(ctx, `INSERT INTO submissions (user_id, form_id, at, answers) VALUES (?, ?, ?, ?)`, user, s.Form, stamp(s.At), jsonOf(answers))
	return err
}

// Submission returns what a user has registered with. It fails with NotFound for
// one who came another way.
func (tx *Tx) Submission(ctx context.Context, user apiclient.UserID) (Submission, error) {
	s, err := one(ctx, tx, func(row scanner) (s Submission, err error) {
		var at int64
		var text string
		if err := row.Scan(&s.Form, &at, &text); err != nil {
			return s, err
		}
		s.At = unstamp(at)
		s.Answers, err = answersOf(text)
		return s, err
	}, `SELECT form_id, at, answers FROM submissions WHERE user_id = ?`, user)
	return s, absent(err, "User %d has filled in no form to register.", user)
}

func answersOf(text string) (map[string]apiclient.Value, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return nil, err
	}
	answers := make(map[string]apiclient.Value, len(raw))
	for key, value := range raw {
		var v apiclient.Value
		target := any(&v.Text)
		if len(value) > 0 && value[0] == '[' {
			target = &v.List
		}
		if err := json.Unmarshal(value, target); err != nil {
			return nil, err
		}
		answers[key] = v
	}
	return answers, nil
}

// Slug returns the address of a user's profile that is stored; empty: none is.
func (tx *Tx) Slug(ctx context.Context, user apiclient.UserID) (string, error) {
	slug, err := one(ctx, tx, scanText, `SELECT slug FROM profile_slugs WHERE user_id = ?`, user)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return slug, err
}

// SlugUser returns whose profile has the address, in any case; 0: nobody's.
func (tx *Tx) SlugUser(ctx context.Context, slug string) (apiclient.UserID, error) {
	n, err := tx.count(ctx, `SELECT coalesce((SELECT user_id FROM profile_slugs WHERE slug_key = ?), 0)`, fold(slug))
	return apiclient.UserID(n), err
}

// SetSlug stores the address of a user's profile; an empty one removes it.
func (tx *Tx) SetSlug(ctx context.Context, user apiclient.UserID, slug string) error {
	if slug == "" {
		_, err := tx.exec(ctx, `DELETE FROM profile_slugs WHERE user_id = ?`, user)
		return err
	}
	_, err := tx.exec(ctx, `INSERT INTO profile_slugs (user_id, slug, slug_key) VALUES (?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET slug = excluded.slug, slug_key = excluded.slug_key`, user, slug, fold(slug))
	return err
}
