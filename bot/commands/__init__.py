"""The commands of the command line, one file each; `bot.cli` lists them and imports the one that runs."""
