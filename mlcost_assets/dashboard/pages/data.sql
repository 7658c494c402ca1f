-- Checks of the last run, those that failed first.
SELECT asset, check_name, passed, severity, description, checked_at
FROM data_quality
QUALIFY row_number() OVER (PARTITION BY asset, check_name ORDER BY checked_at DESC) = 1
ORDER BY passed, severity, asset, check_name
