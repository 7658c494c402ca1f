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
