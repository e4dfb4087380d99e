-- +goose Up

-- A text of one or two characters is in no trigram index. These are all that the text of a
-- user holds, for an index of their own. It is dear, so that rows are looked up by the
-- index rather than tested.
-- +goose StatementBegin
CREATE FUNCTION search_pieces(search TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5000 AS $$
	SELECT array_agg(DISTINCT piece) FROM (
		SELECT unnest(ARRAY[c, c || lead(c) OVER (ORDER BY i)]) AS piece
		FROM unnest(string_to_array(search, NULL)) WITH ORDINALITY AS one_by_one (c, i)
	) all_of_them WHERE piece IS NOT NULL
$$;
-- +goose StatementEnd

CREATE INDEX users_pieces ON users USING gin (search_pieces(search));
