-- +goose Up

-- The user's part of addresses, WordPress's user_nicename.
ALTER TABLE users ADD COLUMN nicename TEXT NOT NULL DEFAULT '';

-- As the login gives it: logins have letters and digits of ASCII, single spaces and _ . - @.
-- The longest run of dashes that they can give is 50, which six halvings make one.
UPDATE users SET nicename = trim(replace(replace(replace(replace(replace(replace(
	replace(replace(replace(lower(substr(login, 1, 50)), '@', ''), '.', '-'), ' ', '-'),
	'--', '-'), '--', '-'), '--', '-'), '--', '-'), '--', '-'), '--', '-'), '-');

-- Of several with the same one the first keeps it. No login gives two dashes in a
-- row, so nobody has what the others get.
UPDATE users SET nicename = substr(nicename, 1, 28) || '--' || id
WHERE EXISTS (SELECT 1 FROM users o WHERE o.nicename = users.nicename AND o.id < users.id);

CREATE UNIQUE INDEX users_nicename ON users (nicename);
