-- The first of the Parquet files at $paths whose footer counts its rows in two ways that disagree, with what it says.
SELECT file_name, format('its footer says that it has {} rows, and that its parts have {}', num_rows, in_parts)
FROM (
    SELECT file_name, coalesce(sum(row_group_num_rows), 0) AS in_parts
    FROM (
        SELECT DISTINCT file_name, row_group_id, row_group_num_rows FROM parquet_metadata($paths)
    )
    GROUP BY 1
)
RIGHT JOIN parquet_file_metadata($paths) USING (file_name)
WHERE num_rows <> coalesce(in_parts, 0)
ORDER BY file_name
LIMIT 1
