-- What the scenarios of reports/whatif/ share.

-- The last day of a bill that is whole, where `newest` is its newest day: a month in progress ends within a day.
CREATE OR REPLACE TEMP MACRO last_full_day(newest) AS
    CAST(CASE WHEN newest = last_day(newest) THEN newest ELSE newest - 1 END AS DATE);

-- A usage type without its region: USE1-Host:ml.m5.large is Host:ml.m5.large wherever it is billed.
CREATE OR REPLACE TEMP MACRO usage_of(usage_type) AS regexp_replace(usage_type, '^[A-Z][A-Z0-9]{1,5}-', '');

CREATE OR REPLACE TEMP MACRO assumed(what, told, source) AS
    {'what': what, 'value': CAST(told AS VARCHAR), 'source': source};

-- Who told a price, and when it was asked: a price that is printed has both.
CREATE OR REPLACE TEMP MACRO told_on(source, priced_on) AS source || ', ' || priced_on;

-- A number without the zeros behind it.
CREATE OR REPLACE TEMP MACRO bare(x) AS regexp_replace(CAST(x AS VARCHAR), '(\.[0-9]*[1-9])0+$|\.0+$', '\1');

-- What a quantity costs; NULL where it or its price is not known (scaled() would let the amount stand).
CREATE OR REPLACE TEMP MACRO priced(price, quantity) AS
    CASE WHEN price IS NOT NULL AND quantity IS NOT NULL THEN scaled(price, quantity, 1) END;

-- What instance hours cost when only `needed` of the `billed` ones are left; never more than now.
CREATE OR REPLACE TEMP MACRO cost_of_hours(cost, needed, billed) AS
    CASE WHEN needed < billed THEN scaled(cost, CAST(needed AS DECIMAL(28,10)), billed)
         WHEN needed IS NOT NULL THEN cost END;

-- Whether an instance type of SageMaker has an accelerator.
CREATE OR REPLACE TEMP MACRO is_accelerated(type) AS
    is_gpu_machine(regexp_replace(type, '^ml\.', '')) OR is_ml_machine(regexp_replace(type, '^ml\.', ''));

-- Whether an hour (UTC) lies in working hours of Monday to Friday.
CREATE OR REPLACE TEMP MACRO is_working_hour(hour, zone, opens, closes) AS
    isodow(timezone(zone, timezone('UTC', hour))) <= 5
    AND date_part('hour', timezone(zone, timezone('UTC', hour))) >= opens
    AND date_part('hour', timezone(zone, timezone('UTC', hour))) < closes;

-- Machines that answer `requests` an hour where `most` of them once answered `peak`, in whole machines. Only `used` ‰
-- of them were used then, and `reserve` % of each stay free; never more than there are, which did answer it.
CREATE OR REPLACE TEMP MACRO machines_for(requests, most, peak, used, reserve) AS least(
    most,
    (CAST(requests AS HUGEINT) * most * used * 100 + CAST(peak AS HUGEINT) * 1000 * (100 - reserve) - 1)
        // (CAST(peak AS HUGEINT) * 1000 * (100 - reserve))
);

-- What is used of a machine, in ‰; all where nothing tells.
CREATE OR REPLACE TEMP MACRO used_of(use) AS greatest(1, CAST(ceil(coalesce(use, 1) * 1000) AS BIGINT));

-- Why nothing that follows from the load of one type of machine is told; NULL where it is.
CREATE OR REPLACE TEMP MACRO load_is_unknown(m) AS CASE
    WHEN m.instance_type IS NULL
        THEN 'it runs on several instance types (' || array_to_string(m.instance_types, ', ')
            || '), and the load of each is not known'
    WHEN coalesce(m.requests, 0) = 0 THEN 'no request of it was measured (CloudWatch Invocations by the hour)'
END;
