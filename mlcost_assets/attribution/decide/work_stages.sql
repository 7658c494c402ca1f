-- The stage that a resource's place in the graph tells, where it says more than its usage type
-- (docs/contract.md#stage-of-a-job), and whether that place is ML work whoever owns it: an operator of machine learning
-- runs the pod, it asks for an accelerator, or MLflow tracks it as a run; it is a tool that serves nothing else (MLflow
-- itself); a machine, or what reserves one, has an accelerator made for ML (Trainium, Inferentia, Gaudi, the P family),
-- or a GPU that also draws pictures and a name, a role or a maker that speaks of ML.
WITH pod AS (
    SELECT resource_key, body ->> '$.metadata.ownerReferences[0].kind' AS owner,
        CAST(json_keys(body, '$.metadata.labels') AS VARCHAR) AS labels, accelerators > 0 AS accelerated
    FROM resource_history
    JOIN pod_requests('resource_history') USING (resource_key, valid_from)
    WHERE kind = 'k8s:Pod'
    UNION ALL
    -- Pods that only split-cost rows know: aws:eks:workload-type.
    SELECT resource_key(resource_id, NULL, NULL, region_id, account_id),
        coalesce(tags['aws:eks:workload-type'], tags['aws_eks_workload_type']), CAST(map_keys(tags) AS VARCHAR),
        accelerated
    FROM (
        SELECT DISTINCT resource_id, region_id, account_id, billing_period, tag_set, accelerated FROM split_costs
    )
    JOIN bill_tag_sets USING (billing_period, tag_set)
),

machine AS (
    SELECT resource_key, body ->> '$.InstanceType' AS type, false AS is_node,
        normal_form(
            concat_ws(
                '-', regexp_extract(body ->> '$.IamInstanceProfile.Arn', '[^/]+$'), tags['Name'],
                tags['aws:autoscaling:groupName']
            )
        ) AS called
    FROM resource_history WHERE kind = 'ec2:DescribeInstances'
    UNION
    -- Also where no snapshot knows it, and its reservation (UnusedBox:p4d.24xlarge).
    SELECT resource_key(resource_id, service_code, usage_type, region_id, account_id), billed_type(usage_type), false,
        NULL
    FROM daily_charges
    WHERE service_code = 'AmazonEC2' AND resource_id <> '' AND is_ml_machine(billed_type(usage_type))
    UNION
    -- A node of EKS, which its cluster stamps.
    SELECT resource_key(resource_id, service_code, usage_type, region_id, account_id), billed_type(usage_type), true,
        NULL
    FROM daily_charges
    JOIN bill_tag_sets USING (billing_period, tag_set)
    WHERE service_code = 'AmazonEC2' AND resource_id <> '' AND is_gpu_machine(billed_type(usage_type))
        AND len(list_filter(map_keys(tags), lambda key: is_cluster_stamp(key))) > 0
),

-- What runs on ECS, Batch or HealthOmics: it is ML where it asks for an accelerator or is told which model to load.
container AS (
    SELECT resource_key,
        CASE
            WHEN NOT regexp_matches(kind, '^(batch|omics):') THEN NULL
            WHEN regexp_matches(normal_form(name), '(^|-)train(ing|er)?(-|$)') THEN 'training'
            WHEN regexp_matches(normal_form(name), '(^|-)(infer(ence)?|predict|scor(e|ing))(-|$)') THEN 'inference'
        END AS stage,
        list_has_any(
            list_concat(
                body ->> '$.taskDefinition.containerDefinitions[*].resourceRequirements[*].type',
                body ->> '$.containerProperties.resourceRequirements[*].type',
                body ->> '$.nodeProperties.nodeRangeProperties[*].container.resourceRequirements[*].type',
                body ->> '$.container.resourceRequirements[*].type'
            ),
            ['GPU']
        )
        OR len(body ->> '$.containers[*].gpuIds[*]') > 0
        OR resource_key IN (SELECT from_id FROM lineage_edges WHERE relation = 'loads') AS is_ml
    FROM resource_history
    WHERE kind IN (
        'ecs:DescribeTaskDefinition', 'ecs:DescribeTasks', 'batch:DescribeJobDefinitions', 'batch:DescribeJobs',
        'omics:GetRun'
    )
),

-- Databricks' machines: for a job or for people; one run in MLflow tells that all tasks of a job are ML.
databricks AS (
    SELECT machine.from_id AS resource_key, job.to_id AS job, run.to_id IS NOT NULL AS tracks,
        bool_or(tracks) OVER (PARTITION BY coalesce(job.to_id, machine.to_id)) AS is_ml
    FROM lineage_edges AS machine
    LEFT JOIN lineage_edges AS job ON job.relation = 'cluster_of' AND job.from_id = machine.to_id
    LEFT JOIN (
        SELECT DISTINCT ON (from_id) from_id, to_id FROM lineage_edges WHERE relation = 'ran'
    ) AS run
        ON run.from_id = machine.to_id
    WHERE machine.relation = 'machine_of'
),

billed AS (
    SELECT DISTINCT resource_key(resource_id, service_code, usage_type, region_id, account_id) AS resource_key,
        billing_period, tag_set
    FROM daily_charges WHERE service_code = 'AmazonSageMaker' AND resource_id <> ''
),

-- What a pod is by the labels that charts give it, and the tags of anything else.
called AS (
    SELECT resource_key, true AS is_pod, unnest([
        body ->> '$.metadata.labels."app.kubernetes.io/name"', body ->> '$.metadata.labels."app.kubernetes.io/part-of"',
        body ->> '$.metadata.labels.app'
    ]) AS name
    FROM resource_history
    WHERE kind = 'k8s:Pod'
    UNION ALL
    SELECT resource_key, false, unnest(map_values(tags)) FROM resource_history
    UNION ALL
    SELECT resource_key, false, unnest(map_values(tags))
    FROM (
        SELECT DISTINCT resource_key(resource_id, service_code, usage_type, region_id, account_id) AS resource_key,
            billing_period, tag_set
        FROM daily_charges
        WHERE resource_id <> '' AND tag_set IS NOT NULL
    )
    JOIN bill_tag_sets USING (billing_period, tag_set)
),

-- Steps of pipelines: as their executions list them, and as SageMaker stamps what a step made.
step AS (
    SELECT to_id AS resource_key, detail ->> '$.step' AS name FROM lineage_edges WHERE relation = 'has_step'
    UNION ALL
    SELECT resource_key, tags['sagemaker:pipeline-step-name']
    FROM resource_history
    WHERE tags['sagemaker:pipeline-step-name'] <> ''
    UNION ALL
    SELECT resource_key, coalesce(tags['sagemaker:pipeline-step-name'], tags['sagemaker_pipeline_step_name'])
    FROM billed
    JOIN bill_tag_sets USING (billing_period, tag_set)
)

SELECT resource_key, min_by(stage, (rank, stage)) FILTER (stage IS NOT NULL) AS stage, bool_or(is_ml) AS is_ml
FROM (
    SELECT from_id AS resource_key, 'tuning' AS stage, rank_of('stages', 'tuning') AS rank, false AS is_ml
    FROM lineage_edges
    WHERE relation = 'tuned_by'
    UNION ALL
    SELECT from_id, 'experimentation', rank_of('stages', 'trial'), false FROM lineage_edges WHERE relation = 'part_of'
    UNION ALL
    SELECT to_id, 'experimentation', rank_of('stages', 'trial'), false FROM lineage_edges WHERE relation = 'describes'
    UNION ALL
    SELECT from_id, 'monitoring', rank_of('stages', 'monitor'), false FROM lineage_edges WHERE relation = 'run_of'
    UNION ALL
    SELECT from_id, 'evaluation', rank_of('stages', 'evaluation'), false FROM lineage_edges WHERE relation = 'evaluates'
    UNION ALL
    SELECT resource_key, 'evaluation', rank_of('stages', 'evaluation'), false
    FROM step
    WHERE regexp_matches(name, '(?i)eval|qualitycheck|clarify|bias')
    UNION ALL
    -- As SageMaker calls the jobs of a monitor.
    SELECT resource_key, 'monitoring', rank_of('stages', 'relation'), false
    FROM billed
    WHERE resource_key LIKE '%:processing-job/model-monitoring-%'
    UNION ALL
    SELECT to_id, 'inference', rank_of('stages', 'relation'), relation = 'hosts'
    FROM lineage_edges
    WHERE relation IN ('routes_to', 'hosts')
    UNION ALL
    SELECT from_id, 'inference', rank_of('stages', 'relation'), false
    FROM lineage_edges
    WHERE relation = 'calls' AND to_id LIKE '%:endpoint/%'
    UNION ALL
    SELECT from_id, 'data_preparation', rank_of('stages', 'relation'), false
    FROM lineage_edges
    WHERE relation = 'part_of_cluster'
    UNION ALL
    SELECT resource_key, CASE
        WHEN regexp_matches(labels, 'katib') THEN 'tuning'
        WHEN regexp_matches(labels, 'notebook|jupyter') THEN 'experimentation'
        WHEN regexp_matches(labels, 'spark') OR owner = 'SparkApplication' THEN 'data_preparation'
        WHEN regexp_matches(labels, 'training\.kubeflow|training_kubeflow|ray[._]io|batch\.kubernetes|job-name')
            OR owner LIKE '%Job' OR owner = 'Workflow'
            THEN 'training'
        WHEN owner IN ('ReplicaSet', 'Deployment', 'StatefulSet', 'InferenceService', 'Rollout') THEN 'inference'
    END, rank_of('stages', 'workload'),
        coalesce(accelerated, false)
            OR regexp_matches(labels, 'kubeflow|kserve|katib|seldon|ray[._]io|bentoml|notebook-name|hub.jupyter')
            OR coalesce(
                owner IN (
                    'PyTorchJob', 'TFJob', 'MPIJob', 'XGBoostJob', 'PaddleJob', 'JAXJob', 'TrainJob',
                    'InferenceService', 'LLMInferenceService',
                                  'SeldonDeployment', 'NIMService', 'RayJob', 'RayCluster', 'RayService', 'Notebook'
                ), false)
    FROM pod
    UNION ALL
    SELECT resource_key, CASE WHEN is_pod THEN 'platform' END, rank_of('stages', 'relation'), true
    FROM called
    WHERE regexp_matches(
        normal_form(name),
        '(^|-)(mlflow|kubeflow|katib|feast-feature-server|label-studio|clearml|zenml|mlrun|wandb'
        '|(kserve|seldon)-controller-manager)(-|$)'
    )
    UNION ALL
    -- MLflow tracks machine learning: what says which run it is, and the machine that a run says it ran on.
    SELECT from_id, NULL, rank_of('stages', 'relation'), true
    FROM lineage_edges
    WHERE relation = 'tracked_as' OR relation = 'ran' AND regexp_matches(from_id, '^m?i-')
    UNION ALL
    SELECT from_id, 'inference', rank_of('stages', 'relation'), false
    FROM lineage_edges
    WHERE relation = 'execution_of' AND regexp_matches(to_id, ':ecs:.*:service/')
    UNION ALL
    SELECT resource_key, stage, rank_of('stages', 'workload'), is_ml FROM container
    UNION ALL
    SELECT edge.from_id, container.stage, rank_of('stages', 'workload'), container.is_ml
    FROM lineage_edges AS edge
    JOIN container ON container.resource_key = edge.to_id
    WHERE edge.relation IN ('execution_of', 'configured_by')
    UNION ALL
    SELECT task.from_id, NULL, NULL, container.is_ml
    FROM lineage_edges AS task
    JOIN lineage_edges AS service ON service.relation = 'configured_by' AND service.from_id = task.to_id
    JOIN container ON container.resource_key = service.to_id
    WHERE task.relation = 'execution_of'
    UNION ALL
    -- A job that trains is tracked; one of a model that never is scores with it.
    SELECT resource_key,
        CASE
            WHEN job IS NULL THEN 'experimentation'
            WHEN tracks THEN 'training'
            WHEN is_ml THEN 'data_preparation'
            ELSE 'inference' END,
        rank_of('stages', 'workload'), is_ml
    FROM databricks
    UNION ALL
    -- Whoever tracks runs elsewhere does such work on a cluster of their own, too.
    SELECT resource_key, NULL, NULL, true
    FROM databricks
    JOIN resource_people USING (resource_key)
    WHERE job IS NULL AND person IN (
        SELECT person
        FROM resource_people
        JOIN databricks USING (resource_key)
        WHERE tracks
    )
    UNION ALL
    SELECT resource_key,
        CASE
            WHEN regexp_matches(called, '(^|-)(inference|serving|predict(or|ions?)?)(-|$)') THEN 'inference'
            WHEN regexp_matches(called, '(^|-)train(ing|er)?(-|$)') THEN 'training'
        END,
        rank_of('stages', 'machine'), true
    FROM machine
    -- A GPU of a cluster is there for the pods that ask for one, and they are ML.
    WHERE is_ml_machine(type) OR is_node OR (is_gpu_machine(type)
        AND regexp_matches(called, '(^|-)(inference|serving|predict(or|ions?)?|train(ing|er)?|ml|ai|llm|models?)(-|$)'))
    UNION ALL
    -- A GPU machine of somebody who works in Studio or MLflow, or deploys models.
    SELECT resource_key, 'experimentation', rank_of('stages', 'person'), true
    FROM machine
    SEMI JOIN resource_people USING (resource_key)
    WHERE is_gpu_machine(type)
)
GROUP BY resource_key
HAVING count(stage) > 0 OR bool_or(is_ml)
