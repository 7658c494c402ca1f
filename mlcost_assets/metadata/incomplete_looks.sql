-- What the newest look of each kind and place did not see whole, a sentence each.
SELECT concat_ws(' ', account_id, nullif(region, ''), nullif(scope, ''), kind) || ': '
    || coalesce(
        error,
        CASE
            WHEN landed < records
                THEN (records - landed) || ' of its ' || records || ' records are missing in the landing zone'
        END,
        'not complete'
    )
FROM metadata_looks
QUALIFY row_number() OVER (PARTITION BY account_id, region, scope, kind ORDER BY started_at DESC, source) = 1
    AND NOT complete
ORDER BY 1
