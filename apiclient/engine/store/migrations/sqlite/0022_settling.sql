-- +goose Up

-- 1 while what waits in the subscription is moved to where its state wants it, a batch at a
-- time; nothing of it is sent meanwhile.
ALTER TABLE subscriptions ADD COLUMN settling INTEGER NOT NULL DEFAULT 0 CHECK (settling IN (0, 1));
