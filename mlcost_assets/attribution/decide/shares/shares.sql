-- The final consumers of every shared thing, with whole weights. Reads the temporary table shared.
SELECT resource_key, instance_type, consumer_key, CAST(round(sum(fraction) * 1000000000) AS BIGINT) AS weight,
    valid_from, valid_to,
    min({'measure': measure, 'method': method}).method AS method, min(sureness(factors)) AS confidence,
    list_sort(list_distinct(flatten(list(sources)))) AS sources,
    min(measure) AS measure, arg_min(factors, (sureness(factors), measure)) AS factors
FROM shared
WHERE valid_from < valid_to
GROUP BY resource_key, instance_type, consumer_key, valid_from, valid_to
