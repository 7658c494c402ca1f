"""`python -m mlcost_assets` is `mlcost`."""

from mlcost_assets.cli.main import main

main()
