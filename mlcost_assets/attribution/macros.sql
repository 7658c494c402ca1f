-- What several statements of attribution need.

-- The identity of what a row of daily_charges is for, whatever the day.
CREATE OR REPLACE TEMP MACRO billed_thing(c) AS md5(concat_ws(chr(31),
    c.export_name, c.billing_account_id, c.account_id, coalesce(c.region_id, ''), c.billing_currency,
    coalesce(c.service_code, ''),
    coalesce(c.service_name, ''), coalesce(c.product_code, ''), c.charge_category, coalesce(c.commitment_status, ''),
    coalesce(c.commitment_id, ''), coalesce(c.line_item_type, ''),
    coalesce(c.usage_type, ''), coalesce(c.operation, ''), coalesce(c.instance_type, ''), c.resource_id,
    coalesce(c.iam_principal, ''),
    coalesce(c.tag_set, '')));

-- The two ends of time, as ordinary timestamps that every reader of the files understands.
CREATE OR REPLACE TEMP MACRO always_from() AS CAST('1970-01-01' AS TIMESTAMP);
CREATE OR REPLACE TEMP MACRO always_to() AS CAST('9999-12-31' AS TIMESTAMP);

-- The numbers of decide/ladder.yaml: one by what it is of; one as a factor of a reason; the start of a kind of reason,
-- which may be another at some places; and how sure several factors are together. A connection without the ladder
-- would make NULL of all of them, so it fails instead.
CREATE OR REPLACE TEMP MACRO grade(what) AS
    CASE WHEN getvariable('grades') IS NULL THEN error('no ladder is provided') ELSE getvariable('grades')[what] END;
CREATE OR REPLACE TEMP MACRO factor(what, by_how_much) AS {'what': what, 'factor': CAST(by_how_much AS DOUBLE)};
CREATE OR REPLACE TEMP MACRO graded(what) AS factor(what, grade(what));
CREATE OR REPLACE TEMP MACRO started(code, place) AS factor(code, coalesce(grade(code || ' ' || place), grade(code)));
CREATE OR REPLACE TEMP MACRO sureness(factors) AS
    coalesce(list_aggregate(list_transform(factors, lambda one: one.factor), 'product'), 1);

-- The factors of a reason as they are told: each to the power that organisations with known owners bore out
-- (decide/fitted.yaml). What follows from a model is told after the model itself.
CREATE OR REPLACE TEMP MACRO told(factors) AS list_transform(factors, lambda each: factor(
    each.what, pow(each.factor, coalesce(getvariable('powers')[each.what], getvariable('powers')['any other']))));

-- The place of a rung on one of the file's ladders, 1 is the top.
CREATE OR REPLACE TEMP MACRO rank_of(ladder, rung) AS CASE
    WHEN getvariable('rungs') IS NULL THEN error('no ladder is provided')
    ELSE getvariable('rungs')[ladder || ' ' || rung]
END;

-- A reason in words: the sentence of its kind in decide/ladder.yaml. The one place where reasons become text.
CREATE OR REPLACE TEMP MACRO sentence(code, dimension, value, place, said) AS
    replace(replace(replace(replace(getvariable('reason_kinds')[code], '{dimension}', coalesce(dimension, '')),
        '{value}', coalesce(value, '')), '{place}', coalesce(place, '')), '{said}', coalesce(said, ''));

-- What a reason says; where sources disagree, what the two strongest do.
CREATE OR REPLACE TEMP MACRO said_of(reason) AS CASE
    WHEN reason.code <> 'disagree' THEN reason.said
    ELSE array_to_string(list_transform(reason.lost[:2], lambda voice:
        voice.value || ' (' || sentence(voice.code, reason.dimension, voice.value, voice.place, voice.said) || ')'),
        ' or ')
END;

-- Whether `value` matches one of the globs; no globs match everything.
CREATE OR REPLACE TEMP MACRO any_glob(globs, value) AS
    len(CAST(globs AS VARCHAR[])) = 0
        OR len(list_filter(CAST(globs AS VARCHAR[]), lambda pattern: coalesce(value, '') GLOB pattern)) > 0;

-- The dimensions in the order in which one of them names a row's owner.
CREATE
    OR REPLACE TEMP MACRO dimensions() AS [
        'model', 'project', 'pipeline', 'experiment', 'agent', 'team', 'business_function', 'environment'
    ];

-- A split to the cent: each charge's amounts divided over its parts by weight, in whole quanta of 1e-10. Products are
-- floored and what is left is handed out one quantum at a time by largest remainder, then by owner, so that the same
-- inputs give the same cents on every engine. All weights zero: even shares. `parts` names a table of (charge, owner,
-- weight, usage_quantity and the four costs, the same on every part of a charge).
CREATE OR REPLACE TEMP MACRO divided(parts) AS TABLE
WITH weighed AS (
    SELECT *,
        CASE
            WHEN sum(weight) OVER (PARTITION BY charge) = 0 THEN CAST(1 AS HUGEINT)
            ELSE CAST(weight AS HUGEINT) END AS share
    FROM query_table(parts)
),
amounts AS (
    UNPIVOT (
        SELECT charge, owner, share, usage_quantity, billed_cost, effective_cost, list_cost, contracted_cost
        FROM weighed
    )
    ON usage_quantity, billed_cost, effective_cost, list_cost, contracted_cost INTO NAME measure VALUE amount
),
quanta AS (
    SELECT *, CAST(abs(amount) * 10000000000 AS HUGEINT) AS whole,
        sum(share) OVER (PARTITION BY charge, measure) AS shares
    FROM amounts
),
floored AS (
    SELECT *, whole * share // shares AS given, whole * share % shares AS remainder FROM quanta
),
ranked AS (
    SELECT *,
        whole - sum(given) OVER (PARTITION BY charge, measure) AS remaining,
        row_number() OVER (PARTITION BY charge, measure ORDER BY remainder DESC, owner) AS place
    FROM floored
),
settled AS (
    SELECT charge, owner, measure,
        CAST(
            sign(amount) * CAST(
                given + CASE WHEN place <= remaining THEN 1 ELSE 0 END AS DECIMAL(28,0)
            ) * CAST(0.0000000001 AS DECIMAL(10,10)) AS DECIMAL(28,10)
        ) AS amount
    FROM ranked
)
SELECT charge, owner,
    any_value(amount) FILTER (measure = 'usage_quantity') AS usage_quantity,
    any_value(amount) FILTER (measure = 'billed_cost') AS billed_cost,
    any_value(amount) FILTER (measure = 'effective_cost') AS effective_cost,
    any_value(amount) FILTER (measure = 'list_cost') AS list_cost,
    any_value(amount) FILTER (measure = 'contracted_cost') AS contracted_cost
FROM settled
GROUP BY charge, owner;

-- The identity of the reason why a pool's part went to an owner.
CREATE OR REPLACE TEMP MACRO pool_evidence(p) AS
    md5(
        concat_ws(chr(31), 'pool', p.scope, p.scope_key, CAST(p.weight AS VARCHAR), CAST(p.weights AS VARCHAR), p.owner)
    );

-- Whether a word of a name says nothing of what is named: ordinary_words.yaml,
-- environments, versions, dates and other numbers.
CREATE OR REPLACE TEMP MACRO is_ordinary(word) AS
    list_contains(getvariable('ordinary_words'), word) OR regexp_matches(word, '^v?[0-9]+$');

-- Whether a name only says what kind of estimator it names, or which part of a serving graph: classifier, ranker-v2.
CREATE OR REPLACE TEMP MACRO says_only_the_kind(name) AS len(list_filter(
    string_split(name, '-'), lambda word: NOT is_ordinary(word) AND NOT regexp_full_match(
        word, '(classifi|regress|estimat|predict|transform|encod|decod|embedd|rank|rerank|recommend|forecast|detect'
        '|explain|combin|segment|generat|summari[sz])[eo]rs?'
    )
)) = 0;

-- Whether a name only says what models do (detection, demand-forecasting is more).
CREATE OR REPLACE TEMP MACRO says_only_the_task(name) AS len(list_filter(
    string_split(name, '-'), lambda word: NOT is_ordinary(word)
        AND NOT list_bool_or(list_transform(getvariable('task_roots'), lambda root: starts_with(word, root)))
)) = 0;

-- A registered name without ml before it, and without a version or the word model after it.
CREATE OR REPLACE TEMP MACRO without_kind(name) AS
    regexp_replace(name, '^((ml|ai)-)+|(-(v?[0-9]+|model|models))+$', '', 'g');

-- A model's name without how it was tuned and in which form its weights are kept (descgen-ft, descgen-merged).
CREATE OR REPLACE TEMP MACRO without_form(name) AS regexp_replace(
    name, '(-(ft|sft|dpo|peft|q?lora|fine-?tuned?|tuned|merged|adapters?|awq|gptq|gguf|fp(8|16)|bf16|int[48]|onnx))+$',
    ''
);

-- Whether a word is a code and no word that people would say: digits among hexadecimal letters, without a vowel, or a
-- number behind a few letters; and whether a name is nothing but codes (MRM-0279, fkxr84, a4348782, AP07015), a serial
-- number behind short forms of where it was given (mpg-leb-003) among them.
CREATE OR REPLACE TEMP MACRO is_code_word(word) AS regexp_matches(word, '[0-9]') AND (
    regexp_matches(word, '^[0-9a-f]{3,}$|^[a-z]{1,4}[0-9]{4,}$')
    OR len(word) >= 5 AND NOT regexp_matches(word, '[aeiouy]')
);
CREATE OR REPLACE TEMP MACRO is_code(name) AS regexp_matches(name, '[0-9]') AND len(list_filter(
    string_split(name, '-'), lambda part: regexp_matches(part, '[aeiouy]') AND NOT is_code_word(part)
        AND NOT regexp_full_match(name, '[a-z]{2,4}(-[a-z]{2,4})*-0[0-9]{2,}')
)) = 0;

-- Whether a tag's key, in normal form, is one of cost centres, as houses of several languages call them.
CREATE OR REPLACE TEMP MACRO is_cost_key(key) AS regexp_matches(
    key,
    '(^|-)(cost|cc|costcent(er|re)|budget|wbs|gl|chargeback|kostenstelle|kostentrager|kst|ccosto?s?|'
        || 'centro-de-(costos?|costes?|custos?)|centre-de-couts?|kostenplaats|centro-di-costo)(-|$)'
);

-- The reservation of one resource over the rows of a pod (pod_requests).
CREATE OR REPLACE TEMP MACRO reserved(level, stays, amount, before) AS coalesce(
    nullif(max(amount) FILTER (level = 'pod'), 0),
    greatest(
        sum(amount) FILTER (level = 'container' AND stays),
        max(amount + coalesce(before, 0)) FILTER (level = 'container' AND NOT stays)
    ), 0
) + coalesce(max(amount) FILTER (level = 'overhead'), 0);

-- What the pods of Kubernetes effectively ask for (resource_key, valid_from, accelerators, cores, gibibytes), as its
-- scheduler reserves it: of every resource what all containers and sidecars ask for together, or what an init container
-- needs beside the sidecars before it where that is more; what the pod asks for as a whole replaces it; overhead comes
-- on top. A limit stands for a request that is missing. A device claim (DRA) is one accelerator. `history` names a
-- table like resource_history.
CREATE OR REPLACE TEMP MACRO pod_requests(history) AS TABLE
WITH pod AS (
    SELECT resource_key, valid_from, body FROM query_table(history) WHERE kind = 'k8s:Pod'
),

-- Sidecars are init containers that stay. Containers start when all of these have.
container AS (
    SELECT resource_key, valid_from, 'container' AS level, true AS stays, 1000 AS place,
        json_extract(unnest(json_extract(body, '$.spec.containers[*]')), '$.resources') AS resources
    FROM pod
    UNION ALL
    SELECT resource_key, valid_from, 'container',
        coalesce(json_extract_string(init, '$.restartPolicy') = 'Always', false), place,
        json_extract(init, '$.resources')
    FROM (
        SELECT resource_key, valid_from, unnest(json_extract(body, '$.spec.initContainers[*]')) AS init,
            generate_subscripts(json_extract(body, '$.spec.initContainers[*]'), 1) AS place
        FROM pod
    )
    UNION ALL
    SELECT resource_key, valid_from, 'pod', true, 0, json_extract(body, '$.spec.resources') FROM pod
    UNION ALL
    SELECT resource_key, valid_from, 'overhead', true, 0, json_object('requests', json_extract(body, '$.spec.overhead'))
    FROM pod
),

asked AS (
    SELECT *, accelerators(requests) AS accelerators, quantity(requests ->> '$.cpu') AS cores,
        quantity(requests ->> '$.memory') / 1073741824 AS gibibytes
    FROM (
        SELECT * EXCLUDE (resources), json_merge_patch(
            coalesce(json_extract(resources, '$.limits'), '{}'), coalesce(json_extract(resources, '$.requests'), '{}')
        ) AS requests
        FROM container
    )
),

beside AS (
    SELECT *, sum(accelerators) FILTER (stays) OVER before AS accelerators_before,
        sum(cores) FILTER (stays) OVER before AS cores_before,
        sum(gibibytes) FILTER (stays) OVER before AS gibibytes_before
    FROM asked
    WINDOW before AS (
        PARTITION BY resource_key, valid_from, level ORDER BY place
        RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),

-- Devices that a pod claims, and a GPU of which a scheduler gives it a part (Run:ai, KAI).
device AS (
    SELECT resource_key, valid_from, len(json_extract(body, '$.spec.resourceClaims[*]'))
        + coalesce(told_number(body ->> '$.metadata.annotations.gpu-fraction'), 0) AS devices
    FROM pod
)

SELECT resource_key, valid_from, reserved(level, stays, accelerators, accelerators_before) + any_value(devices)
        AS accelerators,
    reserved(level, stays, cores, cores_before) AS cores,
    reserved(level, stays, gibibytes, gibibytes_before) AS gibibytes
FROM beside
JOIN device USING (resource_key, valid_from)
GROUP BY resource_key, valid_from;

-- The columns of a charge that a split's `within` lists, as one text: charges alike in them share one scope.
CREATE OR REPLACE TEMP MACRO within_key(within, c) AS concat_ws('|',
    CASE WHEN list_contains(within, 'billing_account_id') THEN c.billing_account_id END,
    CASE WHEN list_contains(within, 'account_id') THEN c.account_id END,
    CASE WHEN list_contains(within, 'region_id') THEN coalesce(c.region_id, '') END,
    CASE WHEN list_contains(within, 'environment') THEN coalesce(c.environment, '') END,
    CASE WHEN list_contains(within, 'project') THEN coalesce(c.project, '') END,
    CASE WHEN list_contains(within, 'team') THEN coalesce(c.team, '') END);

-- What of a charge both billed_things and attributed_costs tell.
CREATE OR REPLACE TEMP MACRO charged_for(c) AS concat_ws(chr(31),
    c.export_name, c.account_id, coalesce(c.service_code, ''), c.charge_category, coalesce(c.usage_type, ''),
    coalesce(c.operation, ''), c.resource_id
);

-- What a request through a gateway says of itself: LiteLLM's metadata of requests, and its tags of the form key:value.
CREATE OR REPLACE TEMP MACRO gateway_words(body) AS list_concat(
    entries_of(json_extract(body, '$.metadata.requester_metadata')),
    entries_of(json_extract(body, '$.metadata.spend_logs_metadata')),
    list_transform(
        list_filter(
            list_distinct(list_concat(body ->> '$.request_tags[*]', body ->> '$.metadata.tags[*]')),
            lambda tag: regexp_matches(tag, '^[^:]+:.')
        ),
        lambda tag: {'key': split_part(tag, ':', 1), 'value': trim(substr(tag, strpos(tag, ':') + 1))}
    )
);

-- Who calls through a gateway: its key (or user) with the key's team and what the request says that it is for, so that
-- one key's requests for two things are two callers. NULL where the gateway tells none of them.
CREATE OR REPLACE TEMP MACRO gateway_caller(account, body) AS 'litellm:' || account || '/' || nullif(concat_ws('/',
    coalesce(nullif(body ->> '$.metadata.user_api_key_team_alias', ''), nullif(body ->> '$.team_id', '')),
    coalesce(nullif(body ->> '$.metadata.user_api_key_alias', ''), nullif(body ->> '$.user', '')),
    nullif(array_to_string(list_sort(list_distinct(list_transform(
        list_filter(
            gateway_words(body),
            lambda entry: regexp_full_match(
                normal_form(entry.key), '(model|project|app|application|agent|team|use-case|feature)(-(name|id))?'
            )
        ), lambda entry: entry.value
    ))), '/'), '')
), '');
