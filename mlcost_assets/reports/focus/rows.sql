-- A period's bill as FOCUS 1.2: FOCUS's columns by its names and types, those that 1.3 added, and x_ columns.
--
-- Reads numbered_lines, shared_charges, shared_amounts and parts_after_splits. A charge of one owner is the bill's own
-- row; a shared one is a row for each owner, alike in everything but owner, costs and quantities.
WITH charge AS (
    SELECT * FROM numbered_lines($billing_period) WHERE parts = 1
    UNION ALL BY NAME
    SELECT shared.* EXCLUDE (line) REPLACE (
            amounts.billed_cost AS billed_cost, amounts.effective_cost AS effective_cost,
            amounts.list_cost AS list_cost,
            amounts.contracted_cost AS contracted_cost, amounts.x_unblended_cost AS x_unblended_cost,
            amounts.pricing_currency_effective_cost AS pricing_currency_effective_cost,
            amounts.consumed_quantity AS consumed_quantity,
            amounts.pricing_quantity AS pricing_quantity,
            amounts.commitment_discount_quantity AS commitment_discount_quantity
    ),
        amounts.owner
    FROM shared_charges AS shared
    JOIN shared_amounts AS amounts USING (line)
),

owned AS (
    SELECT charge.* EXCLUDE (charge, owner),
        commitment_status(charge_category, commitment_discount_id, commitment_discount_status) AS of_commitment,
        owner.is_ml, owner.model, owner.project, owner.pipeline, owner.experiment, owner.team,
        owner.environment, owner.business_function, owner.stage, owner.method, owner.confidence, owner.evidence_id,
        owner.agent
    FROM charge
    JOIN parts_after_splits AS owner ON owner.charge = charge.charge AND (parts = 1 OR owner.owner = charge.owner)
)

SELECT
    availability_zone AS AvailabilityZone,
    billed_cost AS BilledCost,
    billing_account_id AS BillingAccountId,
    billing_account_name AS BillingAccountName,
    billing_account_type AS BillingAccountType,
    billing_currency AS BillingCurrency,
    billing_period_end AT TIME ZONE 'UTC' AS BillingPeriodEnd,
    billing_period_start AT TIME ZONE 'UTC' AS BillingPeriodStart,
    capacity_reservation_id AS CapacityReservationId,
    capacity_reservation_status AS CapacityReservationStatus,
    charge_category AS ChargeCategory,
    charge_class AS ChargeClass,
    charge_description AS ChargeDescription,
    charge_frequency AS ChargeFrequency,
    charge_period_end AT TIME ZONE 'UTC' AS ChargePeriodEnd,
    charge_period_start AT TIME ZONE 'UTC' AS ChargePeriodStart,
    commitment_discount_category AS CommitmentDiscountCategory,
    commitment_discount_id AS CommitmentDiscountId,
    commitment_discount_name AS CommitmentDiscountName,
    commitment_discount_quantity AS CommitmentDiscountQuantity,
    commitment_discount_status AS CommitmentDiscountStatus,
    commitment_discount_type AS CommitmentDiscountType,
    commitment_discount_unit AS CommitmentDiscountUnit,
    consumed_quantity AS ConsumedQuantity,
    consumed_unit AS ConsumedUnit,
    contracted_cost AS ContractedCost,
    contracted_unit_price AS ContractedUnitPrice,
    effective_cost AS EffectiveCost,
    invoice_id AS InvoiceId,
    invoice_issuer_name AS InvoiceIssuerName,
    list_cost AS ListCost,
    list_unit_price AS ListUnitPrice,
    pricing_category AS PricingCategory,
    pricing_currency AS PricingCurrency,
    pricing_currency_contracted_unit_price AS PricingCurrencyContractedUnitPrice,
    pricing_currency_effective_cost AS PricingCurrencyEffectiveCost,
    pricing_currency_list_unit_price AS PricingCurrencyListUnitPrice,
    pricing_quantity AS PricingQuantity,
    pricing_unit AS PricingUnit,
    provider_name AS ProviderName,
    publisher_name AS PublisherName,
    region_id AS RegionId,
    region_name AS RegionName,
    -- What is bought or lies idle is the commitment itself (FOCUS, attribute Discount Handling).
    coalesce(
        resource_id, CASE WHEN of_commitment IN ('Bought', 'Unused') THEN commitment_discount_id END
    ) AS ResourceId,
    resource_name AS ResourceName,
    coalesce(
        resource_type,
        CASE WHEN resource_id IS NULL AND of_commitment IN ('Bought', 'Unused') THEN commitment_discount_type END
    ) AS ResourceType,
    service_category AS ServiceCategory,
    service_name AS ServiceName,
    service_subcategory AS ServiceSubcategory,
    sku_id AS SkuId,
    sku_meter AS SkuMeter,
    sku_price_details AS SkuPriceDetails,
    sku_price_id AS SkuPriceId,
    sub_account_id AS SubAccountId,
    sub_account_name AS SubAccountName,
    sub_account_type AS SubAccountType,
    -- A merge patch leaves out what is NULL.
    nullif(CAST(json_merge_patch(coalesce(tags, '{}'), json_object(
        'mlcost/model', model, 'mlcost/project', project, 'mlcost/pipeline', pipeline, 'mlcost/experiment', experiment,
        'mlcost/team', team,
        'mlcost/environment', environment, 'mlcost/business_function', business_function, 'mlcost/stage', stage,
        'mlcost/agent', agent
    )) AS VARCHAR), '{}') AS Tags,
    -- FOCUS 1.3
    service_provider_name AS ServiceProviderName,
    host_provider_name AS HostProviderName,
    allocated_method_id AS AllocatedMethodId,
    allocated_method_details AS AllocatedMethodDetails,
    allocated_resource_id AS AllocatedResourceId,
    allocated_resource_name AS AllocatedResourceName,
    allocated_tags AS AllocatedTags,
    contract_applied AS ContractApplied,
    -- AWS's own columns, and what CUR tells beyond FOCUS.
    x_cost_categories AS x_CostCategories,
    x_discounts AS x_Discounts,
    x_operation AS x_Operation,
    x_service_code AS x_ServiceCode,
    x_usage_type AS x_UsageType,
    x_product_code AS x_ProductCode,
    x_line_item_type AS x_LineItemType,
    x_instance_type AS x_InstanceType,
    x_iam_principal AS x_IamPrincipal,
    x_unblended_cost AS x_UnblendedCost,
    x_source_file AS x_SourceFile,
    x_source_row AS x_SourceRow,
    -- Whose it is (docs/focus.md).
    export_name AS x_ExportName,
    is_ml AS x_IsMl,
    model AS x_Model,
    project AS x_Project,
    pipeline AS x_Pipeline,
    experiment AS x_Experiment,
    team AS x_Team,
    environment AS x_Environment,
    business_function AS x_BusinessFunction,
    stage AS x_Stage,
    method AS x_AttributionMethod,
    confidence AS x_AttributionConfidence,
    evidence_id AS x_AttributionEvidence,
    parts AS x_SharedBy,
    agent AS x_Agent
FROM owned
