-- A notebook that was stopped long ago and pays for its disk, and one that runs day and night.
SELECT 'stopped notebook' AS kind, 'unused' AS degree, resource_key, account_id, region,
    coalesce(time_from_answer(body ->> '$.LastModifiedTime'), state_seen_at) AS since,
    coalesce(time_from_answer(body ->> '$.LastModifiedTime'), state_seen_at) AS last_used_at,
    format(
        'It is stopped since {}, and its disk of {} GB is kept.',
        CAST(coalesce(time_from_answer(body ->> '$.LastModifiedTime'), state_seen_at) AS DATE),
        coalesce(body ->> '$.VolumeSizeInGB', '?')
    ) AS evidence,
    source, 0.8 AS confidence,
    aws_command(
        'sagemaker delete-notebook-instance', region,
        json_object('NotebookInstanceName', body ->> '$.NotebookInstanceName')
    ) AS how_to_stop,
    NULL AS schedule, NULL AS counted
FROM idle_standing
WHERE kind = 'sagemaker:DescribeNotebookInstance' AND (body ->> '$.NotebookInstanceStatus') = 'Stopped'
    AND date_sub('day', coalesce(time_from_answer(body ->> '$.LastModifiedTime'), state_seen_at), looked_at)
        >= $stopped_days
UNION ALL
SELECT 'notebook at night', 'schedule', notebook.resource_key, notebook.account_id, notebook.region,
    CAST(unbroken_since AS TIMESTAMP), NULL,
    format('The bill has all its hours, nights and weekends, from {} to {}.', unbroken_since, last_full_day),
    notebook.source, 0.8,
    aws_command(
        'sagemaker stop-notebook-instance', notebook.region,
        json_object('NotebookInstanceName', body ->> '$.NotebookInstanceName')
    ),
    aws_schedule(
        'sagemaker:stopNotebookInstance', notebook.region, format('0 {} ? * MON-FRI *', $work_to),
        json_object('NotebookInstanceName', body ->> '$.NotebookInstanceName')
    ),
    'Notebk:ml\.'
FROM idle_standing AS notebook
JOIN idle_billed AS billed ON billed.resource_key = notebook.resource_key AND billed.measure = 'notebook'
WHERE kind = 'sagemaker:DescribeNotebookInstance' AND (body ->> '$.NotebookInstanceStatus') = 'InService'
    AND last_full_day - unbroken_since + 1 >= $always_days
