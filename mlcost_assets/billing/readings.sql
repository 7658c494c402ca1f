-- How a drop's costs are to be read, from `told_types`. Discounts stand either inside net costs or as rows of their
-- own; where there are such rows, gross costs hold all, unless the net costs leave out more than the rows come to.
WITH told AS (
    SELECT
        coalesce(sum(net_rows) > 0, false) AS has_net,
        count(*) FILTER (type LIKE '%Discount' AND gross <> 0) > 0 AS has_rows,
        coalesce(sum(gross) FILTER (type LIKE '%Discount'), 0) AS as_rows,
        coalesce(sum(net_cost - gross) FILTER (type NOT LIKE '%Discount'), 0) AS inside,
        bool_or(type = 'SavingsPlanCoveredUsage') AS has_covered,
        bool_or(type = 'SavingsPlanCoveredUsage' AND plan_rows > 0) AS plans_told,
        bool_or(type = 'DiscountedUsage') AS has_discounted,
        bool_or(type = 'DiscountedUsage' AND reservation_rows > 0) AS reservations_told,
        bool_or(
            type = 'SavingsPlanRecurringFee' AND plan_unused_lacks > 0
                OR type = 'RIFee' AND reservation_unused_lacks > 0
        ) AS unused_lacks
    FROM told_types
)

SELECT
    has_net AND (NOT has_rows OR inside < as_rows - greatest(0.01, abs(as_rows) / 100)) AS net,
    coalesce(CASE WHEN has_covered THEN plans_told END, $plan_columns) AS plans_amortise,
    coalesce(CASE WHEN has_discounted THEN reservations_told END, $reservation_columns) AS reservations_amortise,
    coalesce(unused_lacks, false) AS unused_lacks
FROM told
