-- Charges whose money is not all there, or there twice: the bill against
-- attributed_costs, by everything that both tell, exactly.
WITH bill AS (
    SELECT billing_period, CAST(charge_period_start AS DATE) AS charge_date, export_name, billing_account_id,
        coalesce(sub_account_id, billing_account_id) AS account_id, coalesce(region_id, '') AS region_id,
        billing_currency,
        coalesce(x_service_code, service_name, '') AS service_code, charge_category,
        coalesce(x_usage_type, '') AS usage_type,
        coalesce(x_operation, '') AS operation, coalesce(resource_id, '') AS resource_id,
        sum(billed_cost) AS billed, sum(effective_cost) AS effective, sum(list_cost) AS list,
        sum(contracted_cost) AS contracted
    FROM line_items
    WHERE NOT is_split_cost AND ($period IS NULL OR billing_period = $period)
    GROUP BY ALL
),

attributed AS (
    SELECT billing_period, charge_date, export_name, billing_account_id, account_id,
        coalesce(region_id, '') AS region_id, billing_currency,
        coalesce(service_code, '') AS service_code, charge_category, coalesce(usage_type, '') AS usage_type,
        coalesce(operation, '') AS operation, coalesce(resource_id, '') AS resource_id,
        sum(billed_cost) AS billed, sum(effective_cost) AS effective, sum(list_cost) AS list,
        sum(contracted_cost) AS contracted
    FROM attributed_costs
    WHERE $period IS NULL OR billing_period = $period
    GROUP BY ALL
)

SELECT billing_period || ': ' || charge_date || ' '
    || concat_ws(' ', service_code, nullif(usage_type, ''), nullif(resource_id, '')) || ' is billed '
    || coalesce(bill.billed, 0) || ' and effectively ' || coalesce(bill.effective, 0) || ', attributed are '
    || coalesce(attributed.billed, 0) || ' and ' || coalesce(attributed.effective, 0) AS problem
FROM bill
FULL JOIN attributed USING (
    billing_period, charge_date, export_name, billing_account_id, account_id, region_id, billing_currency,
    service_code, charge_category, usage_type, operation, resource_id)
WHERE coalesce(bill.billed, 0) <> coalesce(attributed.billed, 0)
    OR coalesce(bill.effective, 0) <> coalesce(attributed.effective, 0)
    OR coalesce(bill.list, 0) <> coalesce(attributed.list, 0)
    OR coalesce(bill.contracted, 0) <> coalesce(attributed.contracted, 0)
ORDER BY ALL
