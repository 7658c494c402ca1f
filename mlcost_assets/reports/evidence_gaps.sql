-- ML dollars without a model, a team or an environment → why nobody knows, and the cheapest evidence that would tell.
--
-- Of several reasons the one counts that is mended for the most dollars with the least work: a line
-- of rules.yaml for a known workload before a tag for each resource. What a pool's part follows is
-- not known either, and is settled with that.
WITH unowned AS (
    SELECT export_name, account_id, coalesce(region_id, '') AS region_id, service_code, charge_category, usage_type,
        operation, resource_id, stage, method, evidence_id,
        coalesce(
            'model ' || model, 'pipeline ' || pipeline, 'experiment ' || experiment, 'agent ' || agent,
            'project ' || project
        ) AS workload,
        billing_currency,
        list_filter(
            [
                CASE WHEN model IS NULL THEN 'model' END,
                CASE WHEN team IS NULL THEN 'team' END,
                CASE WHEN environment IS NULL THEN 'environment' END
            ],
            lambda dimension: dimension IS NOT NULL) AS lacking,
        CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
    FROM attributed_costs
    WHERE billing_period = $billing_period AND is_ml AND (model IS NULL OR team IS NULL OR environment IS NULL)
    GROUP BY ALL
),

lacking AS (
    SELECT unowned.*, unnest(lacking) AS dimension, charged_for(unowned) AS charged_for
    FROM unowned
),

-- The thing that would have to tell: the resource billed, or what it was spent for (a pod on a machine).
spent_for AS (
    SELECT evidence_id, min(value) AS consumer_key, bool_or(method = 'proportional') AS is_part_of_pool
    FROM attribution_evidence
    WHERE billing_period = $billing_period AND dimension IS NULL
    GROUP BY evidence_id
),

thing AS (
    SELECT charged_for(billed_things) AS charged_for,
        min(resource_key) FILTER (names_resource) AS resource_key,
        list(DISTINCT tag_set) FILTER (tag_set IS NOT NULL) AS tag_sets
    FROM billed_things WHERE billing_period = $billing_period
    GROUP BY ALL
),

disagreement AS (
    SELECT evidence_id, dimension, min(said) AS said FROM attribution_evidence
    WHERE billing_period = $billing_period AND code = 'disagree'
    GROUP BY ALL
),

-- Exports that name resources nowhere were set up without them.
export AS (
    SELECT export_name, bool_or(resource_id <> '') AS names_resources
    FROM attributed_costs
    WHERE billing_period = $billing_period
    GROUP BY export_name
),

known AS (
    SELECT resource_key, list(tags ORDER BY valid_from DESC)[1] AS tags FROM resource_history GROUP BY resource_key
),

collected_account AS (
    SELECT DISTINCT account_id FROM metadata_records WHERE kind NOT LIKE 'organizations:%' AND kind <> 'mlcost:Snapshot'
),

-- Looks at a service that did not see everything, and none since that did.
failed_look AS (
    SELECT account_id, regexp_extract(kind, '^[^:]+') AS service, min(kind) AS kind,
        arg_max(coalesce(error, 'records are missing'), finished_at) AS error
    FROM (
        SELECT *
        FROM metadata_looks
        QUALIFY row_number() OVER (PARTITION BY account_id, region, kind, scope ORDER BY finished_at DESC) = 1
    )
    WHERE NOT complete
    GROUP BY ALL
),

-- The key under which people write a dimension most, and those that the bill cannot show because nobody activated them.
written_key AS (
    SELECT dimension,
        arg_max(tag_key, (coalesce(carrier_cost, 0), tag_key)) FILTER (activated IS DISTINCT FROM false) AS usual,
        arg_max(tag_key, (coalesce(carrier_cost, 0), tag_key)) FILTER (activated = false) AS inactive
    FROM tag_keys
    WHERE dimension IS NOT NULL
        AND NOT regexp_matches(
            tag_key,
            '^(accountTag|iamPrincipal|userAttribute|label|costCategory|mlflow)/|^(aws|sagemaker|cicd|kubernetes):'
        )
    GROUP BY dimension
),

subject AS (
    SELECT lacking.*, coalesce(spent_for.consumer_key, thing.resource_key) AS subject_key, spent_for.consumer_key,
        method = 'proportional' OR coalesce(spent_for.is_part_of_pool, false) AS shared,
        known.resource_key IS NOT NULL AS seen, known.tags,
        thing.tag_sets
    FROM lacking
    LEFT JOIN spent_for USING (evidence_id)
    LEFT JOIN thing USING (charged_for)
    LEFT JOIN known ON known.resource_key = coalesce(spent_for.consumer_key, thing.resource_key)
),

carried AS (
    SELECT DISTINCT tag_sets, tags, unnest(list_concat(map_entries(coalesce(tags, MAP {})), (
        SELECT coalesce(flatten(list(map_entries(bill.tags))), [])
        FROM bill_tag_sets AS bill
        WHERE billing_period = $billing_period AND list_contains(tag_sets, bill.tag_set)
    ))) AS tag
    FROM (
        SELECT DISTINCT tag_sets, tags FROM subject
    )
),

-- What stands on it and was not understood: a value that means nothing before a
-- key of which nobody told what it speaks of.
unread AS (
    SELECT tag_sets, tags, asked.dimension,
        min(tag.key || ' = ' || tag.value) FILTER (
            tag_keys.dimension = asked.dimension AND tag_values.canonical_value IS NULL
        ) AS value,
        arg_max(tag.key, (tag_keys."values" > 1, coalesce(tag_keys.carrier_cost, 0), tag.key)) FILTER (
            tag_keys.dimension IS NULL AND tag_keys.how = 'speaks of no dimension'
            AND NOT regexp_matches(
                lower(tag.key),
                '(^|[/:_-])(name|terraform|created_?by|created_?at|managed_?by|owner_?email|version|cost_?center)$'
                '|^(aws|sagemaker|eks|karpenter|kubernetes|k8s)[:._/-]'
            )
        ) AS key
    FROM carried
    CROSS JOIN (SELECT unnest(['model', 'team', 'environment']) AS dimension) AS asked
    JOIN tag_keys ON tag_keys.tag_key = tag.key
    LEFT JOIN tag_values ON tag_values.tag_key = tag.key AND tag_values.tag_value = tag.value
    GROUP BY ALL
),

reasoned AS (
    SELECT subject.*, disagreement.said AS disagreement, unread.value AS unread_value, unread.key AS unread_key,
        written_key.usual, written_key.inactive, failed_look.kind AS failed_kind, failed_look.error,
        CASE
            WHEN stage = 'commitment' THEN 'unused commitment'
            WHEN shared THEN 'shared'
            WHEN disagreement.said IS NOT NULL THEN 'sources disagree'
            WHEN workload IS NOT NULL THEN 'workload'
            WHEN unread.value IS NOT NULL THEN 'value not understood'
            WHEN subject_key IS NULL AND NOT export.names_resources THEN 'export without resources'
            WHEN subject_key IS NULL OR subject_key LIKE '%:inference-profile/%' THEN 'no resource named'
            WHEN NOT seen AND written_key.inactive IS NOT NULL THEN 'tag not activated'
            WHEN NOT seen AND collected_account.account_id IS NULL THEN 'account not collected'
            WHEN NOT seen AND failed_look.account_id IS NOT NULL THEN 'collection failed'
            WHEN NOT seen THEN 'never seen'
            WHEN unread.key IS NOT NULL THEN 'key not understood'
            ELSE 'nothing tells' END AS reason
    FROM subject
    JOIN export USING (export_name)
    LEFT JOIN disagreement USING (evidence_id, dimension)
    LEFT JOIN unread ON unread.tag_sets IS NOT DISTINCT FROM subject.tag_sets
        AND unread.tags IS NOT DISTINCT FROM subject.tags AND unread.dimension = subject.dimension
    LEFT JOIN written_key ON written_key.dimension = subject.dimension
    LEFT JOIN collected_account USING (account_id)
    LEFT JOIN failed_look ON failed_look.account_id = subject.account_id
        AND failed_look.service = CASE
            WHEN subject_key LIKE 'arn:%' THEN split_part(subject_key, ':', 3)
            WHEN regexp_matches(subject_key, '^[a-z]+-[0-9a-f]{8,}$') THEN 'ec2'
        END
),

told AS (
    SELECT *, CASE reason
            WHEN 'workload' THEN workload
            WHEN 'sources disagree' THEN disagreement
            WHEN 'value not understood' THEN unread_value
            WHEN 'key not understood' THEN unread_key
            WHEN 'tag not activated' THEN inactive
            WHEN 'collection failed' THEN failed_kind || ': ' || error
            WHEN 'nothing tells'
                THEN coalesce(regexp_extract(consumer_key, '^(arn:[^:]*:eks:[^:]*:[^:]*:pod/[^/]+/[^/]+)/', 1), '')
            ELSE '' END AS about
    FROM reasoned
)

SELECT $billing_period AS billing_period, dimension, reason, account_id, region_id, service_code, about,
    CASE reason
        WHEN 'unused commitment' THEN 'purchased but unused'
        WHEN 'shared' THEN 'it is allocated in proportion to costs whose ' || dimension || ' is not known'
        WHEN 'sources disagree' THEN 'sources disagree: ' || about
        WHEN 'workload' THEN 'belongs to ' || about || ', whose ' || dimension || ' is not known'
        WHEN 'value not understood' THEN 'has the tag ' || about || ', whose value names no ' || dimension
        WHEN 'export without resources' THEN 'the export names no resources'
        WHEN 'no resource named' THEN 'the charge names no resource, and no other evidence applies to it'
        WHEN 'tag not activated'
            THEN 'metadata does not list the resource, and the tag key ' || about || ' is not activated in the bill'
        WHEN 'account not collected' THEN 'no metadata was collected in account ' || account_id
        WHEN 'collection failed' THEN 'the last collection was not complete: ' || about
        WHEN 'never seen' THEN 'the resource existed between two collections, or before the first one'
        WHEN 'key not understood' THEN 'has the tag key ' || about || ', whose meaning is not configured'
        ELSE 'neither the resource nor a related resource names its ' || dimension END AS statement,
    CASE reason
        WHEN 'unused commitment' THEN 'no evidence applies: divide it with a split in rules.yaml, or purchase less'
        WHEN 'shared'
            THEN 'close the other gaps of the dimension ' || dimension || ', or divide it with a split in rules.yaml'
        WHEN 'sources disagree' THEN 'decide it with a rule in rules.yaml'
        WHEN 'workload' THEN CASE dimension
            WHEN 'model' THEN 'if it produces one model: a rule in rules.yaml that sets model, or the tag '
                || coalesce(usual, dimension)
            ELSE 'one line in rules.yaml, under workloads: the ' || dimension || ' of ' || about END
        WHEN 'value not understood' THEN 'correct the tag, or add its meaning to tags.values in rules.yaml'
        WHEN 'export without resources' THEN 'switch on resource ids in the export (INCLUDE_RESOURCES)'
        WHEN 'no resource named' THEN CASE
            WHEN service_code = 'AmazonBedrock'
                THEN 'call the model through an application inference profile with tags, '
                    'or export IAM principals and tag the roles'
            ELSE 'a rule in rules.yaml for account ' || account_id || ', or a tag on the account' END
        WHEN 'tag not activated'
            THEN 'activate the tag ' || about || ' for cost allocation (Billing → Cost allocation tags)'
        WHEN 'account not collected'
            THEN 'let mlcost collect read account ' || account_id || ' (metadata.accounts in mlcost.yaml)'
        WHEN 'collection failed' THEN 'add the permission (docs/collect.md has the policy) and collect again'
        WHEN 'never seen' THEN 'collect more often, or add the tag ' || coalesce(usual, dimension)
        WHEN 'key not understood' THEN 'if it names the ' || dimension || ', add it to tags.keys in rules.yaml'
        ELSE 'add the tag ' || coalesce(usual, dimension) || ', or a rule in rules.yaml' END AS mend,
    count(DISTINCT nullif(resource_id, '')) AS resources,
    arg_max(nullif(resource_id, ''), abs(effective_cost)) AS largest_resource,
    CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost, billing_currency
FROM told
GROUP BY ALL
