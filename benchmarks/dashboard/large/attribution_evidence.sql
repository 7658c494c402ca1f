-- Three reasons for each resource and month.
SELECT DISTINCT $billing_period AS billing_period, md5(concat(resource_id, $billing_period)) AS evidence_id,
    dimension.name AS dimension,
    dimension.value AS value, method, confidence,
    format('the tag {} of the resource says {}', dimension.name, dimension.value)
        AS statement, [resource_key] AS sources, CAST([] AS VARCHAR[]) AS others, 'resource_tag' AS code, 'tag' AS rung,
    dimension.name AS place, dimension.value AS said,
    [{'what': 'the tag', 'factor': confidence}] AS factors
FROM (
    SELECT *, unnest([
        {'name': 'model', 'value': model}, {'name': 'team', 'value': team},
        {'name': 'environment', 'value': environment}
    ]) AS dimension
    FROM thing_day
    WHERE month = $billing_period
)
WHERE dimension.value IS NOT NULL
