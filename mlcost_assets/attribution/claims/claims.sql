-- Every claim with its place in the order of sources and its sentence; a model's code gives way to its name.
--
-- Reads the temporary tables claimed (direct claims and what flowed), precedence and code_names.
SELECT resource_key, dimension, value, valid_from, valid_to, source, precedence, method,
    sureness(factors) AS confidence, path, sentence(code, dimension, value, place, said) AS statement, place, code,
    said, factors
FROM (
    SELECT claimed.* EXCLUDE (value, factors), coalesce(code_names.name, claimed.value) AS value,
        CASE
            WHEN code_names.name IS NULL THEN claimed.factors
            ELSE list_append(claimed.factors, factor('the name of its code', code_names.share)) END AS factors
    FROM claimed
    LEFT JOIN code_names ON code_names.code = claimed.value AND claimed.dimension = 'model'
)
JOIN precedence USING (source)
