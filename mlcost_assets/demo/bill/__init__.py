"""The bill that AWS makes of the ledger: hourly rows, commitments, split costs, and the CUR 2.0 export of them."""
