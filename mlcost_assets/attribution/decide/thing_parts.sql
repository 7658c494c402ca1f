-- What the bill names → its consumers, each with its share and when it holds; a thing that nobody shares is one part.
--
-- Reads the temporary tables period_things. Charges of an instance type that its shares know are divided by those, all
-- others by the shares as a whole.
WITH share_type AS (
    SELECT DISTINCT resource_key, instance_type FROM shares WHERE instance_type <> '*'
)

SELECT thing.billed_thing, thing.resource_key, thing.account_id, share.consumer_key,
    coalesce(share.weight, 1) AS weight, share.method AS share_method, share.factors AS share_factors,
    share.sources AS share_sources, share.measure,
    coalesce(share.valid_from, always_from()) AS valid_from, coalesce(share.valid_to, always_to()) AS valid_to,
    count(DISTINCT share.consumer_key) OVER (PARTITION BY thing.billed_thing) > 1 AS several
FROM period_things AS thing
LEFT JOIN share_type ON share_type.resource_key = thing.resource_key
    AND share_type.instance_type = thing.instance_type
LEFT JOIN shares AS share ON share.resource_key = thing.resource_key
    AND share.instance_type = coalesce(share_type.instance_type, '*')
    AND share.valid_from < thing.ends AND share.valid_to > thing.starts
