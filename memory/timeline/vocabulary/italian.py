"""The words that times are named with in Italian; `memory.timeline.vocabulary` tells how they are written."""

WORDS = """
MONTH gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre
WEEKDAY lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica
UNIT:minute minuto minuti
UNIT:hour ora ore
UNIT:day giorno giorni
UNIT:week settimana settimane
UNIT:month mese mesi
UNIT:year anno anni
WEEKEND fine_settimana weekend
SEASON:spring primavera
SEASON:summer estate
SEASON:autumn autunno
SEASON:winter inverno
FEAST:christmas Natale
FEAST:new_year's_eve San_Silvestro
FEAST:new_year capodanno
FEAST:easter Pasqua
RELATIVE_DAY:0 oggi
RELATIVE_DAY:-1 ieri
RELATIVE_DAY:1 domani
RELATIVE_DAY:-2 l_altro_ieri altro_ieri avantieri
RELATIVE_DAY:2 dopodomani
RELATIVE_PART:0,morning stamattina stamani
RELATIVE_PART:0,afternoon questo_pomeriggio
RELATIVE_PART:0,evening stasera
RELATIVE_PART:0,night stanotte
PART_OF_DAY:morning mattina
PART_OF_DAY:afternoon pomeriggio
PART_OF_DAY:evening sera
PART_OF_DAY:night notte
LAST scorso scorsa scorsi scorse passato passata ultimo ultima ultimi ultime
THIS questo questa quest
NEXT prossimo prossima prossimi prossime
AGO fa
NUMBER:1 primo
NUMBER_WORD:2 due
NUMBER_WORD:3 tre
NUMBER_WORD:4 quattro
NUMBER_WORD:5 cinque
NUMBER_WORD:6 sei
NUMBER_WORD:7 sette
NUMBER_WORD:8 otto
NUMBER_WORD:9 nove
NUMBER_WORD:10 dieci
ONE:1 un una uno
FEW alcuni alcune qualche pochi poche
IN in nel nell durante a
ON per al ad
ARTICLE il la lo i gli le l
OF di del dell
BETWEEN tra fra
TO e a
SINCE da dal dall
AFTER dopo
BEFORE prima_di prima_del
UNTIL fino_a fino_al
EVERY ogni
HOW_MANY quanti quante
WILL sarà andrò andremo
WAS era ero stato siamo sono ha ho
"""
