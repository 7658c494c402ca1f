-- Which accounts have something in which region, and is it where it should be?
SELECT sub_account_id, region_id, region_name, count(*) AS charges, count(DISTINCT resource_id) AS resources,
    region_id NOT LIKE 'us-%' AS outside_the_us
FROM line_items
WHERE billing_period = '2026-10' AND region_id IS NOT NULL
GROUP BY ALL
ORDER BY sub_account_id, region_id
