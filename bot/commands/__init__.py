"""The commands of the command line, one file each; `bot.commands.cli` lists them and imports the one that runs."""
