-- Names of foundation models, and what spans say of calls.

-- One key for a foundation model, however it is named: bedrock/us.anthropic.claude-3-5-sonnet-20240620-v1:0,
-- anthropic/claude-3.5-sonnet, Claude3.5Sonnet, 'Claude 3.5 Sonnet'. Dropped are, in this order: paths before the name
-- (gateway, region, ARN), the profile's geography, the provider, what follows a colon, the date, and what says no more
-- than "the first" or "the usual". A second version (-v2) is another model, and so is a Llama of another size.
CREATE OR REPLACE TEMP MACRO foundation_model_key(name) AS nullif(
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(
                            regexp_replace(lower(trim(name)), '^.*/', ''),
                            '^(us|us-gov|eu|apac|jp|au|ca|sa|me|global)\.', ''
                        ),
                        '^[a-z][a-z0-9]*\.([a-z])', '\1'
                    ),
                    ':.*$', ''
                ),
                '[-@](20[0-9]{6}|20[0-9]{2}-[0-9]{2}-[0-9]{2})', ''
            ),
            '([-_ ](v1|latest|instruct))+$', ''
        ),
        '[^a-z0-9]+', '', 'g'
    ),
    ''
);

-- Whether the AWS bill has what this provider answers: bedrock, bedrock_converse, aws.bedrock, Amazon Bedrock. NULL
-- where the record names none.
CREATE OR REPLACE TEMP MACRO is_on_aws(provider) AS regexp_matches(provider, '(?i)bedrock|sagemaker|amazon|\baws');

-- An attribute of a span or of its resource: as OTLP/JSON has it ([{"key": …, "value": {"stringValue": …}}]) or as
-- a plain object ({"service.name": …}). The key's dots are no path.
CREATE OR REPLACE TEMP MACRO span_attribute(attributes, name) AS coalesce(
    attributes ->> ('$."' || name || '"'),
    -- An OTLP value is an object of one member, whatever its type.
    json_extract_string(json_extract(
        attributes, '$[' || (list_position(json_extract_string(attributes, '$[*].key'), name) - 1) || '].value'
    ), '$.*')[1]
);

-- Tokens as records count them; NULL where they do not, or tell less than none or more than any model reads.
CREATE OR REPLACE TEMP MACRO told_tokens(t) AS
    CASE WHEN TRY_CAST(t AS DECIMAL(28,10)) BETWEEN 0 AND 1000000000000 THEN TRY_CAST(t AS DECIMAL(28,10)) END;

-- Of the input tokens that a record tells, those that no cache was read or written for. LiteLLM and OpenTelemetry count
-- cached tokens among the input; where there are fewer than of the cache, they were counted beside it.
CREATE OR REPLACE TEMP MACRO uncached_input(input, cache_read, cache_write) AS CASE
    WHEN input >= coalesce(cache_read, 0) + coalesce(cache_write, 0)
        THEN input - coalesce(cache_read, 0) - coalesce(cache_write, 0)
    ELSE input
END;

-- Who called, as people say it: the session or user behind an ARN of IAM or STS, else the text itself.
CREATE OR REPLACE TEMP MACRO caller_name(principal) AS
    nullif(lower(CASE WHEN starts_with(principal, 'arn:') THEN regexp_extract(principal, '[^/:]+$') ELSE principal END),
        '');

-- The part of an amount between two borders on the way from 0 to `whole`, so that parts sum to it; all of it where
-- nothing is divided.
CREATE OR REPLACE TEMP MACRO cut_between(amount, begins_at, ends_at, whole) AS CASE
    WHEN whole IS NULL THEN amount
    ELSE CAST(scaled_at_length(amount, ends_at, whole) - scaled_at_length(amount, begins_at, whole) AS DECIMAL(28,10))
END;
