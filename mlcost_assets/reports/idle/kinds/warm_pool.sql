-- Machines that a job kept warm for a next one that never came. They are gone; the setting of the job is not.
SELECT 'warm pool' AS kind, 'unused' AS degree, job.resource_key, job.account_id, job.region,
    -- All that is charged for the pool comes after the end, on the day of the end as well.
    date_trunc('day', first_time(body, ['$.TrainingEndTime', '$.LastModifiedTime'])) AS since,
    first_time(body, ['$.TrainingEndTime', '$.LastModifiedTime']) AS last_used_at,
    format('Its machines were kept {} s after its end, and no job used them.',
        coalesce(body ->> '$.WarmPoolStatus.ResourceRetainedBillableTimeInSeconds', '?')) AS evidence,
    job.source, 0.95 AS confidence,
    aws_command(
        'sagemaker update-training-job', job.region,
        json_object(
            'TrainingJobName', body ->> '$.TrainingJobName',
            'ResourceConfig', json_object('KeepAlivePeriodInSeconds', 0)
        )
    ) AS how_to_stop,
    'TrainWarmPool' AS counted, (body ->> '$.WarmPoolStatus.Status') = 'Available' AS still_exists
FROM resource_history AS job
JOIN idle_billed AS billed ON billed.resource_key = job.resource_key AND billed.measure = 'warm pool'
WHERE kind = 'sagemaker:DescribeTrainingJob' AND (body ->> '$.WarmPoolStatus.Status') IN ('Available', 'Terminated')
    AND coalesce(body ->> '$.WarmPoolStatus.ReusedByJob', '') = ''
    AND CAST(first_time(body, ['$.TrainingEndTime', '$.LastModifiedTime']) AS DATE)
        > last_full_day - CAST($pool_days AS INTEGER)
