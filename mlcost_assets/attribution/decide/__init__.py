"""Which claim wins.

1. `owners`: of a resource (ladder.yaml)
2. shares/: who uses what serves several
3. `workload_defaults`: what is established for a model, a project or a person as a whole
4. `work_stages`: the stage that a resource's place in the graph tells
5. `thing_parts`, `thing_claims`, `thing_pieces`, `thing_picks`: what is said of what the bill names, on which rung,
   and which rung decides
6. `account_teams`, `thing_reasons`: what of the rest follows from all that is decided in an account
7. `thing_owners`: of what the bill names
"""
