-- Where published charges (arrow table `effective`) are not effectively what the files say (`effective_now`). AWS
-- rounds each amount, so what a commitment comes to may differ by cents.
SELECT type || ': effectively ' || coalesce(effective_now.cost, 0) || ' ' || currency
    || ' by the files'' own columns, published are ' || coalesce(effective.cost, 0) AS problem
FROM effective_now
FULL JOIN effective USING (currency, type)
WHERE abs(coalesce(effective_now.cost, 0) - coalesce(effective.cost, 0))
    > CASE WHEN type IN ('savings plans', 'reservations') THEN greatest(0.01, effective_now.cost / 10000) ELSE 0 END
ORDER BY ALL
