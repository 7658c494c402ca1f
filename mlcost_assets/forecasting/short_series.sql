-- Series of $scope (and of $name, where that is given) that are shorter than $needed days: currency and days.
SELECT spent.billing_currency, count(charge_date) AS days
FROM (
    SELECT DISTINCT
        CASE $scope
            WHEN 'model' THEN model
            WHEN 'team' THEN team
            ELSE billing_currency END AS name,
        billing_currency
    FROM attributed_costs WHERE is_ml
) AS spent
LEFT JOIN daily_costs ON scope = $scope AND daily_costs.name = spent.name
    AND daily_costs.billing_currency = spent.billing_currency
WHERE spent.name IS NOT NULL AND ($name IS NULL OR spent.name = $name)
GROUP BY spent.name, spent.billing_currency
HAVING count(charge_date) < $needed
ORDER BY ALL
