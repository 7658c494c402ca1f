"""How assets run: the run's lake, billing-period partitions, and how a table becomes an asset.

The only Dagster code that domains share; what a table holds is decided in the domains.
"""
