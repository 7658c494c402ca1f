-- What does a core cost per hour, by series and region?
SELECT service_name, region_id, json_extract_string(sku_price_details, '$.InstanceSeries') AS series,
    sum(CAST(json_extract(sku_price_details, '$.CoreCount') AS INTEGER) * consumed_quantity) AS core_hours,
    sum(effective_cost) AS effective_cost,
    round(
        sum(effective_cost) / sum(CAST(json_extract(sku_price_details, '$.CoreCount') AS INTEGER) * consumed_quantity),
        4
    ) AS per_core_hour,
    billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND json_exists(sku_price_details, '$.CoreCount') AND consumed_quantity > 0
    AND NOT is_split_cost
GROUP BY ALL
ORDER BY per_core_hour DESC
