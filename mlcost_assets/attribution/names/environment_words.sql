-- Spellings of environments that mean one also in a longer name: a stage, with a number or without, may be a step.
SELECT normal_value AS word, environment
FROM environment_spellings
WHERE environment <> 'nonprod' AND (normal_value = 'qa'
    OR len(normal_value) > 2 AND normal_value NOT LIKE '%-%'
        AND NOT regexp_full_match(normal_value, '(stage|integration|acceptance|scratch)[0-9]*')
)
