"""The words that times are named with in German; `memory.timeline.vocabulary` tells how they are written."""

WORDS = """
MONTH Januar Jänner|Februar|März Maerz|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember
WEEKDAY Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag Sonnabend|Sonntag
UNIT:minute Minute Minuten
UNIT:hour Stunde Stunden
UNIT:day Tag Tage Tagen
UNIT:week Woche Wochen
UNIT:month Monat Monate Monaten Monats
UNIT:year Jahr Jahre Jahren Jahres
WEEKEND Wochenende
SEASON:spring Frühling Frühjahr
SEASON:summer Sommer
SEASON:autumn Herbst
SEASON:winter Winter
FEAST:christmas Weihnachten
FEAST:christmas_eve Heiligabend
FEAST:new_year's_eve Silvester
FEAST:new_year Neujahr
FEAST:easter Ostern
RELATIVE_DAY:0 heute
RELATIVE_DAY:-1 gestern
RELATIVE_DAY:1 morgen
RELATIVE_DAY:-2 vorgestern
RELATIVE_DAY:2 übermorgen
RELATIVE_PART:0,morning heute_morgen heute_früh
RELATIVE_PART:0,evening heute_abend
RELATIVE_PART:-1,morning gestern_morgen gestern_früh
RELATIVE_PART:1,morning morgen_früh
OTHER guten_morgen
PART_OF_DAY:morning Vormittag
PART_OF_DAY:noon Mittag
PART_OF_DAY:afternoon Nachmittag
PART_OF_DAY:evening Abend
PART_OF_DAY:night Nacht
LAST letzte letzten letzter letztes letztem vergangene vergangenen vergangener vergangenes
LAST vorige vorigen voriges voriger
THIS diese diesen dieser dieses diesem
NEXT nächste nächsten nächster nächstes nächstem kommende kommenden kommendes kommender
BEFORE_OR_AGO vor
NUMBER_WORD:2 zwei
NUMBER_WORD:3 drei
NUMBER_WORD:4 vier
NUMBER_WORD:5 fünf
NUMBER_WORD:6 sechs
NUMBER_WORD:7 sieben
NUMBER_WORD:8 acht
NUMBER_WORD:9 neun
NUMBER_WORD:10 zehn
ONE:1 ein einer einem
FEW paar ein_paar einigen
IN im in während
ON am an zu über um
ARTICLE der die das den dem
BETWEEN zwischen
FROM von vom
TO bis und
SINCE seit ab
AFTER nach
UNTIL bis_zum bis_zu
EVERY jeden jeder jedes jede
HOW_MANY wie_viele wieviele
HOW_LONG wie_lange
WILL werde wird werden wirst wollen
WAS war waren hatte hatten habe haben hat ging bin wurde
"""
