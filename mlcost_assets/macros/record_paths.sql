-- Where the Describe… answers of AWS's services say what many of them say: the one list of these paths.

-- The roles (or instance profiles) that something runs as, by ARN or name.
CREATE OR REPLACE TEMP MACRO roles_of(body) AS list_filter([
    body ->> '$.RoleArn', body ->> '$.ExecutionRoleArn', body ->> '$.roleArn', body ->> '$.Role',
    body ->> '$.Configuration.Role', body ->> '$.Job.Role', body ->> '$.jobRun.executionRole',
    body ->> '$.cluster.roleArn',
    body ->> '$.Environment.ExecutionRoleArn', body ->> '$.DefaultUserSettings.ExecutionRole',
    body ->> '$.UserSettings.ExecutionRole',
    body ->> '$.InstanceGroups[0].ExecutionRole', body ->> '$.IamInstanceProfile.Arn',
    body ->> '$.Cluster.Ec2InstanceAttributes.IamInstanceProfile'
], lambda role: role <> '');

-- The container images that a job or a model names, the job's own first. What was seen
-- to run stands in lineage/stated/images.sql.
CREATE OR REPLACE TEMP MACRO images_of(body) AS list_filter(list_concat([
    body ->> '$.AlgorithmSpecification.TrainingImage', body ->> '$.AppSpecification.ImageUri',
    body ->> '$.TrainingJobDefinition.AlgorithmSpecification.TrainingImage', body ->> '$.PrimaryContainer.Image'],
    list_concat(body ->> '$.Containers[*].Image', body ->> '$.InferenceSpecification.Containers[*].Image')
), lambda image: image <> '');
