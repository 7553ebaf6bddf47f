"""Forms of words that share too little with each other to be compared by their beginnings: "went", "kommst"."""

from __future__ import annotations

import re

from memory.timeline.words import fold

_ENGLISH = {
    "bought": "buy", "paid": "pay", "went": "go", "gone": "go", "found": "find", "met": "meet", "won": "win",
    "took": "take", "taken": "take", "gave": "give", "given": "give", "left": "leave", "sold": "sell", "ate": "eat",
    "saw": "see", "seen": "see", "made": "make", "wrote": "write", "written": "write", "began": "begin",
    "lost": "lose", "kept": "keep", "sent": "send", "came": "come", "ran": "run", "drew": "draw", "drove": "drive",
    "felt": "feel", "taught": "teach", "caught": "catch", "broke": "break", "brought": "bring", "built": "build",
    "spent": "spend", "slept": "sleep", "held": "hold", "chose": "choose", "chosen": "choose", "grew": "grow",
    "cat": "cat", "got": "get", "thought": "think", "weight": "weigh", "children": "child", "wives": "wife",
}  # fmt: skip
_GERMAN_VERBS = """
    kommen kommst kommt kam kamst kamen gekommen|gehen gehst geht ging gingst gingen gegangen
    fahren fährst fährt fahrt fuhr fuhrst fuhren gefahren|fliegen fliegst fliegt flog flogst flogen geflogen
    wohnen wohnst wohnt wohnte wohntest gewohnt|heißen heißt hieß geheißen|machen machst macht machte machtest gemacht
    bringen bringst bringt brachte brachtest gebracht|finden findest findet fand fandest fanden gefunden
    nehmen nimmst nimmt nahm nahmst nahmen genommen|treffen triffst trifft traf trafst trafen getroffen
    sehen siehst sieht sah sahst sahen gesehen|essen isst aß aßt aßen gegessen|trinken trinkst trinkt trank getrunken
    schreiben schreibst schreibt schrieb schriebst geschrieben|rufen rufst ruft rief gerufen
    ziehen ziehst zieht zog zogst gezogen|kaufen kaufst kauft kaufte kauftest gekauft|holen holst holt holte geholt
    zahlen zahlst zahlt zahlte gezahlt|bezahlen bezahlst bezahlt bezahlte|buchen buchst bucht buchte gebucht
    kosten kostet kostete gekostet|arbeiten arbeitest arbeitet arbeitete gearbeitet
    brauchen brauchst braucht brauchte gebraucht|bleiben bleibst bleibt blieb bliebst geblieben
    geben gibst gibt gabst gaben gegeben|schlafen schläfst schläft schlief geschlafen
    spielen spielst spielt spielte gespielt|beginnen beginnt begann begonnen|liegen liegt lagen gelegen
    stehen stehst steht standen gestanden|heiraten heiratest heiratet heiratete geheiratet"""
"""The forms of the verbs that German questions and answers use most: "wann kommst du?", "ich kam am Sonntag"."""
IRREGULAR: dict[str, str] = _ENGLISH | {
    fold(form): forms.split()[0] for forms in re.split(r"[|\n]", _GERMAN_VERBS) for form in forms.split()
}
"""By a form without accents, in small letters: the form by which it is compared."""
