"""Bills: from what AWS delivered to `line_items` and `daily_charges`.

manifests.py finds drops, source.py opens the files of one, `<format>.sql` maps them to FOCUS, load.py
verifies and replaces a period, plan.py says which periods have something to load. What a charge is for
is decided elsewhere (attribution/).
"""
