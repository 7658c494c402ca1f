-- Volumes: what a unit of the bill counts, and which usage is priced by it. AWS has changed units before (from
-- thousands of tokens to millions), so only what the bill says of itself counts.

CREATE OR REPLACE TEMP MACRO plain_unit(unit) AS lower(regexp_replace(unit, '[,\s_-]', '', 'g'));

-- How many of `what` ('token', 'request') one `unit` is: 1K tokens, 1000 Tokens, 1M tokens, Million Input Tokens,
-- Requests. NULL where the unit does not say so (Units).
CREATE OR REPLACE TEMP MACRO per_unit(unit, what) AS CASE
    WHEN regexp_matches(plain_unit(unit), '^[0-9]{0,12}(k|m|b|thousand|million|billion)?'
        || '((input|output|cached?|read|write|prompt|response|text)*)' || what || 's?$')
    THEN coalesce(TRY_CAST(regexp_extract(plain_unit(unit), '^[0-9]+') AS BIGINT), 1)
        * CASE substr(regexp_extract(plain_unit(unit), '^[0-9]*(k|m|b|thousand|million|billion)', 1), 1, 1)
            WHEN 'k' THEN 1000
            WHEN 't' THEN 1000
            WHEN 'm' THEN 1000000
            WHEN 'b' THEN 1000000000
            ELSE 1 END
END;

-- The unit that a charge's description states where its own unit says nothing: '$3 per 1M input tokens',
-- '…|Million Output Tokens'. Without a number or a word for one it is no statement.
CREATE OR REPLACE TEMP MACRO unit_in_text(text, what) AS regexp_extract(text,
    '(?i)(?:\bper |\|) *((?:[0-9][0-9,]* ?(?:k|m|b|thousand|million|billion)?|thousand|million|billion) '
        || '?(?:(?:input|output|cached?|read|write|prompt|response|text) )*' || what || 's?)\b', 1);

-- Which way the tokens of a usage type go; NULL where it bills no tokens.
CREATE OR REPLACE TEMP MACRO token_direction(usage_type) AS CASE
    WHEN NOT regexp_matches(coalesce(usage_type, ''), '(?i)token') THEN NULL
    WHEN regexp_matches(usage_type, '(?i)cached?[-_]?(prompt[-_]?)?read|cached[-_]?input') THEN 'cache read'
    WHEN regexp_matches(usage_type, '(?i)cached?[-_]?(prompt[-_]?)?write') THEN 'cache write'
    WHEN regexp_matches(usage_type, '(?i)output|response') THEN 'output'
    WHEN regexp_matches(usage_type, '(?i)input|prompt') THEN 'input'
    ELSE 'other'
END;

-- Whether a usage type counts requests, one by one: of Lambda and of API Gateway.
CREATE OR REPLACE TEMP MACRO counts_requests(usage_type) AS
    regexp_matches(coalesce(usage_type, ''), '(^|-)(Request(-ARM)?|ApiGateway(Http)?Request)$');

-- Whether one prediction more costs more at once: tokens, milliseconds without a server, requests, bytes. Capacity that
-- is paid by the hour costs nothing more until more of it is needed.
CREATE OR REPLACE TEMP MACRO priced_by_use(usage_type) AS
    NOT regexp_matches(coalesce(usage_type, ''), '(?i)provisioned|modelunits|reserved')
    AND (token_direction(usage_type) IS NOT NULL OR counts_requests(usage_type)
        OR regexp_matches(coalesce(usage_type, ''), 'ServerlessInf|Lambda-GB-Second|Data-Bytes'));

-- What serves: how a charge's resource answers, by its key and what the bill says. Lambda, load balancers and API
-- Gateway stand in front of something, or alone.
CREATE OR REPLACE TEMP MACRO serving_kind(key, service_code, service_name, usage_type, stage) AS CASE
    WHEN key LIKE 'arn:%:apigateway:%' THEN 'API Gateway'
    WHEN key LIKE 'arn:%:elasticloadbalancing:%' THEN 'load balancer'
    WHEN stage <> 'inference' THEN NULL
    WHEN key LIKE 'arn:%:sagemaker:%:endpoint/%' THEN 'endpoint'
    WHEN key LIKE 'arn:%:sagemaker:%:transform-job/%' THEN 'batch transform'
    WHEN key LIKE 'arn:%:bedrock:%:model-invocation-job/%' THEN 'Bedrock batch'
    WHEN key LIKE 'arn:%:bedrock:%' OR contains(service_name, 'Bedrock') OR contains(service_code, 'Bedrock')
        OR token_direction(usage_type) IS NOT NULL THEN 'Bedrock'
    WHEN key LIKE 'arn:%:lambda:%' OR service_code = 'AWSLambda' THEN 'Lambda'
    WHEN service_code IN ('AmazonEC2', 'AmazonEKS', 'AmazonECS', 'AmazonElasticMapReduce') THEN 'pods and machines'
    ELSE coalesce(service_name, service_code)
END;
CREATE OR REPLACE TEMP MACRO serving_tier(kind) AS CASE kind
    WHEN 'Lambda' THEN 2
    WHEN 'load balancer' THEN 3
    WHEN 'API Gateway' THEN 4
    ELSE 1
END;

-- What a thousand requests or a million tokens cost; NULL where none are known.
CREATE OR REPLACE TEMP MACRO per_thousand(cost, requests) AS
    CASE WHEN requests > 0 THEN scaled(CAST(cost AS DECIMAL(28,10)), 1000, requests) END;
CREATE OR REPLACE TEMP MACRO per_million(cost, tokens) AS
    CASE WHEN tokens > 0 THEN scaled(CAST(cost AS DECIMAL(28,10)), 1000000, CAST(tokens AS DECIMAL(28,10))) END;

-- What of a day's cost the known requests stand for: all of it, or what is left without what nobody counts.
CREATE OR REPLACE TEMP MACRO of_counted(cost, uncounted, requests, is_whole) AS CAST(CASE
    WHEN requests IS NULL THEN 0
    WHEN is_whole THEN cost
    ELSE cost - uncounted
END AS DECIMAL(28,10));

-- What of an amount falls to a part of the tokens that it is of; nothing where there are none.
CREATE OR REPLACE TEMP MACRO share_of(amount, part, whole) AS CAST(CASE
    WHEN whole > 0 AND part IS NOT NULL
        THEN scaled(CAST(amount AS DECIMAL(28,10)), CAST(part AS DECIMAL(28,10)), CAST(whole AS DECIMAL(28,10)))
    ELSE 0
END AS DECIMAL(28,10));
