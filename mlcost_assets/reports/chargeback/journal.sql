-- A statement's lines ($lines, as JSON) as a ledger takes them: what each party owes of an invoice is its debit, and
-- one credit an invoice is what AWS is owed. What is owed back changes sides. $accounts: each party's account, as JSON;
-- the party NULL stands for what nobody is known to own.
WITH line AS (
    SELECT unnest(from_json($lines, '[{
        "section": "VARCHAR", "party": "VARCHAR", "billing_period": "VARCHAR", "billing_account_id": "VARCHAR",
        "invoice_id": "VARCHAR", "amount": "DECIMAL(28,10)", "billing_currency": "VARCHAR", "decimals": "INTEGER"
    }]'), recursive := true)
),

account AS (
    SELECT unnest(
        from_json($accounts, '[{"party": "VARCHAR", "account": "VARCHAR", "cost_centre": "VARCHAR"}]'),
        recursive := true
    )
),

entry AS (
    SELECT 1 AS side, account.account, account.cost_centre, line.party, section, billing_period, billing_account_id,
        invoice_id, billing_currency, CAST(sum(amount) AS DECIMAL(28,10)) AS amount, decimals
    FROM line
    LEFT JOIN account ON account.party IS NOT DISTINCT FROM line.party
    GROUP BY ALL
    UNION ALL
    SELECT 2, $credit_account, $credit_cost_centre, NULL, NULL, billing_period, billing_account_id, invoice_id,
        billing_currency, CAST(-sum(amount) AS DECIMAL(28,10)), decimals
    FROM line
    GROUP BY ALL
)

SELECT account, cost_centre, CASE WHEN amount > 0 THEN amount END AS debit,
    CASE WHEN amount < 0 THEN -amount END AS credit,
    concat_ws(' ', 'AWS', billing_period, CASE
        WHEN side = 2 THEN 'invoice of ' || billing_account_id
        ELSE section || ' ' || coalesce(party, 'unattributed') END) AS memo,
    coalesce(invoice_id, 'not invoiced') AS reference, billing_currency AS currency, decimals, party,
    side = 2 AS is_credit
FROM entry
WHERE amount <> 0
ORDER BY billing_currency, billing_period DESC, billing_account_id, invoice_id, side, party, section
