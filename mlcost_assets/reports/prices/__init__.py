"""AWS's public prices: read from its price list files when `mlcost prices refresh` is called, and kept in `home`.

They are an input, as bills and records are, and not made from them: they stay when a lake is removed and made anew, and
reading them waits for no refresh. What of them was used stands with source and day in the table unit_prices.
"""
