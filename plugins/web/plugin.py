"""The plugin: `/read ADDRESS`, a link with "remember this", and addresses for `scrubjay ingest`."""

from __future__ import annotations

import re
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot import Context, Plugin, command, fetches, on_message, reads
from bot.errors import FileUnreadable
from bot.reading import ChildLimits, IncomingFile, ReadItem, in_child
from plugins.web.article import ArticleOptions, read_article
from plugins.web.fetching import ARTICLE, WebLimits, fetch

_LINK = re.compile(r"https?://[^\s<>\"|]+", re.IGNORECASE)
_BARE = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[/?#:]\S*)?\Z")
"""An address as people say it, without its scheme."""
_TRAILING = ".,;:!?)]}'*_»”"
_MOST_LINKS = 5
_LIMITS = ChildLimits(cpu_seconds=60)
"""An article takes a second or two."""
_WISH = (
    r"\b(?:remember|memori[sz]e|keep|save|store|read)\s{1,9}(?:this|that|it|these|those)\b"
    r"|\bmerke?\s{1,9}(?:dir\s{1,9})?(?:das|dies(?:e[nrs]?)?|es)\b|\blies\s{1,9}(?:das|dies(?:e[nrs]?)?|es)\b"
    r"|\b(?:retiens|souviens-toi\s{1,9}de|lis)\s{1,9}(?:ça|ceci|cela)\b|\b(?:recuerda|lee|guarda)\s{1,9}est[oae]\b"
    r"|\b(?:lembra(?:-te)?\s{1,9}disto|lembre-se\s{1,9}disso|guarda\s{1,9}isto|lê\s{1,9}isto)\b"
)
_WISH_WITH_LINK = rf"(?s)\A(?=.*https?://)(?=.*(?:{_WISH}))"  # anchored: tried at one place, not at each
_LONGEST_WISH = 120
"""Characters beside the links; a longer message is one that merely has a link in it."""


class WebSettings(BaseModel):
    """How much is fetched, and from where."""

    model_config = ConfigDict(extra="forbid")

    max_mb: int = Field(default=50, ge=1)
    max_seconds: float = Field(default=60, gt=0)
    allowed_hosts: list[str] = Field(default=[])

    def limits(self) -> WebLimits:
        """Return what fetching has to keep to."""
        return WebLimits(self.max_mb, self.max_seconds, frozenset(host.casefold() for host in self.allowed_hosts))


class WebPlugin(Plugin):
    """Fetches single pages and files from the web when somebody asks for it, and has them read."""

    name = "web"
    Settings = WebSettings
    settings: WebSettings

    @command("read", "read what is at an address, and remember it")
    async def read_address(self, context: Context, address: Annotated[str, "https://…"]) -> None:
        """Read one address, or a few."""
        bare = address.strip()
        await self._take(context, links_in(address) or [f"https://{bare}" if _BARE.match(bare) else bare])

    @on_message(_WISH_WITH_LINK, addressed=True)
    async def read_links(self, context: Context) -> None:
        """Read the links in a message that asks for it; any other message goes on."""
        text = context.message.text
        if len(_LINK.sub("", text)) <= _LONGEST_WISH and not _LINK.sub("", text).rstrip().endswith("?"):
            await self._take(context, links_in(text))

    @fetches("http", "https")
    async def fetch(self, address: str, folder: Path) -> IncomingFile:
        """Get what is at an address. Raises FileUnreadable."""
        return await fetch(address, folder, self.settings.limits())

    @reads(ARTICLE)
    async def read_article(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        """Read the article on a web page, in a child process. Raises FileUnreadable."""
        async for item in in_child(read_article, file.path, ArticleOptions(file.source), _LIMITS):
            yield item

    async def _take(self, context: Context, addresses: list[str]) -> None:
        for address in addresses[:_MOST_LINKS]:
            with tempfile.TemporaryDirectory(prefix="scrubjay-web-", ignore_cleanup_errors=True) as folder:
                try:
                    said = await context.read(await self.fetch(address, Path(folder)))
                except FileUnreadable as error:
                    said = str(error)
                await context.reply(said)


def links_in(text: str) -> list[str]:
    """Return the web addresses in a text, each once, without the marks of the sentence around them."""
    return list(dict.fromkeys(_without_marks(match.group()) for match in _LINK.finditer(text)))


def _without_marks(link: str) -> str:
    """Cut off what belongs to the sentence; a bracket that was opened in the address belongs to that."""
    bare = link.rstrip(_TRAILING)
    return f"{bare})" if "(" in bare and link[len(bare) :].startswith(")") and ")" not in bare else bare
