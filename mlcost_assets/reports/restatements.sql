-- What the newest drop of each of $periods changed since the one before it, where it is another: by
-- service, account and model, in rows and cost.
--
-- Reads drops_before and attributed_before, which are billing_drops and
-- attributed_costs as they stood when the refresh began.
WITH restated AS (
    SELECT billing_period, export_name, before.drop_id AS drop_before, newest.drop_id AS drop_after,
        coalesce(before.is_final, false) AS was_final
    FROM drops_before AS before
    JOIN billing_drops AS newest USING (billing_period, export_name)
    WHERE list_contains($periods, billing_period)
        AND before.state = 'loaded' AND newest.state = 'loaded' AND before.drop_id <> newest.drop_id
),

both_versions AS (
    SELECT *, true AS is_after
    FROM attributed_costs
    SEMI JOIN restated USING (billing_period, export_name)
    UNION ALL BY NAME
    SELECT *, false AS is_after
    FROM attributed_before
    SEMI JOIN restated USING (billing_period, export_name)
),

-- By day: what only moved from one day to another has changed as well.
on_a_day AS (
    SELECT
        billing_period, export_name, account_id, service_code, model, billing_currency, charge_date,
        count(*) FILTER (NOT is_after) AS rows_before,
        count(*) FILTER (is_after) AS rows_after,
        coalesce(sum(billed_cost) FILTER (NOT is_after), 0) AS billed_before,
        coalesce(sum(billed_cost) FILTER (is_after), 0) AS billed_after,
        coalesce(sum(effective_cost) FILTER (NOT is_after), 0) AS effective_before,
        coalesce(sum(effective_cost) FILTER (is_after), 0) AS effective_after
    FROM both_versions
    GROUP BY ALL
)

SELECT
    billing_period,
    export_name,
    drop_before,
    drop_after,
    $restated_at AS restated_at,
    was_final,
    account_id,
    service_code,
    model,
    billing_currency,
    min(charge_date) FILTER (is_changed) AS first_changed_day,
    max(charge_date) FILTER (is_changed) AS last_changed_day,
    sum(rows_before) AS rows_before,
    sum(rows_after) AS rows_after,
    CAST(sum(billed_before) AS DECIMAL(28,10)) AS billed_cost_before,
    CAST(sum(billed_after) AS DECIMAL(28,10)) AS billed_cost_after,
    CAST(sum(effective_before) AS DECIMAL(28,10)) AS effective_cost_before,
    CAST(sum(effective_after) AS DECIMAL(28,10)) AS effective_cost_after
FROM (
    SELECT *,
        (rows_before, billed_before, effective_before) <> (rows_after, billed_after, effective_after) AS is_changed
    FROM on_a_day
)
JOIN restated USING (billing_period, export_name)
GROUP BY ALL
HAVING bool_or(is_changed)
