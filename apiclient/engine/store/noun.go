package store

import (
	"slices"
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
		"id":           {kind: numberColumn, expr: "u.id"},
		"login":        byColumn(textColumn, "login_key", ""),
		"email":        byColumn(textColumn, "email_key", ""),
		"display_name": byColumn(textColumn, "name_key", ""),
		"role":         {own: userRole},
		"status":       byColumn(textColumn, "status", "u.registered"),
		"registered":   byColumn(timeColumn, "registered", ""),
		"last_login":   byColumn(timeColumn, "last_login", ""),
		"user_url":     {expr: "lower(u.url)"},
	}),
	free:  freeUser,
	field: userField,
}

// named adds the other names that the filter language has for the columns.
func named(language []filter.Column, columns map[string]column) map[string]column {
	for _, l := range language {
		for _, alias := range l.Aliases {
			if c, ok := columns[l.Name]; ok {
				columns[alias] = c
			}
		}
	}
	return columns
}

// freeUser looks for a piece of login, e-mail address or names. The trigram index
// knows pieces of three characters and more; shorter ones are in so many users
// that a page of them is soon found.
func freeUser(text string) match {
	m := match{row: clause{sql: "instr(u.search, ?) > 0", args: []any{text}}}
	if len([]rune(text)) >= 3 && !strings.Contains(text, "\x00") {
		m.ids = clause{
			sql:  "SELECT rowid AS id FROM users_search WHERE users_search MATCH ?",
			args: []any{`"` + strings.ReplaceAll(text, `"`, `""`) + `"`},
		}
	}
	return m
}

// userRole compares any of a user's roles.
func userRole(m apiclient.Match) match {
	return listMatch("SELECT r.user_id FROM user_roles r WHERE 1", "r.user_id", nil, textMatch("r.role", m), m)
}

// userField compares what is stored under a field key; a list matches when one of
// its texts does.
func userField(key string, m apiclient.Match) match {
	from, args := "SELECT f.user_id FROM user_fields f WHERE f.key = ?", []any{key}
	text := fieldMatch("f.value_key", m)
	if m.Op == apiclient.IsEmpty {
		return listMatch(from, "f.user_id", args, clause{}, m)
	}
	item := textMatch("j.value", m)
	item.sql = "f.is_list = 1 AND EXISTS (SELECT 1 FROM json_each(f.value_key) j WHERE " + item.sql + ")"
	text.sql = "f.is_list = 0 AND " + text.sql
	w := listMatch(from, "f.user_id", args, anyOf(text, item), m)
	if indexed(m) {
		plain, list := all(text), all(item)
		w.ids = clause{
			sql:  from + " AND " + plain.sql + " UNION ALL " + from + " AND " + list.sql,
			args: slices.Concat(args, plain.args, args, list.args),
		}
	}
	return w
}

// listMatch tests whether a user has a row among those that from selects, and for
// IsEmpty that there is none at all. What is not stored equals the empty text.
func listMatch(from, user string, args []any, cond clause, m apiclient.Match) match {
	some := clause{sql: "EXISTS (" + from + " AND " + user + " = u.id)", args: args}
	if m.Op == apiclient.IsEmpty {
		return match{row: not(some)}
	}
	c := all(cond)
	row := clause{sql: "EXISTS (" + from + " AND " + user + " = u.id AND " + c.sql + ")", args: slices.Concat(args, c.args)}
	if takesNothing(m) {
		return match{row: anyOf(row, not(some))}
	}
	w := match{row: row}
	if indexed(m) {
		w.ids = clause{sql: from + " AND " + c.sql, args: row.args}
	}
	return w
}

// takesNothing reports whether a value that is not stored meets the condition.
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
func fieldMatch(expr string, m apiclient.Match) clause {
	switch m.Op {
	case apiclient.Less, apiclient.AtMost, apiclient.Greater, apiclient.AtLeast:
		return orderMatch(expr, m.Op, m.Value)
	case apiclient.Between:
		return all(orderMatch(expr, apiclient.AtLeast, m.Value), orderMatch(expr, apiclient.AtMost, m.High))
	default:
		return textMatch(expr, m)
	}
}

func orderMatch(expr string, op apiclient.MatchOp, value string) clause {
	text := clause{sql: expr + sign(op) + "?", args: []any{fold(value)}}
	n, ok := floatOf(value)
	if !ok {
		return text
	}
	return clause{sql: "CASE WHEN f.number IS NULL THEN " + text.sql + " ELSE f.number" + sign(op) + "? END", args: append(text.args, n)}
}

var eventNoun = noun{
	plural: "events",
	columns: named(filter.Events(), map[string]column{
		"id":      {kind: numberColumn, expr: "e.id"},
		"trigger": {expr: "e.trigger"},
		"user":    {kind: numberColumn, expr: "e.user_id"},
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
		"id":           {kind: numberColumn, expr: "d.id"},
		"event":        {expr: "d.trigger"},
		"zap":          {kind: numberColumn, expr: "d.zap_id"},
		"subscription": {kind: numberColumn, expr: "d.subscription_id"},
		"user":         {kind: numberColumn, expr: "d.user_id"},
		"login":        {expr: "d.login_key"},
		"state":        {expr: "d.state"},
		"attempts":     {kind: numberColumn, expr: "d.attempts"},
		"code":         {kind: numberColumn, expr: "d.code"},
		"ms":           {kind: numberColumn, expr: "d.ms"},
		"at":           {kind: timeColumn, expr: "d.at"},
		"test":         {kind: boolColumn, expr: "d.test"},
	}),
	free: freeText("d.trigger || char(10) || d.login_key || char(10) || lower(d.zap_name) || char(10) || lower(d.webhook_id) || char(10) || lower(d.error)"),
}

var auditNoun = noun{
	plural: "the audit",
	columns: map[string]column{
		"id":      {kind: numberColumn, expr: "a.id"},
		"at":      {kind: timeColumn, expr: "a.at"},
		"actor":   {expr: "lower(a.actor)"},
		"origin":  {expr: "a.origin"},
		"action":  {expr: "a.action"},
		"subject": {expr: "lower(a.subject)"},
	},
	free: freeText("lower(a.actor) || char(10) || a.action || char(10) || lower(a.subject)"),
}

// freeText looks for a piece of an expression.
func freeText(expr string) func(string) match {
	return func(text string) match {
		return match{row: clause{sql: "instr(" + expr + ", ?) > 0", args: []any{text}}}
	}
}
