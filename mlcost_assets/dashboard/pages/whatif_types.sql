-- Types of machines whose price is known.
SELECT DISTINCT split_part(usage, ':', 2) AS name
FROM unit_prices
WHERE regexp_matches(usage, '^(Host|AsyncInf|Notebk):ml\.')
ORDER BY name
