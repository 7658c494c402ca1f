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
        UNION ALL
        SELECT cut_charges.*, billed_thing(cut_charges) FROM cut_charges
        WHERE EXISTS (FROM cut_day WHERE cut_day.billed_thing = billed_thing(cut_charges) AND day = charge_date)
    )
)

SELECT
    charge.charge, charge.* EXCLUDE (charge, billing_period), owner.* EXCLUDE (billed_thing, valid_from, valid_to, part, reasons), part AS owner,
    count(*) OVER (PARTITION BY charge.charge) AS parts
FROM charge
JOIN thing_owners AS owner
    ON owner.billing_period = $billing_period AND owner.billed_thing = charge.billed_thing
    AND owner.valid_from <= charge.charged_from AND owner.valid_to > charge.charged_from
