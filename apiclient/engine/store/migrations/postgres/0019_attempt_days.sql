-- +goose Up

-- Attempts lie in a partition for each day in which they were recorded, which retention
-- drops as a whole: to delete them one by one would cost as much as they did. A day is a
-- row of attempt_days, and new attempts go to that which is not closed by the default of
-- their column, so that each has a partition, whatever a clock says. Those of deliveries
-- that outlive the day, and all from before, are in attempts_kept.
ALTER TABLE attempts RENAME TO attempts_kept;
ALTER TABLE attempts_kept DROP CONSTRAINT attempts_delivery_id_fkey;
ALTER TABLE attempts_kept DROP CONSTRAINT attempts_pkey;
ALTER TABLE attempts_kept ADD COLUMN day BIGINT NOT NULL DEFAULT 0;

CREATE TABLE attempts (
	delivery_id BIGINT NOT NULL,
	number      BIGINT NOT NULL CONSTRAINT attempts_number_check CHECK (number > 0),
	at          BIGINT NOT NULL,
	ms          BIGINT NOT NULL,
	code        BIGINT NOT NULL,
	class       TEXT COLLATE "C" NOT NULL,
	error       TEXT COLLATE "C" NOT NULL,
	request     TEXT COLLATE "C" NOT NULL,
	response    TEXT COLLATE "C" NOT NULL,
	body        BYTEA NOT NULL,
	day         BIGINT NOT NULL DEFAULT 1,
	PRIMARY KEY (delivery_id, number, day)
) PARTITION BY LIST (day);

ALTER TABLE attempts ATTACH PARTITION attempts_kept FOR VALUES IN (0);
CREATE TABLE attempts_1 PARTITION OF attempts FOR VALUES IN (1) WITH (autovacuum_vacuum_insert_threshold = -1);

CREATE TABLE attempt_days (
	id     BIGINT PRIMARY KEY,
	opened BIGINT NOT NULL,
	closed BIGINT NOT NULL DEFAULT 0 -- when the next one was opened; 0: it takes new attempts
);

CREATE UNIQUE INDEX attempt_days_open ON attempt_days (closed) WHERE closed = 0;
INSERT INTO attempt_days (id, opened) VALUES (1, 0);

-- Rows that each commit changes, of a small table: there is room beside them for their
-- next versions. That of deliveries, whose indexes of what is due and claimed are partial,
-- stands with their table.
ALTER TABLE subscriptions SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
