"""What every run found (`data_quality`), the publication of what it wrote, and the reference of tables."""
