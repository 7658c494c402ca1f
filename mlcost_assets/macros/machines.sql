-- Which instance types have what machine learning runs on; ml.p4d.24xlarge is asked for as p4d.24xlarge.

-- A GPU, which also draws pictures.
CREATE OR REPLACE TEMP MACRO is_gpu_machine(type) AS regexp_matches(type, '^(p[2-9]|g[2-9]|gr[6-9])[a-z0-9-]*\.');
-- An accelerator that is made for machine learning (Trainium, Inferentia, Gaudi, the GPUs of the P family, which have
-- no display: AWS, EC2 accelerated computing).
CREATE OR REPLACE TEMP MACRO is_ml_machine(type) AS
    regexp_matches(type, '^((trn|inf|dl)[0-9]|p[2-9])[a-z0-9-]*\.');
-- The instance type in a usage type of EC2 (USE2-BoxUsage:p4d.24xlarge).
CREATE OR REPLACE TEMP MACRO billed_type(usage_type) AS regexp_extract(usage_type, ':([a-z][a-z0-9-]*\.[a-z0-9-]+)', 1);
-- The machine in a usage type of any service, as that calls it: USE1-Host:ml.g5.xlarge → ml.g5.xlarge,
-- SpotUsage:g5.xlarge → g5.xlarge; of a Dedicated Host (HostUsage:p3) the family. NULL where it names none.
CREATE OR REPLACE TEMP MACRO machine_of(usage_type) AS coalesce(
    nullif(regexp_extract(usage_type, 'ml\.[a-z0-9-]+\.[a-z0-9]+'), ''), nullif(billed_type(usage_type), ''),
    nullif(regexp_extract(usage_type, 'HostUsage:([a-z0-9-]+)$', 1), '')
);
-- Whether such a machine has accelerators, GPUs or others; ml. says that SageMaker runs it.
CREATE OR REPLACE TEMP MACRO has_accelerators(machine) AS
    is_gpu_machine(regexp_replace(machine, '^ml\.', '') || '.')
        OR is_ml_machine(regexp_replace(machine, '^ml\.', '') || '.');
-- What the accelerators of such a machine are, by its family; NULL of others.
CREATE OR REPLACE TEMP MACRO accelerator_kind(machine) AS CASE
    WHEN regexp_matches(machine, '^(ml\.)?[pg][2-9r]') THEN 'GPU'
    WHEN regexp_matches(machine, '^(ml\.)?trn') THEN 'Trainium'
    WHEN regexp_matches(machine, '^(ml\.)?inf') THEN 'Inferentia'
END;
-- The kind of compute that Databricks counts DBUs of in a usage type of AWS Marketplace, by its SKU
-- (EUC1-MP:PREMIUM_JOBS_COMPUTE_(PHOTON)-Units → JOBS), where that runs on machines in the customer's account; NULL
-- elsewhere: what is serverless runs in Databricks' own (Databricks, names of SKUs in system.billing.usage).
CREATE OR REPLACE TEMP MACRO dbu_compute(usage_type) AS
    nullif(
        regexp_extract(usage_type, '(JOBS|ALL_PURPOSE|DLT|SQL)(_LIGHT|_CORE|_PRO|_ADVANCED)?_COMPUTE', 1), ''
    );
