-- Kubernetes as its API writes it: quantities, accelerators, when a pod ended, what it asks for.

-- A quantity ('500m', '4', '1.5Gi', '100n', '1e3', '2E'; Kubernetes API conventions, "resource.Quantity"); NULL when it
-- is none, below none, or more than any cluster has.
CREATE OR REPLACE TEMP MACRO any_quantity(text) AS TRY_CAST(
    regexp_extract(text, '^([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?:[KMGTPE]i|[numkMGTPE])?$', 1)
    AS DOUBLE
) * CASE regexp_extract(text, '([KMGTPE]i|[numkMGTPE])$')
    WHEN 'n' THEN 1e-9
    WHEN 'u' THEN 1e-6
    WHEN 'm' THEN 1e-3
    WHEN 'k' THEN 1e3
    WHEN 'M' THEN 1e6
    WHEN 'G' THEN 1e9
    WHEN 'T' THEN 1e12
    WHEN 'P' THEN 1e15
    WHEN 'E' THEN 1e18
    WHEN 'Ki' THEN 1024.0
    WHEN 'Mi' THEN 1048576.0
    WHEN 'Gi' THEN 1073741824.0
    WHEN 'Ti' THEN 1099511627776.0
    WHEN 'Pi' THEN 1125899906842624.0
    WHEN 'Ei' THEN 1152921504606846976.0
    ELSE 1
END;
CREATE OR REPLACE TEMP MACRO quantity(text) AS
    CASE WHEN any_quantity(text) BETWEEN 0 AND 1e19 THEN any_quantity(text) END;

-- How many whole accelerators one unit of an extended resource is; NULL for what is none. The names are those of the
-- device plugins. A MIG profile has so many of seven slices (a 3g.20gb three); a NeuronCore is half of an Inferentia2
-- or Trainium chip; AWS's virtual GPU is a tenth, Tencent's a hundredth.
CREATE OR REPLACE TEMP MACRO accelerator_unit(name) AS CASE
    WHEN regexp_matches(name, '^nvidia\.com/mig-([0-9]+c\.)?[1-7]g\.')
        THEN TRY_CAST(regexp_extract(name, 'mig-(?:[0-9]+c\.)?([1-7])g', 1) AS DOUBLE) / 7
    WHEN regexp_matches(name, '^(nvidia|amd)\.com/[pv]?gpu(\.shared)?$') THEN 1
    WHEN name = 'aws.amazon.com/neuroncore' THEN 0.5
    WHEN regexp_matches(name, '^aws\.amazon\.com/neuron(device)?$') THEN 1
    WHEN regexp_matches(name, '^(habana\.ai/(gaudi|goya)|gpu\.intel\.com/(i915|xe)|qualcomm\.com/qaic.*)$') THEN 1
    WHEN regexp_matches(name, '^(google\.com/tpu|volcano\.sh/(v?gpu-number))$') THEN 1
    WHEN name = 'k8s.amazonaws.com/vgpu' THEN 0.1
    WHEN name = 'tencent.com/vcuda-core' THEN 0.01
END;

-- Whether requests, limits or a capacity name an accelerator at all, and more than none of it: a quick look at the
-- text, where how many does not matter.
CREATE OR REPLACE TEMP MACRO names_accelerator(text) AS
    regexp_matches(CAST(text AS VARCHAR), '"[^"]*(gpu|/mig-|neuron|gaudi|goya|qaic|i915|tpu|vcuda)[^"]*":"?[1-9]');

-- What part of each of its accelerators a container may use, where a sharing scheduler limits it (HAMi, Volcano).
CREATE OR REPLACE TEMP MACRO accelerator_part(requests) AS least(1, coalesce(
    quantity(member(requests, 'nvidia.com/gpucores')), quantity(member(requests, 'volcano.sh/vgpu-cores')),
    quantity(member(requests, 'nvidia.com/gpumem-percentage')), 100
) / 100);

-- Accelerators that a container asks for, by its requests.
CREATE OR REPLACE TEMP MACRO accelerators(requests) AS accelerator_part(requests) * coalesce(list_sum(list_transform(
    json_keys(requests), lambda name: accelerator_unit(name) * quantity(member(requests, name))
)), 0);

-- When a pod ended that says it has: with its last container, else when it was told to be over; one that failed before
-- any container ran holds nothing from its start; of one that did its work and tells no time, nothing is known. A pod
-- is over when its phase says so (a container of a running pod may be done, or start anew), or it has no phase and all
-- its containers are done.
CREATE OR REPLACE TEMP MACRO pod_is_over(body) AS CASE
    WHEN body ->> '$.status.phase' IS NOT NULL THEN body ->> '$.status.phase' IN ('Succeeded', 'Failed')
    ELSE len(json_extract(body, '$.status.containerStatuses[*]')) > 0
        AND len(json_extract(body, '$.status.containerStatuses[*]'))
            = len(json_extract(body, '$.status.containerStatuses[*].state.terminated'))
END;

CREATE OR REPLACE TEMP MACRO pod_ended(body) AS CASE
    WHEN pod_is_over(body) THEN coalesce(
        list_max(
            list_transform(
                list_concat(
                    body ->> '$.status.containerStatuses[*].state.terminated.finishedAt',
                    body ->> '$.status.initContainerStatuses[*].state.terminated.finishedAt'
                ),
                lambda t: time_from_answer(t)
            )
        ),
        list_max(list_transform(body ->> '$.status.conditions[*].lastTransitionTime', lambda t: time_from_answer(t))),
        CASE
            WHEN body ->> '$.status.phase' = 'Succeeded' THEN first_time(body, ['$.metadata.deletionTimestamp'])
            ELSE first_time(
                body, ['$.metadata.deletionTimestamp', '$.status.startTime', '$.metadata.creationTimestamp']
            )
        END
    )
    ELSE time_from_answer(body ->> '$.metadata.deletionTimestamp')
END;

-- Whether a tag's key, on a resource or as CUR 2.0 writes it, is that by which EKS (aws:eks:cluster-name,
-- eks:eks-cluster-name) or eksctl tell the cluster of a node.
CREATE OR REPLACE TEMP MACRO is_cluster_stamp(key) AS
    regexp_replace(regexp_replace(key, '^(user|aws)[:_]', ''), '[:/.-]', '_', 'g')
    IN ('eks_cluster_name', 'eks_eks_cluster_name', 'alpha_eksctl_io_cluster_name');
