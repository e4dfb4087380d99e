package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"umdeck/apiclient"
	"umdeck/apiclient/filter"
)

// byColumn is a column of users that an index answers.
func byColumn(kind columnKind, name, walks string) column {
	return column{kind: kind, expr: "u." + name, ids: "SELECT x.id FROM users x WHERE ", plain: "x." + name, walks: walks}
}

var userNoun = noun{
	plural: "users",
	columns: named(filter.Users(), map[string]column{
		"id":            {kind: idColumn, expr: "u.id"},
		"login":         byColumn(textColumn, "login_key", ""),
		"email":         byColumn(textColumn, "email_key", ""),
		"display_name":  byColumn(textColumn, "name_key", ""),
		"role":          {own: userRole},
		"status":        byColumn(textColumn, "status", "u.registered"),
		"registered":    byColumn(timeColumn, "registered", ""),
		"last_login":    byColumn(timeColumn, "last_login", ""),
		"user_url":      {expr: "lower(u.url)"},
		"user_nicename": byColumn(textColumn, "nicename", ""),
	}),
	free:  freeUser,
	field: userField,
}

// named adds the other names that the filter language has for the columns.
func named[T any](language []filter.Column, columns map[string]T) map[string]T {
	for _, l := range language {
		for _, alias := range l.Aliases {
			if c, ok := columns[l.Name]; ok {
				columns[alias] = c
			}
		}
	}
	return columns
}

// freeUser looks for a piece of login, e-mail address or names in an index. A text of
// one or two characters is in no trigram index: see shortText.
func freeUser(ctx context.Context, tx *Tx, text string) (match, error) {
	m := match{row: clause{sql: "instr(u.search, ?) > 0", args: []any{text}}}
	if strings.Contains(text, "\x00") { // the index ends a text there
		return m, nil
	}
	if len([]rune(text)) < 3 {
		return tx.shortText(ctx, m, text)
	}
	if tx.postgres {
		m.ids = clause{sql: `SELECT x.id FROM users x WHERE x.search LIKE ? ESCAPE '\'`, args: []any{"%" + plainLike.Replace(text) + "%"}}
	} else {
		m.ids = byTrigrams(text)
	}
	return m, nil
}

// shortText adds to a match how an index finds a text of one or two characters, unless
// that is in so many users that a page of them is soon found anyway. SQLite looks it up by
// the trigrams that begin with it, PostgreSQL in an index of all such texts.
func (tx *Tx) shortText(ctx context.Context, m match, text string) (match, error) {
	if tx.postgres {
		n, err := tx.count(ctx, `SELECT count(*) FROM (
				(SELECT search FROM users ORDER BY id LIMIT ?) UNION ALL (SELECT search FROM users ORDER BY id DESC LIMIT ?)
			) AS those WHERE instr(search, ?) > 0`, sampled/2, sampled/2, text)
		if err == nil && n < manySampled {
			m.ids = clause{sql: `SELECT x.id FROM users x WHERE search_pieces(x.search) @> ARRAY[CAST(? AS TEXT)]`, args: []any{text}}
		}
		return m, err
	}
	trigrams, err := collect(ctx, tx, scanText, `SELECT term FROM users_trigrams WHERE term >= ? AND term < ? LIMIT ?`, text, upTo(text), maxTrigrams+1)
	switch {
	case err != nil || len(trigrams) > maxTrigrams:
		return m, err
	case len(trigrams) == 0:
		return match{row: clause{sql: "FALSE", few: true}}, nil
	}
	m.ids = byTrigrams(trigrams...)
	return m, nil
}

// byTrigrams finds the users whose text holds one of the pieces, which are no shorter.
func byTrigrams(pieces ...string) clause {
	quoted := make([]string, len(pieces))
	for i, p := range pieces {
		quoted[i] = `"` + strings.ReplaceAll(p, `"`, `""`) + `"`
	}
	return clause{sql: "SELECT rowid AS id FROM users_search WHERE users_search MATCH ?", args: []any{strings.Join(quoted, " OR ")}}
}

// Of sampled users, the eldest and the newest, a short text that is in manySampled is one
// that many have.
const (
	sampled     = 500
	manySampled = sampled / 50
)

// maxTrigrams is how many trigrams a shorter text is looked up by.
const maxTrigrams = 24

// userRole compares any of a user's roles.
func userRole(m apiclient.Match) match {
	w := listMatch("SELECT r.user_id FROM user_roles r WHERE TRUE", "r.user_id", nil, textMatch("r.role", m), m)
	if takesNothing(m) {
		w.row = anyOf(w.row, not(clause{sql: "EXISTS (SELECT 1 FROM user_roles r WHERE r.user_id = u.id)"}))
	}
	return w
}

// userField compares what is stored under a field key; a list matches when one of
// its texts does.
func userField(key string, m apiclient.Match) match {
	const (
		texts = "SELECT f.user_id FROM user_fields f WHERE f.key = ? AND f.is_list = 0"
		items = "SELECT i.user_id FROM user_items i WHERE i.key = ?"
	)
	args := []any{key}
	if m.Op == apiclient.IsEmpty {
		return listMatch("SELECT f.user_id FROM user_fields f WHERE f.key = ?", "f.user_id", args, clause{}, m)
	}
	text := listMatch(texts, "f.user_id", args, fieldMatch("f.value_key", "f.number", m), m)
	item := listMatch(items, "i.user_id", args, fieldMatch("i.text_key", "i.number", m), m)
	w := match{row: anyOf(text.row, item.row)}
	if takesNothing(m) {
		w.row = anyOf(w.row, not(clause{sql: "EXISTS (SELECT 1 FROM user_fields f WHERE f.key = ? AND f.user_id = u.id)", args: args}))
	}
	if indexed(m) {
		w.ids = clause{sql: text.ids.sql + " UNION ALL " + item.ids.sql, args: slices.Concat(text.ids.args, item.ids.args)}
	}
	return w
}

// listMatch tests whether a user has a row among those that from selects, and for
// IsEmpty that there is none at all.
func listMatch(from, user string, args []any, cond clause, m apiclient.Match) match {
	some := clause{sql: "EXISTS (" + from + " AND " + user + " = u.id)", args: args}
	if m.Op == apiclient.IsEmpty {
		return match{row: not(some)}
	}
	c := all(cond)
	both := slices.Concat(args, c.args)
	w := match{row: clause{sql: "EXISTS (" + from + " AND " + user + " = u.id AND " + c.sql + ")", args: both}}
	if indexed(m) {
		w.ids = clause{sql: from + " AND " + c.sql, args: both}
	}
	return w
}

// takesNothing reports, for other operations than IsEmpty, whether a value that is not stored meets the condition.
func takesNothing(m apiclient.Match) bool {
	switch m.Op {
	case apiclient.Equals, apiclient.Contains:
		return m.Value == ""
	case apiclient.Like:
		return strings.Trim(m.Value, "*") == ""
	default:
		return false
	}
}

// fieldMatch is textMatch, but what is compared by order is compared as numbers
// where both sides are.
func fieldMatch(expr, number string, m apiclient.Match) clause {
	switch m.Op {
	case apiclient.Less, apiclient.AtMost, apiclient.Greater, apiclient.AtLeast:
		return orderMatch(expr, number, m.Op, m.Value)
	case apiclient.Between:
		return all(orderMatch(expr, number, apiclient.AtLeast, m.Value), orderMatch(expr, number, apiclient.AtMost, m.High))
	default:
		return textMatch(expr, m)
	}
}

func orderMatch(expr, number string, op apiclient.MatchOp, value string) clause {
	text := clause{sql: expr + sign(op) + "?", args: []any{fold(value)}}
	n, ok := floatOf(value)
	if !ok {
		return text
	}
	return clause{sql: "CASE WHEN " + number + " IS NULL THEN " + text.sql + " ELSE " + number + sign(op) + "? END", args: append(text.args, n)}
}

var eventNoun = noun{
	plural: "events",
	columns: named(filter.Events(), map[string]column{
		"id":      {kind: idColumn, expr: "e.id"},
		"trigger": {expr: "e.trigger"},
		"user":    {kind: idColumn, expr: "e.user_id"},
		"login":   {expr: "lower(e.login)"},
		"origin":  {expr: "e.origin"},
		"actor":   {expr: "lower(e.actor)"},
		"at":      {kind: timeColumn, expr: "e.at"},
	}),
	free: freeText("e.trigger || char(10) || lower(e.login) || char(10) || lower(e.actor) || char(10) || e.origin"),
}

var deliveryNoun = noun{
	plural: "deliveries",
	columns: named(filter.Deliveries(), map[string]column{
		"id":           {kind: idColumn, expr: "d.id"},
		"event":        {expr: "d.trigger"},
		"zap":          {kind: idColumn, expr: "d.zap_id"},
		"subscription": {kind: idColumn, expr: "d.subscription_id"},
		"user":         {kind: idColumn, expr: "d.user_id"},
		"login":        {expr: "d.login_key"},
		"state":        {own: deliveryState},
		"attempts":     {kind: numberColumn, expr: "d.attempts"},
		"code":         {kind: idColumn, expr: "d.code"},
		"ms":           {kind: numberColumn, expr: "d.ms"},
		"at":           {kind: timeColumn, expr: "d.at"},
		"target":       {rows: deliveryTarget},
		"test":         {kind: boolColumn, expr: "d.test"},
		"replay":       {rows: deliveryReplay},
	}),
	free: freeText("d.trigger || char(10) || d.login_key || char(10) || lower(d.zap_name) || char(10) || lower(d.webhook_id) || char(10) || lower(d.error)"),
}

// deliveryState compares a state. A state by name stands in the query as such:
// only so does SQLite use the partial indexes that find the few rows that have it.
func deliveryState(m apiclient.Match) match {
	if m.Op == apiclient.Equals {
		switch s := apiclient.DeliveryState(fold(m.Value)); s {
		case apiclient.DeliveryDue, apiclient.DeliveryClaimed, apiclient.DeliveryHeld, apiclient.DeliveryDone, apiclient.DeliveryDead, apiclient.DeliveryGone:
			return match{row: clause{sql: "d.state = '" + string(s) + "'"}}
		}
	}
	return match{row: textMatch("d.state", m)}
}

// deliveryReplay compares the job that has made a delivery. Only with replay_job > 0 beside
// it is one looked up in the index of what jobs have made.
func deliveryReplay(_ context.Context, _ *Tx, m apiclient.Match) (clause, error) {
	c, err := idMatch("d.replay_job", m)
	if err != nil || m.Op == apiclient.IsEmpty || takesNothing(m) {
		return c, err
	}
	return all(c, clause{sql: "d.replay_job > 0"}), nil
}

// deliveryTarget compares the host of the target. There are few subscriptions, so their
// URLs are compared here, where it is certain that no more of them than the host is.
func deliveryTarget(ctx context.Context, tx *Tx, m apiclient.Match) (clause, error) {
	type target struct {
		id  int64
		url string
	}
	all, err := collect(ctx, tx, func(s scanner) (t target, err error) {
		return t, s.Scan(&t.id, &t.url)
	}, `SELECT id, url FROM subscriptions ORDER BY id`)
	if err != nil {
		return clause{}, err
	}
	f, ids := apiclient.Filter{Op: apiclient.Leaf, Match: m}, []string{}
	for _, t := range all {
		if filter.Run(f, filter.DeliveryRow(apiclient.Delivery{URL: t.url})) {
			ids = append(ids, strconv.FormatInt(t.id, 10))
		}
	}
	if len(ids) == 0 {
		return clause{sql: "1 = 0"}, nil
	}
	return clause{sql: "d.subscription_id IN (" + strings.Join(ids, ", ") + ")"}, nil
}

var mailNoun = noun{
	plural: "mails",
	columns: named(filter.Mails(), map[string]column{
		"id":       {kind: idColumn, expr: "m.id"},
		"slug":     {expr: "m.slug"},
		"to":       {expr: "m.recipient_key"},
		"user":     {kind: idColumn, expr: "m.user_id"},
		"login":    {expr: "m.login_key"},
		"state":    {own: mailState},
		"subject":  {expr: "lower(m.subject)"},
		"attempts": {kind: numberColumn, expr: "m.attempts"},
		"at":       {kind: timeColumn, expr: "m.at"},
	}),
	free: freeText("m.slug || char(10) || m.recipient_key || char(10) || m.login_key || char(10) || lower(m.subject) || char(10) || lower(m.why) || char(10) || lower(m.error)"),
}

// mailState compares a state, as deliveryState does.
func mailState(m apiclient.Match) match {
	if s := apiclient.MailState(fold(m.Value)); m.Op == apiclient.Equals && slices.Contains(apiclient.MailStates(), s) {
		return match{row: clause{sql: "m.state = '" + string(s) + "'"}}
	}
	return match{row: textMatch("m.state", m)}
}

var replayNoun = noun{
	plural: "replays",
	columns: named(filter.Replays(), map[string]column{
		"id":           {kind: idColumn, expr: "r.id"},
		"state":        {expr: "r.state"},
		"by":           {expr: "lower(r.made_by)"},
		"at":           {kind: timeColumn, expr: "r.at"},
		"ended":        {kind: timeColumn, expr: "r.ended"},
		"subscription": {kind: idColumn, expr: "r.subscription_id"},
		"key":          {expr: "lower(r.key)"},
		"total":        {kind: numberColumn, expr: "r.total"},
		"made":         {kind: numberColumn, expr: "r.made"},
		"done":         {kind: numberColumn, expr: "r.done"},
		"dead":         {kind: numberColumn, expr: "r.dead"},
		"gone":         {kind: numberColumn, expr: "r.gone"},
		"skipped":      {kind: numberColumn, expr: "r.skipped"},
	}),
	free: freeText("lower(r.made_by) || char(10) || lower(r.key)"),
}

var auditNoun = noun{
	plural: "the audit",
	columns: map[string]column{
		"id":      {kind: idColumn, expr: "a.id"},
		"at":      {kind: timeColumn, expr: "a.at"},
		"actor":   {expr: "lower(a.actor)"},
		"origin":  {expr: "a.origin"},
		"action":  {expr: "a.action"},
		"subject": {expr: "lower(a.subject)"},
	},
	free: freeText("lower(a.actor) || char(10) || a.action || char(10) || lower(a.subject)"),
}

// freeText looks for a piece of an expression.
func freeText(expr string) func(context.Context, *Tx, string) (match, error) {
	return func(_ context.Context, _ *Tx, text string) (match, error) {
		return match{row: clause{sql: "instr(" + expr + ", ?) > 0", args: []any{text}}}, nil
	}
}
