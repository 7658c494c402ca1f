"""What existed, and when: from the landing zone's records to the history of every resource.

landing.py reads new files, `metadata_records.sql` sorts good records from bad lines, `resource_history.sql`
turns snapshots into intervals, kinds/ says where each kind of record keeps its name and its times.
Who owns a resource is decided elsewhere (attribution/).
"""
