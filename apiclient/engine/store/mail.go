package store

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"umdeck/apiclient"
)

// dots stand where a mail has a secret that its reader does not see.
const dots = "••••••••"

const mailQuery = `SELECT m.id, m.message_id, m.slug, m.recipient, m.user_id, m.login, m.cause, m.state, m.why, m.at, m.next_at, m.sent_at,
	m.attempts, m.code, m.error, coalesce(m.resend_of, 0), m.subject FROM mails m`

func scanMail(s scanner) (m apiclient.Mail, err error) {
	var at, next, sent int64
	err = s.Scan(&m.ID, &m.MessageID, &m.Slug, &m.To, &m.User, &m.Login, &m.Cause, &m.State, &m.Why, &at, &next, &sent,
		&m.Attempts, &m.Code, &m.Error, &m.ResendOf, &m.Subject)
	m.At, m.SentAt = unstamp(at), unstamp(sent)
	if m.State == apiclient.MailDue {
		m.NextAt = unstamp(next)
	}
	return m, err
}

// A Post is a mail that is stored. Its state is MailDue, MailHeld or MailSuppressed.
type Post struct {
	apiclient.Mail
	Secrets []apiclient.Secret // parts of its texts that nothing shows
}

// InsertMail stores a mail as it was posted, tells watchers and returns it.
func (tx *Tx) InsertMail(ctx context.Context, p Post) (apiclient.Mail, error) {
	m := p.Mail
	m.At = tx.Now()
	texts := make([]string, len(p.Secrets))
	for i, s := range p.Secrets {
		texts[i] = s.Reveal()
	}
	id, err := tx.insert(ctx, `INSERT INTO mails (message_id, slug, recipient, recipient_key, user_id, login, login_key, cause, state, why, at, next_at,
		resend_of, subject, secrets, text, html) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(CAST(? AS BIGINT), 0), ?, ?, ?, ?)`,
		m.MessageID, m.Slug, m.To, fold(m.To), m.User, m.Login, fold(m.Login), m.Cause, m.State, m.Why, stamp(m.At), stamp(m.At),
		m.ResendOf, m.Subject, jsonList(texts), m.Text, m.HTML)
	if err != nil {
		return m, err
	}
	m.ID = apiclient.MailID(id)
	if m.State == apiclient.MailDue {
		m.NextAt, tx.queued = m.At, true
	}
	return hide(m, p.Secrets), tx.logMail(ctx, m)
}

// Mail returns one mail with its bodies and attempts, and with dots where it has
// secrets.
func (tx *Tx) Mail(ctx context.Context, id apiclient.MailID) (apiclient.Mail, error) {
	p, err := tx.Post(ctx, id)
	return hide(p.Mail, p.Secrets), err
}

// Post returns one mail as it is sent, secrets included.
func (tx *Tx) Post(ctx context.Context, id apiclient.MailID) (p Post, err error) {
	if p.Mail, err = one(ctx, tx, scanMail, mailQuery+` WHERE m.id = ?`, id); err != nil {
		return p, absent(err, "There is no mail %d on this site.", id)
	}
	_, err = one(ctx, tx, func(s scanner) (_ struct{}, err error) {
		var secrets string
		if err = s.Scan(&secrets, &p.Text, &p.HTML); err != nil {
			return
		}
		var texts []string
		err = json.Unmarshal([]byte(secrets), &texts)
		for _, t := range texts {
			p.Secrets = append(p.Secrets, apiclient.NewSecret(t))
		}
		return
	}, `SELECT secrets, text, html FROM mails WHERE id = ?`, id)
	if err != nil {
		return p, err
	}
	p.Log, err = tx.mailAttempts(ctx, id)
	return p, err
}

// hide puts dots where the mail has secrets.
func hide(m apiclient.Mail, secrets []apiclient.Secret) apiclient.Mail {
	for _, s := range secrets {
		if text := s.Reveal(); text != "" {
			m.Text, m.HTML = strings.ReplaceAll(m.Text, text, dots), strings.ReplaceAll(m.HTML, text, dots)
		}
	}
	return m
}

func (tx *Tx) mailAttempts(ctx context.Context, id apiclient.MailID) ([]apiclient.MailAttempt, error) {
	list, err := collect(ctx, tx, func(s scanner) (a apiclient.MailAttempt, err error) {
		var at, ms int64
		err = s.Scan(&a.Number, &at, &ms, &a.Server, &a.Code, &a.Error)
		a.At, a.Duration = unstamp(at), time.Duration(ms)*time.Millisecond
		return a, err
	}, `SELECT number, at, ms, server, code, error FROM mail_attempts WHERE mail_id = ? ORDER BY number`, id)
	return slices.Clip(list), err
}

type mailRow apiclient.Mail

func (r mailRow) place() (string, int64) { return "", int64(r.ID) }

// Mails returns one page of mails, newest first.
func (tx *Tx) Mails(ctx context.Context, q apiclient.MailQuery) (apiclient.MailPage, error) {
	where, err := tx.where(ctx, mailNoun, q.Filter, "")
	if err != nil {
		return apiclient.MailPage{}, err
	}
	rows, next, err := page(ctx, tx, newestFirst(mailQuery, "m.id", where, q.After, q.Limit), func(s scanner) (mailRow, error) {
		m, err := scanMail(s)
		return mailRow(m), err
	})
	p := apiclient.MailPage{Next: next, Mails: make([]apiclient.Mail, len(rows))}
	for i, r := range rows {
		p.Mails[i] = apiclient.Mail(r)
	}
	return p, err
}

// logMail tells watchers of a mail as it is now.
func (tx *Tx) logMail(ctx context.Context, m apiclient.Mail) error {
	m.Text, m.HTML, m.Log = "", "", nil
	return tx.insertLog(ctx, apiclient.LogEntry{At: tx.Now(), Kind: apiclient.LogMail, Mail: &m}, logLine{
		mail: m.ID, why: m.Why,
		of: apiclient.Delivery{State: apiclient.DeliveryState(m.State), Attempts: m.Attempts, NextAt: m.NextAt, Code: m.Code, Error: m.Error},
	})
}
