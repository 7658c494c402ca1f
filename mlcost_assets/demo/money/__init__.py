"""Money: products, prices, the ledger of what is used, and the bill that AWS makes of it."""
