-- 10,000 resources, each billed on 500 days in a row; three of ten are no ML, one of ten has no known team.
SELECT i AS number,
    format('arn:aws:sagemaker:us-east-1:{:012d}:endpoint/serving-{:05d}', 100 + i % 40, i) AS resource_id,
    format('sagemaker/{:012d}/us-east-1/endpoint/serving-{:05d}', 100 + i % 40, i) AS resource_key,
    format('{:012d}', 100 + i % 40) AS account_id, i % 10 < 7 AS is_ml,
    CASE WHEN i % 10 < 7 THEN format('model-{:03d}', hash(i) % 300) END AS model,
    CASE WHEN i % 10 <> 6 THEN format('team-{:02d}', if(i % 10 < 7, hash(i) % 300, i) % 40) END AS team,
    ['prod', 'staging', 'dev'][1 + i % 3] AS environment,
    ['inference', 'inference', 'training', 'experimentation', 'storage'][1 + i // 3 % 5] AS stage,
    ['tag', 'lineage', 'rule', 'proportional'][1 + i % 4] AS method, 1 - i % 5 / 10 AS confidence,
    'SageMaker' AS service, ['ml.m5.large', 'ml.g5.xlarge', 'ml.c5.xlarge'][1 + i % 3] AS machine,
    DATE '2023-12-01' + CAST(hash(i, 'first') % 596 AS INTEGER) AS first_day,
    CAST(1 + hash(i, 'cost') % 100000 AS DECIMAL(28,10)) / 1000 AS daily_cost
FROM range($resources) AS each(i)
