-- Split cost allocation data: what each pod took of its node's cost in each hour, by the weights 9 : 0.9 : 0.1
-- (accelerator : vCPU : GiB), here times ten. Unused capacity goes to the pods by their part of what is used.
INSERT INTO rows BY NAME
WITH node_hours AS (
    SELECT
        lines.resource_id AS instance_id,
        rows.begins,
        sum(rows.effective)::BIGINT AS cost,
        sum(coalesce(rows.public, rows.effective))::BIGINT AS public,
        (sum(rows.quantity) * 3600 // 10000000000)::BIGINT AS seconds
    FROM rows
    JOIN lines USING (line)
    WHERE lines.split_cluster <> ''
    GROUP BY ALL
),
taken AS (
    SELECT
        pod.line,
        pod.instance_id,
        pod.resource,
        node.begins,
        node.cost,
        node.public,
        pod.factor,
        pod.capacity * node.seconds AS capacity,
        pod.total_weight * node.seconds AS total_weight,
        pod.amount * (least(pod.ends, node.begins + 3600) - greatest(pod.begins, node.begins)) AS amount
    FROM pods AS pod
    JOIN node_hours AS node
        ON node.instance_id = pod.instance_id AND node.begins < pod.ends AND node.begins + 3600 > pod.begins
),
shared AS (
    SELECT *, sum(amount) OVER (PARTITION BY instance_id, begins, resource)::BIGINT AS everybody FROM taken
),
priced AS (
    SELECT
        *,
        factor * amount / total_weight AS part,
        factor * greatest(capacity - everybody, 0) / total_weight * (amount / everybody) AS unused_part
    FROM shared
)
SELECT
    line,
    begins,
    begins + 3600 AS ends,
    0 AS quantity,
    CASE WHEN $shows_cost THEN round(cost * part) ELSE 0 END::BIGINT AS unblended,
    0 AS public,
    0 AS effective,
    round(amount / 3600000.0, 10) AS split_usage,
    round(amount / capacity, 10) AS split_ratio,
    round(cost * part)::BIGINT AS split_cost,
    round(cost * unused_part)::BIGINT AS split_unused,
    round(public * part)::BIGINT AS split_public,
    round(public * unused_part)::BIGINT AS split_public_unused
FROM priced;
