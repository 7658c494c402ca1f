-- The canonical form of what the bill, the APIs and lineage call one resource: its key.
--
-- An ARN where one exists; the bare id for what EC2 names by id. Sources: AWS service authorization reference
-- (resource ARN formats); ids as billed: CUR data dictionary, lineItem/ResourceId.

-- The kind of SageMaker resource that a usage type bills, for bills that carry a bare name (usage types as in the
-- AmazonSageMaker price list; AWS's own classifier in CUDOS reads them by the same words).
CREATE OR REPLACE TEMP MACRO sagemaker_resource_type(usage_type) AS CASE
    WHEN regexp_matches(usage_type, 'Train|TrSpt') THEN 'training-job'
    WHEN usage_type LIKE '%Processing%' THEN 'processing-job'
    WHEN usage_type LIKE '%Tsform%' THEN 'transform-job'
    WHEN regexp_matches(usage_type, 'Host|AsyncInf|ServerlessInf|ProvisionedConcurrency|Data-Bytes') THEN 'endpoint'
    WHEN usage_type LIKE '%Notebk%' THEN 'notebook-instance'
    WHEN regexp_matches(usage_type, 'Studio|RSession|Rsession|DataWrangler|Canvas') THEN 'app'
    WHEN usage_type LIKE '%Cluster%' THEN 'cluster'
    WHEN usage_type LIKE '%FeatureStore%' THEN 'feature-group'
    WHEN usage_type LIKE '%Label%' THEN 'labeling-job'
END;

-- The partition of AWS that a region is in: China, GovCloud, the sovereign and the isolated regions are apart.
CREATE OR REPLACE TEMP MACRO partition_of(region) AS CASE
    WHEN region LIKE 'cn-%' THEN 'aws-cn'
    WHEN region LIKE 'us-gov-%' THEN 'aws-us-gov'
    WHEN region LIKE 'eusc-%' THEN 'aws-eusc'
    WHEN region LIKE 'us-iso-%' THEN 'aws-iso'
    WHEN region LIKE 'us-isob-%' THEN 'aws-iso-b'
    WHEN region LIKE 'eu-isoe-%' THEN 'aws-iso-e'
    WHEN region LIKE 'us-isof-%' THEN 'aws-iso-f'
    ELSE 'aws'
END;

-- What the ARNs of a service's resources in a region and account begin with.
CREATE OR REPLACE TEMP MACRO arn_of(service, region, account) AS
    'arn:' || partition_of(region) || ':' || service || ':'
        || coalesce(region, '') || ':' || coalesce(account, '') || ':';

-- The ECR repository of an image
-- (<account>.dkr.ecr.<region>.amazonaws.com/<name>[:tag|@digest]); NULL for images of others.
CREATE OR REPLACE TEMP MACRO image_repository(image) AS
    CASE WHEN regexp_matches(image, '^[0-9]{12}\.dkr[.-]ecr(-fips)?\.[^.]+\.(amazonaws|on)\.') THEN
        regexp_replace(
            image, '^([0-9]{12})\.dkr[.-]ecr(?:-fips)?\.([^.]+)\.[a-z.]+/([^:@]+).*$',
            'arn:' || partition_of(regexp_extract(image, 'ecr(?:-fips)?\.([^.]+)\.', 1)) || ':ecr:\2:\1:repository/\3'
        )
    END;

CREATE OR REPLACE TEMP MACRO resource_key(id, service_code, usage_type, region, account) AS CASE
    WHEN coalesce(id, '') = '' THEN NULL
    -- EC2 and VPC resources are named by their bare id, whoever writes an ARN around it: letters and numbers, today
    -- hexadecimal (EC2 User Guide, "Identify your Amazon EC2 resources").
    WHEN regexp_matches(id, '^arn:[^:]*:ec2:[^:]*:[^:]*:[a-z-]+/[a-z]+-([0-9a-f]+|[0-9][0-9a-z]{16})$')
        THEN regexp_extract(id, '[^/]+$')
    WHEN regexp_matches(id, '^arn:[^:]*:s3:::') THEN id
    WHEN regexp_matches(id, '^arn:[^:]*:eks:[^:]*:[^:]*:pod/') THEN
        regexp_replace(id, ':pod/([^/]+)/.*/([^/]+)$', ':cluster/\1/Pod/\2')
    -- The API lower-cases names in some SageMaker ARNs and the bill does not always agree.
    WHEN regexp_matches(id, '^arn:[^:]*:sagemaker:') THEN lower(id)
    -- The bill names an account by its number.
    WHEN regexp_matches(id, '^arn:[^:]*:organizations:[^:]*:[^:]*:account/.*/[0-9]{12}$') THEN right(id, 12)
    WHEN regexp_matches(id, '^arn:[^:]*:apigateway:') THEN regexp_replace(id, '/stages/.*$', '')
    WHEN regexp_matches(id, '^arn:[^:]*:logs:') THEN regexp_replace(id, ':(\*|log-stream:.*)$', '')
    WHEN regexp_matches(id, '^arn:[^:]*:lambda:[^:]*:[^:]*:function:')
        THEN regexp_extract(id, '^(arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+)', 1)
    WHEN regexp_matches(id, '^arn:[^:]*:states:[^:]*:[^:]*:(stateMachine|express):') THEN
        regexp_replace(id, '^(arn:[^:]*:states:[^:]*:[^:]*):(?:stateMachine|express):([^:]+).*$', '\1:stateMachine:\2')
    -- A session runs on an endpoint of its runtime.
    WHEN regexp_matches(id, '^arn:[^:]*:bedrock-agentcore:') THEN regexp_replace(id, '/runtime-endpoint/.*$', '')
    WHEN starts_with(id, 'arn:') THEN id
    -- An image by its tag or digest.
    WHEN image_repository(id) IS NOT NULL THEN image_repository(id) || regexp_extract(id, '[:@][^/]*$')
    WHEN service_code = 'AmazonS3' THEN 'arn:' || partition_of(region) || ':s3:::' || id
    WHEN service_code = 'AmazonSageMaker' AND sagemaker_resource_type(usage_type) IS NOT NULL THEN
        lower(arn_of('sagemaker', region, account) || sagemaker_resource_type(usage_type) || '/' || id)
    WHEN service_code = 'AmazonECR' THEN arn_of('ecr', region, account) || 'repository/' || id
    WHEN service_code = 'AWSLambda' THEN arn_of('lambda', region, account) || 'function:' || id
    WHEN service_code = 'AmazonEFS' THEN arn_of('elasticfilesystem', region, account) || 'file-system/' || id
    WHEN service_code = 'AmazonFSx' THEN arn_of('fsx', region, account) || 'file-system/' || id
    ELSE id
END;

-- How a person names a resource: an ARN without its account, a file without the folders between.
CREATE OR REPLACE TEMP MACRO short_name(key) AS
    CASE WHEN starts_with(key, 's3://') THEN regexp_replace(key, '^(s3://[^/]+/).*/([^/]+/[^/]+/[^/]+)$', '\1…/\2')
         ELSE regexp_extract(key, '[^:]*$') END;

-- The ARN of what a record or a log group names by its path in an account and
-- region; NULL where any of them is missing.
CREATE OR REPLACE TEMP MACRO service_arn(service, region, account, path) AS
    CASE
        WHEN region <> '' AND account <> '' AND path <> ''
            THEN arn_of(service, region, account) || path
    END;

-- The stack of CloudFormation, as its tags name it: by a name that is one in a region, and in practice in an account.
CREATE OR REPLACE TEMP MACRO stack_key(account, name) AS 'arn:aws:cloudformation::' || account || ':stack/' || name;

-- The ARN of a SageMaker resource that a record names by its bare name; NULL without a name.
CREATE OR REPLACE TEMP MACRO sagemaker_arn(resource_type, name, region, account) AS
    CASE
        WHEN name <> ''
            THEN lower(service_arn('sagemaker', region, account, resource_type || '/' || name))
    END;
