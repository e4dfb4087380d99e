-- +goose Up

-- What retention removes must not be looked for in tables without an index for it: a
-- payload is named by deliveries of the event whose number it has, or by tests; rows of
-- the log go after what they tell of. These foreign keys go as SQLite's documentation of
-- ALTER TABLE describes it.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ' REFERENCES payloads (sha256)', '') WHERE type = 'table' AND name = 'deliveries';
UPDATE sqlite_schema SET sql = replace(replace(replace(sql, ' REFERENCES events (id)', ''), ' REFERENCES deliveries (id)', ''), ' REFERENCES mails (id)', '') WHERE type = 'table' AND name = 'log';
PRAGMA writable_schema = RESET;

-- When a delivery became gone without an attempt; 0: it did not.
ALTER TABLE deliveries ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;

CREATE INDEX deliveries_replay_of ON deliveries (replay_of) WHERE replay_of IS NOT NULL;
CREATE INDEX mails_resend_of ON mails (resend_of) WHERE resend_of IS NOT NULL;

-- Mails by state.
CREATE TABLE mail_counts (
	state TEXT PRIMARY KEY,
	mails INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO mail_counts (state, mails) SELECT state, count(*) FROM mails GROUP BY state;

-- +goose StatementBegin
CREATE TRIGGER mails_inserted AFTER INSERT ON mails BEGIN
	INSERT INTO mail_counts (state, mails) VALUES (new.state, 1) ON CONFLICT (state) DO UPDATE SET mails = mails + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER mails_deleted AFTER DELETE ON mails BEGIN
	UPDATE mail_counts SET mails = mails - 1 WHERE state = old.state;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER mails_moved AFTER UPDATE OF state ON mails WHEN old.state <> new.state BEGIN
	UPDATE mail_counts SET mails = mails - 1 WHERE state = old.state;
	INSERT INTO mail_counts (state, mails) VALUES (new.state, 1) ON CONFLICT (state) DO UPDATE SET mails = mails + 1;
END;
-- +goose StatementEnd
