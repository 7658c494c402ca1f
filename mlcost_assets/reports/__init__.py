"""The tables that people read: one SQL file each, over attributed_costs and what else they name."""
