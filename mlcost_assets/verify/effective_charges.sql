-- What published charges of an export's period are effectively, by currency and by what commitments have to do with it.
SELECT billing_currency AS currency,
    CASE
        WHEN x_line_item_type LIKE 'SavingsPlan%' THEN 'savings plans'
        WHEN x_line_item_type IN ('DiscountedUsage', 'RIFee') THEN 'reservations'
        ELSE coalesce(x_line_item_type, charge_category) END AS type,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS cost
FROM line_items
WHERE export_name = $export_name AND billing_period = $billing_period AND NOT is_split_cost
GROUP BY ALL
