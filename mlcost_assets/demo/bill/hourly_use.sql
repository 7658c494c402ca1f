-- What of each savings plan is used in each hour.
CREATE TABLE hourly_use AS
SELECT covered_by, rows.begins, sum(effective)::BIGINT AS effective
FROM rows
JOIN lines USING (line)
WHERE kind_of_cover = 'savings plan' AND line_item_type = 'SavingsPlanCoveredUsage'
GROUP BY ALL;
