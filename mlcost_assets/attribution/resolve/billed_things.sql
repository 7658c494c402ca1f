-- What the bill names in a period → resource keys and usage classes.
--
-- Reads daily_charges and the temporary table usage_classes (place, patterns, class,
-- stage, ml, pool), whose first match counts.
WITH thing AS (
    SELECT
        billing_period, billed_thing(daily_charges) AS billed_thing,
        billing_account_id, account_id, region_id, export_name, service_code, service_name, product_code,
        charge_category, commitment_status, commitment_id, line_item_type,
        usage_type, operation,
        coalesce(nullif(regexp_extract(usage_type, 'ml\.[a-z0-9-]+\.[a-z0-9]+'), ''), instance_type) AS instance_type,
        resource_id, iam_principal, tag_set, billing_currency,
        min(charge_date) AS first_date, max(charge_date) AS last_date,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
    FROM daily_charges
    WHERE billing_period = $billing_period
    GROUP BY ALL
),

combination AS (
    SELECT DISTINCT service_code, service_name, usage_type, operation, charge_category, commitment_status,
        line_item_type
    FROM thing
),

classified AS (
    SELECT combination.*, usage_classes.class, usage_classes.stage, usage_classes.ml, usage_classes.pool
    FROM combination
    JOIN usage_classes
        ON regexp_matches(coalesce(service_code, ''), service)
        AND regexp_matches(coalesce(service_name, ''), name)
        AND regexp_matches(coalesce(usage_type, ''), usage)
        AND regexp_matches(coalesce(combination.operation, ''), usage_classes.operation)
        AND regexp_matches(coalesce(charge_category, ''), category)
        AND regexp_matches(coalesce(commitment_status, ''), status)
        AND regexp_matches(coalesce(line_item_type, ''), type)
    QUALIFY row_number() OVER (
        PARTITION BY service_code, service_name, usage_type, combination.operation, charge_category, commitment_status,
            line_item_type
        ORDER BY place
    ) = 1
)

SELECT
    billing_period, billed_thing, billing_account_id, account_id, region_id, export_name, thing.service_code,
    product_code,
    thing.charge_category, thing.usage_type, thing.operation, instance_type, resource_id, iam_principal, tag_set,
    billing_currency,
    -- Charges that name no resource but carry tags or a caller are told apart by those.
    -- So are those of a model that everybody calls, by its own ARN or AWS's inference profile.
    coalesce(
        CASE WHEN iam_principal IS NULL
                OR NOT regexp_matches(resource_id, ':(inference-profile|foundation-model)/') THEN
            resource_key(
                resource_id,
                CASE thing.service_code WHEN 'AWSDataTransfer' THEN product_code ELSE thing.service_code END,
                thing.usage_type, region_id, account_id
            )
        END,
        CASE WHEN coalesce(tag_set, iam_principal) IS NOT NULL THEN
            'charges:' || md5(
                concat_ws(
                    '|', account_id, coalesce(region_id, ''), thing.service_code, class, coalesce(tag_set, ''),
                    coalesce(iam_principal, '')
                )
            )
        END,
        -- Calls of an API that names nothing at all, by what was called: CloudTrail has who calls that.
        CASE WHEN class = 'ml_api' THEN
            'charges:' || md5(
                concat_ws(
                    '|', account_id, coalesce(region_id, ''), thing.service_code, class, coalesce(thing.operation, '')
                )
            )
        END
    ) AS resource_key,
    resource_id <> '' AS names_resource,
    class AS usage_class, stage, ml AS ml_service,
    -- What names the thing that it is of is that thing's: transfer of a server, logs
    -- of an application, software of a seller.
    pool
        AND NOT CASE class
            WHEN 'data_transfer' THEN resource_id <> '' AND NOT regexp_matches(resource_id, '(nat|vpce|tgw)-')
        WHEN 'monitoring' THEN resource_id <> '' AND NOT contains(resource_id, ':log-group:/aws/')
        WHEN 'marketplace' THEN resource_id <> ''
        ELSE false
        END AS pool,
    first_date, last_date, effective_cost
FROM thing
JOIN classified
    ON classified.service_code IS NOT DISTINCT FROM thing.service_code
    AND classified.service_name IS NOT DISTINCT FROM thing.service_name
    AND classified.usage_type IS NOT DISTINCT FROM thing.usage_type
    AND classified.operation IS NOT DISTINCT FROM thing.operation
    AND classified.charge_category IS NOT DISTINCT FROM thing.charge_category
    AND classified.commitment_status IS NOT DISTINCT FROM thing.commitment_status
    AND classified.line_item_type IS NOT DISTINCT FROM thing.line_item_type
