-- A tag that was copied from a template is kept as a reason that lost, and goes nowhere. Reads the temporary tables
-- claimed (direct claims) and copied_tags.
SELECT claimed.* EXCLUDE (source, code, own, factors, is_copied),
    CASE WHEN is_copied THEN 'copied_tag' ELSE source END AS source,
    CASE WHEN is_copied THEN 'copied_tag' ELSE code END AS code,
    own AND NOT is_copied AS own,
    CASE WHEN is_copied THEN list_append(factors, graded('copied_tag')) ELSE factors END AS factors
FROM (
    SELECT claimed.*, copied.resource_key IS NOT NULL AS is_copied
    FROM claimed
    LEFT JOIN copied_tags AS copied ON copied.resource_key = claimed.resource_key AND copied.value = claimed.value
        AND copied.dimension = claimed.dimension AND claimed.source IN ('bill_tag', 'resource_tag', 'code')
) AS claimed
