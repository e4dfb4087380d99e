-- +goose Up

-- When a delivery ended: with the attempt that ended it, or without one; 0: it has not.
UPDATE deliveries SET ended = coalesce((SELECT max(a.at + a.ms) FROM attempts a WHERE a.delivery_id = deliveries.id), at)
	WHERE state IN ('done', 'dead', 'gone') AND ended = 0;

-- What happened to the deliveries of a subscription in an hour, by the hour's beginning:
-- how many became done, dead and gone, and how many attempts were not answered by 2xx.
CREATE TABLE subscription_hours (
	subscription_id BIGINT NOT NULL REFERENCES subscriptions (id),
	hour            BIGINT NOT NULL CHECK (hour % 3600000 = 0),
	done            BIGINT NOT NULL DEFAULT 0 CHECK (done >= 0),
	failed          BIGINT NOT NULL DEFAULT 0 CHECK (failed >= 0),
	dead            BIGINT NOT NULL DEFAULT 0 CHECK (dead >= 0),
	gone            BIGINT NOT NULL DEFAULT 0 CHECK (gone >= 0),
	PRIMARY KEY (subscription_id, hour)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

INSERT INTO subscription_hours (subscription_id, hour, done, failed, dead, gone)
	SELECT subscription_id, hour, sum(done), sum(failed), sum(dead), sum(gone) FROM (
		SELECT subscription_id, ended - ended % 3600000 AS hour,
				CASE WHEN state = 'done' THEN 1 ELSE 0 END AS done, 0 AS failed, CASE WHEN state = 'dead' THEN 1 ELSE 0 END AS dead, CASE WHEN state = 'gone' THEN 1 ELSE 0 END AS gone
			FROM deliveries WHERE ended > 0
		UNION ALL
		SELECT d.subscription_id, a.at + a.ms - (a.at + a.ms) % 3600000, 0, 1, 0, 0
			FROM attempts a JOIN deliveries d ON d.id = a.delivery_id WHERE a.code NOT BETWEEN 200 AND 299
	) happened GROUP BY subscription_id, hour;
