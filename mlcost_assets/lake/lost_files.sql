-- Every data file that a version of the attached lake names, with what is known of it without opening it.
--
-- One row a file: data_file_id of the rows it holds or, for a file of deletions, takes out; its key below the lake's
-- data/; its size; and the billing periods and exports of its rows, NULL for a table without these columns.
WITH metadata_files AS (
    SELECT data_file_id, table_id, path, file_size_bytes, record_count AS rows
    FROM __ducklake_metadata_lake.ducklake_data_file
    UNION ALL
    -- Where the deletions are lost, it is no longer known which of the rows count: the whole file is lost.
    SELECT data_file_id, table_id, path, file_size_bytes, delete_count AS rows
    FROM __ducklake_metadata_lake.ducklake_delete_file
),

bounds AS (
    SELECT stats.data_file_id,
        min(min_value) FILTER (column_name = 'billing_period') AS first_period,
        max(max_value) FILTER (column_name = 'billing_period') AS last_period
    FROM __ducklake_metadata_lake.ducklake_file_column_stats AS stats
    JOIN __ducklake_metadata_lake.ducklake_column AS columns USING (table_id, column_id)
    GROUP BY 1
)

SELECT DISTINCT
    files.data_file_id,
    tables.table_name,
    schemas.path || tables.path || files.path AS key,
    file_size_bytes,
    rows,
    first_period,
    last_period
FROM metadata_files AS files
JOIN __ducklake_metadata_lake.ducklake_table AS tables USING (table_id)
JOIN __ducklake_metadata_lake.ducklake_schema AS schemas USING (schema_id)
LEFT JOIN bounds USING (data_file_id)
ORDER BY table_name, key
