-- +goose Up

-- The newest deliveries that a replay job has made, which deliveries_replay finds but not
-- in their order.
CREATE INDEX deliveries_replay_rows ON deliveries (replay_job, id) WHERE replay_job > 0;
