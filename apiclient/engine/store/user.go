package store

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
)

// An Account is a user with what only the engine may know. Its Fields are always
// filled in.
type Account struct {
	apiclient.User
	PasswordHash     string // empty: cannot log in with a password
	MustSetPassword  bool   // registered without one
	ActivationHash   string // of the link in the activation mail; empty: none is out
	ActivationExpiry time.Time
	SessionsFrom     time.Time // sessions begun before are over; zero: none are
}

const accountColumns = `id, login, email, display_name, nicename, url, status, registered, last_login,
	password_hash, must_set_password, activation_hash, activation_expiry, sessions_from`

func scanAccount(s scanner) (a Account, err error) {
	var registered, lastLogin, expiry, sessions int64
	err = s.Scan(&a.ID, &a.Login, &a.Email, &a.DisplayName, &a.Nicename, &a.URL, &a.Status, &registered, &lastLogin,
		&a.PasswordHash, &a.MustSetPassword, &a.ActivationHash, &expiry, &sessions)
	a.Registered, a.LastLogin, a.ActivationExpiry, a.SessionsFrom = unstamp(registered), unstamp(lastLogin), unstamp(expiry), unstamp(sessions)
	return a, err
}

// Account returns the user with that id.
func (tx *Tx) Account(ctx context.Context, id apiclient.UserID) (Account, error) {
	if a, ok := tx.recall(id); ok {
		return a, nil
	}
	a, err := tx.account(ctx, `SELECT `+accountColumns+` FROM users WHERE id = ?`, id)
	return a, absent(err, "There is no user %d on this site.", id)
}

// AccountByLogin returns the user with that login, in any case.
func (tx *Tx) AccountByLogin(ctx context.Context, login string) (Account, error) {
	a, err := tx.account(ctx, `SELECT `+accountColumns+` FROM users WHERE login_key = ?`, fold(login))
	return a, absent(err, "There is no user with the login %s on this site.", login)
}

// AccountByEmail returns the user with that e-mail address, in any case.
func (tx *Tx) AccountByEmail(ctx context.Context, email string) (Account, error) {
	a, err := tx.account(ctx, `SELECT `+accountColumns+` FROM users WHERE email_key = ?`, fold(email))
	return a, absent(err, "There is no user with the e-mail address %s on this site.", email)
}

func (tx *Tx) account(ctx context.Context, query string, arg any) (Account, error) {
	a, err := one(ctx, tx, scanAccount, query, arg)
	if err != nil {
		return a, err
	}
	list := []apiclient.User{a.User}
	if err := tx.fill(ctx, list, true); err != nil {
		return a, err
	}
	a.User = list[0]
	return a, nil
}

// fill adds roles and, where asked for, fields to users.
func (tx *Tx) fill(ctx context.Context, users []apiclient.User, fields bool) error {
	if len(users) == 0 {
		return nil
	}
	at := make(map[apiclient.UserID]*apiclient.User, len(users))
	ids := make([]apiclient.UserID, len(users))
	for i := range users {
		at[users[i].ID], ids[i] = &users[i], users[i].ID
		if fields {
			users[i].Fields = map[string]apiclient.Value{}
		}
	}
	in, which := any(jsonOf(ids)), ` IN `+listedIDs
	if len(ids) == 1 {
		in, which = ids[0], ` = ?`
	}
	_, err := collect(ctx, tx, func(s scanner) (none struct{}, err error) {
		var id apiclient.UserID
		var role apiclient.RoleSlug
		if err := s.Scan(&id, &role); err != nil {
			return none, err // the context may end between two rows
		}
		at[id].Roles = append(at[id].Roles, role)
		return none, nil
	}, `SELECT a.user_id, a.role FROM user_roles a JOIN roles p ON p.slug = a.role
		WHERE a.user_id`+which+` ORDER BY a.user_id, p.priority DESC, a.position`, in)
	if err != nil || !fields {
		return err
	}
	_, err = collect(ctx, tx, func(s scanner) (none struct{}, err error) {
		var id apiclient.UserID
		var key, text string
		var list bool
		if err := s.Scan(&id, &key, &text, &list); err != nil {
			return none, err
		}
		at[id].Fields[key], err = valueOf(text, list)
		return none, err
	}, `SELECT user_id, key, value, is_list FROM user_fields WHERE user_id`+which, in)
	return err
}

func valueOf(text string, list bool) (apiclient.Value, error) {
	if !list {
		return apiclient.Text(text), nil
	}
	var items []string
	err := json.Unmarshal([]byte(text), &items)
	return apiclient.List(items...), err
}

// row is what stands in the columns of users after the id, in the order of
// userColumns.
const userColumns = `login, login_key, email, email_key, display_name, name_key, first_key, last_key, search, nicename, url,
	password_hash, must_set_password, status, role, registered, last_login, activation_hash, activation_expiry, sessions_from`

func (a Account) row() []any {
	login, email, name := fold(a.Login), fold(a.Email), fold(a.DisplayName)
	first, last := fold(a.Fields["first_name"].String()), fold(a.Fields["last_name"].String())
	search := strings.Join([]string{login, email, name, strings.TrimSpace(first + " " + last), "", ""}, "\n")
	return []any{
		a.Login, login, a.Email, email, a.DisplayName, name, first, last, search, a.Nicename, a.URL,
		a.PasswordHash, bit(a.MustSetPassword), a.Status, a.Role(), stamp(a.Registered), stamp(a.LastLogin),
		a.ActivationHash, stamp(a.ActivationExpiry), stamp(a.SessionsFrom),
	}
}

// InsertUser stores a new user with its roles and fields and returns its id. A
// nicename that is empty is made of the login.
func (tx *Tx) InsertUser(ctx context.Context, a Account) (_ apiclient.UserID, err error) {
	if a.Nicename == "" {
		if a.Nicename, err = tx.FreeNicename(ctx, apiclient.Nicename(a.Login), 0); err != nil {
			return 0, err
		}
	}
	marks := strings.Repeat(", ?", strings.Count(userColumns, ","))
	id, err := tx.insert(ctx, `INSERT INTO users (`+userColumns+`) VALUES (?`+marks+`)`, a.row()...)
	if err != nil {
		return 0, err
	}
	a.ID = apiclient.UserID(id)
	if err := tx.addRoles(ctx, a.ID, a.Roles); err != nil {
		return 0, err
	}
	return a.ID, tx.setFields(ctx, a.ID, nil, a.Fields)
}

// UpdateUser stores what is different between a user as it was read in this
// transaction and as it is to be. The login stays.
func (tx *Tx) UpdateUser(ctx context.Context, was, is Account) error {
	is.ID, is.Login = was.ID, was.Login
	defer tx.writing(is.ID)()
	set := strings.ReplaceAll(userColumns, ",", " = ?,") + ` = ?`
	if _, err := tx.exec(ctx, `UPDATE users SET `+set+` WHERE id = ?`, append(is.row(), is.ID)...); err != nil {
		return err
	}
	if err := tx.changeRoles(ctx, is.ID, was.Roles, is.Roles); err != nil {
		return err
	}
	if err := tx.setFields(ctx, is.ID, was.Fields, is.Fields); err != nil {
		return err
	}
	return tx.dropLost(ctx, is.ID)
}

// setFields writes the fields that differ; an empty value is no row.
func (tx *Tx) setFields(ctx context.Context, id apiclient.UserID, was, is map[string]apiclient.Value) error {
	for _, key := range slices.Sorted(maps.Keys(was)) {
		if is[key].Equal(was[key]) {
			continue
		}
		if _, err := tx.exec(ctx, `DELETE FROM user_fields WHERE user_id = ? AND key = ?`, id, key); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, `DELETE FROM user_items WHERE user_id = ? AND key = ?`, id, key); err != nil {
			return err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(is)) {
		if old, ok := was[key]; is[key].Empty() || ok && old.Equal(is[key]) {
			continue
		}
		if err := tx.setField(ctx, id, key, is[key]); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) setField(ctx context.Context, id apiclient.UserID, key string, v apiclient.Value) error {
	text := v.Text
	if v.List != nil {
		text = jsonOf(v.List)
	}
	_, err := tx.exec(ctx, `INSERT INTO user_fields (user_id, key, is_list, value, value_key, number) VALUES (?, ?, ?, ?, ?, ?)`,
		id, key, bit(v.List != nil), text, foldValue(v), number(v))
	if err != nil {
		return err
	}
	for _, item := range v.List {
		_, err := tx.exec(ctx, `INSERT INTO user_items (key, text_key, number, user_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, key, fold(item), number(apiclient.Text(item)), id)
		if err != nil {
			return err
		}
	}
	return nil
}

// number returns the number that a text is, or nil.
func number(v apiclient.Value) any {
	if n, ok := floatOf(v.Text); ok && v.List == nil {
		return n
	}
	return nil
}

func floatOf(text string) (float64, bool) {
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
}

func foldValue(v apiclient.Value) string {
	if v.List == nil {
		return fold(v.Text)
	}
	list := make([]string, len(v.List))
	for i, s := range v.List {
		list[i] = fold(s)
	}
	return jsonOf(list)
}

// TouchLogin notes a login.
func (tx *Tx) TouchLogin(ctx context.Context, id apiclient.UserID, at time.Time) error {
	defer tx.writing(id)()
	_, err := tx.exec(ctx, `UPDATE users SET last_login = ? WHERE id = ?`, stamp(at), id)
	return err
}

// DeleteUser removes a user with roles, fields, files and application passwords.
func (tx *Tx) DeleteUser(ctx context.Context, id apiclient.UserID) error {
	defer tx.writing(id)()
	some, err := tx.Wanted(ctx, Waste{User: id})
	if err != nil {
		return err
	}
	if some {
		if err := tx.waste(ctx, Waste{User: id}); err != nil {
			return err
		}
	}
	_, err = tx.exec(ctx, `DELETE FROM users WHERE id = ?`, id)
	return err
}

// FieldTaken reports whether another user than id has that text under the key, in
// any case.
func (tx *Tx) FieldTaken(ctx context.Context, key, text string, id apiclient.UserID) (bool, error) {
	return tx.exists(ctx, `SELECT EXISTS (SELECT 1 FROM user_fields WHERE key = ? AND value_key = ? AND is_list = 0 AND user_id <> ?)`, key, fold(text), id)
}

// FieldHolder returns a user other than but who has that text under the key, in any
// case; 0: nobody.
func (tx *Tx) FieldHolder(ctx context.Context, key, text string, but apiclient.UserID) (apiclient.UserID, error) {
	n, err := tx.count(ctx, `SELECT coalesce((SELECT user_id FROM user_fields WHERE key = ? AND value_key = ? AND is_list = 0 AND user_id <> ? LIMIT 1), 0)`, key, fold(text), but)
	return apiclient.UserID(n), err
}

// HasOther reports whether a user other than id has the role.
func (tx *Tx) HasOther(ctx context.Context, role apiclient.RoleSlug, id apiclient.UserID) (bool, error) {
	return tx.exists(ctx, `SELECT EXISTS (SELECT 1 FROM user_roles WHERE role = ? AND user_id <> ?)`, role, id)
}

// registering is the marker that Ultimate Member keeps beside an account whose
// registration is not over.
const registering = "_um_registration_in_progress"

// Undefined returns some of the users without a status, the eldest first, those apart
// whose registration is not over.
func (tx *Tx) Undefined(ctx context.Context, limit int) ([]apiclient.UserID, error) {
	return collect(ctx, tx, func(s scanner) (id apiclient.UserID, err error) { return id, s.Scan(&id) },
		`SELECT u.id FROM users u WHERE u.status = '' AND NOT EXISTS (
			SELECT 1 FROM user_fields f WHERE f.user_id = u.id AND f.key = ? AND f.value = '1') ORDER BY u.id LIMIT ?`, registering, limit)
}

// NewestUser returns the id of the user that registered last; 0: there is none.
func (tx *Tx) NewestUser(ctx context.Context) (apiclient.UserID, error) {
	n, err := tx.count(ctx, `SELECT coalesce((SELECT id FROM users ORDER BY registered DESC, id DESC LIMIT 1), 0)`)
	return apiclient.UserID(n), err
}

// A userSort is a column that lists of users go by: expr holds the key of a row,
// and number says what it is compared as.
type userSort struct {
	expr   string
	number bool
	join   string // of a field: where its values come from
	args   []any
}

var userSorts = named(filter.Users(), map[string]userSort{
	"id":            {expr: "u.id", number: true},
	"login":         {expr: "u.login_key"},
	"email":         {expr: "u.email_key"},
	"display_name":  {expr: "u.name_key"},
	"role":          {expr: "u.role"},
	"status":        {expr: "u.status"},
	"registered":    {expr: "u.registered", number: true},
	"last_login":    {expr: "u.last_login", number: true},
	"user_url":      {expr: "lower(u.url)"},
	"user_nicename": {expr: "u.nicename"},
	"first_name":    {expr: "u.first_key"},
	"last_name":     {expr: "u.last_key"},
})

// sortOf returns what the list is sorted by: a column or a field.
func sortOf(s apiclient.Sort) (userSort, error) {
	if by, ok := userSorts[s.Column]; ok {
		return by, nil
	}
	if apiclient.CheckKey(s.Column) != nil {
		return userSort{}, apiclient.FieldErrorf("sort", "Users cannot be sorted by %q; use id, login, email, display_name, role, status, registered, last_login or a field key.", s.Column)
	}
	return userSort{expr: "coalesce(f.value_key, '')", join: " LEFT JOIN user_fields f ON f.user_id = u.id AND f.key = ?", args: []any{s.Column}}, nil
}

// Users returns one page of users. Whether there is a field to sort by is for the
// caller to know.
func (tx *Tx) Users(ctx context.Context, q apiclient.UserQuery) (apiclient.UserPage, error) {
	q.Sort = cmp.Or(q.Sort, apiclient.Sort{Column: "registered", Desc: true})
	by, err := sortOf(q.Sort)
	if err != nil {
		return apiclient.UserPage{}, err
	}
	where, err := tx.where(ctx, userNoun, q.Filter, by.expr)
	if err != nil {
		return apiclient.UserPage{}, err
	}
	l := list{
		query: `SELECT u.id, u.login, u.email, u.display_name, u.nicename, u.url, u.status, u.registered, u.last_login, ` + by.expr + ` FROM users u` + by.join,
		args:  by.args, key: by.expr, id: "u.id", number: by.number, where: where, sort: q.Sort, after: q.After, limit: q.Limit,
	}
	rows, next, err := page(ctx, tx, l, scanUserRow)
	if err != nil {
		return apiclient.UserPage{}, err
	}
	users := make([]apiclient.User, len(rows))
	for i, r := range rows {
		users[i] = r.user
	}
	if q.WithHashes {
		if err := tx.fillHashes(ctx, users); err != nil {
			return apiclient.UserPage{}, err
		}
	}
	return apiclient.UserPage{Users: users, Next: next}, tx.fill(ctx, users, q.WithFields)
}

// fillHashes adds the password hashes to users.
func (tx *Tx) fillHashes(ctx context.Context, users []apiclient.User) error {
	for i := range users {
		hash, err := one(ctx, tx, func(s scanner) (hash string, err error) { return hash, s.Scan(&hash) }, `SELECT password_hash FROM users WHERE id = ?`, users[i].ID)
		if err != nil {
			return err
		}
		users[i].PasswordHash = apiclient.NewSecret(hash)
	}
	return nil
}

type userRow struct {
	user apiclient.User
	sort string
}

func (r userRow) place() (string, int64) { return r.sort, int64(r.user.ID) }

func scanUserRow(s scanner) (r userRow, err error) {
	var registered, lastLogin int64
	u := &r.user
	err = s.Scan(&u.ID, &u.Login, &u.Email, &u.DisplayName, &u.Nicename, &u.URL, &u.Status, &registered, &lastLogin, &r.sort)
	u.Registered, u.LastLogin = unstamp(registered), unstamp(lastLogin)
	return r, err
}

// fewCounted is fewRows for counting, which walks no list: an index pays for many
// more rows.
const fewCounted = 200_000

// CountUsers counts users by status. Without a filter, and for those of one status,
// that is read from counters.
func (tx *Tx) CountUsers(ctx context.Context, f apiclient.Filter) (apiclient.UserCounts, error) {
	query, args := `SELECT status, users FROM status_counts WHERE users > 0`, []any(nil)
	switch m := f.Match; {
	case f.IsZero():
	case f.Op == apiclient.Leaf && m.Op == apiclient.Equals && (m.Field == "status" || m.Field == "account_status"):
		query, args = query+` AND status = ?`, []any{fold(m.Value)}
	default:
		few := tx.few
		tx.few = fewCounted
		where, err := tx.where(ctx, userNoun, f, "")
		tx.few = few
		if err != nil {
			return apiclient.UserCounts{}, err
		}
		query, args = `SELECT u.status, count(*) FROM users u WHERE `+where.sql+` GROUP BY u.status`, where.args
	}
	c := apiclient.UserCounts{ByStatus: map[apiclient.Status]int{}}
	_, err := collect(ctx, tx, func(s scanner) (none struct{}, err error) {
		var status apiclient.Status
		var n int
		err = s.Scan(&status, &n)
		c.ByStatus[status] = n
		c.Total += n
		return none, err
	}, query, args...)
	return c, err
}
