-- Tags that evidence has from the bill and no charge carries.
WITH said AS (
    SELECT DISTINCT billing_period, regexp_extract(source, '^bill tag (.*)$', 1) AS written
    FROM (
        SELECT billing_period, unnest(sources) AS source
        FROM attribution_evidence
        WHERE $period IS NULL OR billing_period = $period
    )
    WHERE starts_with(source, 'bill tag ')
),

carried AS (
    SELECT DISTINCT tag.key || ' = ' || tag.value AS written
    FROM (
        SELECT unnest(map_entries(tags)) AS tag
        FROM (
            SELECT DISTINCT tags FROM line_items WHERE cardinality(tags) > 0
        )
    )
)

SELECT billing_period || ': no charge carries the tag ' || written || ', which evidence has from the bill' AS problem
FROM said
ANTI JOIN carried USING (written)
ORDER BY ALL
