-- +goose Up

-- core is Ultimate Member's own type where it is another than the API's; attributes are
-- all that have no column, as texts by Ultimate Member's names.
ALTER TABLE fields ADD COLUMN core TEXT NOT NULL DEFAULT '';
ALTER TABLE fields ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}' CHECK (json_type(attributes) = 'object');
