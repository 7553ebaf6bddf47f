"""Tells the numbers of pages, which are left out, from what else stands above and below them."""

from __future__ import annotations

import re
from typing import Final

ONLY_PAGE_NUMBER: Final = re.compile(r"\W*(?:[^\W\d]+\W+)?\d{1,5}(?:\W+(?:[^\W\d]+\W+)?\d{1,5})?\W*\Z")
