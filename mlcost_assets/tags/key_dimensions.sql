-- What each known tag key tells. rules.yaml has the last word; its `none` makes a key tell nothing.
SELECT
    normal_form(name) AS normal_key,
    nullif(arg_max(dimension, (source, dimension)), 'none') AS dimension,
    max(source) AS source
FROM spoken_keys
GROUP BY 1
