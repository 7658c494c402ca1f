"""Every cent put to its owner (attribute.py runs these in order).

1. `direct_costs`: what each charge is, and whose directly
2. `pool_weights`, `pooled_costs`, `parts_after_pools`: what names no resource, divided in its scope
3. `split_parts`, `parts_after_splits`, `split_counts`: what splits of rules.yaml divide
4. `attributed_costs`, `attribution_evidence`
"""
