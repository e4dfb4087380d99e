-- +goose Up

-- How a subscription is sent to: strict is one at a time, rate is how many a second (0:
-- no limit), schedule is the waits between tries in milliseconds (none: the usual ones).
ALTER TABLE subscriptions ADD COLUMN strict BIGINT NOT NULL DEFAULT 0 CHECK (strict IN (0, 1));
ALTER TABLE subscriptions ADD COLUMN rate DOUBLE PRECISION NOT NULL DEFAULT 0 CHECK (rate >= 0);
ALTER TABLE subscriptions ADD COLUMN schedule TEXT COLLATE "C" NOT NULL DEFAULT '[]';

-- The breaker: failures in a row, since when it is open (0: it is closed), when the next
-- probe is, and the last success.
ALTER TABLE subscriptions ADD COLUMN failures BIGINT NOT NULL DEFAULT 0 CHECK (failures >= 0);
ALTER TABLE subscriptions ADD COLUMN broken_since BIGINT NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN probe_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN success_at BIGINT NOT NULL DEFAULT 0;

-- The secret that signs beside the new one until a time.
ALTER TABLE subscriptions ADD COLUMN signing_before TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN rotated_until BIGINT NOT NULL DEFAULT 0;

-- The engine that sends to it, of several; 0: none yet.
ALTER TABLE subscriptions ADD COLUMN owner BIGINT NOT NULL DEFAULT 0;

-- What a replay makes goes behind what happens now.
ALTER TABLE deliveries ADD COLUMN bulk BIGINT NOT NULL DEFAULT 0 CHECK (bulk IN (0, 1));
ALTER TABLE deliveries ADD COLUMN replay_job BIGINT NOT NULL DEFAULT 0;

DROP INDEX deliveries_lane_due;
CREATE INDEX deliveries_lane_due ON deliveries (subscription_id, bulk, next_at, id) WHERE state = 'due';

-- Deliveries are counted by state, once for all that a commit moves.
ALTER TABLE subscriptions DROP COLUMN waiting;
ALTER TABLE subscriptions ADD COLUMN due BIGINT NOT NULL DEFAULT 0 CHECK (due >= 0);
ALTER TABLE subscriptions ADD COLUMN claimed BIGINT NOT NULL DEFAULT 0 CHECK (claimed >= 0);
ALTER TABLE subscriptions ADD COLUMN held BIGINT NOT NULL DEFAULT 0 CHECK (held >= 0);
ALTER TABLE subscriptions ADD COLUMN gone BIGINT NOT NULL DEFAULT 0 CHECK (gone >= 0);

-- The engines that work on the database. One that has not said so until lease_until, by
-- the database's clock, has lost what it had claimed.
CREATE TABLE engines (
	id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	lease_until BIGINT NOT NULL
);
