-- +goose Up

-- Times are UTC milliseconds, 0 for none. Columns that end in _key hold a text in
-- lower case: what comparisons and indexes use.

CREATE TABLE meta (
	key   TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE roles (
	slug         TEXT PRIMARY KEY CHECK (slug <> ''),
	name         TEXT NOT NULL CHECK (name <> ''),
	priority     INTEGER NOT NULL,
	registration TEXT NOT NULL CHECK (registration IN ('approved', 'checkmail', 'pending')),
	capabilities TEXT NOT NULL CHECK (json_type(capabilities) = 'array'),
	users        INTEGER NOT NULL DEFAULT 0 CHECK (users >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
	id                INTEGER PRIMARY KEY AUTOINCREMENT,
	login             TEXT NOT NULL CHECK (login <> ''),
	login_key         TEXT NOT NULL UNIQUE,
	email             TEXT NOT NULL CHECK (email <> ''),
	email_key         TEXT NOT NULL UNIQUE,
	display_name      TEXT NOT NULL,
	name_key          TEXT NOT NULL,
	first_key         TEXT NOT NULL,
	last_key          TEXT NOT NULL,
	search            TEXT NOT NULL, -- login, e-mail and names in lower case, each with a line's end, and one more
	url               TEXT NOT NULL,
	password_hash     TEXT NOT NULL,
	must_set_password INTEGER NOT NULL CHECK (must_set_password IN (0, 1)),
	status            TEXT NOT NULL,
	role              TEXT NOT NULL, -- the effective one of user_roles, or empty
	registered        INTEGER NOT NULL,
	last_login        INTEGER NOT NULL,
	activation_hash   TEXT NOT NULL,
	activation_expiry INTEGER NOT NULL,
	sessions_from     INTEGER NOT NULL -- sessions begun before are over
) STRICT;

CREATE INDEX users_name ON users (name_key);
CREATE INDEX users_first ON users (first_key) WHERE first_key <> '';
CREATE INDEX users_last ON users (last_key) WHERE last_key <> '';
CREATE INDEX users_status ON users (status);
CREATE INDEX users_status_registered ON users (status, registered);
CREATE INDEX users_role ON users (role);
CREATE INDEX users_registered ON users (registered);
CREATE INDEX users_last_login ON users (last_login);

CREATE VIRTUAL TABLE users_search USING fts5 (
	search, content = 'users', content_rowid = 'id', tokenize = 'trigram case_sensitive 1'
);

-- The trigrams that there are: a shorter text is looked up by those that begin with it.
CREATE VIRTUAL TABLE users_trigrams USING fts5vocab (users_search, 'row');

CREATE TABLE status_counts (
	status TEXT PRIMARY KEY,
	users  INTEGER NOT NULL CHECK (users >= 0)
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER users_inserted AFTER INSERT ON users BEGIN
	INSERT INTO users_search (rowid, search) VALUES (new.id, new.search);
	INSERT INTO status_counts (status, users) VALUES (new.status, 1)
		ON CONFLICT (status) DO UPDATE SET users = users + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER users_deleted AFTER DELETE ON users BEGIN
	INSERT INTO users_search (users_search, rowid, search) VALUES ('delete', old.id, old.search);
	UPDATE status_counts SET users = users - 1 WHERE status = old.status;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER users_searched AFTER UPDATE OF search ON users WHEN old.search <> new.search BEGIN
	INSERT INTO users_search (users_search, rowid, search) VALUES ('delete', old.id, old.search);
	INSERT INTO users_search (rowid, search) VALUES (new.id, new.search);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER users_counted AFTER UPDATE OF status ON users WHEN old.status <> new.status BEGIN
	UPDATE status_counts SET users = users - 1 WHERE status = old.status;
	INSERT INTO status_counts (status, users) VALUES (new.status, 1)
		ON CONFLICT (status) DO UPDATE SET users = users + 1;
END;
-- +goose StatementEnd

CREATE TABLE user_roles (
	user_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	role     TEXT NOT NULL REFERENCES roles (slug),
	position INTEGER NOT NULL,
	PRIMARY KEY (user_id, role)
) STRICT, WITHOUT ROWID;

CREATE INDEX user_roles_role ON user_roles (role, user_id);

-- +goose StatementBegin
CREATE TRIGGER user_roles_inserted AFTER INSERT ON user_roles BEGIN
	UPDATE roles SET users = users + 1 WHERE slug = new.role;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER user_roles_deleted AFTER DELETE ON user_roles BEGIN
	UPDATE roles SET users = users - 1 WHERE slug = old.role;
END;
-- +goose StatementEnd

CREATE TABLE user_fields (
	user_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	key       TEXT NOT NULL CHECK (key <> ''),
	is_list   INTEGER NOT NULL CHECK (is_list IN (0, 1)),
	value     TEXT NOT NULL, -- the text, or the list as JSON
	value_key TEXT NOT NULL, -- the same in lower case
	number    REAL,          -- the same where the text is a number
	PRIMARY KEY (user_id, key),
	CHECK (is_list = 0 OR json_type(value) = 'array')
) STRICT, WITHOUT ROWID;

CREATE INDEX user_fields_text ON user_fields (key, value_key, user_id) WHERE is_list = 0;

-- The texts of lists, each by itself.
CREATE TABLE user_items (
	key      TEXT NOT NULL,
	text_key TEXT NOT NULL,
	number   REAL, -- the same where the text is a number
	user_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	PRIMARY KEY (key, text_key, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX user_items_user ON user_items (user_id, key);

CREATE TABLE fields (
	key       TEXT PRIMARY KEY,
	label     TEXT NOT NULL,
	type      TEXT NOT NULL,
	required  INTEGER NOT NULL CHECK (required IN (0, 1)),
	choices   TEXT NOT NULL CHECK (json_type(choices) = 'array'),
	validate  TEXT NOT NULL,
	min       INTEGER,
	max       INTEGER,
	max_chars INTEGER NOT NULL,
	max_words INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE zaps (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	name    TEXT NOT NULL CHECK (name <> ''),
	kind    TEXT NOT NULL CHECK (kind IN ('trigger', 'action')),
	event   TEXT NOT NULL CHECK ((event <> '') = (kind = 'trigger')),
	status  TEXT NOT NULL CHECK (status IN ('running', 'stopped', 'draft')),
	origins TEXT NOT NULL CHECK (json_type(origins) = 'array'),
	created INTEGER NOT NULL,
	updated INTEGER NOT NULL,
	deleted INTEGER NOT NULL DEFAULT 0 -- when; its row stays for the log
) STRICT;

CREATE INDEX zaps_event ON zaps (event) WHERE deleted = 0;

CREATE TABLE zap_fields (
	zap_id   INTEGER NOT NULL REFERENCES zaps (id) ON DELETE CASCADE,
	position INTEGER NOT NULL,
	key      TEXT NOT NULL,
	PRIMARY KEY (zap_id, position),
	UNIQUE (zap_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscriptions (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	zap_id     INTEGER NOT NULL REFERENCES zaps (id),
	url        TEXT NOT NULL CHECK (url <> ''),
	state      TEXT NOT NULL CHECK (state IN ('active', 'paused', 'suspended', 'gone')),
	why        TEXT NOT NULL,
	made_by    TEXT NOT NULL,
	created    INTEGER NOT NULL,
	signing    TEXT NOT NULL CHECK (signing LIKE 'whsec_%'),
	done       INTEGER NOT NULL DEFAULT 0 CHECK (done >= 0),
	dead       INTEGER NOT NULL DEFAULT 0 CHECK (dead >= 0),
	waiting    INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0),
	last_code  INTEGER NOT NULL DEFAULT 0,
	last_error TEXT NOT NULL DEFAULT '',
	last_at    INTEGER NOT NULL DEFAULT 0,
	UNIQUE (zap_id, url)
) STRICT;

CREATE TABLE events (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	trigger    TEXT NOT NULL,
	user_id    INTEGER NOT NULL,
	login      TEXT NOT NULL,
	origin     TEXT NOT NULL,
	actor      TEXT NOT NULL,
	at         INTEGER NOT NULL,
	deliveries INTEGER NOT NULL,
	skipped    TEXT NOT NULL,
	CHECK ((deliveries = 0) = (skipped <> ''))
) STRICT;

CREATE INDEX events_user ON events (user_id, id);

CREATE TABLE payloads (
	sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32),
	body   BLOB NOT NULL
) STRICT;

CREATE TABLE deliveries (
	id              INTEGER PRIMARY KEY AUTOINCREMENT,
	webhook_id      TEXT NOT NULL UNIQUE,
	event_id        INTEGER REFERENCES events (id), -- NULL for a test
	trigger         TEXT NOT NULL,
	zap_id          INTEGER NOT NULL REFERENCES zaps (id),
	zap_name        TEXT NOT NULL,
	subscription_id INTEGER NOT NULL REFERENCES subscriptions (id),
	user_id         INTEGER NOT NULL,
	login           TEXT NOT NULL,
	login_key       TEXT NOT NULL,
	payload         BLOB NOT NULL REFERENCES payloads (sha256),
	state           TEXT NOT NULL CHECK (state IN ('due', 'claimed', 'held', 'done', 'dead', 'gone')),
	at              INTEGER NOT NULL,
	next_at         INTEGER NOT NULL, -- when it may be tried, also while claimed or held
	boot            INTEGER NOT NULL DEFAULT 0, -- of the engine that claimed it
	test            INTEGER NOT NULL CHECK (test IN (0, 1)),
	replay_of       INTEGER REFERENCES deliveries (id),
	attempts        INTEGER NOT NULL DEFAULT 0, -- how many were made
	tries           INTEGER NOT NULL DEFAULT 0, -- those that count in the schedule
	waits           INTEGER NOT NULL DEFAULT 0, -- those that the receiver put off
	code            INTEGER NOT NULL DEFAULT 0,
	error           TEXT NOT NULL DEFAULT '',
	ms              INTEGER NOT NULL DEFAULT 0,
	CHECK (event_id IS NOT NULL OR test = 1),
	CHECK ((state = 'claimed') = (boot <> 0))
) STRICT;

CREATE INDEX deliveries_lane_due ON deliveries (subscription_id, next_at) WHERE state = 'due';
CREATE INDEX deliveries_claimed ON deliveries (subscription_id) WHERE state = 'claimed';
CREATE INDEX deliveries_held ON deliveries (subscription_id) WHERE state = 'held';
CREATE INDEX deliveries_event ON deliveries (event_id);
CREATE INDEX deliveries_subscription ON deliveries (subscription_id, id);
CREATE INDEX deliveries_user ON deliveries (user_id, id);
CREATE INDEX deliveries_dead ON deliveries (id) WHERE state = 'dead';
CREATE INDEX deliveries_gone ON deliveries (id) WHERE state = 'gone';

-- +goose StatementBegin
CREATE TRIGGER deliveries_inserted AFTER INSERT ON deliveries BEGIN
	UPDATE subscriptions SET
		waiting = waiting + (new.state IN ('due', 'claimed', 'held')),
		done = done + (new.state = 'done'),
		dead = dead + (new.state = 'dead')
	WHERE id = new.subscription_id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER deliveries_moved AFTER UPDATE OF state ON deliveries
WHEN (old.state IN ('due', 'claimed', 'held')) <> (new.state IN ('due', 'claimed', 'held')) OR old.state IN ('done', 'dead', 'gone') BEGIN
	UPDATE subscriptions SET
		waiting = waiting + (new.state IN ('due', 'claimed', 'held')) - (old.state IN ('due', 'claimed', 'held')),
		done = done + (new.state = 'done') - (old.state = 'done'),
		dead = dead + (new.state = 'dead') - (old.state = 'dead')
	WHERE id = new.subscription_id;
END;
-- +goose StatementEnd

CREATE TABLE attempts (
	delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
	number      INTEGER NOT NULL CHECK (number > 0),
	at          INTEGER NOT NULL,
	ms          INTEGER NOT NULL,
	code        INTEGER NOT NULL,
	class       TEXT NOT NULL,
	error       TEXT NOT NULL,
	request     TEXT NOT NULL CHECK (json_type(request) = 'array'),
	response    TEXT NOT NULL CHECK (json_type(response) = 'array'),
	body        BLOB NOT NULL,
	PRIMARY KEY (delivery_id, number)
) STRICT;

CREATE TABLE audit (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	at      INTEGER NOT NULL,
	actor   TEXT NOT NULL,
	origin  TEXT NOT NULL,
	action  TEXT NOT NULL CHECK (action <> ''),
	subject TEXT NOT NULL,
	before  TEXT NOT NULL,
	after   TEXT NOT NULL
) STRICT;

-- One row for each thing that a watcher is told, with what the delivery was then.
CREATE TABLE log (
	seq         INTEGER PRIMARY KEY AUTOINCREMENT,
	at          INTEGER NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('event', 'queued', 'attempt', 'state', 'change')),
	event_id    INTEGER REFERENCES events (id),
	delivery_id INTEGER REFERENCES deliveries (id),
	audit_id    INTEGER REFERENCES audit (id),
	attempt     INTEGER NOT NULL DEFAULT 0,
	state       TEXT NOT NULL DEFAULT '',
	attempts    INTEGER NOT NULL DEFAULT 0,
	next_at     INTEGER NOT NULL DEFAULT 0,
	code        INTEGER NOT NULL DEFAULT 0,
	error       TEXT NOT NULL DEFAULT '',
	ms          INTEGER NOT NULL DEFAULT 0,
	CHECK ((kind = 'event') = (event_id IS NOT NULL)),
	CHECK ((kind = 'change') = (audit_id IS NOT NULL)),
	CHECK ((kind IN ('queued', 'attempt', 'state')) = (delivery_id IS NOT NULL)),
	CHECK ((kind = 'attempt') = (attempt > 0))
) STRICT;

CREATE TABLE passwords (
	uuid      TEXT PRIMARY KEY,
	user_id   INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	name      TEXT NOT NULL CHECK (name <> ''),
	name_key  TEXT NOT NULL,
	sha256    BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
	created   INTEGER NOT NULL,
	last_used INTEGER NOT NULL,
	UNIQUE (user_id, name_key)
) STRICT;
