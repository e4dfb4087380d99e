package store

import (
	"context"
	"encoding/json"
	"time"

	"umdeck/apiclient"
)

// An Upload is a file that is the answer of a user to a field.
type Upload struct {
	User     apiclient.UserID
	Key      string
	Token    string   // of the folder that it came from
	Names    []string // the answer first, then its smaller copies
	Original string
	Type     string
	Size     int64
	At       time.Time
}

const uploadQuery = `SELECT user_id, key, token, names, original, type, size, at FROM uploads`

func scanUpload(s scanner) (u Upload, err error) {
	var names string
	var at int64
	if err := s.Scan(&u.User, &u.Key, &u.Token, &names, &u.Original, &u.Type, &u.Size, &at); err != nil {
		return u, err
	}
	u.At = unstamp(at)
	return u, json.Unmarshal([]byte(names), &u.Names)
}

// Upload returns the file that is a user's answer.
func (tx *Tx) Upload(ctx context.Context, user apiclient.UserID, key string) (Upload, error) {
	u, err := one(ctx, tx, scanUpload, uploadQuery+` WHERE user_id = ? AND key = ?`, user, key)
	return u, absent(err, "User %d has no file under %s.", user, key)
}

// UploadOf returns the file that came from the folder of that token.
func (tx *Tx) UploadOf(ctx context.Context, token string) (Upload, error) {
	u, err := one(ctx, tx, scanUpload, uploadQuery+` WHERE token = ?`, token)
	return u, absent(err, "There is no upload %s.", token)
}

// PutUpload stores the file that is a user's answer. Those of the file before that
// have other names become waste.
func (tx *Tx) PutUpload(ctx context.Context, u Upload) error {
	if err := tx.dropUploads(ctx, `user_id = ? AND key = ?`, u.User, u.Key); err != nil {
		return err
	}
	tx.kept = append(tx.kept, u)
	_, err := tx.exec(ctx, `INSERT INTO uploads (user_id, key, token, names, name, original, type, size, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		u.User, u.Key, u.Token, jsonList(u.Names), u.Names[0], u.Original, u.Type, u.Size, stamp(u.At))
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `DELETE FROM upload_waste WHERE user_id = ? AND (name = '' OR name IN `+listedTexts+`)`, u.User, jsonList(u.Names))
	return err
}

// dropLost drops the files of a user that are no answer any more.
func (tx *Tx) dropLost(ctx context.Context, user apiclient.UserID) error {
	return tx.dropUploads(ctx, `user_id = ? AND NOT EXISTS (
		SELECT 1 FROM user_fields f WHERE f.user_id = uploads.user_id AND f.key = uploads.key AND f.is_list = 0 AND f.value = uploads.name)`, user)
}

// dropUploads makes waste of files.
func (tx *Tx) dropUploads(ctx context.Context, where string, args ...any) error {
	lost, err := collect(ctx, tx, scanUpload, `DELETE FROM uploads WHERE `+where+` RETURNING user_id, key, token, names, original, type, size, at`, args...)
	if err != nil {
		return err
	}
	for _, u := range lost {
		for _, name := range u.Names {
			if err := tx.waste(ctx, Waste{u.User, name}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Waste is a file that is to be removed from the disk; without a name it is the
// whole folder of the user.
type Waste struct {
	User apiclient.UserID
	Name string
}

func (tx *Tx) waste(ctx context.Context, w Waste) error {
	tx.wasted = append(tx.wasted, w)
	_, err := tx.exec(ctx, `INSERT INTO upload_waste (user_id, name) VALUES (?, ?) ON CONFLICT DO NOTHING`, w.User, w.Name)
	return err
}

// Files returns the files that the transaction recorded, and those that it made
// waste of: what is to be done on the disk after its commit.
func (tx *Tx) Files() (kept []Upload, waste []Waste) { return tx.kept, tx.wasted }

// AllWaste returns what is still to be removed.
func (tx *Tx) AllWaste(ctx context.Context) ([]Waste, error) {
	return collect(ctx, tx, func(s scanner) (w Waste, err error) {
		err = s.Scan(&w.User, &w.Name)
		return w, err
	}, `SELECT user_id, name FROM upload_waste ORDER BY user_id, name`)
}

// Wanted reports whether a name is in use by an upload of the user after all; no
// name asks for any upload.
func (tx *Tx) Wanted(ctx context.Context, w Waste) (bool, error) {
	return tx.exists(ctx, `SELECT EXISTS (SELECT 1 FROM uploads u WHERE u.user_id = ? AND (? = '' OR EXISTS (SELECT 1 FROM json_each(u.names) n WHERE n.value = ?)))`, w.User, w.Name, w.Name)
}

// ForgetWaste notes what was removed.
func (tx *Tx) ForgetWaste(ctx context.Context, list []Waste) error {
	for _, w := range list {
		if _, err := tx.exec(ctx, `DELETE FROM upload_waste WHERE user_id = ? AND name = ?`, w.User, w.Name); err != nil {
			return err
		}
	}
	return nil
}
