-- Tags on the resource itself, as its API told them, also where nobody activated them for the bill.
SELECT
    resource_key, dimension, value, valid_from, valid_to,
    'resource_tag' AS source,
    'tag' AS method,
    'resource_tag' AS code,
    'tag' AS place,
    written AS said,
    [factor('meaning of the value', confidence), graded('resource_tag')] AS factors,
    [record] AS path
FROM tag_spans
