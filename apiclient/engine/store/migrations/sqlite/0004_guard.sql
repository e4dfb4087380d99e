-- +goose Up

-- Until when the loop guard holds a delivery; 0: it does not.
ALTER TABLE deliveries ADD COLUMN guarded INTEGER NOT NULL DEFAULT 0;

CREATE INDEX deliveries_guarded ON deliveries (guarded) WHERE guarded > 0;
CREATE INDEX deliveries_pace ON deliveries (user_id, zap_id, at);
