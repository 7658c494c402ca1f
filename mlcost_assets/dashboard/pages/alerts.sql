-- What the checks of the last run complain about, the gravest first.
SELECT severity, check_name, description, checked_at
FROM data_quality
QUALIFY row_number() OVER (PARTITION BY asset, check_name ORDER BY checked_at DESC) = 1 AND NOT passed
ORDER BY severity, check_name, asset
