-- Tags as written that name something → the dimension they speak of and the name in normal form; environments are few
-- and have a vocabulary of their own.
--
-- A value that is no name by itself may hold one (models:/churn@champion, risk@acme.com, @acme/risk, s3://…/churn/):
-- the one that other values write as it is. Two of those with a slash, a plus or an ampersand between are two.
-- A mailbox is a team's where it is called like one or like the beginning of one alone (dataeng of data-engineering),
-- and where people's are told by a dot (ann.lee@) and it has none: they are where every person who made something has
-- one, or where there are no more mailboxes without.
WITH written AS (
    SELECT DISTINCT tag_key, tag_value, dimension
    FROM tag_observations
    JOIN tag_keys USING (tag_key)
    WHERE dimension <> 'environment'
),

-- People by their handles (@ann.lee): who owns elsewhere by the same letters (ann-lee) is one of them, unless a key of
-- teams says it, too.
person AS (
    SELECT normal_form(tag_value) AS name
    FROM written
    WHERE dimension = 'team' AND regexp_full_match(trim(tag_value), '@[A-Za-z]+\.[A-Za-z]+')
        AND NOT regexp_matches(tag_value, '(?i)[@.](team|squad|oncall|ops)\b')
    EXCEPT
    SELECT normal_form(tag_value)
    FROM written
    WHERE dimension = 'team' AND NOT regexp_matches(tag_key, '(?i)own')
),

plain AS (
    SELECT tag_key, tag_value, dimension, joined_environments(name_told(tag_value)) AS name
    FROM written
    WHERE why_nothing(tag_value, dimension) IS NULL
        AND NOT (dimension = 'team' AND normal_form(tag_value) IN (SELECT person.name FROM person))
),

known AS (
    SELECT DISTINCT dimension, name
    FROM plain
    WHERE NOT regexp_matches(tag_value, '[:/@#+&.]')
    UNION
    SELECT dimension, normal_value FROM registry_names
),

-- The mailbox or the handle of the risk team may be called risk-team.
held AS (
    SELECT tag_key, tag_value, addressed.dimension, list(DISTINCT known.name) FILTER (known.name IS NOT NULL) AS names,
        bool_or(part.sure) AS sure, any_value(part.name) AS name
    FROM (
        SELECT *, unnest(addressed_names(tag_value)) AS part
        FROM written
        WHERE regexp_matches(tag_value, '[:/@#.]') AND NOT starts_with(tag_value, 'arn:')
    ) AS addressed
    LEFT JOIN known ON known.dimension = addressed.dimension
        AND known.name IN (part.name, regexp_replace(part.name, '^(team|squad)-|-(team|squad)$', ''))
    GROUP BY tag_key, tag_value, addressed.dimension
),

mailbox AS (
    SELECT tag_key, tag_value, dimension, normal_form(box) AS box,
        contains(box, '.') OR normal_form(box) IN (
            SELECT normal_form(name) FROM resource_history WHERE kind = 'iam:GetUser' AND normal_form(name) IS NOT NULL
        ) AS is_persons
    FROM (
        SELECT *, regexp_extract(tag_value, '^([^@+\s]+)(\+[^@]*)?@[^@\s]+\.[a-z]+$', 1) AS box
        FROM written
        WHERE dimension = 'team'
    )
    WHERE len(box) >= 4
),

-- Whose name begins so: nobody's, one team's or several teams'.
begun AS (
    SELECT mailbox.*, count(DISTINCT known.name) AS teams, min(known.name) AS team
    FROM mailbox
    LEFT JOIN known ON known.dimension = 'team'
        AND starts_with(replace(known.name, '-', ''), replace(mailbox.box, '-', ''))
    GROUP BY ALL
),

-- How the people are addressed who made something; a robot (svc-planning@) is none.
maker AS (
    SELECT count(DISTINCT box) FILTER (contains(box, '.')) AS dotted,
        count(DISTINCT box) FILTER (NOT contains(box, '.')) AS others
    FROM (
        SELECT lower(regexp_extract(tag_value, '^([^@+\s]+)(\+[^@]*)?@[^@\s]+\.[a-z]+$', 1)) AS box
        FROM tag_observations
        WHERE regexp_matches(
            lower(tag_key), '(^|[^a-z])(creator|(created|started|launched|submitted)[-_ ]?by|(mlflow\.)?user|username)$'
        )
    )
    WHERE box <> '' AND NOT regexp_matches(box, '^(svc|service|sa|bot|robot|ci|cd)[-_.]|[-_.](svc|bot|ci|cd)$')
),

of_team AS (
    SELECT tag_key, tag_value, dimension, CASE teams WHEN 1 THEN team ELSE box END AS name
    FROM begun
    CROSS JOIN (
        SELECT count(DISTINCT box) FILTER (is_persons) AS persons,
            count(DISTINCT box) FILTER (NOT is_persons AND teams = 0) AS others
        FROM begun
    ) AS owner
    CROSS JOIN maker
    WHERE NOT is_persons AND (
        teams = 1
        OR teams = 0 AND regexp_full_match(box, '[a-z]+(-[a-z]+)*') AND (
            owner.persons >= 2 AND owner.persons >= owner.others OR maker.dotted >= 2 AND maker.others = 0
        )
    )
),

several AS (
    SELECT tag_key, tag_value, listed.dimension
    FROM (
        SELECT *, unnest(string_split_regex(tag_value, '[/+&]')) AS part
        FROM written
        WHERE regexp_matches(tag_value, '[/+&]')
    ) AS listed
    LEFT JOIN known ON known.dimension = listed.dimension AND known.name = normal_form(part)
    GROUP BY tag_key, tag_value, listed.dimension
    HAVING bool_and(known.name IS NOT NULL) AND count(DISTINCT known.name) > 1
)

SELECT tag_key, tag_value, dimension, name
FROM (
    SELECT tag_key, tag_value, dimension,
        CASE
            WHEN len(held.names) = 1 THEN held.names[1]
            WHEN held.sure THEN held.name
            ELSE coalesce(of_team.name, plain.name) END AS name
    FROM written
    LEFT JOIN plain USING (tag_key, tag_value, dimension)
    LEFT JOIN held USING (tag_key, tag_value, dimension)
    LEFT JOIN of_team USING (tag_key, tag_value, dimension)
)
ANTI JOIN several USING (tag_key, tag_value, dimension)
WHERE name IS NOT NULL
