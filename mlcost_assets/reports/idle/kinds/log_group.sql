-- A log group that keeps everything for ever. What is written to it is of use; only what it stores counts.
SELECT 'log group' AS kind, 'schedule' AS degree, resource_key, account_id, region, state_seen_at AS since,
    format('It has no retention at any look from {} to {}.', CAST(state_seen_at AS DATE), CAST(looked_at AS DATE))
        AS evidence,
    source, 0.95 AS confidence,
    aws_command(
        'logs put-retention-policy', region,
        json_object('logGroupName', body ->> '$.logGroupName', 'retentionInDays', 30)
    ) AS how_to_stop,
    'TimedStorage' AS counted, true AS saves_unknown
FROM idle_standing
WHERE kind = 'logs:DescribeLogGroups' AND coalesce(body ->> '$.retentionInDays', '') = ''
    AND date_sub('day', created_at, looked_at) >= $log_days
