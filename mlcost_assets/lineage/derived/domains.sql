-- What runs in a Studio domain → the domain, where it is nobody's in particular: none of its users' profiles is tagged.
-- An app tells its domain by its ARN, other things by AWS's stamp. Reads the temporary table stated_edges.
SELECT DISTINCT edge.from_id, regexp_replace(edge.to_id, ':(space|user-profile)/([^/]+)/.*$', ':domain/\2') AS to_id,
    'in_domain' AS relation,
    edge.valid_from, edge.valid_to, edge.source, CAST(NULL AS VARCHAR) AS detail
FROM stated_edges AS edge
WHERE edge.relation IN ('in_space', 'worked_in_by', 'stamped_by_domain')
    AND regexp_extract(edge.to_id, ':(?:space|user-profile|domain)/([^/]+)', 1) NOT IN (
        SELECT regexp_extract(resource_key, ':user-profile/([^/]+)/', 1) FROM resource_history
        WHERE kind = 'sagemaker:DescribeUserProfile' AND cardinality(tags) > 0)
