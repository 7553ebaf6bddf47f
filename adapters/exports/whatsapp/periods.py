"""The words for morning and afternoon, and the words between date and time, of the locales that phones use.

Keys are lower case without dots, spaces and quotation marks, so that "p. m.", "P.M." and "pm" are one word.
"""

from __future__ import annotations

from typing import Final

from adapters.exports.whatsapp.calendar_words import Period, calendar_words, key_of

_WORDS: Final[dict[Period, str]] = {
    "am": (
        "am a vorm vm ص قظ قبلازظهر قبلدوپہر 上午 凌晨 早上 清晨 午前 오전 sa öö de πμ дп пд ак прпл преобед "
        "सकाळी पहाटे לפנותבוקר 朝 새벽 "
        "fm dop dopo rano reggel ráno ap pg पूर्वाह्न मपू সকাল পূর্বাহ্ণ ਪੂਦੁ முற்பகல் ಪೂರ್ವಾಹ್ನ පෙව ก่อนเที่ยง "
        "ກ່ອນທ່ຽງ ព្រឹក နံနက် ጥዋት לפנהצ בבוקר eparadites paradite matin ම 'am utro утра"
    ),
    "pm": (
        "pm p nachm nm م بظ بعدازظهر بعددوپہر 下午 傍晚 午後 오후 ch ös du μμ нп пп кч мпл попладне "
        "संध्याकाळी ਸ਼ਾਮ em odp ip ptg pt अपराह्न मउ বিকাল অপরাহ্ণ ਬਾਦੁ பிற்பகல் ಅಪರಾಹ್ನ පව หลังเที่ยง "
        "ຫຼັງທ່ຽງ ល្ងាច ညနေ ከሰዓት אחהצ עיונ emd emasdites masdite soir вечера дня"
    ),
    "noon": "中午 दुपारी ਦੁਪਹਿਰ siang 昼 낮",
    "night": "晚上 深夜 午夜 半夜 夜晚 रात्री রাত ਰਾਤ 夜 밤",
}

PERIODS: Final[dict[str, Period]] = {word: period for period, words in _WORDS.items() for word in words.split()}


def read_period(word: str) -> Period | None:
    """Return the part of the day that a word stands for: "PM", "p. m.", "下午", "in the morning"."""
    key = key_of(word)
    return PERIODS.get(key) or calendar_words().periods.get(key)


FILLERS: Final = frozenset(
    [
        "klo",
        "kl",
        "um",
        "at",
        "à",
        "a",
        "às",
        "alle",
        "la",
        "las",
        "le",
        "в",
        "о",
        "у",
        "u",
        "om",
        "ob",
        "o",
        "godz",
        "lúc",
        "pukul",
        "jam",
        "om/at",
        "saat",
        "kell",
        "plkst",
        "г",
        "р",
        "ч",
        "вт",
    ]
)
"""What stands between date and time: Finnish klo, Danish kl, German um, Indonesian pukul and so on."""
