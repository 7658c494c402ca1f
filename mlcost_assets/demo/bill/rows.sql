-- Hourly rows of the bill from the plans: money is an integer number of 0.0000000001 USD.
-- rows(line, begins, ends, quantity, unblended, public, effective, …)
CREATE TABLE rows AS
WITH hours AS (
    SELECT line, unnest(range(begins // 3600, (ends + 3599) // 3600)) * 3600 AS slot, 3600 AS width
    FROM lines WHERE step = 'hour'
    UNION ALL
    SELECT line, unnest(range(begins // 86400, (ends + 86399) // 86400)) * 86400, 86400
    FROM lines WHERE step = 'day'
    UNION ALL
    SELECT line, begins, ends - begins FROM lines WHERE step = 'once'
),
used AS (
    SELECT
        line,
        slot AS begins,
        slot + width AS ends,
        (
            quantity::HUGEINT * (least(lines.ends, slot + width) - greatest(lines.begins, slot)) // width
        )::BIGINT AS quantity
    FROM hours
    JOIN lines USING (line)
)
SELECT
    used.line,
    used.begins,
    used.ends,
    used.quantity,
    CASE
        WHEN kind_of_cover = 'reservation' THEN 0
        ELSE sign(rate) * ((used.quantity::HUGEINT * abs(rate) + 5000000000) // 10000000000)
    END::BIGINT AS unblended,
    ((used.quantity::HUGEINT * public_rate + 5000000000) // 10000000000)::BIGINT AS public,
    -- Effective cost of covered usage has eight decimals, so that a discount on it is exact in ten.
    CASE
        WHEN kind_of_cover <> '' THEN (used.quantity::HUGEINT * covered_rate + 500000000000) // 1000000000000 * 100
        ELSE sign(rate) * ((used.quantity::HUGEINT * abs(rate) + 5000000000) // 10000000000)
    END::BIGINT AS effective,
    NULL::BIGINT AS commitment_total,
    NULL::BIGINT AS commitment_used,
    NULL::BIGINT AS unused_quantity,
    NULL::BIGINT AS unused_recurring,
    NULL::BIGINT AS unused_upfront,
    NULL::DOUBLE AS split_usage,
    NULL::DOUBLE AS split_ratio,
    NULL::BIGINT AS split_cost,
    NULL::BIGINT AS split_unused,
    NULL::BIGINT AS split_public,
    NULL::BIGINT AS split_public_unused
FROM used
JOIN lines USING (line);

-- A savings plan takes back, per hour, account and usage type, what its covered rows show at list price.
INSERT INTO rows BY NAME
SELECT
    negation.line,
    covered.begins,
    covered.ends,
    sum(covered.quantity)::BIGINT AS quantity,
    -sum(covered.unblended)::BIGINT AS unblended,
    sum(covered.public)::BIGINT AS public,
    0 AS effective
FROM rows AS covered
JOIN lines AS usage ON usage.line = covered.line AND usage.kind_of_cover = 'savings plan'
JOIN lines AS negation
    ON negation.line_item_type = 'SavingsPlanNegation'
    AND negation.covered_by = usage.covered_by
    AND negation.account_id = usage.account_id
    AND negation.usage_type = usage.usage_type
GROUP BY ALL;
