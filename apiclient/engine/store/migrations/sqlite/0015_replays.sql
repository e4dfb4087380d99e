-- +goose Up

-- Jobs that send deliveries again. A job looks at the deliveries after looked_at up to
-- look_until as long as it is making; when it is stopped, it sweeps up what it made and is
-- not sent yet.
CREATE TABLE replays (
	id              INTEGER PRIMARY KEY AUTOINCREMENT,
	at              INTEGER NOT NULL,
	made_by         TEXT NOT NULL,
	key             TEXT NOT NULL,
	filter          TEXT NOT NULL CHECK (json_valid(filter)),
	subscription_id INTEGER NOT NULL, -- 0: each to its own
	state           TEXT NOT NULL CHECK (state IN ('running', 'stopped', 'done')),
	ended           INTEGER NOT NULL DEFAULT 0,
	making          INTEGER NOT NULL DEFAULT 1 CHECK (making IN (0, 1)),
	sweeping        INTEGER NOT NULL DEFAULT 0 CHECK (sweeping IN (0, 1)),
	looked_at       INTEGER NOT NULL DEFAULT 0,
	look_until      INTEGER NOT NULL,
	total           INTEGER NOT NULL,
	made            INTEGER NOT NULL DEFAULT 0,
	skipped         INTEGER NOT NULL DEFAULT 0,
	done            INTEGER NOT NULL DEFAULT 0,
	dead            INTEGER NOT NULL DEFAULT 0,
	gone            INTEGER NOT NULL DEFAULT 0,
	CHECK ((state = 'running') = (ended = 0)),
	CHECK (making = 0 OR state = 'running'),
	CHECK (sweeping = 0 OR state = 'stopped')
) STRICT;

CREATE UNIQUE INDEX replays_key ON replays (key) WHERE key <> '';
CREATE INDEX replays_making ON replays (id) WHERE making = 1;
CREATE INDEX replays_sweeping ON replays (id) WHERE sweeping = 1;

-- An event is sent to a subscription once in a job.
CREATE UNIQUE INDEX deliveries_replay ON deliveries (replay_job, subscription_id, event_id) WHERE replay_job > 0;
CREATE INDEX deliveries_replay_due ON deliveries (replay_job, id) WHERE replay_job > 0 AND state = 'due';
CREATE INDEX deliveries_replay_held ON deliveries (replay_job, id) WHERE replay_job > 0 AND state = 'held';
