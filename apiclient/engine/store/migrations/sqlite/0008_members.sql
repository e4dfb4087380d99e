-- +goose Up

-- What a cookie or a link holds is kept as its SHA-256 alone.

CREATE TABLE sessions (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	token        BLOB NOT NULL UNIQUE CHECK (length(token) = 32),
	before       BLOB UNIQUE CHECK (length(before) = 32), -- the token until it was changed, good until before_until
	before_until INTEGER NOT NULL DEFAULT 0,
	user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	roles        TEXT NOT NULL CHECK (json_type(roles) = 'array'), -- of the user when the token was made
	remember     INTEGER NOT NULL CHECK (remember IN (0, 1)),
	created      INTEGER NOT NULL,
	seen         INTEGER NOT NULL,
	expires      INTEGER NOT NULL,
	address      TEXT NOT NULL,
	agent        TEXT NOT NULL
) STRICT;

CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expires ON sessions (expires);

-- The link for a new password that is out: one for each user.
CREATE TABLE reset_keys (
	user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	key     BLOB NOT NULL CHECK (length(key) = 32),
	made    INTEGER NOT NULL
) STRICT;

CREATE TABLE password_limits (
	user_id  INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	requests INTEGER NOT NULL DEFAULT 0 CHECK (requests >= 0), -- of links since the last login: password_rst_attempts
	changed  INTEGER NOT NULL DEFAULT 0 -- when the member last changed the password
) STRICT;

-- How often something has failed lately, and when that was counted.
CREATE TABLE throttles (
	key   TEXT PRIMARY KEY CHECK (key <> ''),
	count REAL NOT NULL CHECK (count > 0),
	at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX throttles_at ON throttles (at);

-- Where users have logged in from.
CREATE TABLE login_addresses (
	user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	address TEXT NOT NULL CHECK (address <> ''),
	at      INTEGER NOT NULL,
	PRIMARY KEY (user_id, address)
) STRICT, WITHOUT ROWID;

-- What users have filled in to register, without passwords: submitted and form_id.
CREATE TABLE submissions (
	user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	form_id INTEGER NOT NULL,
	at      INTEGER NOT NULL,
	answers TEXT NOT NULL CHECK (json_type(answers) = 'object')
) STRICT;

-- Addresses of profiles that are not the login.
CREATE TABLE profile_slugs (
	user_id  INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	slug     TEXT NOT NULL CHECK (slug <> ''),
	slug_key TEXT NOT NULL UNIQUE
) STRICT;
