"""What a reader of files is written with; `bot.reads` marks it."""

from bot.errors import FileUnreadable, NotYetReadable, PasswordNeeded
from bot.reading.child import in_child
from bot.reading.child_limits import ChildLimits
from bot.reading.extras import extra
from bot.reading.incoming import IncomingFile
from bot.reading.pieces import About, Piece, Progress, ReadItem

__all__ = [
    "About",
    "ChildLimits",
    "FileUnreadable",
    "IncomingFile",
    "NotYetReadable",
    "PasswordNeeded",
    "Piece",
    "Progress",
    "ReadItem",
    "extra",
    "in_child",
]
