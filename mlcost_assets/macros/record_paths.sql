-- What stands at a path of metadata/kinds/. DuckDB takes `[*]` and `.*` in constant paths only, so a path is given in
-- steps, cut where it passes the members of a list or an object.

CREATE OR REPLACE TEMP MACRO members(value) AS list_concat(json_extract(value, '$[*]'), json_extract(value, '$.*'));

-- At most two steps pass members.
CREATE OR REPLACE TEMP MACRO values_at(body, steps) AS CASE len(steps)
    WHEN 1 THEN [json_extract(body, steps[1])]
    WHEN 2 THEN list_transform(members(json_extract(body, steps[1])), lambda one: json_extract(one, steps[2]))
    ELSE flatten(
        list_transform(
            members(json_extract(body, steps[1])),
            lambda one: list_transform(
                members(json_extract(one, steps[2])), lambda inner_one: json_extract(inner_one, steps[3])
            )
        )
    )
END;

-- An answer as the API gives it: `body` in the member that holds all the rest (a list where it ends in []), if it was
-- left out; collectors that list things leave it out.
CREATE OR REPLACE TEMP MACRO whole_answer(body, wrapped_in) AS CASE
    WHEN wrapped_in IS NULL OR json_exists(body, '$.' || rtrim(wrapped_in, '[]')) THEN body
    WHEN ends_with(wrapped_in, '[]') THEN json_object(rtrim(wrapped_in, '[]'), json_array(CAST(body AS JSON)))
    ELSE json_object(wrapped_in, CAST(body AS JSON)) END;

-- Whether the key of a setting or an argument calls what stands behind it a result: --output_dir, CHECKPOINT_PATH.
CREATE OR REPLACE TEMP MACRO names_result(key) AS regexp_matches(
    lower(key), 'out|save|dest|sink|checkpoint|ckpt|result|target|write|export|(^|[^a-z])log'
);
