-- +goose Up

-- Which change an entry takes back, and by which one it was taken back; 0: none.
ALTER TABLE audit ADD COLUMN undoes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN undone_by INTEGER NOT NULL DEFAULT 0;
