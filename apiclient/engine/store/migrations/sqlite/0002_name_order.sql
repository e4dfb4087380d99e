-- +goose Up

-- Lists are sorted by first and by last names, those without one included.
DROP INDEX users_first;
DROP INDEX users_last;
CREATE INDEX users_first ON users (first_key);
CREATE INDEX users_last ON users (last_key);
