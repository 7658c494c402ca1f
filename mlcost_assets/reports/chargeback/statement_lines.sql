-- The lines of the statement of $billing_period by $dimension: what is charged, and what changed of the months before
-- ($settled) that final statements told already ($said, their lines as JSON). $centres: cost centres of names, by month.
WITH said AS (
    SELECT unnest(from_json($said, '[{
        "billing_period": "VARCHAR", "billing_account_id": "VARCHAR", "invoice_id": "VARCHAR", "party": "VARCHAR",
        "amount": "DECIMAL(28,10)", "billed_cost": "DECIMAL(28,10)", "effective_cost": "DECIMAL(28,10)",
        "billing_currency": "VARCHAR"
    }]'), recursive := true)
),

said_of AS (
    SELECT billing_period, billing_account_id, invoice_id, billing_currency, sum(billed_cost) AS said_cost,
        sum(amount) AS said_amount
    FROM said
    GROUP BY ALL
),

centre AS (
    SELECT unnest(from_json($centres, '[{"month": "VARCHAR", "name": "VARCHAR", "cost_centre": "VARCHAR"}]'),
        recursive := true)
),

named AS (
    SELECT chargeback.*, CASE $dimension
            WHEN 'model' THEN model WHEN 'environment' THEN environment
            WHEN 'business_function' THEN business_function
            ELSE team END AS name
    FROM chargeback
    WHERE billing_period = $billing_period OR list_contains($settled, billing_period)
),

-- A party that is a cost centre is that of the team.
owed AS (
    SELECT billing_period, billing_account_id, invoice_id, kind, shared_by, centre.cost_centre,
        CASE WHEN $dimension = 'cost_centre' THEN centre.cost_centre ELSE named.name END AS party,
        billing_currency, billed_cost, effective_cost
    FROM named
    LEFT JOIN centre ON centre.name = named.name AND centre.month = named.billing_period
),

change AS (
    SELECT billing_period, billing_account_id, invoice_id, party, billing_currency, max(cost_centre) AS cost_centre,
        CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
    FROM (
        SELECT billing_period, billing_account_id, invoice_id, party, billing_currency, cost_centre, billed_cost,
            effective_cost
        FROM owed
        WHERE billing_period <> $billing_period
        UNION ALL
        SELECT billing_period, billing_account_id, invoice_id, party, billing_currency, NULL, -billed_cost,
            -effective_cost
        FROM said
        WHERE list_contains($settled, billing_period)
    )
    GROUP BY billing_period, billing_account_id, invoice_id, party, billing_currency
    HAVING sum(billed_cost) <> 0 OR sum(effective_cost) <> 0
),

line AS (
    SELECT CASE WHEN kind IN ('direct', 'shared') AND party IS NULL THEN 'unattributed' ELSE kind END AS section,
        party, cost_centre, shared_by, NULL AS because, billing_period, billing_account_id, invoice_id,
        CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost, billing_currency
    FROM owed
    WHERE billing_period = $billing_period
    GROUP BY ALL
    UNION ALL
    SELECT 'adjustment', party, cost_centre, NULL,
        CASE
            WHEN sum(billed_cost) OVER of_invoice <> 0 THEN 'AWS restated the invoice'
            ELSE 'the charges found other owners' END,
        billing_period, billing_account_id, invoice_id, billed_cost, effective_cost, billing_currency
    FROM change
    WINDOW of_invoice AS (PARTITION BY billing_period, billing_account_id, invoice_id, billing_currency)
),

-- Cents by largest remainder: an invoice's lines sum to the invoice in cents, and with its adjustments to what it is
-- now; rounded one by one, they would be off by some. Not every currency has hundredths (ISO 4217).
counted AS (
    SELECT *, billed_cost * power_of_ten AS exact, floor(billed_cost * power_of_ten) AS whole
    FROM (
        SELECT *, CASE decimals WHEN 0 THEN 1 WHEN 3 THEN 1000 ELSE 100 END AS power_of_ten
        FROM (
            SELECT *, CASE
                WHEN billing_currency IN ('JPY', 'KRW', 'CLP', 'ISK', 'VND', 'PYG', 'UGX') THEN 0
                WHEN billing_currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3
                ELSE 2 END AS decimals
            FROM line
        )
    )
),

placed AS (
    SELECT counted.*,
        CAST(
            round(sum(exact) OVER of_invoice + coalesce(said_cost, 0) * power_of_ten)
                - coalesce(said_amount, 0) * power_of_ten - sum(whole) OVER of_invoice AS BIGINT
        ) AS left_over,
        count(*) OVER of_invoice AS lines,
        row_number() OVER (
            PARTITION BY counted.billing_period, counted.billing_account_id, counted.invoice_id,
                counted.billing_currency
            ORDER BY exact - whole DESC, section, party, shared_by, cost_centre
        ) AS place
    FROM counted
    LEFT JOIN said_of
        ON section = 'adjustment' AND said_of.billing_period = counted.billing_period
        AND said_of.billing_account_id = counted.billing_account_id
        AND said_of.invoice_id IS NOT DISTINCT FROM counted.invoice_id
        AND said_of.billing_currency = counted.billing_currency
    WINDOW of_invoice AS (
        PARTITION BY counted.billing_period, counted.billing_account_id, counted.invoice_id, counted.billing_currency
    )
)

SELECT section, party, cost_centre, shared_by, because, billing_period, billing_account_id, invoice_id,
    CAST(
        -- What is left over is a cent for some lines; where rounding goes away from zero on both sides, one for each.
        (whole + CAST(floor(left_over / lines) AS BIGINT)
            + CASE WHEN place <= left_over - lines * CAST(floor(left_over / lines) AS BIGINT) THEN 1 ELSE 0 END)
        * CASE decimals WHEN 0 THEN 1 WHEN 3 THEN 0.001 ELSE 0.01 END AS DECIMAL(28,10)
    ) AS amount,
    billed_cost, effective_cost, billing_currency, decimals
FROM placed
