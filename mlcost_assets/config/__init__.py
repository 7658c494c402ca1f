"""The user's two files, mlcost.yaml and rules.yaml, as typed and checked models."""

from mlcost_assets.config.settings import Config, Export, load_config

__all__ = ["Config", "Export", "load_config"]
