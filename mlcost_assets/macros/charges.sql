-- What a charge has to do with a commitment, in every format: Used, Unused, or
-- Bought. FOCUS has no status for a purchase.
CREATE OR REPLACE TEMP MACRO commitment_status(category, commitment, status) AS
    CASE WHEN category = 'Purchase' AND commitment IS NOT NULL THEN 'Bought' ELSE status END;

-- Whether a split-cost row is of accelerators: what is no vCPU and no memory is named after the family of chip.
CREATE OR REPLACE TEMP MACRO splits_accelerators(usage_type) AS regexp_matches(usage_type, 'Accelerator|GPU|Neuron');
