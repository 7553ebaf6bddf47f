"""The words that times are named with in Dutch; `memory.timeline.vocabulary` tells how they are written."""

WORDS = """
MONTH januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december
WEEKDAY maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag
UNIT:minute minuut minuten
UNIT:hour uur
UNIT:day dag dagen
UNIT:week week weken
UNIT:month maand maanden
UNIT:year jaar jaren
WEEKEND weekend
SEASON:spring lente voorjaar
SEASON:summer zomer
SEASON:autumn herfst najaar
SEASON:winter winter
FEAST:christmas Kerst Kerstmis
FEAST:new_year's_eve oudejaarsavond
FEAST:new_year nieuwjaar
FEAST:easter Pasen
RELATIVE_DAY:0 vandaag
RELATIVE_DAY:-1 gisteren
RELATIVE_DAY:1 morgen
RELATIVE_DAY:-2 eergisteren
RELATIVE_DAY:2 overmorgen
RELATIVE_PART:0,morning vanmorgen vanochtend
RELATIVE_PART:0,afternoon vanmiddag
RELATIVE_PART:0,evening vanavond
RELATIVE_PART:0,night vannacht
RELATIVE_PART:-1,evening gisteravond
RELATIVE_PART:-1,morning gisterochtend
PART_OF_DAY:morning ochtend
PART_OF_DAY:afternoon middag
PART_OF_DAY:evening avond
PART_OF_DAY:night nacht
OTHER goede_morgen
LAST vorige vorig afgelopen laatste
THIS deze dit
NEXT volgende volgend komende komend
AGO geleden
NUMBER_WORD:1 een
NUMBER_WORD:2 twee
NUMBER_WORD:3 drie
NUMBER_WORD:4 vier
NUMBER_WORD:5 vijf
NUMBER_WORD:6 zes
NUMBER_WORD:7 zeven
NUMBER_WORD:8 acht
NUMBER_WORD:9 negen
NUMBER_WORD:10 tien
FEW paar een_paar enkele
IN in tijdens
ON op aan voor met rond
ARTICLE de het
OF van
BETWEEN tussen
FROM van
TO en tot
SINCE sinds vanaf
AFTER na
BEFORE voor
UNTIL tot_en_met
EVERY elke iedere elk ieder
HOW_MANY hoeveel
WILL zal zullen gaan ga gaat
WAS was waren had hadden ben heb heeft ging werd
"""
