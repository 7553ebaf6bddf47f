"""What a question asks with, which is not to be searched for.

Japanese, Chinese and Korean are indexed by pairs of characters, so that "where", "is it?" and the particles would count
as much as the thing. Elsewhere stop words go by themselves; what is left is how people ask for a meaning.
"""

from __future__ import annotations

import re

from memory.search.segment import has_unspaced

_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")

_JAPANESE = re.compile(
    "でしょうか|でしたか|ましたか|ですか|ますか|でした|ました|です|ます|どこ|いつ|だれ|誰|何時|何日|何人|何個|何|なに|いくら"
    "|いくつ|どうやって|どうして|どんな|どれ|どの|どう|なぜ|さん|くん|ちゃん"
    "|(?<=[\u3400-\u9fff\u30a1-\u30fc々])(?:から|まで|は|が|を|も|へ|に|で|と|の)"
)
_CHINESE = re.compile(
    "什么时候|为什么|多少钱|什么|哪里|哪儿|哪个|哪天|多少|多久|几点|几个|怎么样|怎么|何时|谁|吗|呢|是|的|了|在"
)
_KOREAN = re.compile(
    "어디에서|어디에|어디|언제|누구|누가|무엇|뭐|얼마|어떻게|어떤|왜|몇"
    "|(?:있어요|있나요|인가요|이에요|예요|에요|어요|아요|해요|나요|까요|습니까|입니까|야|어|니)(?=\\s*[?？.!]*\\s*$)"
    "|(?<=[\uac00-\ud7a3])(?:에서|으로|은|는|이|가|을|를|에|의|도)(?=\\s|$)"
)

_MEANING = re.compile(
    r"\b(?:stands? for|short for|means?|veut dire|signifie)(?=\W*$)"
    r"|^\W*(?:und |y |e |et |en )?(?:wofür steht\b"
    r"|(?:was|wat|qu[eé]|o que|che|cosa|che cosa|co)\s(?:bedeutet|heißt|betekent|significan?|vuol dire|oznacza)\b)",
    re.IGNORECASE,
)
"""How it is asked what something means: "what does ERP stand for?" is about ERP alone."""

_WILL_NOT = re.compile(r"\bwon['’]t\b", re.IGNORECASE)
"""In words this is "won" and "t", and the first would be searched for."""


def without_asking(question: str) -> str:
    """Return a question without what it asks with; in languages with spaces that is "stands for" and the like."""
    if not has_unspaced(question):
        return _WILL_NOT.sub("", _MEANING.sub("", question))
    asking = _JAPANESE if _KANA.search(question) else _KOREAN if _HANGUL.search(question) else _CHINESE
    return asking.sub(" ", question)
