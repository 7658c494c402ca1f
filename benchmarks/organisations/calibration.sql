-- How far confidence is from what was right, in dollars: of each dimension the expected calibration error (ten steps),
-- and of what is given at 0.9 or more the share that is right. Reads the table `reasons`.
WITH step AS (
    SELECT dimension, round(confidence, 1) AS step, sum(dollars) AS dollars, sum(dollars * confidence) AS promised,
        sum(right_dollars) AS is_right
    FROM reasons
    WHERE dollars > 0
    GROUP BY ALL
),

sure AS (
    SELECT dimension, sum(right_dollars) / nullif(sum(dollars), 0) AS is_right
    FROM reasons
    WHERE confidence >= 0.9
    GROUP BY ALL
)

SELECT dimension, sum(abs(promised - step.is_right)) / sum(dollars) AS error, any_value(sure.is_right) AS sure
FROM step
LEFT JOIN sure USING (dimension)
GROUP BY ALL
