-- What each gateway or trace estimates beside the bill of the same foundation model and day, and what makes the
-- difference. Calls that were seen take their tokens at the day's own price, and what is left of the bill is a row of
-- its own, so that rows add up to the bill.
WITH billed AS (
    SELECT charge_date, billing_currency, foundation_model_key(foundation_model) AS key, model, caller,
        -- A batch has its own price, and passes no gateway.
        direction || CASE WHEN is_batch THEN ' batch' ELSE '' END AS way, min(foundation_model) AS foundation_model,
        CASE WHEN count(tokens) = count(*) THEN sum(tokens) END AS tokens, sum(billed_cost) AS billed,
        sum(effective_cost) AS effective, sum(list_cost) AS listed, min(tokens_unknown_because) AS unknown_because
    FROM token_callers
    WHERE billing_period = $billing_period
    GROUP BY ALL
),

-- Estimates are in US dollars.
seen AS (
    SELECT *, 'USD' AS billing_currency, coalesce(is_on_aws(provider), true) AS is_billed, row_number() OVER (
            ORDER BY charge_date, source, foundation_model_key, model, team, principal, provider
        ) AS call_row
    FROM estimated_usage
    WHERE strftime(charge_date, '%Y-%m') = $billing_period
),

-- They are compared by the application's model where every call of the day names one that the bill has, too, and by
-- who called where the bill has every caller; else by the foundation model alone. `place` is what of these there is.
called AS (
    SELECT *, CASE WHEN is_by_model THEN model ELSE '' END AS place_model,
        CASE WHEN is_by_caller THEN caller_name(principal) ELSE '' END AS place_caller,
        concat_ws(chr(31), place_model, place_caller) AS place
    FROM (
        SELECT seen.*, bool_and(of_model.key IS NOT NULL) OVER comparison AS is_by_model,
            CASE WHEN is_by_model THEN bool_and(of_both.key IS NOT NULL) OVER comparison
                 ELSE bool_and(of_caller.key IS NOT NULL) OVER comparison END AS is_by_caller
        FROM seen
        LEFT JOIN (
            SELECT DISTINCT charge_date, billing_currency, key, model FROM billed
        ) AS of_model ON of_model.charge_date = seen.charge_date AND of_model.billing_currency = seen.billing_currency
            AND of_model.key = seen.foundation_model_key AND of_model.model = seen.model
        LEFT JOIN (
            SELECT DISTINCT charge_date, billing_currency, key, caller FROM billed
        ) AS of_caller ON of_caller.charge_date = seen.charge_date
            AND of_caller.billing_currency = seen.billing_currency
            AND of_caller.key = seen.foundation_model_key AND of_caller.caller = caller_name(seen.principal)
        LEFT JOIN (
            SELECT DISTINCT charge_date, billing_currency, key, model, caller FROM billed
        ) AS of_both ON of_both.charge_date = seen.charge_date AND of_both.billing_currency = seen.billing_currency
            AND of_both.key = seen.foundation_model_key AND of_both.model = seen.model
            AND of_both.caller = caller_name(seen.principal)
        WINDOW comparison AS (
            PARTITION BY seen.source, seen.charge_date, seen.billing_currency, foundation_model_key, is_billed
        )
    )
),

-- Each source looks at the whole bill of the days of which it tells anything.
looked AS (
    SELECT days.source, billed.*,
        CASE WHEN coalesce(is_by_model, true) THEN coalesce(model, '') ELSE '' END AS place_model,
        CASE WHEN coalesce(is_by_caller, false) THEN caller ELSE '' END AS place_caller,
        concat_ws(chr(31), place_model, place_caller) AS place
    FROM billed
    JOIN (
        SELECT DISTINCT source, charge_date FROM seen
    ) AS days USING (charge_date)
    LEFT JOIN (
        SELECT DISTINCT source, charge_date, billing_currency, foundation_model_key AS key, is_by_model, is_by_caller
        FROM called
        WHERE is_billed
    ) AS told USING (source, charge_date, billing_currency, key)
),

bill AS (
    SELECT source, charge_date, billing_currency, key, place, place_model, place_caller, way,
        min(foundation_model) AS foundation_model,
        CASE WHEN count(tokens) = count(*) THEN CAST(sum(tokens) AS DECIMAL(28,10)) END AS tokens,
        CAST(sum(billed) AS DECIMAL(28,10)) AS billed, CAST(sum(effective) AS DECIMAL(28,10)) AS effective,
        CAST(sum(listed) AS DECIMAL(28,10)) AS listed, min(unknown_because) AS unknown_because
    FROM looked
    GROUP BY ALL
),

whole AS (
    SELECT source, charge_date, billing_currency, key, place, min(foundation_model) AS foundation_model,
        min(unknown_because) AS unknown_because,
        coalesce(max(tokens) FILTER (way = 'input'), 0) AS input, max(listed) FILTER (way = 'input') AS input_listed,
        coalesce(max(tokens) FILTER (way = 'cache read'), 0) AS cache_read,
        coalesce(max(tokens) FILTER (way = 'cache write'), 0) AS cache_write
    FROM bill
    GROUP BY ALL
),

-- A gateway that tells no tokens of the cache counts them as input: what it has more of that than the bill, as far as
-- the bill has tokens of the cache.
matched AS (
    SELECT *, CASE WHEN cached = 0 AND told_input > 0
            THEN least(greatest(told_input - input, 0), cache_read + cache_write) ELSE 0 END AS taken,
        share_of(taken, cache_read, cache_read + cache_write) AS taken_read
    FROM (
        SELECT called.*, whole.key, whole.foundation_model AS billed_as, input, input_listed, cache_read, cache_write,
            whole.unknown_because,
            CAST(sum(coalesce(input_tokens, 0)) OVER comparison AS DECIMAL(28,10)) AS told_input,
            CAST(sum(coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0)) OVER comparison
                AS DECIMAL(28,10)) AS cached
        FROM called
        JOIN whole ON whole.source = called.source AND whole.charge_date = called.charge_date
            AND whole.billing_currency = called.billing_currency AND whole.key = called.foundation_model_key
            AND whole.place = called.place
        WHERE is_billed
        WINDOW comparison AS (
            PARTITION BY called.source, called.charge_date, called.billing_currency, whole.key, called.place
        )
    )
),

counted AS (
    SELECT *, unnest(['input', 'output', 'cache read', 'cache write']) AS way,
        unnest([
            coalesce(input_tokens, 0) - share_of(taken, input_tokens, told_input), coalesce(output_tokens, 0),
            coalesce(cache_read_tokens, 0) + share_of(taken_read, input_tokens, told_input),
            coalesce(cache_write_tokens, 0) + share_of(taken, input_tokens, told_input)
                - share_of(taken_read, input_tokens, told_input)
        ]) AS tokens,
        unnest([
            failed_input_tokens, failed_output_tokens, failed_cache_read_tokens, failed_cache_write_tokens
        ]) AS failed
    FROM matched
    WHERE unknown_because IS NULL
),

priced AS (
    SELECT counted.call_row, counted.source, counted.charge_date, counted.billing_currency, counted.key,
        counted.place, counted.way, counted.tokens, coalesce(counted.failed, 0) AS failed,
        counted.tokens <> 0 AND coalesce(bill.tokens, 0) <= 0 AS lacks_price,
        share_of(bill.billed, counted.tokens, bill.tokens) AS billed,
        share_of(bill.effective, counted.tokens, bill.tokens) AS effective,
        share_of(bill.listed, counted.tokens, bill.tokens) AS listed,
        CASE WHEN starts_with(counted.way, 'cache') AND input > 0 THEN share_of(input_listed, counted.tokens, input)
                - share_of(bill.listed, counted.tokens, bill.tokens) ELSE 0 END AS as_input
    FROM counted
    LEFT JOIN bill USING (source, charge_date, billing_currency, key, place, way)
),

-- What the bill has of a call's tokens, by row; and of all of them, by comparison.
of_calls AS (
    SELECT call_row, source, charge_date, billing_currency, key, place,
        string_agg(way, ', ' ORDER BY way) FILTER (lacks_price) AS lacking,
        CAST(sum(billed) AS DECIMAL(28,10)) AS billed, CAST(sum(effective) AS DECIMAL(28,10)) AS effective,
        CAST(sum(listed) AS DECIMAL(28,10)) AS listed, CAST(sum(as_input) AS DECIMAL(28,10)) AS as_input,
        CAST(sum(tokens) FILTER (NOT lacks_price AND way = 'input') AS DECIMAL(28,10)) AS input,
        CAST(sum(tokens) FILTER (NOT lacks_price AND way = 'output') AS DECIMAL(28,10)) AS output,
        CAST(sum(tokens) FILTER (NOT lacks_price AND way = 'cache read') AS DECIMAL(28,10)) AS cache_read,
        CAST(sum(tokens) FILTER (NOT lacks_price AND way = 'cache write') AS DECIMAL(28,10)) AS cache_write
    FROM priced
    GROUP BY ALL
),

of_all AS (
    SELECT source, charge_date, billing_currency, key, place, way, sum(tokens) AS tokens, sum(failed) AS failed,
        sum(billed) AS billed, sum(effective) AS effective, sum(listed) AS listed
    FROM priced
    GROUP BY ALL
),

left_over AS (
    SELECT source, charge_date, billing_currency, key, place, place_model, place_caller,
        min(unknown_because) AS unknown_because, min(foundation_model) AS foundation_model,
        CAST(sum(billed) AS DECIMAL(28,10)) AS billed, CAST(sum(effective) AS DECIMAL(28,10)) AS effective,
        CAST(sum(listed) AS DECIMAL(28,10)) AS listed,
        CAST(-sum(share_of(list_price, least(failed, greatest(tokens, 0)), had)) AS DECIMAL(28,10)) AS failed,
        CAST(sum(tokens) FILTER (way = 'input') AS DECIMAL(28,10)) AS input,
        CAST(sum(tokens) FILTER (way = 'output') AS DECIMAL(28,10)) AS output,
        CAST(sum(tokens) FILTER (way = 'cache read') AS DECIMAL(28,10)) AS cache_read,
        CAST(sum(tokens) FILTER (way = 'cache write') AS DECIMAL(28,10)) AS cache_write,
        CAST(sum(tokens) FILTER (way NOT IN ('input', 'output', 'cache read', 'cache write')) AS DECIMAL(28,10))
            AS other
    FROM (
        SELECT bill.* EXCLUDE (billed, effective, listed, tokens), bill.listed AS list_price, bill.tokens AS had,
            bill.tokens - CASE WHEN bill.tokens > 0 THEN coalesce(of_all.tokens, 0) ELSE 0 END AS tokens,
            coalesce(of_all.failed, 0) AS failed,
            bill.billed - coalesce(of_all.billed, 0) AS billed,
            bill.effective - coalesce(of_all.effective, 0) AS effective,
            bill.listed - coalesce(of_all.listed, 0) AS listed
        FROM bill
        LEFT JOIN of_all USING (source, charge_date, billing_currency, key, place, way)
    )
    GROUP BY ALL
)

-- The parts of each difference; what of it no part explains is the rest, so that they add up to it.
SELECT $billing_period AS billing_period, charge_date, source, foundation_model, called_as, model, team, principal,
    provider, is_seen, match_level, calls, failed_calls, retried_calls, gateway_answers, input_tokens, output_tokens,
    cache_read_tokens, cache_write_tokens, billed_input_tokens, billed_output_tokens, billed_cache_read_tokens,
    billed_cache_write_tokens, billed_other_tokens, estimated_cost, billed_cost, effective_cost, list_cost, difference,
    missing_calls, retries, cache_tokens, price, discount,
    CAST(difference - coalesce(missing_calls, 0) - coalesce(retries, 0) - coalesce(cache_tokens, 0) - coalesce(price, 0)
        - coalesce(discount, 0) AS DECIMAL(28,10)) AS rest,
    billing_currency, unmatched_because, rest_because
FROM (
    SELECT charge_date, source, billed_as AS foundation_model, foundation_model AS called_as, model, team, principal,
        provider, true AS is_seen,
        concat(CASE WHEN is_by_model THEN 'model' ELSE 'foundation model' END,
            CASE WHEN is_by_caller THEN ' and principal' END) AS match_level,
        calls, failed_calls, retries AS retried_calls, gateway_answers, input_tokens, output_tokens, cache_read_tokens,
        cache_write_tokens, of_input AS billed_input_tokens, of_output AS billed_output_tokens,
        of_read AS billed_cache_read_tokens, of_write AS billed_cache_write_tokens,
        CAST(NULL AS DECIMAL(28,10)) AS billed_other_tokens, cost + failed_cost AS estimated_cost,
        billed AS billed_cost, effective AS effective_cost, listed AS list_cost,
        CAST(cost + failed_cost - coalesce(effective, 0) AS DECIMAL(28,10)) AS difference,
        CAST(NULL AS DECIMAL(28,10)) AS missing_calls, failed_cost AS retries,
        -- Priced as full input is what is nearer to that than to the list price.
        CASE WHEN lacking IS NULL AND listed IS NOT NULL AND cost IS NOT NULL THEN CAST(CASE
            WHEN abs(cost - listed - as_input) < abs(cost - listed) THEN as_input ELSE 0
        END AS DECIMAL(28,10)) END AS cache_tokens,
        CASE WHEN lacking IS NULL THEN CAST(cost - listed - cache_tokens AS DECIMAL(28,10)) END AS price,
        CAST(listed - effective AS DECIMAL(28,10)) AS discount, billing_currency,
        CAST(NULL AS VARCHAR) AS unmatched_because,
        CASE
            WHEN cost IS NULL THEN 'the source tells no cost of some of these calls: there is no difference'
            WHEN unknown_because IS NOT NULL THEN unknown_because
            WHEN lacking IS NOT NULL THEN concat('the bill has no tokens of this day for: ', lacking)
        END AS rest_because
    FROM matched
    LEFT JOIN (
        SELECT call_row, lacking, billed, effective, listed, as_input, input AS of_input, output AS of_output,
            cache_read AS of_read, cache_write AS of_write
        FROM of_calls
    ) AS taken_of USING (call_row)
    UNION ALL BY NAME
    SELECT charge_date, source, foundation_model, foundation_model AS called_as, model, team, principal, provider,
        true AS is_seen, calls, failed_calls, retries AS retried_calls, gateway_answers, input_tokens, output_tokens,
        cache_read_tokens, cache_write_tokens, cost + failed_cost AS estimated_cost, billing_currency,
        CASE
            WHEN NOT is_billed THEN concat('answered by ', provider, ', which is not on this bill')
            WHEN foundation_model_key IS NULL THEN 'the source names no model, or several'
            WHEN foundation_model_key IN (SELECT key FROM billed) THEN 'the bill has none of it on this day'
            ELSE 'the bill of this month has no foundation model of this name'
        END AS unmatched_because
    FROM called
    WHERE call_row NOT IN (SELECT call_row FROM matched)
    UNION ALL BY NAME
    SELECT charge_date, source, foundation_model, nullif(place_model, '') AS model,
        nullif(place_caller, '') AS principal, false AS is_seen,
        'bill' AS match_level, input AS billed_input_tokens, output AS billed_output_tokens,
        cache_read AS billed_cache_read_tokens, cache_write AS billed_cache_write_tokens,
        other AS billed_other_tokens, CAST(0 AS DECIMAL(28,10)) AS estimated_cost, billed AS billed_cost,
        effective AS effective_cost, listed AS list_cost, CAST(-effective AS DECIMAL(28,10)) AS difference,
        CASE WHEN unknown_because IS NULL THEN CAST(-listed - failed AS DECIMAL(28,10)) END AS missing_calls,
        CASE WHEN unknown_because IS NULL THEN failed END AS retries,
        CAST(listed - effective AS DECIMAL(28,10)) AS discount, billing_currency, unknown_because AS rest_because
    FROM left_over
    WHERE billed <> 0 OR effective <> 0 OR listed <> 0 OR unknown_because IS NOT NULL
        OR coalesce(input, 0) <> 0 OR coalesce(output, 0) <> 0 OR coalesce(cache_read, 0) <> 0
        OR coalesce(cache_write, 0) <> 0 OR coalesce(other, 0) <> 0
)
