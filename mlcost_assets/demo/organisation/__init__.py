"""Who there is: accounts, teams with their habits, models. Nothing happens here yet."""
