-- A disk that is attached to nothing.
WITH held AS (
    SELECT resource_key, min(first_seen_at) AS first_seen_at,
        max(valid_to) FILTER ((body ->> '$.State') IS DISTINCT FROM 'available') AS free_since
    FROM resource_history
    WHERE kind = 'ec2:DescribeVolumes'
    GROUP BY resource_key
)

SELECT 'volume' AS kind, 'unused' AS degree, volume.resource_key, volume.account_id, volume.region,
    coalesce(held.free_since, held.first_seen_at) AS since, held.free_since AS last_used_at,
    format(
        'It is available, attached to nothing, at every look from {} to {}.',
        CAST(coalesce(held.free_since, held.first_seen_at) AS DATE), CAST(looked_at AS DATE)
    ) AS evidence,
    volume.source, 0.95 AS confidence,
    aws_command('ec2 delete-volume', volume.region, json_object('VolumeId', volume.resource_key)) AS how_to_stop
FROM idle_standing AS volume
JOIN held ON held.resource_key = volume.resource_key
WHERE kind = 'ec2:DescribeVolumes' AND (body ->> '$.State') = 'available'
    AND date_sub('day', coalesce(held.free_since, held.first_seen_at), looked_at) >= $volume_days
