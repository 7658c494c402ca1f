-- The words with which an organisation begins its names (its own, say): over half of the names of its accounts, buckets
-- or registered models. What is called the same in several accounts is one name: a template's, or one model's.
WITH called AS (
    SELECT DISTINCT kind, normal_form(coalesce(body ->> '$.Account.Name', name)) AS name
    FROM resource_history
    WHERE kind IN (
        'organizations:DescribeAccount', 's3:ListBuckets', 'sagemaker:DescribeModelPackageGroup', 'eks:DescribeCluster'
    )
)

SELECT DISTINCT word
FROM (
    SELECT kind, string_split(name, '-')[1] AS word, count(*) AS names,
        sum(count(*)) OVER (PARTITION BY kind) AS all_names
    FROM called WHERE name IS NOT NULL GROUP BY kind, word
)
WHERE names >= 2 AND names * 2 > all_names
