-- What every source says of who uses a thing, with the rank, the words and the confidence of what it measures
-- (decide/ladder.yaml). Reads the temporary tables stated_shares (the sources put together) and measures.
SELECT resource_key, instance_type, consumer_key, weight, valid_from, valid_to, rank, method, sources,
    replace(says, '{said}', coalesce(replace(relation, '_', ' '), '')) AS measure,
    CASE
        WHEN keep IS NULL THEN [factor(kind, start)]
        ELSE [factor(kind, start), factor(relation, keep)] END AS factors
FROM stated_shares
JOIN measures USING (kind)
WHERE consumer_key IS NOT NULL AND valid_from < valid_to
