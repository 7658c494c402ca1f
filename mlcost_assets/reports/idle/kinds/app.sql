-- A Studio app that runs and in which nobody does anything, or that runs day and night. A user's activity is only ever
-- told too late (SageMaker sets it at health checks as well), so that an old one proves silence.
WITH app AS (
    SELECT *, time_from_answer(body ->> '$.LastUserActivityTimestamp') AS last_used_at,
        coalesce(
            json_merge_patch(
                json_object(
                    'DomainId', body ->> '$.DomainId', 'AppType', body ->> '$.AppType', 'AppName', body ->> '$.AppName'
                ),
                CASE
                    WHEN coalesce(body ->> '$.SpaceName', '') <> ''
                        THEN json_object('SpaceName', body ->> '$.SpaceName')
                    ELSE json_object('UserProfileName', body ->> '$.UserProfileName') END
            ), '{}'
        ) AS arguments
    FROM idle_standing
    WHERE kind = 'sagemaker:DescribeApp' AND (body ->> '$.Status') = 'InService'
),

silent AS (
    SELECT * FROM app WHERE date_sub('day', last_used_at, looked_at) >= $app_days
)

SELECT 'app' AS kind, 'unused' AS degree, resource_key, account_id, region, last_used_at AS since, last_used_at,
    format('It runs, and its user was last active on {}.', CAST(last_used_at AS DATE)) AS evidence,
    source, 0.9 AS confidence,
    aws_command('sagemaker delete-app', region, arguments) AS how_to_stop, NULL AS schedule, NULL AS counted
FROM silent
UNION ALL
SELECT 'app at night', 'schedule', app.resource_key, app.account_id, app.region,
    CAST(unbroken_since AS TIMESTAMP), app.last_used_at,
    format('The bill has all its hours, nights and weekends, from {} to {}.', unbroken_since, last_full_day),
    app.source, 0.8,
    aws_command('sagemaker delete-app', app.region, arguments),
    aws_schedule('sagemaker:deleteApp', app.region, format('0 {} ? * MON-FRI *', $work_to), arguments), 'ml\.'
FROM app
JOIN idle_billed AS billed ON billed.resource_key = app.resource_key AND billed.measure = 'app'
WHERE last_full_day - unbroken_since + 1 >= $always_days
