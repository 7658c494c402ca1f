-- A MAP as FOCUS writes one: a JSON object as text; NULL when it is empty.
CREATE OR REPLACE TEMP MACRO json_text(m) AS
    CASE WHEN cardinality(CAST(m AS MAP(VARCHAR, VARCHAR))) > 0 THEN CAST(to_json(m) AS VARCHAR) END;

-- A period's bill with the number that attribution gave each charge: that of its day, or of its hour where the day was
-- cut because the owner changed. Split-cost rows tell money of other rows again and stay out.
--
-- Reads direct_parts and parts_after_splits (attribution/attribute.py).
CREATE OR REPLACE TEMP MACRO numbered_lines(period) AS TABLE
WITH line AS (
    SELECT
        line_items.* EXCLUDE (x_split_parent_resource_id, x_unused_split_cost, is_split_cost)
            REPLACE (
                json_text(tags) AS tags, json_text(x_cost_categories) AS x_cost_categories,
                json_text(x_discounts) AS x_discounts
            ),
        CAST(CAST(charge_period_start AS DATE) AS TIMESTAMP) AS day,
        -- What the charge is for, as daily_charges tells it.
        billed_thing({
            'export_name': export_name, 'billing_account_id': billing_account_id,
            'account_id': coalesce(sub_account_id, billing_account_id),
            'region_id': region_id, 'billing_currency': billing_currency,
            'service_code': coalesce(x_service_code, service_name),
            'service_name': service_name, 'product_code': x_product_code, 'charge_category': charge_category,
            'commitment_status': commitment_status(charge_category, commitment_discount_id, commitment_discount_status),
            'commitment_id': commitment_discount_id, 'line_item_type': x_line_item_type, 'usage_type': x_usage_type,
            'operation': x_operation, 'instance_type': x_instance_type, 'resource_id': coalesce(resource_id, ''),
            'iam_principal': x_iam_principal, 'tag_set': tag_set(tags)}) AS billed_thing
    FROM line_items
    WHERE billing_period = period AND NOT is_split_cost
),

charge AS (
    SELECT charge, any_value(billed_thing) AS billed_thing, any_value(charged_from) AS charged_from
    FROM direct_parts
    GROUP BY charge
),

parts AS (
    SELECT charge, count(*) AS parts FROM parts_after_splits GROUP BY charge
),

cut AS (
    SELECT DISTINCT billed_thing, date_trunc('day', charged_from) AS day
    FROM charge
    WHERE charged_from <> date_trunc('day', charged_from)
)

SELECT line.* EXCLUDE (billed_thing, day), charge.charge, parts.parts
FROM line
LEFT JOIN cut ON cut.billed_thing = line.billed_thing AND cut.day = line.day
JOIN charge
    ON charge.billed_thing = line.billed_thing
    AND charge.charged_from = CASE
        WHEN cut.day IS NULL THEN line.day
        ELSE date_trunc('hour', line.charge_period_start) END
JOIN parts ON parts.charge = charge.charge;
