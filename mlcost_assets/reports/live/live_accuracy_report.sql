-- How far estimates were from the bill: each day, newest first, the largest errors of a day first.
SELECT day, service_code, estimated_cost, billed_cost, error, error_ratio, estimated_from, estimated_until,
    billing_account_id, billing_currency
FROM live_accuracy
WHERE list_contains($periods, strftime(day, '%Y-%m'))
ORDER BY day DESC, abs(error) DESC, billing_account_id, service_code NULLS LAST, billing_currency
