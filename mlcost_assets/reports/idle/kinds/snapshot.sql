-- A snapshot of a disk that was seen and is gone, and of which no disk was made that is there. An image holds those
-- that were made for it; AWS Backup and Data Lifecycle Manager keep theirs on purpose.
WITH disk AS (
    SELECT resource_key, max(last_seen_at) AS last_seen_at
    FROM resource_history
    WHERE kind = 'ec2:DescribeVolumes'
    GROUP BY resource_key
)

SELECT 'snapshot' AS kind, 'unused' AS degree, snapshot.resource_key, snapshot.account_id, snapshot.region,
    greatest(disk.last_seen_at, snapshot.created_at) AS since,
    format('Its disk was last seen on {}; no disk that is there was made from it.', CAST(disk.last_seen_at AS DATE))
        AS evidence,
    snapshot.source, 0.7 AS confidence,
    CASE
        WHEN len(
            list_filter(
                map_keys(snapshot.tags),
                lambda key: starts_with(key, 'aws:backup:') OR starts_with(key, 'aws:dlm:') OR starts_with(key, 'dlm:')
            )
        ) > 0 THEN 'AWS Backup or Data Lifecycle Manager keeps it.' END AS by_design_because,
    aws_command('ec2 delete-snapshot', snapshot.region, json_object('SnapshotId', snapshot.resource_key)) AS how_to_stop
FROM idle_standing AS snapshot
JOIN disk ON disk.resource_key = (snapshot.body ->> '$.VolumeId')
WHERE snapshot.kind = 'ec2:DescribeSnapshots'
    AND disk.resource_key NOT IN (SELECT resource_key FROM idle_standing WHERE kind = 'ec2:DescribeVolumes')
    AND snapshot.resource_key NOT IN (
        SELECT body ->> '$.SnapshotId'
        FROM idle_standing
        WHERE kind = 'ec2:DescribeVolumes' AND coalesce(body ->> '$.SnapshotId', '') <> ''
    )
    AND coalesce(snapshot.body ->> '$.Description', '') NOT LIKE 'Created by CreateImage%'
    AND date_sub('day', greatest(disk.last_seen_at, snapshot.created_at), snapshot.looked_at) >= $snapshot_days
