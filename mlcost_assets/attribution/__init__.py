"""Who owns what, and how that is known (docs/design.md#attribution).

Every charge is about a billed thing. `billed_things` resolves what the bill says to a resource's key and a usage
class; candidates/ gathers what each source claims of a resource; `owners` picks one claim per resource, dimension
and instant; `shares` divides what has several owners and `pooled_costs` what names no resource; `attributed_costs` puts
it together, with `attribution_evidence` to print for every row. docs/attribution.md#from-tag-to-cent lists every
statement in order.
"""
