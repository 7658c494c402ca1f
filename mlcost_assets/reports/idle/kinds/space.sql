-- A Studio space whose disk is kept and in which the bill has no app. An app names its space in its ARN.
WITH worked AS (
    SELECT regexp_extract(resource_key, ':app/([^/]+/[^/]+)', 1) AS place, max(last_day) AS last_day
    FROM idle_billed
    WHERE measure = 'app'
    GROUP BY ALL
),

bill AS (
    SELECT account_id, min(bill_begins) AS bill_begins, max(last_full_day) AS last_full_day
    FROM idle_billed
    GROUP BY account_id
)

SELECT 'space' AS kind, 'unused' AS degree, space.resource_key, space.account_id, space.region,
    greatest(CAST(worked.last_day + 1 AS TIMESTAMP), CAST(bill.bill_begins AS TIMESTAMP), space.created_at) AS since,
    CAST(worked.last_day AS TIMESTAMP) AS last_used_at,
    format(
        'The bill has no app of it from {} to {}.',
        CAST(greatest(CAST(worked.last_day + 1 AS TIMESTAMP), bill.bill_begins, space.created_at) AS DATE),
        bill.last_full_day
    ) AS evidence,
    space.source, 0.85 AS confidence,
    aws_command(
        'sagemaker delete-space', space.region,
        json_object('DomainId', body ->> '$.DomainId', 'SpaceName', body ->> '$.SpaceName')
    ) AS how_to_stop
FROM idle_standing AS space
JOIN bill ON bill.account_id = space.account_id
LEFT JOIN worked ON worked.place = regexp_extract(space.resource_key, ':space/([^/]+/[^/]+)', 1)
WHERE space.kind = 'sagemaker:DescribeSpace'
    AND date_sub(
        'day', greatest(CAST(worked.last_day + 1 AS TIMESTAMP), CAST(bill.bill_begins AS TIMESTAMP), space.created_at),
        CAST(bill.last_full_day + 1 AS TIMESTAMP)
    ) >= $space_days
