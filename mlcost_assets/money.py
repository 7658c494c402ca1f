"""The type of money. What becomes money and how it is divided is in `macros/money.sql` and `attribution/`."""

MONEY = "DECIMAL(28,10)"
