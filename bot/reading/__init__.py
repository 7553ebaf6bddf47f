"""What a reader of files is written with; `bot.reads` marks it."""

from bot.configuration.extras import install_command
from bot.errors import FileUnreadable, NotYetReadable, PasswordNeeded
from bot.reading.child import bytes_from_child, in_child
from bot.reading.child_limits import ChildAccess, ChildLimits
from bot.reading.durations import format_duration
from bot.reading.encoding import detect_encoding, detect_file_encoding, detect_legacy, detect_utf
from bot.reading.extras import extra
from bot.reading.held_folders import hold_folder
from bot.reading.incoming import IncomingFile
from bot.reading.kinds import DELTA_TABLE, UNKNOWN_MEDIA_TYPE, guess_media_type
from bot.reading.names import safe_name
from bot.reading.pieces import About, Enclosed, Piece, Progress, ReadItem, enclose
from bot.reading.speech_models import SPEECH_INSTALL_ADVICE, SPEECH_WEIGHTS, find_speech_folder, speech_installed
from bot.reading.zip_members import count_zip_members

__all__ = [
    "DELTA_TABLE",
    "SPEECH_INSTALL_ADVICE",
    "SPEECH_WEIGHTS",
    "UNKNOWN_MEDIA_TYPE",
    "About",
    "ChildAccess",
    "ChildLimits",
    "Enclosed",
    "FileUnreadable",
    "IncomingFile",
    "NotYetReadable",
    "PasswordNeeded",
    "Piece",
    "Progress",
    "ReadItem",
    "bytes_from_child",
    "count_zip_members",
    "detect_encoding",
    "detect_file_encoding",
    "detect_legacy",
    "detect_utf",
    "enclose",
    "extra",
    "find_speech_folder",
    "format_duration",
    "guess_media_type",
    "hold_folder",
    "in_child",
    "install_command",
    "safe_name",
    "speech_installed",
]
