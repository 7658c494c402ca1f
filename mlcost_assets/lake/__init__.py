"""The store: one published version at a time, replaced as a whole (docs/design.md#the-store). No Dagster here.

Tables are Parquet files below `<lake>/data/`; the DuckLake catalog that names them is one small DuckDB file,
`<lake>/catalog.ducklake`. A writer works on a private copy of it and publishes by replacing the file; a
reader attaches what is published, and is neither blocked nor ever shown half a refresh.
"""
