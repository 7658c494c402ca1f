"""Who owns what, and how that is known (docs/design.md#attribution).

The rooms, in the order in which data passes them; each tells its statements in order:

- resolve/  what the bill names → resource keys and usage classes
- names/    which names there are, and where they stand
- claims/   what each source says of a resource, and what of that flows to related ones
- decide/   which claim wins: of a resource, among those who share one, of what the bill names
- settle/   the money: direct parts, pools, splits → attributed_costs and its evidence
- explain/  reading what was decided

docs/attribution.md#from-tag-to-cent lists every statement.
"""
