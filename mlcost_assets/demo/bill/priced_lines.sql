-- The lines with what the price list says about them.
CREATE TABLE priced_lines AS
SELECT
    *,
    CASE WHEN rate < 0 THEN '' ELSE printf('%d.%010d', rate // 10000000000, rate % 10000000000) END AS rate_text,
    printf('%d.%010d', rate * $keep // 1000000000000, rate * $keep // 100 % 10000000000) AS net_rate_text,
    printf('%d.%010d', public_rate // 10000000000, public_rate % 10000000000) AS public_rate_text,
    CASE
        WHEN line_item_type IN ('Tax', 'Credit', 'Refund', 'EdpDiscount') THEN ''
        ELSE upper(substr(md5(product_code || usage_type || operation), 1, 16)) END AS sku,
    CASE
        WHEN line_item_type IN ('Tax', 'Credit', 'Refund', 'EdpDiscount') THEN ''
        ELSE sku || '.JRTCKXETXF.6YS6EN2CT7' END AS rate_code,
    CASE WHEN sku = '' THEN '' ELSE ('0x' || substr(md5(sku), 1, 8))::BIGINT::VARCHAR END AS rate_id,
    split_part(replace(instance_type, 'ml.', ''), '.', 1) AS instance_family,
    map_concat(
        MAP {'product_name': product_name, 'region': region, 'servicename': product_name},
        CASE WHEN instance_type <> '' THEN MAP {'instance_type': instance_type} ELSE MAP {}::MAP(VARCHAR, VARCHAR) END
    ) AS product
FROM lines;
