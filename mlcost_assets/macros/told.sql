-- What a record tells, read as what it has to be; NULL where it is something else, and where no resource can have so
-- much. A record may hold anything in any place: a text for a number, an object for a list, a time that no calendar
-- has. Statements read numbers, lists and days of records by these macros alone, so that one odd record stops no other.

-- A number that is measured or asked for: finite, not below none, and a day of many of them still a whole number.
CREATE OR REPLACE TEMP MACRO told_number(t) AS
    CASE WHEN TRY_CAST(t AS DOUBLE) BETWEEN 0 AND 1e15 THEN TRY_CAST(t AS DOUBLE) END;

-- How many there are (machines, copies, requests): few enough to be multiplied by a price.
CREATE OR REPLACE TEMP MACRO told_count(t) AS
    CASE WHEN TRY_CAST(t AS BIGINT) BETWEEN 0 AND 1000000000000 THEN TRY_CAST(t AS BIGINT) END;

-- How much a place stores, in bytes or objects: up to a hundred petabytes.
CREATE OR REPLACE TEMP MACRO told_size(t) AS
    CASE WHEN TRY_CAST(t AS BIGINT) BETWEEN 0 AND 100000000000000000 THEN TRY_CAST(t AS BIGINT) END;

-- Money that a record tells; no bill has a billion at once.
CREATE OR REPLACE TEMP MACRO told_money(t) AS CASE WHEN abs(money_from_text(t)) < 1e9 THEN money_from_text(t) END;

-- A day, as text of any form.
CREATE OR REPLACE TEMP MACRO told_day(t) AS CAST(time_from_text(t) AS DATE);

-- The members of a list, as texts or as numbers: so many as it has.
CREATE OR REPLACE TEMP MACRO told_texts(j) AS CASE json_type(j) WHEN 'ARRAY' THEN json_extract_string(j, '$[*]') END;
CREATE OR REPLACE TEMP MACRO told_numbers(j) AS list_transform(told_texts(j), lambda one: told_number(one));

-- The same of percentages, which some count over all processors of a machine: a thousand at most.
CREATE OR REPLACE TEMP MACRO told_percents(j) AS list_transform(
    told_texts(j), lambda one: CASE WHEN told_number(one) <= 100000 THEN told_number(one) END
);
