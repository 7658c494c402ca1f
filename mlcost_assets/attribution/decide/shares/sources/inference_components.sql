-- An endpoint that hosts inference components: by accelerators × copies, else
-- by cores, else by memory, while each lives. An adapter reserves nothing: it works on what its base component has.
WITH component AS (
    SELECT edge.to_id AS resource_key, edge.from_id AS consumer_key, history.valid_from, history.valid_to,
        history.source,
        coalesce(
            told_number(history.body ->> '$.RuntimeConfig.CurrentCopyCount'),
            told_number(history.body ->> '$.RuntimeConfig.DesiredCopyCount'), 1
        ) AS copies,
        told_number(needs ->> '$.NumberOfAcceleratorDevicesRequired') AS accelerators,
        told_number(needs ->> '$.NumberOfCpuCoresRequired') AS cores,
        told_number(needs ->> '$.MinMemoryRequiredInMb') / 1024 AS memory
    FROM lineage_edges AS edge
    JOIN resource_history AS history ON history.resource_key = edge.from_id AND history.valid_from = edge.valid_from
    CROSS JOIN LATERAL (
        SELECT history.body -> '$.Specification.ComputeResourceRequirements' AS needs
    ) AS required
    WHERE edge.relation = 'runs_on' AND history.kind = 'sagemaker:DescribeInferenceComponent'
        AND edge.from_id NOT IN (
            SELECT adapter.from_id
            FROM lineage_edges AS adapter
            JOIN lineage_edges AS base ON base.from_id = adapter.to_id
            WHERE adapter.relation = 'adapts' AND base.relation = 'runs_on'
        )
)

SELECT resource_key, NULL AS instance_type, consumer_key,
    copies * coalesce(nullif(accelerators, 0), cores / 1000, memory / 1000000, 1) AS weight,
    valid_from, coalesce(valid_to, always_to()) AS valid_to,
    'components' AS kind, [source] AS sources
FROM component
