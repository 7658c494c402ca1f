-- The lines of the statement of $billing_period by $dimension: what is charged, and what changed of the months before
-- ($settled) that final statements told already ($said, their lines as JSON). $centres: cost centres of names, by
-- month.
WITH said AS (
    SELECT unnest(from_json($said, '[{
        "billing_period": "VARCHAR", "billing_account_id": "VARCHAR", "invoice_id": "VARCHAR", "party": "VARCHAR",
        "amount": "DECIMAL(28,10)", "billed_cost": "DECIMAL(28,10)", "effective_cost": "DECIMAL(28,10)",
        "billing_currency": "VARCHAR"
    }]'), recursive := true)
),

centre AS (
    SELECT unnest(from_json($centres, '[{"month": "VARCHAR", "name": "VARCHAR", "cost_centre": "VARCHAR"}]'),
        recursive := true)
),

named AS (
    SELECT chargeback.*, CASE $dimension
            WHEN 'model' THEN model
            WHEN 'environment' THEN environment
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

-- Cents by largest remainder, first of the sections of an invoice, then of the lines of a section: they sum to the
-- invoice in cents, and with its adjustments to what it is now; rounded one by one, they would be off by some. Not
-- every currency has hundredths (ISO 4217).
counted AS (
    SELECT *, {
            'month': billing_period, 'payer': billing_account_id, 'id': invoice_id, 'currency': billing_currency
        } AS invoice,
        billed_cost * cents AS exact
    FROM (
        SELECT *, CASE decimals
            WHEN 0 THEN 1
            WHEN 3 THEN 1000
            ELSE 100 END AS cents
        FROM (
            SELECT *, CASE
                WHEN billing_currency IN ('JPY', 'KRW', 'CLP', 'ISK', 'VND', 'PYG', 'UGX') THEN 0
                WHEN billing_currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3
                ELSE 2 END AS decimals
            FROM line
        )
    )
),

said_of AS (
    SELECT {
            'month': billing_period, 'payer': billing_account_id, 'id': invoice_id, 'currency': billing_currency
        } AS invoice,
        sum(billed_cost) AS cost, sum(amount) AS amount
    FROM said
    GROUP BY ALL
),

of_section AS (
    SELECT invoice, section,
        CAST(floor(exact) AS HUGEINT) + dealt(
            CAST(round(sum(exact) OVER whole + coalesce(cost, 0) * cents) AS HUGEINT)
                - CAST(coalesce(amount, 0) * cents AS HUGEINT) - CAST(sum(floor(exact)) OVER whole AS HUGEINT),
            count(*) OVER whole,
            row_number() OVER (PARTITION BY invoice ORDER BY exact - floor(exact) DESC, section)
        ) AS cents_of_section
    FROM (
        SELECT invoice, section, cents, sum(exact) AS exact FROM counted GROUP BY ALL
    )
    LEFT JOIN said_of USING (invoice)
    WINDOW whole AS (PARTITION BY invoice)
)

SELECT section, party, cost_centre, shared_by, because, billing_period, billing_account_id, invoice_id,
    CAST(
        (CAST(floor(exact) AS HUGEINT) + dealt(
            cents_of_section - CAST(sum(floor(exact)) OVER whole AS HUGEINT), count(*) OVER whole,
            row_number() OVER (
                PARTITION BY invoice, section ORDER BY exact - floor(exact) DESC, party, shared_by, cost_centre
            )
        )) * CASE decimals
            WHEN 0 THEN 1
            WHEN 3 THEN 0.001
            ELSE 0.01 END AS DECIMAL(28,10)
    ) AS amount,
    billed_cost, effective_cost, billing_currency, decimals
FROM counted
JOIN of_section USING (invoice, section)
WINDOW whole AS (PARTITION BY invoice, section)
