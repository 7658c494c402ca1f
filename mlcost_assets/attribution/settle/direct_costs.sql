-- Charges → their direct owners. Reads cut_charges: the hours of the days on which a thing changes its owner.
WITH cut_day AS (
    SELECT DISTINCT billed_thing, CAST(valid_from AS DATE) AS day FROM thing_owners
    WHERE billing_period = $billing_period AND valid_from <> date_trunc('day', valid_from)
),

charge AS (
    SELECT *, row_number() OVER (ORDER BY billed_thing, charged_from) AS charge FROM (
        SELECT daily_charges.*, billed_thing(daily_charges) AS billed_thing FROM daily_charges
        WHERE billing_period = $billing_period
            AND NOT EXISTS (FROM cut_day WHERE cut_day.billed_thing = billed_thing(daily_charges) AND day = charge_date)
        UNION ALL BY NAME
        SELECT cut_charges.*, billed_thing(cut_charges) AS billed_thing FROM cut_charges
        WHERE EXISTS (FROM cut_day WHERE cut_day.billed_thing = billed_thing(cut_charges) AND day = charge_date)
    )
),

-- A split that looks at the charge alone makes a pool of it, whoever it seemed to belong to.
charge_split AS (
    SELECT charge.charge, arg_min(matched.name, matched.place) AS split
    FROM charge
    JOIN rule_matches AS matched ON matched.billing_period = $billing_period
        AND matched.billed_thing = charge.billed_thing AND matched.kind = 'split'
        AND matched.valid_from <= charge.charge_date AND matched.valid_to > charge.charge_date
    JOIN splits ON splits.name = matched.name AND splits.of_charge
    GROUP BY charge.charge
)

SELECT
    charge.charge, charge.* EXCLUDE (charge, billing_period),
    owner.* EXCLUDE (billed_thing, valid_from, valid_to, part, reasons)
        REPLACE (owner.pool OR charge_split.split IS NOT NULL AS pool),
    part AS owner, charge_split.split,
    count(*) OVER (PARTITION BY charge.charge) AS parts, row_number() OVER (ORDER BY charge.charge, part) AS part_id
FROM charge
JOIN thing_owners AS owner
    ON owner.billing_period = $billing_period AND owner.billed_thing = charge.billed_thing
    AND owner.valid_from <= charge.charged_from AND owner.valid_to > charge.charged_from
LEFT JOIN charge_split ON charge_split.charge = charge.charge
WHERE charge_split.split IS NULL OR owner.part = 1
