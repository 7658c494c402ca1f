-- What is left to pay after the enterprise discount; the percentage kept is a whole number, so that the effective
-- cost of covered usage stays exact in ten decimals.
ALTER TABLE rows ADD COLUMN net BIGINT;
ALTER TABLE rows ADD COLUMN net_effective BIGINT;
UPDATE rows SET
    net = CASE
        WHEN lines.is_discounted THEN sign(unblended) * ((abs(unblended)::HUGEINT * $keep + 50) // 100)
        ELSE unblended END,
    net_effective = CASE
        WHEN lines.is_discounted THEN sign(effective) * ((abs(effective)::HUGEINT * $keep + 50) // 100)
        ELSE effective END
FROM lines WHERE lines.line = rows.line;
