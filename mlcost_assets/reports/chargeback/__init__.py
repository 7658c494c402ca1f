"""Chargeback: who pays what of which invoice, to the cent, and what was already said of it."""
