"""What the process from which commands are forked imports (program.py), without the warnings that commands silence."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import mlcost_assets.cli.main
    import mlcost_assets.definitions  # noqa: F401
