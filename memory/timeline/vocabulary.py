"""The words that times are named with, one table a language.

A line is a class (see `memory.timeline.token_classes`), a colon and a value where the class has values, then the
words of that class; `_` joins the words of a phrase. Months and weekdays list their values in order between bars, from
January and from Monday, with `=` where the language has the word in another class.
"""

from __future__ import annotations

_ENGLISH = """
MONTH January jan|February feb|=|=|=|=|July jul|=|September sept|October oct|November nov|December dec
MAYBE_MONTH =|=|March mar|April apr|May|June jun|=|August aug|=|=|=|=
WEEKDAY Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday
SHORT_WEEKDAY mon|tue tues|wed|thu thur thurs|fri|sat|sun
UNIT:minute minute minutes min mins
UNIT:hour hour hours
UNIT:day day days
UNIT:week week weeks
UNIT:month month months
UNIT:year year years
WEEKEND weekend weekends
SEASON:spring spring springtime
SEASON:summer summer summertime
SEASON:autumn autumn fall
SEASON:winter winter wintertime
FEAST:christmas christmas xmas
FEAST:christmas_eve christmas_eve
FEAST:christmas_day christmas_day
FEAST:boxing_day boxing_day
FEAST:new_year's_eve new_year_s_eve new_years_eve nye
FEAST:new_year new_year_s_day new_years_day new_year_s new_years new_year
FEAST:easter easter
FEAST:thanksgiving thanksgiving
FEAST:halloween halloween
FEAST:valentine's_day valentine_s_day valentines_day valentine_s
RELATIVE_DAY:0 today
RELATIVE_DAY:-1 yesterday
RELATIVE_DAY:1 tomorrow
RELATIVE_DAY:-2 the_day_before_yesterday day_before_yesterday
RELATIVE_DAY:2 the_day_after_tomorrow day_after_tomorrow
RELATIVE_PART:0,morning this_morning
RELATIVE_PART:0,afternoon this_afternoon
RELATIVE_PART:0,evening this_evening
RELATIVE_PART:0,night tonight
RELATIVE_PART:-1,night last_night
RELATIVE_PART:-1,evening last_evening
PART_OF_DAY:morning morning
PART_OF_DAY:noon noon midday
PART_OF_DAY:afternoon afternoon
PART_OF_DAY:evening evening
PART_OF_DAY:night night
LAST last previous
PAST past
THIS this
NEXT next coming upcoming
AGO ago
FROM_NOW from_now
NUMBER_WORD:1 one
NUMBER_WORD:2 two a_couple_of a_couple couple_of
NUMBER_WORD:3 three
NUMBER_WORD:4 four
NUMBER_WORD:5 five
NUMBER_WORD:6 six
NUMBER_WORD:7 seven
NUMBER_WORD:8 eight
NUMBER_WORD:9 nine
NUMBER_WORD:10 ten
NUMBER_WORD:11 eleven
NUMBER_WORD:12 twelve
ONE:1 a an
FEW few a_few several
IN in during early late mid within
ON on at over for around throughout by
ARTICLE the
OF of
BETWEEN between
FROM from
TO to and through thru or
SINCE since
AFTER after following
BEFORE before prior_to
UNTIL until till up_to
EVERY every each any
PRONOUN i we you he she they who
HOW_MANY how_many how_much
HOW_LONG how_long
WILL will ll going gonna shall tomorrow let plan plans planning hope hopefully should can
WAS was were had did went saw ve met came got took been made said told bought were didn wasn ago yesterday
"""

_GERMAN = """
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

_SPANISH = """
MONTH enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre setiembre|octubre|noviembre|diciembre
WEEKDAY lunes|martes|miércoles|jueves|viernes|sábado|domingo
UNIT:minute minuto minutos
UNIT:hour hora horas
UNIT:day día días
UNIT:week semana semanas
UNIT:month mes meses
UNIT:year año años
WEEKEND fin_de_semana finde
SEASON:spring primavera
SEASON:summer verano
SEASON:autumn otoño
SEASON:winter invierno
FEAST:christmas Navidad
FEAST:christmas_eve Nochebuena
FEAST:new_year's_eve Nochevieja
FEAST:new_year Año_Nuevo
FEAST:easter Pascua
RELATIVE_DAY:0 hoy
RELATIVE_DAY:-1 ayer
RELATIVE_DAY:1 mañana
RELATIVE_DAY:-2 anteayer antier
RELATIVE_DAY:2 pasado_mañana
RELATIVE_PART:0,morning esta_mañana
RELATIVE_PART:0,evening esta_noche
RELATIVE_PART:-1,night anoche
PART_OF_DAY:morning por_la_mañana
PART_OF_DAY:afternoon por_la_tarde tarde
PART_OF_DAY:evening por_la_noche noche
OTHER la_mañana buenos_días buenas_noches
LAST pasado pasada último última últimos últimas
THIS este esta
NEXT próximo próxima próximos próximas que_viene siguiente
BEFORE_OR_AGO hace
AGO atrás
NUMBER:1 primero
NUMBER_WORD:2 dos
NUMBER_WORD:3 tres
NUMBER_WORD:4 cuatro
NUMBER_WORD:5 cinco
NUMBER_WORD:6 seis
NUMBER_WORD:7 siete
NUMBER_WORD:8 ocho
NUMBER_WORD:9 nueve
NUMBER_WORD:10 diez
ONE:1 un una
FEW unos_pocos unas_pocas pocos pocas unos unas
IN en durante
ON por para a
ARTICLE el la los las
OF de del
BETWEEN entre
FROM desde_el
TO y a hasta
SINCE desde
AFTER después_de después_del
BEFORE antes_de antes_del
UNTIL hasta_el
EVERY cada todos_los
HOW_MANY cuántos cuántas
WILL va voy vamos van será
WAS fue era estuvo fui estuve fuimos tuve compré
"""

_FRENCH = """
MONTH janvier|février|=|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre
MAYBE_MONTH =|=|mars|=|=|=|=|=|=|=|=|=
WEEKDAY lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche
UNIT:minute minute minutes
UNIT:hour heure heures
UNIT:day jour jours
UNIT:week semaine semaines
UNIT:month mois
UNIT:year an ans année années
WEEKEND week_end weekend
SEASON:spring printemps
SEASON:summer été
SEASON:autumn automne
SEASON:winter hiver
FEAST:christmas Noël
FEAST:new_year nouvel_an
FEAST:easter Pâques
RELATIVE_DAY:0 aujourd_hui aujourdhui
RELATIVE_DAY:-1 hier
RELATIVE_DAY:1 demain
RELATIVE_DAY:-2 avant_hier
RELATIVE_DAY:2 après_demain
RELATIVE_PART:0,morning ce_matin
RELATIVE_PART:0,afternoon cet_après_midi
RELATIVE_PART:0,evening ce_soir
PART_OF_DAY:morning matin
PART_OF_DAY:noon midi
PART_OF_DAY:afternoon après_midi
PART_OF_DAY:evening soir
PART_OF_DAY:night nuit
LAST dernier dernière derniers dernières passé passée
THIS ce cet cette
NEXT prochain prochaine prochains prochaines
BEFORE_OR_AGO il_y_a ya
NUMBER:1 premier 1er
NUMBER_WORD:2 deux
NUMBER_WORD:3 trois
NUMBER_WORD:4 quatre
NUMBER_WORD:5 cinq
NUMBER_WORD:6 six
NUMBER_WORD:7 sept
NUMBER_WORD:8 huit
NUMBER_WORD:9 neuf
NUMBER_WORD:10 dix
ONE:1 un une
FEW quelques
IN en au pendant durant
ON à pour
ARTICLE le la les l
OF de du d
BETWEEN entre
FROM de
TO et au à
SINCE depuis
AFTER après
BEFORE avant
UNTIL jusqu_à jusqu_au jusqu_en
EVERY chaque tous_les
HOW_MANY combien_de combien
WILL sera va vais allons vont irai
WAS était étais avait avons ai a suis fut
"""

_PORTUGUESE = """
MONTH janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro
WEEKDAY segunda_feira|terça_feira|quarta_feira|quinta_feira|sexta_feira|sábado|domingo
UNIT:minute minuto minutos
UNIT:hour hora horas
UNIT:day dia dias
UNIT:week semana semanas
UNIT:month mês meses
UNIT:year ano anos
WEEKEND fim_de_semana final_de_semana
SEASON:spring primavera
SEASON:summer verão
SEASON:autumn outono
SEASON:winter inverno
FEAST:christmas Natal
FEAST:new_year ano_novo
FEAST:easter Páscoa
RELATIVE_DAY:0 hoje
RELATIVE_DAY:-1 ontem
RELATIVE_DAY:1 amanhã
RELATIVE_DAY:-2 anteontem
RELATIVE_DAY:2 depois_de_amanhã
RELATIVE_PART:0,morning esta_manhã hoje_de_manhã
RELATIVE_PART:0,evening esta_noite hoje_à_noite
PART_OF_DAY:morning de_manhã manhã
PART_OF_DAY:afternoon à_tarde tarde
PART_OF_DAY:evening à_noite noite
LAST passado passada último última últimos últimas
THIS este esta neste nesta nesse nessa
NEXT próximo próxima próximos próximas que_vem
BEFORE_OR_AGO há faz
AGO atrás
NUMBER:1 primeiro
NUMBER_WORD:2 dois duas
NUMBER_WORD:3 três
NUMBER_WORD:4 quatro
NUMBER_WORD:5 cinco
NUMBER_WORD:6 seis
NUMBER_WORD:7 sete
NUMBER_WORD:8 oito
NUMBER_WORD:9 nove
NUMBER_WORD:10 dez
ONE:1 um uma
FEW alguns algumas poucos poucas
IN em durante
ON no na por para ao nos nas
ARTICLE o a os as
OF de do da
BETWEEN entre
TO e a até
SINCE desde
AFTER depois_de depois_do após
BEFORE antes_de antes_do
EVERY cada todos_os todas_as
HOW_MANY quantos quantas
WILL vai vou vamos vão será
WAS foi era estava fui estive
"""

_ITALIAN = """
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

_DUTCH = """
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

VOCABULARY = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "es": _SPANISH,
    "fr": _FRENCH,
    "pt": _PORTUGUESE,
    "it": _ITALIAN,
    "nl": _DUTCH,
}
"""By ISO 639-1 code, English first."""
