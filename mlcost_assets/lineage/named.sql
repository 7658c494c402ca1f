-- The things that $named says: whole, else by name or the end of their id, else the same in any case.
WITH known AS (
    SELECT resource_key AS key, resource_key AS called, max(kind) AS kind
    FROM resources
    WHERE resource_key IS NOT NULL
    GROUP BY ALL
    UNION
    SELECT resource_key, name, kind FROM resources WHERE name <> ''
    UNION
    SELECT resource_key, id, kind FROM resource_history
    UNION
    SELECT unnest([from_id, to_id]) AS key, key, NULL FROM lineage_edges
),

ranked AS (
    SELECT key, kind, CASE
            WHEN called = $named THEN 1
            -- An ARN with a version, a stage or a log stream behind it is the same thing;
            -- so is a folder with its slash.
            WHEN called = resource_key($named, NULL, NULL, NULL, NULL) OR rtrim(called, '/') = rtrim($named, '/') THEN 2
            WHEN ends_with(called, '/' || $named) OR ends_with(called, ':' || $named) THEN 3
            WHEN lower(called) = lower($named) OR ends_with(lower(called), '/' || lower($named))
                OR ends_with(lower(called), ':' || lower($named))
                THEN 4
        END AS rank
    FROM known
)

SELECT key, max(kind) AS kind
FROM ranked
WHERE rank = (SELECT min(rank) FROM ranked)
GROUP BY key
ORDER BY key
