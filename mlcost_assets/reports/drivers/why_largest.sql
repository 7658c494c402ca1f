-- The $rows largest changes of each currency: since when, what was deployed shortly before, and who worked with it.
WITH ranked AS (
    SELECT *, row_number() OVER (
        PARTITION BY billing_currency
        ORDER BY abs(change) DESC, driver, is_ml, account_id, service_code, region_id, resource_id, usage_type,
            operation, charge_category
    ) AS place
    FROM cost_drivers
    WHERE billing_period = $period AND scope = $scope AND name IS NOT DISTINCT FROM $name
),

largest AS (
    SELECT *, CAST($period || '-01' AS DATE) AS first_day,
        resource_key(resource_id, service_code, usage_type, region_id, account_id) AS resource_key
    FROM ranked
    WHERE place <= $rows
),

-- What it cost, and how much was used, on each day on which it was billed; and of which models.
daily AS (
    SELECT largest.billing_currency, place, costs.billing_period, costs.charge_date,
        CAST(sum(costs.effective_cost) AS DECIMAL(28,10)) AS cost, CAST(sum(costs.list_cost) AS DECIMAL(28,10)) AS list,
        CAST(sum(costs.usage_quantity) AS DECIMAL(28,10)) AS quantity, list(DISTINCT costs.model) AS models
    FROM largest
    JOIN attributed_costs AS costs ON costs.billing_currency = largest.billing_currency
        AND costs.account_id = largest.account_id
        AND costs.service_code IS NOT DISTINCT FROM largest.service_code
        AND costs.region_id IS NOT DISTINCT FROM largest.region_id
        AND costs.resource_id = largest.resource_id
        AND costs.usage_type IS NOT DISTINCT FROM largest.usage_type
        AND costs.operation IS NOT DISTINCT FROM largest.operation
        AND costs.charge_category = largest.charge_category
        AND costs.is_ml = largest.is_ml
    WHERE costs.billing_period IN ($period, $period_before)
        AND CASE $scope
            WHEN 'model' THEN costs.model
            WHEN 'team' THEN costs.team
            WHEN 'environment' THEN costs.environment
            ELSE '' END = coalesce($name, '')
    GROUP BY ALL
),

span AS (
    SELECT billing_currency, place, min(charge_date) FILTER (billing_period = $period) AS first_charged,
        max(charge_date) FILTER (billing_period = $period_before) AS last_charged,
        sum(list) FILTER (is_before) AS list_before, sum(quantity) FILTER (is_before) AS quantity_before,
        list_distinct(flatten(list(models))) AS models
    FROM (
        SELECT *, billing_period = $period_before AND ($until_day IS NULL OR day(charge_date) <= $until_day)
            AS is_before
        FROM daily
    )
    GROUP BY billing_currency, place
),

-- How far each day of the month is from the month before, in the direction of the change: its list price, what of the
-- list price is paid, else its cost, from the mean day. Ratios that only find a day, and that nobody is shown.
distance AS (
    SELECT largest.billing_currency, largest.place, day.day AS day,
        sign(largest.change) * CASE
            WHEN driver = 'price'
                THEN CAST(daily.list AS DOUBLE) / daily.quantity - CAST(list_before AS DOUBLE) / span.quantity_before
            WHEN driver = 'discount' AND span.list_before > 0
                THEN CAST(daily.cost AS DOUBLE) / daily.list - CAST(largest.cost_before AS DOUBLE) / list_before
            ELSE CAST(coalesce(daily.cost, 0) AS DOUBLE)
                - CAST(largest.cost_before AS DOUBLE) / coalesce($until_day, day(first_day - 1))
        END AS distance
    FROM largest
    JOIN span ON span.billing_currency = largest.billing_currency AND span.place = largest.place
    CROSS JOIN LATERAL (
        SELECT CAST(unnest(generate_series(
            first_day, first_day + CAST(coalesce($until_day, day(last_day(first_day))) - 1 AS INTEGER), INTERVAL 1 DAY
        )) AS DATE) AS day
    ) AS day
    LEFT JOIN daily ON daily.billing_currency = largest.billing_currency AND daily.place = largest.place
        AND daily.charge_date = day.day AND daily.billing_period = $period
    WHERE driver NOT IN ('new', 'gone')
),

-- The first day that is at least half as far as the farthest; none where no day is.
stepped AS (
    SELECT billing_currency, place, min(day) FILTER (2 * distance >= farthest AND farthest > 0) AS day
    FROM (
        SELECT *, max(distance) OVER (PARTITION BY billing_currency, place) AS farthest
        FROM distance
        WHERE isfinite(distance)
    )
    GROUP BY billing_currency, place
),

dated AS (
    SELECT largest.*,
        CASE driver
            WHEN 'new' THEN first_charged
            WHEN 'gone' THEN last_charged + 1
            ELSE stepped.day END AS since,
        CASE WHEN charge_category = 'Usage' AND len(models) = 1 THEN models[1] END AS model
    FROM largest
    LEFT JOIN span USING (billing_currency, place)
    LEFT JOIN stepped USING (billing_currency, place)
),

deployment AS (
    SELECT coalesce(time_from_text(body ->> '$.occurred_at'), collected_at) AS moment, file || ':' || line AS record,
        coalesce(name_dictionary.name, normal_form(body ->> '$.model')) AS model, body ->> '$.actor' AS actor,
        concat_ws(
            ' ', body ->> '$.provider', body ->> '$.repository', body ->> '$.workflow', body ->> '$.run_id'
        ) AS label,
        list_transform(
            body ->> '$.resources[*]', lambda resource: resource_key(resource, NULL, NULL, region, account_id)
        ) AS resources
    FROM metadata_records
    LEFT JOIN name_dictionary ON name_dictionary.dimension = 'model'
        AND name_dictionary.compact = replace(normal_form(body ->> '$.model'), '-', '')
    WHERE kind = 'cicd:Deployment'
),

-- What names the resource itself says more than what names its model; then the nearest counts.
deployed AS (
    SELECT DISTINCT ON (dated.billing_currency, place) dated.billing_currency, place, moment, label, actor, record,
        CASE WHEN list_contains(resources, resource_key) THEN 'the resource' ELSE 'the model' END AS names
    FROM dated
    JOIN deployment ON list_contains(resources, resource_key) OR deployment.model = dated.model
    WHERE moment >= since - INTERVAL 3 DAY AND moment < since + INTERVAL 1 DAY
    ORDER BY dated.billing_currency, place, names = 'the resource' DESC, moment DESC, record
),

people AS (
    SELECT resource_key, list(DISTINCT person ORDER BY person) AS people FROM resource_people GROUP BY resource_key
)

SELECT dated.billing_currency, driver, change, cost_before, cost_after, quantity_before, quantity_after, account_id,
    service_code, region_id, resource_id, usage_type, operation, charge_category, is_ml, unexplained_because, since,
    moment AS deployed_at, label AS deployment, actor AS deployed_by, names AS deployment_names,
    record AS deployment_record, coalesce(people, []) AS people
FROM dated
LEFT JOIN deployed USING (billing_currency, place)
LEFT JOIN people USING (resource_key)
ORDER BY dated.billing_currency, place
