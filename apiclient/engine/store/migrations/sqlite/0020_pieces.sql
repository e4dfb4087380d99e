-- +goose Up

-- Nothing: the trigrams of an index of SQLite can be listed, and those that begin with a
-- text of one or two characters find it.
SELECT 1;
