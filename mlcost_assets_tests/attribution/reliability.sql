-- Confidence against truth: of the dollars given a value at each confidence, the share that is right. Reads `compared`.
SELECT floor(confidence * 10) / 10 AS confidence, CAST(sum(given_cost) AS DOUBLE) AS dollars,
    CAST(sum(agreed) / sum(given_cost) AS DOUBLE) AS right_share
FROM compared
WHERE given IS NOT NULL AND given_cost > 0
GROUP BY 1
ORDER BY 1
