-- One file of an S3 Inventory report → bytes and objects by folder, cut at $depth levels. Noncurrent versions are
-- billed and count; delete markers have no size. {{scan}} reads the file, {{key}} is its key as text.
INSERT INTO usage
SELECT list_slice(string_split({key}, '/')[:-2], 1, $depth) AS folder, coalesce(sum(TRY_CAST(size AS BIGINT)), 0),
    count(*)
FROM {scan}
GROUP BY folder
