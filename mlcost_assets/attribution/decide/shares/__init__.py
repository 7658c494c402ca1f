"""Who uses what serves several, and how much of it each.

1. sources/: one statement a measure (share.py puts them together)
2. `ranked_shares`: the narrowest measure of each resource
3. `shares_one_step_on`: followed until those who finally use it
4. `shares`
"""
