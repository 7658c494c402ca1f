"""The simulated organisation: an example for newcomers, and the judge of attribution.

`simulate` writes what AWS would show (`billing/`, `metadata/`), the configuration to read it with, and apart from
both `truth/`:

- `charges.parquet`: what caused each dollar, by day and billed resource; sums equal the export's to the last digit.
  `knowable` tells whether the platform could find out for whom a dollar was spent (its model, else its team);
  `model_knowable`, `team_knowable`, `environment_knowable` and `agent_knowable` tell it for each dimension, NULL where
  the truth has none; `clue` names the first path of evidence that survived tags and gaps.
- `tags.parquet`: which resource carries which required tag, rightly, wrongly or not at all.
- `estimates.parquet`: what a gateway estimates of the calls through it, and why that differs from the bill.
- `uncalled.parquet`: the endpoints that nobody calls.
- `summary.json`: the same money by model, team, environment, stage and kind.

How to read it: an `organisation` is drawn from the seed; in its `world`, activities put resources, records and charges
together: `work` makes models, `serving` and `kubernetes` serve them, `around` lies what they need, `non_ml` is the
rest. `money` says at which prices; `bill` writes what AWS would write; `truth` judges what can be known of it.
"""

from mlcost_assets.demo.simulate import simulate
from mlcost_assets.demo.world.landing import NO_GAPS, Gaps

__all__ = ["NO_GAPS", "Gaps", "simulate"]
