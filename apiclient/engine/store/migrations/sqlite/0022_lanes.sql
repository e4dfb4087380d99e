-- +goose Up

-- 1 while what waits in the subscription is moved to where its state wants it, a batch at a
-- time; nothing of it is sent meanwhile.
ALTER TABLE subscriptions ADD COLUMN settling INTEGER NOT NULL DEFAULT 0 CHECK (settling IN (0, 1));

-- What holds a strict subscription, see head, however much of it was sent before.
CREATE INDEX deliveries_due_head ON deliveries (subscription_id, bulk, id) WHERE state = 'due' AND tries + waits > 0;
