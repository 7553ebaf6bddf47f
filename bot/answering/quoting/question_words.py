"""The words that questions ask with, by language and by what they ask for.

A line is what is asked for, a colon, and phrases between bars. Longer phrases are looked for first, so that "what time"
is not taken for "what". Case and accents do not count ("cuando" is "cuándo"), but for scripts that need their marks.
"""

from __future__ import annotations

from typing import Literal

Wanted = Literal[
    "date",
    "clock",
    "person",
    "place",
    "count",
    "amount",
    "duration",
    "email",
    "phone",
    "link",
    "reason",
    "thing",
    "manner",
    "truth",
]
"""What a question asks for; "truth" is a question to be answered by yes or no."""

QUESTION_WORDS: dict[str, str] = {
    "en": """
clock: what time|at what time|which hour|what hour
date: when|what day|which day|what date|which date|what month|which month|in what month|in which month's|which week
date: what week|what year|which year|on which weekend|since when|how long ago|by when|until when
person: who|whom|whose|with whom|by whom
place: where|in which city|which city|what city|in which town|which town|what town|which country
place: what country|whereabouts
count: how many
amount: how much|what price|what does it cost|what did it cost|what is the price|what's the price
amount: what was the price|what is the cost|what's the cost|what was the cost
duration: how long|for how long|how many years|how many months|how many weeks|how many days
duration: how many hours|how many minutes
reason: why|what for|how come
manner: how
thing: what|which|what's
""",
    "de": """
clock: um wie viel uhr|um wieviel uhr|wie viel uhr|wieviel uhr|wie spät
date: wann|an welchem tag|an welchem datum|in welchem monat|in welchem jahr|seit wann|bis wann|welcher tag
person: wer|wem|wen|wessen|mit wem|von wem|bei wem|für wen
place: wo|wohin|woher|in welcher stadt|welche stadt|in welchem land
count: wie viele|wieviele
amount: wie viel|wieviel|was kostet|wie teuer|was ist der preis|wie hoch ist der preis
duration: wie lange|wie lang|wie viele jahre|wie viele tage|wie viele wochen|wie viele monate|wie viele stunden
reason: warum|weshalb|wieso|wozu
manner: wie
thing: was|welche|welcher|welches|welchen|welchem
""",
    "es": """
clock: a qué hora|qué hora
date: cuándo|qué día|qué fecha|en qué fecha|en qué mes|en qué año|desde cuándo|hasta cuándo
person: quién|quiénes|a quién|con quién|de quién
place: dónde|adónde|de dónde|en qué ciudad|qué ciudad|en qué país
count: cuántos|cuántas
amount: cuánto|cuánta|cuánto cuesta|cuánto costó|cuál es el precio|cuál fue el precio
duration: cuánto tiempo|cuántos años|cuántos días|cuántas semanas|cuántos meses|cuántas horas
reason: por qué|para qué
manner: cómo
thing: qué|cuál|cuáles
""",
    "fr": """
clock: à quelle heure|quelle heure
date: quand|quel jour|à quelle date|quelle date|en quel mois|en quelle année|depuis quand|jusqu'à quand
person: qui|à qui|avec qui|de qui|chez qui
place: où|d'où|dans quelle ville|quelle ville|dans quel pays
count: combien de
amount: combien|combien coûte|combien a coûté|combien d'argent|quel est le prix|quel était le prix
duration: combien de temps|pendant combien de temps|combien d'années|combien de jours
duration: combien de semaines|combien de mois
duration: combien d'heures
reason: pourquoi
manner: comment
thing: que|quoi|quel|quelle|quels|quelles|qu'est-ce que|qu'est-ce qui
""",
    "it": """
clock: a che ora|che ora|che ore
date: quando|che giorno|quale giorno|in che data|in che mese|in che anno|da quando|fino a quando
person: chi|a chi|con chi|di chi|da chi
place: dove|dov'è|in che città|in quale città|in che paese
count: quanti|quante
amount: quanto|quanta|quanto costa|quanto è costato|qual è il prezzo|qual era il prezzo
duration: quanto tempo|per quanto tempo|quanti anni|quanti giorni|quante settimane|quanti mesi|quante ore
reason: perché|come mai
manner: come
thing: cosa|che cosa|che|quale|quali|qual
""",
    "pt": """
clock: a que horas|que horas
date: quando|que dia|em que dia|qual a data|em que data|em que mês|em que ano|desde quando|até quando
person: quem|com quem|de quem|a quem
place: onde|aonde|de onde|em que cidade|em qual cidade|em que país
count: quantos|quantas
amount: quanto|quanta|quanto custa|quanto custou|qual é o preço|qual foi o preço
duration: quanto tempo|por quanto tempo|quantos anos|quantos dias|quantas semanas|quantos meses|quantas horas
reason: por que|porque|porquê|por quê
manner: como
thing: o que|que|qual|quais
""",
    "nl": """
clock: hoe laat
date: wanneer|welke dag|op welke dag|welke maand|sinds wanneer
person: wie|met wie|van wie|aan wie|bij wie
place: waar|waarheen|waarvandaan|welke stad|in welke stad
count: hoeveel
amount: wat kost|hoeveel geld
duration: hoe lang|hoelang|hoeveel jaar|hoeveel dagen
reason: waarom
manner: hoe
thing: wat|welk|welke
""",
    "sv": """
date: när|vilken dag
person: vem|vilka|med vem
place: var|vart|varifrån
count: hur många
amount: hur mycket|vad kostar
duration: hur länge
reason: varför
manner: hur
thing: vad|vilket|vilken
""",
    "pl": """
clock: o której
date: kiedy|którego dnia
person: kto|kogo|komu|z kim|kim
place: gdzie|dokąd|skąd
count: ilu
amount: ile
duration: jak długo
reason: dlaczego|czemu
manner: jak
thing: co|jaki|jaka|jakie|który|która|które
""",
    "ru": """
clock: во сколько|в котором часу
date: когда|какого числа|в какой день|с каких пор
person: кто|кого|кому|с кем|чей|чья|чьё
place: где|куда|откуда|в каком городе
count: сколько человек|сколько раз
amount: сколько стоит|сколько
duration: как долго|сколько времени
reason: почему|зачем
manner: как
thing: что|какой|какая|какое|какие
""",
    "uk": """
date: коли|якого числа
person: хто|кого|кому|з ким
place: де|куди|звідки
amount: скільки
reason: чому
manner: як
thing: що|який|яка|яке
""",
    "tr": """
clock: saat kaçta
date: ne zaman|hangi gün
person: kim|kime|kimin|kiminle|kimde
place: nerede|nereye|nereden|neresi
count: kaç tane|kaç kişi|kaç
amount: ne kadar|kaç para
reason: neden|niçin|niye
manner: nasıl
thing: ne|hangi|neyi
""",
    "fi": """
clock: mihin aikaan|moneltako|monelta
date: milloin|koska|minä päivänä
person: kuka|kenen|kenelle|kenellä|kenet
place: missä|mihin|mistä|minne
count: kuinka monta|montako
amount: kuinka paljon|paljonko
duration: kuinka kauan
reason: miksi
manner: miten|kuinka
thing: mikä|mitä|minkä
""",
    "ar": """
date: متى
person: من
place: أين|اين
count: كم عدد|كم
reason: لماذا
manner: كيف
thing: ما|ماذا|أي
""",
    "ja": """
clock: 何時
date: いつ|何日
person: 誰|だれ
place: どこ
count: いくつ|何人|何個
amount: いくら
reason: なぜ|どうして
manner: どうやって
thing: 何|なに|どれ
""",
    "zh": """
clock: 几点
date: 什么时候|何时|哪天
person: 谁
place: 哪里|哪儿|在哪
count: 多少个|几个|多少人
amount: 多少钱|多少
duration: 多久
reason: 为什么
manner: 怎么
thing: 什么|哪个
""",
    "ko": """
clock: 몇 시
date: 언제|며칠
person: 누가|누구
place: 어디
count: 몇 명|몇 개
amount: 얼마
reason: 왜
manner: 어떻게
thing: 무엇|뭐|어떤
""",
}

UNSPACED = frozenset({"ja", "zh", "ko"})
"""Languages whose question words are looked for anywhere, not between spaces."""

ASK_ANYWHERE = frozenset({"tr", "ja", "zh", "ko", "fi"})
"""Languages whose question word need not stand near the front."""
