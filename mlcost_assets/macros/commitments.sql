-- Which usage a savings plan can cover: 'SageMaker' by SageMaker plans; 'EC2', 'Fargate' and 'Lambda' by Compute plans,
-- 'EC2' also by EC2 Instance plans; NULL of what none of them covers, or AWS does not say. (Sources: Savings Plans User
-- Guide, "Plan types"; AWS Machine Learning Savings Plans pricing: Studio and on-demand notebooks, processing, Data
-- Wrangler, training, real-time inference and batch transform on ML instances. HyperPod, warm pools and others are
-- named in neither. What training plans reserve is paid for already.) Requests of Lambda and Fargate's storage are not
-- covered; capacity that a reservation holds without instances is (EC2 User Guide, "Capacity Reservation pricing").
CREATE OR REPLACE TEMP MACRO plan_scope(service, usage_type) AS CASE
    WHEN contains(usage_type, 'Spot') OR contains(usage_type, 'TrSpt') THEN NULL
    WHEN service = 'AmazonSageMaker' AND regexp_matches(
        usage_type, '(^|-)(Train|Host|Tsform|Notebk|Studio[A-Za-z_]*|Processing|DataWrangler):([A-Za-z]+-)?ml\.'
    ) THEN 'SageMaker'
    WHEN service = 'AmazonEC2' AND regexp_matches(usage_type, '(^|-)(BoxUsage|DedicatedUsage|UnusedBox|UnusedDed)(:|$)')
        THEN 'EC2'
    WHEN service IN ('AmazonECS', 'AmazonEKS') AND regexp_matches(usage_type, 'Fargate.*(vCPU|GB|OS)-Hours')
        THEN 'Fargate'
    WHEN service = 'AWSLambda' AND regexp_matches(
        usage_type, 'Lambda-(GB-Second|Provisioned-Concurrency|Provisioned-GB-Second)'
    ) THEN 'Lambda'
END;

-- Usage of an ML instance of which nobody says whether a SageMaker plan covers it: HyperPod, warm pools, Canvas and
-- others.
CREATE OR REPLACE TEMP MACRO is_unsure_scope(service, usage_type) AS
    service = 'AmazonSageMaker' AND contains(usage_type, 'ml.') AND plan_scope(service, usage_type) IS NULL
        AND NOT regexp_matches(usage_type, 'Spot|TrSpt|Reserved|Volume');

-- The family of an instance, m5 of m5.xlarge: within it a reservation covers any size, and an EC2 Instance plan too.
CREATE OR REPLACE TEMP MACRO instance_family(instance_type, usage_type) AS regexp_replace(
    coalesce(
        instance_type, nullif(regexp_extract(usage_type, ':(([a-z]+\.)?[a-z0-9-]+\.[a-z0-9-]+)$', 1), '')
    ), '\.[^.]*$', ''
);
