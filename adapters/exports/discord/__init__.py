"""DiscordChatExporter exports."""
