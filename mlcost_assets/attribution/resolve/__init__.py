"""What the bill names.

1. `billed_things`: what the bill says → a resource's key and a usage class (usage_classes.yaml)
2. `rule_matches`: the rules and splits of rules.yaml that match it
3. `split_things`: pods that only split-cost rows know
4. `resource_people`: who worked with what
"""
