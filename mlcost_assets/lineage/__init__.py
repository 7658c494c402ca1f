"""What made, serves, runs on and reads what, and when: `lineage_edges`, one SQL file an AWS service.

An edge is a fact that a record states, with the record as its source. What an edge means for ownership is
decided in attribution/.
"""
