-- The names that rules.yaml gives, in the normal form, and what each of them means.
SELECT dimension, joined_environments(normal_form(name)) AS normal_value, min(canonical) AS canonical
FROM rule_names
GROUP BY ALL
