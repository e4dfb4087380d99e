-- +goose Up

-- What is due: what was never sent goes out by id, whatever the clock says; what was sent
-- before when its time has come.
DROP INDEX deliveries_lane_due;
CREATE INDEX deliveries_due_fresh ON deliveries (subscription_id, bulk, id) WHERE state = 'due' AND tries + waits = 0;
CREATE INDEX deliveries_due_sent ON deliveries (subscription_id, bulk, next_at, id) WHERE state = 'due' AND tries + waits > 0;
