-- Each invoice of a month divided among the owners of its charges, to the last digit in both directions.
--
-- attributed_costs tells no invoice, so both sides are brought to what they have in common (the `thing`: a day, an
-- account, what was billed). There a thing stands on one invoice nearly always, and its owners with it. Where it stands
-- on several (a refund on an invoice of its own), each smaller part is divided among the owners by what they have of
-- the thing, and the largest part is what is left of theirs: the parts of an invoice sum to it, and those of an owner
-- to what attribution gave it.
WITH bill AS (
    SELECT {
            'day': CAST(charge_period_start AS DATE), 'export': export_name, 'payer': billing_account_id,
            'account': coalesce(sub_account_id, billing_account_id), 'region': coalesce(region_id, ''),
            'service': coalesce(x_service_code, service_name, ''), 'name': coalesce(service_name, ''),
            'category': charge_category, 'usage': coalesce(x_usage_type, ''), 'operation': coalesce(x_operation, ''),
            'resource': coalesce(resource_id, ''), 'currency': billing_currency
        } AS thing,
        invoice_id,
        CASE
            WHEN charge_category IN ('Tax', 'Credit') THEN lower(charge_category)
            WHEN charge_class = 'Correction' OR charge_category = 'Adjustment' OR x_line_item_type LIKE '%Refund'
                THEN 'correction'
            -- Who sells is another than AWS and its companies: China's are Sinnet and NWCD.
            WHEN NOT regexp_matches(publisher_name, '\b(aws|amazon)\b|sinnet|nwcd|ningxia western cloud', 'i')
                THEN 'marketplace'
        END AS kind,
        CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
        CAST(coalesce(sum(effective_cost), 0) AS DECIMAL(28,10)) AS effective_cost
    FROM line_items
    WHERE billing_period = $billing_period AND NOT is_split_cost
    GROUP BY ALL
),

invoiced AS (
    SELECT *, count(*) OVER (PARTITION BY thing) AS parts,
        row_number() OVER (
            PARTITION BY thing ORDER BY abs(billed_cost) + abs(effective_cost) DESC, invoice_id, kind
        ) AS part
    FROM bill
),

-- What divides a charge: the measure of a shared resource, the scope of a pool, the split of rules.yaml.
divider AS (
    SELECT evidence_id, array_to_string(list_sort(list(DISTINCT CASE code
            WHEN 'divided' THEN place
            WHEN 'pool' THEN 'direct cost by ' || split_part(place, ' ', 1)
            ELSE regexp_replace(place, ' within .*', '') END)), ' and ') AS shared_by
    FROM attribution_evidence
    WHERE billing_period = $billing_period AND code IN ('divided', 'pool', 'split', 'split_pool')
    GROUP BY evidence_id
),

owned AS (
    SELECT {
            'day': charge_date, 'export': export_name, 'payer': billing_account_id, 'account': account_id,
            'region': coalesce(region_id, ''), 'service': coalesce(service_code, ''),
            'name': coalesce(service_name, ''), 'category': charge_category, 'usage': coalesce(usage_type, ''),
            'operation': coalesce(operation, ''), 'resource': resource_id, 'currency': billing_currency
        } AS thing,
        model, team, environment, business_function, shared_by,
        CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
        CAST(coalesce(sum(effective_cost), 0) AS DECIMAL(28,10)) AS effective_cost
    FROM attributed_costs
    LEFT JOIN divider USING (evidence_id)
    WHERE billing_period = $billing_period
    GROUP BY ALL
),

-- Only where a thing stands on several invoices are its owners weighed.
weighed AS (
    SELECT *, CAST(sum(weight) OVER (PARTITION BY thing ORDER BY owner) AS DECIMAL(28,10)) AS so_far,
        CAST(sum(weight) OVER (PARTITION BY thing) AS DECIMAL(28,10)) AS whole
    FROM (
        SELECT owned.*,
            row_number() OVER (
                PARTITION BY thing ORDER BY model, team, environment, business_function, shared_by
            ) AS owner,
            CASE
                WHEN sum(abs(owned.billed_cost) + abs(owned.effective_cost)) OVER (PARTITION BY thing) = 0 THEN 1
                ELSE abs(owned.billed_cost) + abs(owned.effective_cost) END AS weight
        FROM owned
        SEMI JOIN (
            FROM invoiced WHERE parts > 1
        ) AS several USING (thing)
    )
),

cell AS (
    SELECT weighed.* EXCLUDE (billed_cost, effective_cost), invoiced.invoice_id, invoiced.kind, invoiced.part,
        weighed.billed_cost AS of_owner, weighed.effective_cost AS effective_of_owner,
        CASE
            WHEN part = 1 THEN 0
            ELSE scaled(invoiced.billed_cost, so_far, whole) - scaled(invoiced.billed_cost, so_far - weight, whole)
        END AS billed,
        CASE
            WHEN part = 1 THEN 0
            ELSE scaled(invoiced.effective_cost, so_far, whole)
                - scaled(invoiced.effective_cost, so_far - weight, whole)
        END AS effective
    FROM weighed
    JOIN invoiced USING (thing)
),

settled AS (
    SELECT thing, invoice_id, kind, model, team, environment, business_function, shared_by,
        owned.billed_cost, owned.effective_cost
    FROM owned
    JOIN invoiced USING (thing)
    WHERE parts = 1
    UNION ALL
    SELECT thing, invoice_id, kind, model, team, environment, business_function, shared_by,
        CASE WHEN part = 1 THEN of_owner - sum(billed) OVER of_thing ELSE billed END,
        CASE WHEN part = 1 THEN effective_of_owner - sum(effective) OVER of_thing ELSE effective END
    FROM cell
    WINDOW of_thing AS (PARTITION BY thing, owner)
)

SELECT $billing_period AS billing_period, thing.payer AS billing_account_id, invoice_id,
    coalesce(kind, CASE WHEN shared_by IS NULL THEN 'direct' ELSE 'shared' END) AS kind, shared_by,
    model, team, environment, business_function,
    CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    thing.currency AS billing_currency
FROM settled
GROUP BY ALL
HAVING sum(billed_cost) <> 0 OR sum(effective_cost) <> 0
