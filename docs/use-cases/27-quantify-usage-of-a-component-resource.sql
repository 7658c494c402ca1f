-- How many cores did we use, by series and region, when machines are what is billed?
-- SkuPriceDetails comes with FOCUS 1.2 exports; CUR has no such column.
SELECT CAST(charge_period_start AS DATE) AS day, region_id,
    json_extract_string(sku_price_details, '$.InstanceSeries') AS series,
    sum(CAST(json_extract(sku_price_details, '$.CoreCount') AS INTEGER) * consumed_quantity) AS core_hours
FROM line_items
WHERE billing_period = '2026-10' AND json_exists(sku_price_details, '$.CoreCount') AND NOT is_split_cost
GROUP BY ALL
ORDER BY day, region_id
