"""The words that times are named with, one file a language.

A line is a class (see `memory.timeline.token_classes`), a colon and a value where the class has values, then the
words of that class; `_` joins the words of a phrase. Months and weekdays list their values in order between bars, from
January and from Monday, with `=` where the language has the word in another class.
"""

from __future__ import annotations

from memory.timeline.vocabulary import dutch, english, french, german, italian, portuguese, russian, spanish

VOCABULARY = {
    "en": english.WORDS,
    "de": german.WORDS,
    "es": spanish.WORDS,
    "fr": french.WORDS,
    "pt": portuguese.WORDS,
    "it": italian.WORDS,
    "nl": dutch.WORDS,
    "ru": russian.WORDS,
}
"""By ISO 639-1 code, English first."""
