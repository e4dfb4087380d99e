-- +goose Up

-- Nothing: a file has no partitions, and what is deleted from it costs no vacuum of its own.
SELECT 1;
