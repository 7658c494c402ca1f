-- What several statements of the tag tables need.

-- A tag key as people meant it: without what the bill or tag_observations puts before it to say what it is a tag of.
CREATE OR REPLACE TEMP MACRO plain_key(key) AS
    regexp_replace(key, '^(user[:_]|(accountTag|iamPrincipal|userAttribute|costCategory|label|mlflow)/)', '');

-- Keys that a service, a controller or an installer sets: they speak of its own things, whatever words they have after
-- their domain (ray.io/group is a group of workers). app.kubernetes.io/… is for people.
CREATE OR REPLACE TEMP MACRO is_system_key(key) AS regexp_matches(key, '^(aws|elasticbeanstalk)[:_]|^mlflow/mlflow\.')
    OR (list_has_any(
        getvariable('controllers'),
        list_transform(
            range(1, len(string_split(split_part(plain_key(key), '/', 1), '.')) + 1),
            lambda part: array_to_string(string_split(split_part(plain_key(key), '/', 1), '.')[part:], '.')
        )
    ) AND contains(plain_key(key), '/') AND NOT starts_with(plain_key(key), 'app.kubernetes.io/'));

-- Labels that name a part of an application in a cluster, and the namespace it lives in: read as names, by their words.
CREATE OR REPLACE TEMP MACRO names_workload(key) AS key = 'kubernetes:Namespace'
    OR regexp_matches(
        key, '^label/(app|k8s-app|run|name|component|release|chart|tier|version|app\.kubernetes\.io/.*)$'
    );

-- A tag key as CUR 2.0 writes it: lower case, words apart, every other sign an underscore (AWS: CUR 2.0 resource_tags).
CREATE OR REPLACE TEMP MACRO billing_key(key) AS
    trim(regexp_replace(lower(regexp_replace(key, '([a-z0-9])([A-Z])', '\1_\2', 'g')), '[^a-z0-9]+', '_', 'g'), '_');

-- The letters of a normal form without the joints, except between digits: 1-1 is not 11.
CREATE OR REPLACE TEMP MACRO compact(normal) AS
    regexp_replace(regexp_replace(normal, '([0-9])-([0-9])', '\1.\2', 'g'), '-', '', 'g');

-- A normal form with each letter that is written twice written once: modell and model sound alike.
CREATE OR REPLACE TEMP MACRO single_letters(normal) AS array_to_string(list_filter(
    string_split(normal, ''), lambda letter, turn: turn = 1 OR letter <> substr(normal, turn - 1, 1)
), '');

-- Environments of two words in one, so that the last word alone never speaks for them.
CREATE OR REPLACE TEMP MACRO joined_environments(normal) AS
    regexp_replace(normal, '(^|-)(pre|non)-(prod|prd|production)(-|$)', '\1\2\3\4');

-- Trailing parts of a name that change while the name stays: the pattern, for regexp_replace.
CREATE OR REPLACE TEMP MACRO version_tail() AS
    '-(v|ver|version|rev|rel|release|r)-?[0-9]{1,4}(-[0-9]{1,4}){0,3}(-(rc|alpha|beta)-?[0-9]*)?$';
CREATE OR REPLACE TEMP MACRO date_tail() AS
    '-(20[0-9]{2}(-?(0[1-9]|1[0-2])(-?(0[1-9]|[12][0-9]|3[01])([-t]*[0-9]{2,6}(-[0-9]{2}){0,2})?)?)?'
    '|20[0-9]{2}-?[qh][1-4]|[qh][1-4]-?20[0-9]{2}'
    '|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}-?20[0-9]{2}'
    '|20[0-9]{2}-?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}'
    '|1[5-9][0-9]{8}([0-9]{3})?)$';
-- uuid; what Kubernetes appends to the name of a deployment's pod; a commit; any long tangle of letters and digits.
CREATE OR REPLACE TEMP MACRO hash_tail() AS
    '-([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8,10}-[a-z0-9]{5}|[0-9a-f]{7,40}|[0-9a-z]{9,40})$';
CREATE OR REPLACE TEMP MACRO is_tangle(part) AS
    regexp_matches(part, '[0-9].*[a-z].*[0-9]|[a-z].*[0-9].*[a-z].*[0-9]|[0-9].*[0-9].*[a-z]')
        AND len(regexp_extract_all(part, '[0-9]')) >= 2;

-- Whether the environment at the end of a name may be what it is about: music-production, ab-test, youtube-live.
CREATE OR REPLACE TEMP MACRO may_be_more(normal) AS
    regexp_matches(
        normal,
        '(^|-)(production|development|test|testing|stage|live|integration|acceptance'
        '|scratch|local|perf|int|acc|p|d)(-|$)'
    );

-- A name as it sounds when written in a hurry, whatever the order: of every word the first letter
-- and the next consonant, with common short forms written out and fillers left out.
-- fraud-detection, frd-dtctn and det-of-fraud are all dt-fr.
CREATE OR REPLACE TEMP MACRO outline(normal) AS array_to_string(list_sort(list_transform(
    list_filter(
        string_split(
            array_to_string(
                list_transform(
                    string_split(normal, '-'), lambda word: coalesce(getvariable('short_forms')[word], word)
                ),
                '-'
            ),
            '-'
        ),
        lambda word: NOT list_contains(getvariable('fillers'), word)),
    lambda word: left(left(word, 1) || regexp_replace(substr(word, 2), '[aeiou]+', '', 'g'), 2))), '-');

-- Relations between parts of one workload: what made, serves or runs the other.
CREATE OR REPLACE TEMP MACRO is_binding(relation) AS relation IN (
    'produced', 'loads', 'contains', 'deploys', 'version_of', 'generated_by', 'serves', 'configured_by',
    'transforms_with', 'tuned_by', 'has_step', 'execution_of', 'evaluates'
);

-- Why one name was taken for another, for a person.
CREATE OR REPLACE TEMP MACRO evidence_of_link(l) AS concat_ws('; ',
    l.name || ' → ' || l.other || ' (' || l.stage || '): ' || l.what,
    CASE WHEN l.turn = 4 THEN l.resources || ' against ' || coalesce(l.other_resources, 0) || ' uses' END,
    CASE WHEN l.turn >= 3 AND len(l.together) > 0 THEN 'the same ' || array_to_string(list_sort(l.together), ', ') END);

-- The names that a value lists (risk,growth · risk:50;growth:50 · ["risk","growth"]), in normal form, each once.
CREATE OR REPLACE TEMP MACRO names_listed(value) AS list_distinct(list_filter(list_transform(
    regexp_split_to_array(regexp_replace(value, '[\[\]"'']', '', 'g'), '[,;|]'),
    lambda part: normal_form(regexp_replace(part, ':\s*[0-9.]+\s*%?\s*$', ''))
), lambda name: name IS NOT NULL));

-- What a value is called: itself in normal form; of a list of one that one.
CREATE OR REPLACE TEMP MACRO name_told(value) AS
    CASE
        WHEN regexp_matches(value, '[\[\],;|]') AND len(names_listed(value)) = 1 THEN names_listed(value)[1]
        ELSE normal_form(value)
    END;

-- Whether every word of a name only says that something is missing, or what kind of thing is: unknown-team, no-tag.
CREATE OR REPLACE TEMP MACRO is_blank(name, dimension) AS len(list_filter(
    string_split(name, '-'), lambda word: NOT list_contains(getvariable('blanks'), word)
        AND NOT coalesce(list_contains(getvariable('kinds_of')[dimension], word), false)
)) = 0;

-- Why a value, as written, is no name of the dimension; NULL where it may be one. The one rule for tags, labels,
-- deployments and trackers: what templates, spreadsheets and forms leave, ids, addresses, people, and several at once.
CREATE OR REPLACE TEMP MACRO why_nothing(value, dimension) AS list_transform([name_told(value)], lambda told: CASE
    WHEN told IS NULL THEN 'empty'
    WHEN regexp_matches(value, '\$\{|\{\{|\}\}|<%|%>|\[object \w+\]')
        OR regexp_full_match(trim(value), '<[^<>]*>|\[[^\]",;|]*\]|\$\(?\w+\)?|%\w+%|__\w+__|@@?\w+@@?|-?[0-9]{1,2}')
        OR regexp_matches(value, '^#(REF|N/A|NAME|VALUE|DIV/0|NULL|NUM)\b')
        OR regexp_matches(told, '^(tbd|tbc|tba|todo|to-do|fixme|change-?me|n-a|to-be-[a-z]+)(-|$)')
        OR regexp_full_match(told, 'x{2,}|na-n')
        OR is_blank(told, dimension)
        OR dimension <> 'environment' AND list_contains(getvariable('placeholders'), told)
        THEN 'a placeholder'
    WHEN regexp_matches(value, '^arn:[a-z-]+:') THEN 'an ARN'
    WHEN regexp_matches(value, '^(A[A-Z]{3}[A-Z0-9]{12,})(:.*)?$')
        OR regexp_full_match(lower(value), '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,64}|[0-9]{12}')
        OR regexp_full_match(
            lower(value), '(ou|lt|sg|vpc|vol|ami|eni|nat|igw|rtb|snap|subnet|[a-z])-[0-9a-z]{8,}(-[0-9a-z]{8,})?'
        ) AND is_tangle(regexp_extract(lower(value), '-([0-9a-z]+)$', 1))
        THEN 'a generated id'
    WHEN regexp_full_match(trim(value), '\{.*\}') OR regexp_matches(value, '(^|[,;|])\s*[\w.-]+\s*=') THEN 'a table'
    WHEN len(names_listed(value)) > 1 AND NOT (dimension = 'business_function' AND NOT regexp_matches(value, '[;|]'))
        THEN 'several names'
    WHEN regexp_full_match(value, '[\w.-]+\\[^\\]+') OR regexp_full_match(value, '[^@\s]+@[^@\s]+')
        OR dimension = 'team' AND regexp_full_match(trim(value), '@?[A-Za-z]+\.[A-Za-z]+|[A-Za-z]{1,2}[0-9]{5,8}')
        THEN 'a person, not a name of work'
    WHEN regexp_matches(value, '^[A-Za-z][A-Za-z0-9+.-]*://') THEN 'an address'
    WHEN dimension = 'project' AND list_contains(getvariable('work_tools'), told) THEN 'a tool, not what it works for'
END)[1];

-- What of a value that is an address may be the name: models:/<name>@<alias>, models:/<name>/<version>, <name>:<tag>;
-- and where only a known name counts, the end of <catalog>.<schema>.<name>, of a path (@house/team) or handle (#team),
-- the local part of a mailbox, and any folder of s3://<bucket>/<folder>/<name>/. `sure`: needs no second voice.
CREATE OR REPLACE TEMP MACRO addressed_names(value) AS list_transform(
    CASE
        WHEN regexp_matches(value, '^models:/[^/]') THEN [regexp_extract(value, '^models:/([^/@]+)', 1)]
        WHEN regexp_full_match(value, '[^:/@\s]+:(v?[0-9][\w.-]*|latest)') THEN [regexp_extract(value, '^[^:]+')]
        WHEN regexp_full_match(value, '[^@\s]+@[^@\s]+\.[a-z]+') THEN [regexp_extract(value, '^[^@]+')]
        WHEN regexp_matches(value, '^(s3a?|dbfs|hf)://|\.dkr\.ecr\.') THEN
            string_split(regexp_replace(regexp_replace(value, '^[a-z0-9]+://', ''), '[:@][^/]*$', ''), '/')[2:]
        WHEN regexp_full_match(value, '\w+(\.[\w-]+){2,}') THEN [regexp_extract(value, '[^.]+$')]
        WHEN regexp_full_match(value, '[@#][\w.-]+|@?[\w.-]+(/[\w.-]+)+') THEN [regexp_extract(value, '[^/@#]+$')]
        ELSE []
    END,
    lambda part: {
        'name': normal_form(part),
        'sure': regexp_matches(value, '^models:/[^/]')
            OR regexp_full_match(value, '[^:/@\s]+:(v?[0-9][\w.-]*|latest)')
    }
);
