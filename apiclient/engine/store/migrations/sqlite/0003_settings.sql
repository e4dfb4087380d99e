-- +goose Up

-- What the site has changed; the defaults are in the program.
CREATE TABLE settings (
	key   TEXT PRIMARY KEY CHECK (key <> ''),
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO settings (key, value) SELECT 'blogname', value FROM meta WHERE key = 'site_name' AND value NOT IN ('', 'umdeck');
INSERT INTO settings (key, value) SELECT 'default_role', value FROM meta WHERE key = 'default_role' AND value NOT IN ('', 'subscriber');
DELETE FROM meta WHERE key IN ('site_name', 'default_role');
