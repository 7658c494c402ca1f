-- A machine of AWS Batch of which no record tells what ran on it: by what the jobs of its queue reserve × the time they
-- ran that day, an array as often as it has jobs. The queue is the one that the machine is tagged with
-- (aws:batch:job-queue, in the bill aws_batch_job_queue).
WITH tagged AS (
    SELECT resource_key AS instance, account_id, tag.key, tag.value
    FROM (
        SELECT resource_key, account_id, unnest(map_entries(tags)) AS tag
        FROM resource_history
        WHERE kind = 'ec2:DescribeInstances'
    )
    UNION
    SELECT resource_key, account_id, tag.key, tag.value
    FROM (
        SELECT resource_key, account_id, unnest(map_entries(tags)) AS tag
        FROM billed_things
        JOIN bill_tag_sets USING (billing_period, tag_set)
        WHERE starts_with(resource_key, 'i-')
    )
),

machine AS (
    SELECT DISTINCT instance, account_id, regexp_extract(value, '[^/]+$') AS queue
    FROM tagged
    WHERE regexp_full_match(normal_form(key), '((user|aws)-)?batch-job-queue') AND value <> ''
        AND instance NOT IN (
            SELECT billed.to_id
            FROM lineage_edges AS edge
            JOIN lineage_edges AS billed ON billed.relation = 'is_instance' AND billed.from_id = edge.to_id
            WHERE edge.relation = 'runs_on_node'
        )
),

job AS (
    SELECT resource_key AS job, account_id, regexp_extract(body ->> '$.jobQueue', '[^/]+$') AS queue, source,
        valid_from, coalesce(ended_at, valid_to, last_seen_at) AS valid_to,
        list_transform(
            json_extract(body, '$.container.resourceRequirements[*]'),
            lambda one: {'type': one ->> '$.type', 'amount': told_number(one ->> '$.value')}
        ) AS reserved,
        greatest(
            grade('an accelerator') * coalesce(
                list_sum(list_transform(reserved, lambda one: CASE one.type WHEN 'GPU' THEN one.amount END)), 0
            )
            + grade('a vcpu') * coalesce(
                list_sum(list_transform(reserved, lambda one: CASE one.type WHEN 'VCPU' THEN one.amount END)),
                told_number(body ->> '$.container.vcpus'), 0
            ),
            grade('any pod')
        ) * coalesce(told_count(body ->> '$.arrayProperties.size'), 1) AS weight
    FROM resource_history
    -- What waits in its queue costs nothing.
    WHERE kind = 'batch:DescribeJobs' AND (body ->> '$.status') IN ('RUNNING', 'SUCCEEDED', 'FAILED')
),

billed_day AS (
    SELECT DISTINCT resource_id AS instance, CAST(charge_date AS TIMESTAMP) AS day
    FROM daily_charges
    WHERE starts_with(resource_id, 'i-')
)

SELECT machine.instance AS resource_key, NULL AS instance_type, job.job AS consumer_key,
    (epoch(least(job.valid_to, day + INTERVAL 1 DAY)) - epoch(greatest(job.valid_from, day))) * job.weight AS weight,
    day AS valid_from, day + INTERVAL 1 DAY AS valid_to, 'jobs of its queue' AS kind, [job.source] AS sources
FROM machine
JOIN billed_day USING (instance)
JOIN job ON job.account_id = machine.account_id AND job.queue = machine.queue
    AND job.valid_from < day + INTERVAL 1 DAY AND job.valid_to > day
