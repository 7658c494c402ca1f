"""What each source says of a resource, and what of that flows along the lineage.

1. sources/: one statement a source, all with the same columns (gather.py puts them together)
2. `rule_claims`: what rules say of what the bill names
3. `copied_tags`: tags that everything around contradicts
4. `flow_edges`, `flow`: claims pass on along relations, hop by hop (flows.yaml)
"""
