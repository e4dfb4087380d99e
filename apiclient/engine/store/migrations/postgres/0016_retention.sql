-- +goose Up

-- What retention removes must not be looked for in tables without an index for it: a
-- payload is named by deliveries of the event whose number it has, or by tests; rows of
-- the log go after what they tell of.
ALTER TABLE deliveries DROP CONSTRAINT deliveries_payload_fkey;
ALTER TABLE log DROP CONSTRAINT log_event_id_fkey;
ALTER TABLE log DROP CONSTRAINT log_delivery_id_fkey;
ALTER TABLE log DROP CONSTRAINT log_mail_id_fkey;

-- When a delivery became gone without an attempt; 0: it did not.
ALTER TABLE deliveries ADD COLUMN ended BIGINT NOT NULL DEFAULT 0;

CREATE INDEX deliveries_replay_of ON deliveries (replay_of) WHERE replay_of IS NOT NULL;
CREATE INDEX mails_resend_of ON mails (resend_of) WHERE resend_of IS NOT NULL;

-- Mails by state.
CREATE TABLE mail_counts (
	state TEXT COLLATE "C" PRIMARY KEY,
	mails BIGINT NOT NULL
);

INSERT INTO mail_counts (state, mails) SELECT state, count(*) FROM mails GROUP BY state;

-- +goose StatementBegin
CREATE FUNCTION count_mails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	IF TG_OP <> 'INSERT' THEN
		UPDATE mail_counts SET mails = mails - 1 WHERE state = old.state;
	END IF;
	IF TG_OP <> 'DELETE' THEN
		INSERT INTO mail_counts (state, mails) VALUES (new.state, 1)
			ON CONFLICT (state) DO UPDATE SET mails = mail_counts.mails + 1;
	END IF;
	RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER mails_inserted AFTER INSERT OR DELETE ON mails FOR EACH ROW EXECUTE FUNCTION count_mails();
CREATE TRIGGER mails_moved AFTER UPDATE OF state ON mails FOR EACH ROW WHEN (old.state <> new.state) EXECUTE FUNCTION count_mails();
