-- The words with which an organisation begins its names (its own, say): over half of
-- its accounts, buckets or registered models.
WITH first_word AS (
    SELECT kind, string_split(normal_form(coalesce(body ->> '$.Account.Name', name)), '-')[1] AS word, resource_key
    FROM resource_history
    WHERE kind IN (
        'organizations:DescribeAccount', 's3:ListBuckets', 'sagemaker:DescribeModelPackageGroup', 'eks:DescribeCluster'
    )
)

SELECT DISTINCT word
FROM (
    SELECT kind, word, count(DISTINCT resource_key) AS things,
        sum(count(DISTINCT resource_key)) OVER (PARTITION BY kind) AS all_things
    FROM first_word WHERE word IS NOT NULL GROUP BY kind, word
)
WHERE things >= 2 AND things * 2 > all_things
