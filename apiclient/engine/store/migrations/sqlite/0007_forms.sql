-- +goose Up

CREATE TABLE forms (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	title    TEXT NOT NULL CHECK (title <> ''),
	mode     TEXT NOT NULL CHECK (mode IN ('register', 'login', 'profile')),
	core     INTEGER NOT NULL CHECK (core IN (0, 1)),
	settings TEXT NOT NULL CHECK (json_type(settings) = 'object'),
	layout   TEXT NOT NULL CHECK (json_type(layout) = 'array'), -- the rows
	created  INTEGER NOT NULL,
	updated  INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX forms_core ON forms (mode) WHERE core = 1;

-- The copies of fields that forms have, and where they stand.
CREATE TABLE form_fields (
	form_id    INTEGER NOT NULL REFERENCES forms (id) ON DELETE CASCADE,
	position   INTEGER NOT NULL CHECK (position > 0),
	key        TEXT NOT NULL CHECK (key <> ''),
	in_row     INTEGER NOT NULL CHECK (in_row > 0),
	in_sub_row INTEGER NOT NULL CHECK (in_sub_row > 0),
	in_column  INTEGER NOT NULL CHECK (in_column > 0),
	definition TEXT NOT NULL CHECK (json_type(definition) = 'object'),
	PRIMARY KEY (form_id, position),
	UNIQUE (form_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX form_fields_key ON form_fields (key);

-- Files that are the answers of users.
CREATE TABLE uploads (
	user_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	key      TEXT NOT NULL CHECK (key <> ''),
	token    TEXT NOT NULL UNIQUE, -- of the folder that it came from
	names    TEXT NOT NULL CHECK (json_type(names) = 'array'), -- the answer, and its smaller copies
	name     TEXT NOT NULL CHECK (name <> ''), -- the first of them
	original TEXT NOT NULL,
	type     TEXT NOT NULL,
	size     INTEGER NOT NULL CHECK (size >= 0),
	at       INTEGER NOT NULL,
	PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;

-- Files that are to be removed from the disk; no name is the whole folder of a user.
CREATE TABLE upload_waste (
	user_id INTEGER NOT NULL,
	name    TEXT NOT NULL,
	PRIMARY KEY (user_id, name)
) STRICT, WITHOUT ROWID;
