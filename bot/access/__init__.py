"""Who may talk with the bot, and what they may see."""
