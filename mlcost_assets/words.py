"""Counting in English."""


def counted(count: int, one: str, many: str = "") -> str:
    """`1 split`, `1,000 splits`; `many` where it is not `one` with an s."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
