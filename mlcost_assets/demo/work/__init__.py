"""How models are made: pipelines that train on a cadence, work by hand, notebooks."""
