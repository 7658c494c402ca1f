"""The conditions of rules and splits, as lists of globs."""

# The texts of a charge that rules and splits look at.
GLOBS = (
    "export_name",
    "account_id",
    "region_id",
    "service_code",
    "usage_type",
    "operation",
    "resource_id",
    "charge_category",
)


def as_globs(given: str | list[str] | None) -> list[str]:
    """A condition as a list of globs; none match everything."""
    return [] if given is None else [given] if isinstance(given, str) else given
