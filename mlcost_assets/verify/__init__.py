"""An auditor's second look at what is published: charges, money, owners and cited records, without the engine's SQL.

What belongs here reads the exports' files, the published tables, the landing zone and rules.yaml, and compares. Nothing
of lineage, tags or attribution is imported, and of billing only how files are found and read, so that a fault there is
no fault here; a test holds it.
"""
