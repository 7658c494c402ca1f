-- What the charges of a FOCUS drop come to by currency and category, read without the mapping.
SELECT row_currency AS billing_currency, charge_category AS type,
    CAST(sum(billed_cost) AS DECIMAL(28,10)) AS gross,
    CAST(NULL AS DECIMAL(28,10)) AS net_cost,
    0 AS rows_without_currency,
    CAST(NULL AS DECIMAL(28,10)) AS left_out,
    CAST(NULL AS DECIMAL(28,10)) AS discounts
FROM exported
GROUP BY ALL
