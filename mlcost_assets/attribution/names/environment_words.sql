-- Spellings of environments that mean one also inside a longer name.
SELECT normal_value AS word, environment
FROM environment_spellings
WHERE environment <> 'nonprod' AND (normal_value = 'qa'
    OR len(normal_value) > 2 AND normal_value NOT LIKE '%-%'
        AND normal_value NOT IN ('stage', 'integration', 'acceptance', 'scratch')
)
