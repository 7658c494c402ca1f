"""What each source says of a resource, and what of that flows along the lineage.

1. `tag_spans`: what tags of records say, over time; `finest_unit`: which of them name teams;
   `shared_accounts`: which accounts speak of nobody's work; `carried_tags`: which tags are codes
2. sources/: one statement a source, all with the same columns (gather.py puts them together)
   `unit_teams`: units that are the teams of an account whose tags name none
3. `rule_claims`: what rules say of what the bill names
4. `copied_tags`: tags that everything around contradicts
5. `caller_edges`: what is known by who calls it; `flow_edges`, `flow`: claims pass on along relations, hop by hop
   (flows.yaml)
"""
