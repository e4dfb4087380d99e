-- +goose Up

-- The e-mails that were posted, sent or not. A mail's texts stand last: a list does
-- not read them.
CREATE TABLE mails (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	message_id    TEXT NOT NULL UNIQUE CHECK (message_id <> ''),
	slug          TEXT NOT NULL CHECK (slug <> ''),
	recipient     TEXT NOT NULL,
	recipient_key TEXT NOT NULL,
	user_id       INTEGER NOT NULL,
	login         TEXT NOT NULL,
	login_key     TEXT NOT NULL,
	cause         TEXT NOT NULL CHECK (cause <> ''),
	state         TEXT NOT NULL CHECK (state IN ('due', 'claimed', 'held', 'done', 'dead', 'suppressed')),
	why           TEXT NOT NULL,
	at            INTEGER NOT NULL,
	next_at       INTEGER NOT NULL, -- when it may be tried, also while claimed or held
	sent_at       INTEGER NOT NULL DEFAULT 0,
	lane          INTEGER NOT NULL DEFAULT 1 CHECK (lane = 1), -- there is one mail server
	boot          INTEGER NOT NULL DEFAULT 0, -- of the engine that claimed it
	attempts      INTEGER NOT NULL DEFAULT 0, -- how many were made
	tries         INTEGER NOT NULL DEFAULT 0, -- those that count in the schedule
	waits         INTEGER NOT NULL DEFAULT 0, -- those that were put off
	code          INTEGER NOT NULL DEFAULT 0,
	error         TEXT NOT NULL DEFAULT '',
	resend_of     INTEGER REFERENCES mails (id),
	subject       TEXT NOT NULL,
	secrets       TEXT NOT NULL CHECK (json_type(secrets) = 'array'), -- the parts of the texts that nothing shows
	text          TEXT NOT NULL,
	html          TEXT NOT NULL,
	CHECK ((state = 'claimed') = (boot <> 0)),
	CHECK ((state IN ('held', 'suppressed')) = (why <> '')),
	CHECK ((state = 'done') = (sent_at <> 0))
) STRICT;

CREATE INDEX mails_lane_due ON mails (lane, next_at) WHERE state = 'due';
CREATE INDEX mails_claimed ON mails (id) WHERE state = 'claimed';
CREATE INDEX mails_held ON mails (id) WHERE state = 'held';
CREATE INDEX mails_dead ON mails (id) WHERE state = 'dead';
CREATE INDEX mails_user ON mails (user_id, id);
CREATE INDEX mails_slug ON mails (slug, id);
CREATE INDEX mails_recipient ON mails (recipient_key, id);

CREATE TABLE mail_attempts (
	mail_id INTEGER NOT NULL REFERENCES mails (id),
	number  INTEGER NOT NULL CHECK (number > 0),
	at      INTEGER NOT NULL,
	ms      INTEGER NOT NULL,
	server  TEXT NOT NULL,
	code    INTEGER NOT NULL,
	error   TEXT NOT NULL,
	PRIMARY KEY (mail_id, number)
) STRICT, WITHOUT ROWID;

-- The log tells of mails too: its checks are written anew.
CREATE TABLE log_with_mails (
	seq         INTEGER PRIMARY KEY AUTOINCREMENT,
	at          INTEGER NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('event', 'queued', 'attempt', 'state', 'change', 'mail')),
	event_id    INTEGER REFERENCES events (id),
	delivery_id INTEGER REFERENCES deliveries (id),
	audit_id    INTEGER REFERENCES audit (id),
	mail_id     INTEGER REFERENCES mails (id),
	attempt     INTEGER NOT NULL DEFAULT 0,
	state       TEXT NOT NULL DEFAULT '',
	why         TEXT NOT NULL DEFAULT '',
	attempts    INTEGER NOT NULL DEFAULT 0,
	next_at     INTEGER NOT NULL DEFAULT 0,
	code        INTEGER NOT NULL DEFAULT 0,
	error       TEXT NOT NULL DEFAULT '',
	ms          INTEGER NOT NULL DEFAULT 0,
	CHECK ((kind = 'event') = (event_id IS NOT NULL)),
	CHECK ((kind = 'change') = (audit_id IS NOT NULL)),
	CHECK ((kind = 'mail') = (mail_id IS NOT NULL)),
	CHECK ((kind IN ('queued', 'attempt', 'state')) = (delivery_id IS NOT NULL)),
	CHECK ((kind = 'attempt') = (attempt > 0))
) STRICT;

INSERT INTO log_with_mails (seq, at, kind, event_id, delivery_id, audit_id, attempt, state, attempts, next_at, code, error, ms)
	SELECT seq, at, kind, event_id, delivery_id, audit_id, attempt, state, attempts, next_at, code, error, ms FROM log ORDER BY seq;

DROP TABLE log;

ALTER TABLE log_with_mails RENAME TO log;
