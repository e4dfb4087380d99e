-- +goose Up

-- How a subscription is sent to: strict is one at a time, rate is how many a second (0:
-- no limit), schedule is the waits between tries in milliseconds (none: the usual ones).
ALTER TABLE subscriptions ADD COLUMN strict INTEGER NOT NULL DEFAULT 0 CHECK (strict IN (0, 1));
ALTER TABLE subscriptions ADD COLUMN rate REAL NOT NULL DEFAULT 0 CHECK (rate >= 0);
ALTER TABLE subscriptions ADD COLUMN schedule TEXT NOT NULL DEFAULT '[]' CHECK (json_type(schedule) = 'array');

-- The breaker: failures in a row, since when it is open (0: it is closed), when the next
-- probe is, and the last success.
ALTER TABLE subscriptions ADD COLUMN failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0);
ALTER TABLE subscriptions ADD COLUMN broken_since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN probe_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN success_at INTEGER NOT NULL DEFAULT 0;

-- The secret that signs beside the new one until a time.
ALTER TABLE subscriptions ADD COLUMN signing_before TEXT NOT NULL DEFAULT '';
ALTER TABLE subscriptions ADD COLUMN rotated_until INTEGER NOT NULL DEFAULT 0;

-- The engine that sends to it, of several; 0: none yet.
ALTER TABLE subscriptions ADD COLUMN owner INTEGER NOT NULL DEFAULT 0;

-- What a replay makes goes behind what happens now.
ALTER TABLE deliveries ADD COLUMN bulk INTEGER NOT NULL DEFAULT 0 CHECK (bulk IN (0, 1));
ALTER TABLE deliveries ADD COLUMN replay_job INTEGER NOT NULL DEFAULT 0;

DROP INDEX deliveries_lane_due;
CREATE INDEX deliveries_lane_due ON deliveries (subscription_id, bulk, next_at) WHERE state = 'due';

-- Deliveries are counted by state, once for all that a commit moves.
DROP TRIGGER deliveries_inserted;
DROP TRIGGER deliveries_moved;
ALTER TABLE subscriptions DROP COLUMN waiting;
ALTER TABLE subscriptions ADD COLUMN due INTEGER NOT NULL DEFAULT 0 CHECK (due >= 0);
ALTER TABLE subscriptions ADD COLUMN claimed INTEGER NOT NULL DEFAULT 0 CHECK (claimed >= 0);
ALTER TABLE subscriptions ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0);
ALTER TABLE subscriptions ADD COLUMN gone INTEGER NOT NULL DEFAULT 0 CHECK (gone >= 0);
UPDATE subscriptions SET
	due = (SELECT count(*) FROM deliveries d WHERE d.subscription_id = subscriptions.id AND d.state = 'due'),
	claimed = (SELECT count(*) FROM deliveries d WHERE d.subscription_id = subscriptions.id AND d.state = 'claimed'),
	held = (SELECT count(*) FROM deliveries d WHERE d.subscription_id = subscriptions.id AND d.state = 'held'),
	gone = (SELECT count(*) FROM deliveries d WHERE d.subscription_id = subscriptions.id AND d.state = 'gone');
