-- What a line item is, told by its type; where the type says too little, by the rest of its row. AWS adds types, and
-- only their endings hold. Sources: AWS Data Exports, table dictionary, line_item_line_item_type; AWS's Cloud
-- Intelligence Dashboards, summary_view.

-- Types of one behaviour under one name (EdpDiscount and SppDiscount are both a Discount); other types as they are.
CREATE OR REPLACE TEMP MACRO line_item_kind(type) AS CASE
    WHEN type LIKE '%Discount' THEN 'Discount'
    WHEN type LIKE '%Refund' THEN 'Refund'
    WHEN type LIKE '%Credit' THEN 'Credit'
    WHEN type LIKE '%Tax' THEN 'Tax'
    ELSE type
END;

-- Which kind of commitment a row belongs to, 'plan' or 'reservation'; NULL of none. Returned fees may name no ARN, and
-- reservations are bought under the product that they reserve.
CREATE OR REPLACE TEMP MACRO commitment_kind_of(kind, plan, reservation, product) AS CASE
    WHEN kind LIKE 'SavingsPlan%' OR plan IS NOT NULL OR product LIKE '%SavingsPlans' THEN 'plan'
    WHEN kind IN ('DiscountedUsage', 'RIFee') OR reservation IS NOT NULL THEN 'reservation'
    WHEN kind IN ('Fee', 'Refund') AND product IN (
        'AmazonEC2', 'AmazonRDS', 'AmazonElastiCache', 'AmazonRedshift', 'AmazonES', 'AmazonDynamoDB', 'AmazonMemoryDB'
    ) THEN 'reservation'
END;

-- Whether a row is the upfront fee of a commitment, or that fee returned. It never is effective cost: what the
-- commitment covers carries its part of it, hour by hour.
CREATE OR REPLACE TEMP MACRO is_upfront_fee(kind, commitment_kind, reservation, description) AS CASE
    WHEN kind = 'SavingsPlanUpfrontFee' THEN true
    WHEN commitment_kind IS NULL THEN false
    WHEN kind = 'Fee'
        THEN reservation IS NOT NULL OR coalesce(starts_with(description, 'Sign up charge for subscription'), false)
    WHEN kind = 'Refund'
        THEN coalesce(regexp_matches(description, 'one.?time (fee|charge)|up.?front|sign.?up charge', 'i'), false)
    ELSE false
END;

-- The FOCUS ChargeCategory. A refund belongs to the category of what is refunded.
CREATE OR REPLACE TEMP MACRO charge_category_of(kind, is_upfront, is_unused, usage_type, tax_type, description) AS CASE
    WHEN is_unused OR kind IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage', 'SavingsPlanNegation', 'Discount')
        THEN 'Usage'
    WHEN kind IN ('Tax', 'Credit') THEN kind
    WHEN is_upfront OR kind LIKE '%Fee' OR kind = 'FlatRateSubscription' THEN 'Purchase'
    WHEN usage_type IS NOT NULL THEN 'Usage'
    WHEN kind = 'Refund' AND description ILIKE '%one-time fee%' THEN 'Purchase'
    WHEN kind = 'Refund' AND tax_type IS NOT NULL THEN 'Tax'
    ELSE 'Adjustment'
END;

CREATE OR REPLACE TEMP MACRO pricing_category_of(kind, category, is_unused, usage_type) AS CASE
    WHEN category = 'Tax' OR kind = 'Refund' THEN NULL
    WHEN kind = 'Credit' THEN 'Other'
    WHEN kind IN ('DiscountedUsage', 'SavingsPlanCoveredUsage', 'SavingsPlanNegation') OR is_unused THEN 'Committed'
    WHEN contains(usage_type, 'SpotUsage') OR contains(usage_type, ':Spot') OR contains(usage_type, 'TrSpt')
        THEN 'Dynamic'
    ELSE 'Standard'
END;

-- The currency of a row that names none: China is billed by companies of its own, in theirs.
CREATE OR REPLACE TEMP MACRO currency_of(region, invoicing_entity, legal_entity, resource) AS
    CASE WHEN starts_with(region, 'cn-') OR starts_with(resource, 'arn:aws-cn:')
             OR regexp_matches(concat_ws(' ', invoicing_entity, legal_entity), 'NWCD|Ningxia|Sinnet|Beijing', 'i')
         THEN 'CNY' ELSE 'USD' END;

-- The amount net of discounts where a drop is read so; what is told of only one of both is the nearest known.
CREATE OR REPLACE TEMP MACRO net_if(net, net_amount, gross_amount) AS
    CASE WHEN net THEN coalesce(net_amount, gross_amount) ELSE coalesce(gross_amount, net_amount) END;

-- a + b, where one of them may be unknown.
CREATE OR REPLACE TEMP MACRO plus(a, b) AS coalesce(a + b, a, b);
