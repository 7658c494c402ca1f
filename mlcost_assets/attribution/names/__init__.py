"""Which names there are, and where they stand.

1. `environment_words`, `organisation_prefixes`, ordinary_words.yaml: words that say nothing of what is named
2. `names_in_tools`: what tools and people call things outside of tags and registries
3. `model_aliases`: what else a registry's entry calls its model
4. `name_dictionary`: every name that a better source knows
5. `model_arguments`: what servers and jobs are told to load
6. `acting_roles`: as whom work runs; `service_names`: what it is called by tags that tell models elsewhere
7. `names_carried`: the names that each resource carries, and where
8. `dictionary_hits`: the known names among their words
"""
