"""What the core raises.

ScrubjayError             .exit_code, the command line's exit status
├── ConfigError           a setting is unknown, of the wrong type, or its file can't be read
├── AccessDenied          this person may not do this here
│   └── QuotaSpent        they have had all of today's messages or answers
├── ModelError            the language model can't be loaded or failed while answering
│   ├── ModelFileError    the GGUF is missing, truncated, or no GGUF
│   └── ModelServerError  the model server is down, slow, or talks nonsense
├── AdapterError          a chat platform did not take or give what it was asked to
│   ├── AttachmentError   a file can't be had from its platform; the message is shown to the user
│   └── ChatClosed        it takes nothing in this chat until its person writes again
├── PluginError           a plugin can't be loaded, or failed
│   ├── PluginStopped     its process has ended; the message is shown to the user
│   └── ReaderFailed      it raised while it read a file
├── FileUnreadable        a file is damaged, empty, of another kind than it says, or too much; shown to the user
│   ├── PasswordNeeded    it is encrypted, and no password or a wrong one was given
│   ├── ReaderMissing     what could read it is not installed, so that only its name is remembered
│   └── NotYetReadable    what reads it is not all there yet; it is kept, and read later
├── ImportRefused         a file to import is of an unknown kind, empty, damaged or dangerous
└── CommandError          a command was used wrongly; the message is shown to the user
"""

from __future__ import annotations

from bot.translation import gettext_noop

FORGOTTEN_MEANWHILE = gettext_noop("What that rests on has been forgotten meanwhile. Please ask me again.")
"""What is said when something that is to be said or kept was made from what is gone by now."""
NOT_KEPT = gettext_noop("I keep nothing of what you say here; /memory says why.")
"""What a CommandError says where a handler wants to store something and nothing may be stored."""


class ScrubjayError(Exception):
    """The root of everything the core raises on purpose; the message says what to do."""

    exit_code = 1


class ConfigError(ScrubjayError):
    """Raised when settings can't be read or don't validate; names the setting and where it came from."""

    exit_code = 2


class AccessDenied(ScrubjayError):  # noqa: N818 (the field's own term for it)
    """Raised when a person may not talk to the bot or run a command here."""


class QuotaSpent(AccessDenied):
    """Raised when a person has had as many messages or answers as they may have today."""


class ModelError(ScrubjayError):
    """Raised when the language model can't be loaded, or fails while it answers."""

    exit_code = 3


class ModelFileError(ModelError):
    """Raised when a GGUF file is missing, truncated, or not a GGUF file."""


class ModelServerError(ModelError):
    """Raised when an OpenAI-compatible server is down, too slow, or answers nonsense."""


class AdapterError(ScrubjayError):
    """Raised by an adapter when its platform refuses, is out of reach, or no longer knows a file or token."""


class AttachmentError(AdapterError):
    """Raised when a file is too large for its platform's bots, or gone; the message is shown to the user as it is."""


class ChatClosed(AdapterError):  # noqa: N818 (said as such)
    """Raised by an adapter when its platform takes nothing in a chat until its person writes again.

    The reply is kept and tried again like any other; since that may take days, only the first time is a warning.
    """


class PluginError(ScrubjayError):
    """Raised when a plugin can't be loaded, or raised while it handled something."""


class PluginStopped(PluginError):  # noqa: N818 (said as such)
    """Raised when a plugin's own process ends in the middle of something; the message is shown to the user."""


class ReaderFailed(PluginError):  # noqa: N818 (said as such)
    """Raised when the reader of a file raises what is neither the file's fault nor its sender's; a bug in a plugin."""

    def __init__(self, plugin: str, name: str) -> None:
        super().__init__(f"the plugin {plugin} failed while it read {name}")
        self.plugin = plugin


class FileUnreadable(ScrubjayError):  # noqa: N818 (said as such)
    """Raised by the reader of a file that can't be read; the message is shown to the user as it is."""

    exit_code = 4


class PasswordNeeded(FileUnreadable):
    """Raised by a reader when a file is encrypted and the password is missing or wrong."""


class ReaderMissing(FileUnreadable):
    """Raised by a reader when it turns out that nothing here can read such files: only their names are remembered."""


class NotYetReadable(FileUnreadable):
    """Raised by a reader that lacks something which may come later, such as a model; says how to get it."""


class ImportRefused(ScrubjayError):  # noqa: N818 (a refusal, told to the user as such)
    """Raised when a file to import is of an unknown kind, empty, damaged or dangerous."""

    exit_code = 4


class CommandError(ScrubjayError):
    """Raised by a handler when a command was used wrongly; the message is shown to the user as it is."""
