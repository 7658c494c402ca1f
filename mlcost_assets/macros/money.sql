-- Money: one type, one way in, one way to divide it.
--
-- AWS prints at most ten decimals, so money is DECIMAL(28,10) everywhere. These macros are the only places where
-- something else becomes money.

-- A Parquet double. floor(x * 1e10 + 0.5) is exact while the rounding of x and of the product together stay under half
-- a unit, which holds below 2^18; beyond it the shortest text decides. (A plain cast is wrong in the tenth place for
-- some doubles; text always is fifty times slower.) NULL when it is no number, or more than money can be.
CREATE OR REPLACE TEMP MACRO money_from_double(x) AS
    CASE WHEN abs(x) < 250000
         THEN CAST(floor(x * 1e10 + 0.5) AS DECIMAL(18,0)) * CAST(0.0000000001 AS DECIMAL(10,10))
         ELSE TRY_CAST(CAST(x AS VARCHAR) AS DECIMAL(28,10)) END;

-- Text, scientific notation included; NULL when it is no number. The usual text has no more decimals than money and
-- is small enough for a decimal of machine words, which is read five times faster. More than ten decimals are rounded
-- once, half to even: a cast rounds halves away from zero, so an exact half is taken back when that went to odd.
CREATE OR REPLACE TEMP MACRO exact_from_text(t) AS TRY_CAST(t AS DECIMAL(38,20));

CREATE OR REPLACE TEMP MACRO money_from_text(t) AS
    CASE WHEN strlen(t) - strpos(t, '.') <= 10 AND NOT contains(t, 'e') AND NOT contains(t, 'E')
         THEN coalesce(CAST(TRY_CAST(t AS DECIMAL(18,10)) AS DECIMAL(28,10)), TRY_CAST(t AS DECIMAL(28,10)))
         WHEN exact_from_text(t) IS NULL THEN TRY_CAST(t AS DECIMAL(28,10))
         WHEN abs(CAST(exact_from_text(t) AS DECIMAL(28,10)) - exact_from_text(t)) = 0.00000000005
              AND CAST(abs(CAST(exact_from_text(t) AS DECIMAL(28,10))) * 10000000000 AS HUGEINT) % 2 = 1
         THEN CAST(CAST(exact_from_text(t) AS DECIMAL(28,10))
                   - sign(exact_from_text(t)) * CAST(0.0000000001 AS DECIMAL(28,10)) AS DECIMAL(28,10))
         ELSE CAST(exact_from_text(t) AS DECIMAL(28,10)) END;

-- amount × numerator / denominator in whole quanta of 1e-10, without a division on money. (A count is a BIGINT, which
-- does not hold 1e10 times a billion.)
CREATE OR REPLACE TEMP MACRO whole_quanta(x) AS CAST(x * CAST(10000000000 AS HUGEINT) AS HUGEINT);
CREATE OR REPLACE TEMP MACRO scaled(amount, numerator, denominator) AS
    CASE WHEN numerator IS NULL OR coalesce(denominator, 0) = 0 THEN amount
         ELSE CAST(CAST(whole_quanta(amount) * whole_quanta(numerator) // whole_quanta(denominator) AS DECIMAL(28,0))
                   * CAST(0.0000000001 AS DECIMAL(10,10)) AS DECIMAL(28,10)) END;

-- The same where the product may need more than the 38 digits of a HUGEINT: nine digits of the numerator at a time, as
-- long division on paper.
CREATE OR REPLACE TEMP MACRO quanta_of(amount) AS whole_quanta(abs(amount));
CREATE OR REPLACE TEMP MACRO scaled_at_length(amount, numerator, denominator) AS
    CASE WHEN coalesce(denominator, 0) = 0
            OR coalesce(CAST(abs(amount) AS DOUBLE) * CAST(abs(numerator) AS DOUBLE), 0) < 1e18
         THEN scaled(amount, numerator, denominator)
         ELSE CAST(sign(amount) * sign(numerator) * sign(denominator) * CAST(list_reduce(
            list_transform([1000000000000000000000000000, 1000000000000000000, 1000000000, 1], lambda unit: {
                'quotient': CAST(0 AS HUGEINT), 'rest': CAST(0 AS HUGEINT),
                'digits': quanta_of(numerator) // unit % 1000000000
            }),
            lambda done, next: {
                'quotient': done.quotient * 1000000000
                    + (done.rest * 1000000000 + next.digits * quanta_of(amount)) // quanta_of(denominator),
                'rest': (done.rest * 1000000000 + next.digits * quanta_of(amount)) % quanta_of(denominator),
                'digits': next.digits
            },
            {'quotient': CAST(0 AS HUGEINT), 'rest': CAST(0 AS HUGEINT), 'digits': CAST(0 AS HUGEINT)}
         ).quotient AS DECIMAL(28,0)) * CAST(0.0000000001 AS DECIMAL(10,10)) AS DECIMAL(28,10)) END;

-- The cost that a person looks at: effective, billed or at list price.
CREATE OR REPLACE TEMP MACRO cost_of_kind(kind, effective, billed, list) AS CASE kind
    WHEN 'billed' THEN billed
    WHEN 'list' THEN list
    ELSE effective
END;

-- What one of `parts` gets of `left_over` whole cents, which are dealt out one by one in the order of `place`, from 1.
CREATE OR REPLACE TEMP MACRO dealt(left_over, parts, place) AS
    CAST(floor(left_over / parts) AS HUGEINT)
        + CASE WHEN place <= left_over - parts * CAST(floor(left_over / parts) AS HUGEINT) THEN 1 ELSE 0 END;
