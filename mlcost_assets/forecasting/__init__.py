"""What will be spent: daily series per model and team carried forward, with intervals and a backtest."""
