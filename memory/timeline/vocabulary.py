"""The words that times are named with, one table a language.

A line is a class (a letter, see `memory.timeline.words`), a colon and a value where the class has values, then the
words of that class; `_` joins the words of a phrase. Months and weekdays list their values in order between bars, from
January and from Monday, with `=` where the language has the word in another class.
"""

from __future__ import annotations

_ENGLISH = """
M January jan|February feb|=|=|=|=|July jul|=|September sept|October oct|November nov|December dec
m =|=|March mar|April apr|May|June jun|=|August aug|=|=|=|=
W Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday
w mon|tue tues|wed|thu thur thurs|fri|sat|sun
U:minute minute minutes min mins
U:hour hour hours
U:day day days
U:week week weeks
U:month month months
U:year year years
K weekend weekends
S:spring spring springtime
S:summer summer summertime
S:autumn autumn fall
S:winter winter wintertime
H:christmas christmas xmas
H:christmas_eve christmas_eve
H:christmas_day christmas_day
H:boxing_day boxing_day
H:new_year's_eve new_year_s_eve new_years_eve nye
H:new_year new_year_s_day new_years_day new_year_s new_years new_year
H:easter easter
H:thanksgiving thanksgiving
H:halloween halloween
H:valentine's_day valentine_s_day valentines_day valentine_s
D:0 today
D:-1 yesterday
D:1 tomorrow
D:-2 the_day_before_yesterday day_before_yesterday
D:2 the_day_after_tomorrow day_after_tomorrow
Z:0,morning this_morning
Z:0,afternoon this_afternoon
Z:0,evening this_evening
Z:0,night tonight
Z:-1,night last_night
Z:-1,evening last_evening
P:morning morning
P:noon noon midday
P:afternoon afternoon
P:evening evening
P:night night
L last previous
l past
T this
X next coming upcoming
G ago
R from_now
n:1 one
n:2 two a_couple_of a_couple couple_of
n:3 three
n:4 four
n:5 five
n:6 six
n:7 seven
n:8 eight
n:9 nine
n:10 ten
n:11 eleven
n:12 twelve
O:1 a an
F few a_few several
i in during early late mid within
I on at over for around throughout by
c the
o of
B between
r from
t to and through thru or
s since
a after following
b before prior_to
u until till up_to
E every each any
j i we you he she they who
h how_many how_much
k how_long
f will ll going gonna shall tomorrow let plan plans planning hope hopefully should can
p was were had did went saw ve met came got took been made said told bought were didn wasn ago yesterday
"""

_GERMAN = """
M Januar Jänner|Februar|März Maerz|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember
W Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag Sonnabend|Sonntag
U:minute Minute Minuten
U:hour Stunde Stunden
U:day Tag Tage Tagen
U:week Woche Wochen
U:month Monat Monate Monaten Monats
U:year Jahr Jahre Jahren Jahres
K Wochenende
S:spring Frühling Frühjahr
S:summer Sommer
S:autumn Herbst
S:winter Winter
H:christmas Weihnachten
H:christmas_eve Heiligabend
H:new_year's_eve Silvester
H:new_year Neujahr
H:easter Ostern
D:0 heute
D:-1 gestern
D:1 morgen
D:-2 vorgestern
D:2 übermorgen
Z:0,morning heute_morgen heute_früh
Z:0,evening heute_abend
Z:-1,morning gestern_morgen gestern_früh
Z:1,morning morgen_früh
x guten_morgen
P:morning Vormittag
P:noon Mittag
P:afternoon Nachmittag
P:evening Abend
P:night Nacht
L letzte letzten letzter letztes letztem vergangene vergangenen vergangener vergangenes vorige vorigen voriges voriger
T diese diesen dieser dieses diesem
X nächste nächsten nächster nächstes nächstem kommende kommenden kommendes kommender
V vor
n:2 zwei
n:3 drei
n:4 vier
n:5 fünf
n:6 sechs
n:7 sieben
n:8 acht
n:9 neun
n:10 zehn
O:1 ein einer einem
F paar ein_paar einigen
i im in während
I am an zu über um
c der die das den dem
B zwischen
r von vom
t bis und
s seit ab
a nach
u bis_zum bis_zu
E jeden jeder jedes jede
h wie_viele wieviele
k wie_lange
f werde wird werden wirst wollen
p war waren hatte hatten habe haben hat ging bin wurde
"""

_SPANISH = """
M enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre setiembre|octubre|noviembre|diciembre
W lunes|martes|miércoles|jueves|viernes|sábado|domingo
U:minute minuto minutos
U:hour hora horas
U:day día días
U:week semana semanas
U:month mes meses
U:year año años
K fin_de_semana finde
S:spring primavera
S:summer verano
S:autumn otoño
S:winter invierno
H:christmas Navidad
H:christmas_eve Nochebuena
H:new_year's_eve Nochevieja
H:new_year Año_Nuevo
H:easter Pascua
D:0 hoy
D:-1 ayer
D:1 mañana
D:-2 anteayer antier
D:2 pasado_mañana
Z:0,morning esta_mañana
Z:0,evening esta_noche
Z:-1,night anoche
P:morning por_la_mañana
P:afternoon por_la_tarde tarde
P:evening por_la_noche noche
x la_mañana buenos_días buenas_noches
L pasado pasada último última últimos últimas
T este esta
X próximo próxima próximos próximas que_viene siguiente
V hace
G atrás
N:1 primero
n:2 dos
n:3 tres
n:4 cuatro
n:5 cinco
n:6 seis
n:7 siete
n:8 ocho
n:9 nueve
n:10 diez
O:1 un una
F unos_pocos unas_pocas pocos pocas unos unas
i en durante
I por para a
c el la los las
o de del
B entre
r desde_el
t y a hasta
s desde
a después_de después_del
b antes_de antes_del
u hasta_el
E cada todos_los
h cuántos cuántas
f va voy vamos van será
p fue era estuvo fui estuve fuimos tuve compré
"""

_FRENCH = """
M janvier|février|=|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre
m =|=|mars|=|=|=|=|=|=|=|=|=
W lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche
U:minute minute minutes
U:hour heure heures
U:day jour jours
U:week semaine semaines
U:month mois
U:year an ans année années
K week_end weekend
S:spring printemps
S:summer été
S:autumn automne
S:winter hiver
H:christmas Noël
H:new_year nouvel_an
H:easter Pâques
D:0 aujourd_hui aujourdhui
D:-1 hier
D:1 demain
D:-2 avant_hier
D:2 après_demain
Z:0,morning ce_matin
Z:0,afternoon cet_après_midi
Z:0,evening ce_soir
P:morning matin
P:noon midi
P:afternoon après_midi
P:evening soir
P:night nuit
L dernier dernière derniers dernières passé passée
T ce cet cette
X prochain prochaine prochains prochaines
V il_y_a ya
N:1 premier 1er
n:2 deux
n:3 trois
n:4 quatre
n:5 cinq
n:6 six
n:7 sept
n:8 huit
n:9 neuf
n:10 dix
O:1 un une
F quelques
i en au pendant durant
I à pour
c le la les l
o de du d
B entre
r de
t et au à
s depuis
a après
b avant
u jusqu_à jusqu_au jusqu_en
E chaque tous_les
h combien_de combien
f sera va vais allons vont irai
p était étais avait avons ai a suis fut
"""

_PORTUGUESE = """
M janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro
W segunda_feira|terça_feira|quarta_feira|quinta_feira|sexta_feira|sábado|domingo
U:minute minuto minutos
U:hour hora horas
U:day dia dias
U:week semana semanas
U:month mês meses
U:year ano anos
K fim_de_semana final_de_semana
S:spring primavera
S:summer verão
S:autumn outono
S:winter inverno
H:christmas Natal
H:new_year ano_novo
H:easter Páscoa
D:0 hoje
D:-1 ontem
D:1 amanhã
D:-2 anteontem
D:2 depois_de_amanhã
Z:0,morning esta_manhã hoje_de_manhã
Z:0,evening esta_noite hoje_à_noite
P:morning de_manhã manhã
P:afternoon à_tarde tarde
P:evening à_noite noite
L passado passada último última últimos últimas
T este esta neste nesta nesse nessa
X próximo próxima próximos próximas que_vem
V há faz
G atrás
N:1 primeiro
n:2 dois duas
n:3 três
n:4 quatro
n:5 cinco
n:6 seis
n:7 sete
n:8 oito
n:9 nove
n:10 dez
O:1 um uma
F alguns algumas poucos poucas
i em durante
I no na por para ao nos nas
c o a os as
o de do da
B entre
t e a até
s desde
a depois_de depois_do após
b antes_de antes_do
E cada todos_os todas_as
h quantos quantas
f vai vou vamos vão será
p foi era estava fui estive
"""

_ITALIAN = """
M gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre
W lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica
U:minute minuto minuti
U:hour ora ore
U:day giorno giorni
U:week settimana settimane
U:month mese mesi
U:year anno anni
K fine_settimana weekend
S:spring primavera
S:summer estate
S:autumn autunno
S:winter inverno
H:christmas Natale
H:new_year's_eve San_Silvestro
H:new_year capodanno
H:easter Pasqua
D:0 oggi
D:-1 ieri
D:1 domani
D:-2 l_altro_ieri altro_ieri avantieri
D:2 dopodomani
Z:0,morning stamattina stamani
Z:0,afternoon questo_pomeriggio
Z:0,evening stasera
Z:0,night stanotte
P:morning mattina
P:afternoon pomeriggio
P:evening sera
P:night notte
L scorso scorsa scorsi scorse passato passata ultimo ultima ultimi ultime
T questo questa quest
X prossimo prossima prossimi prossime
G fa
N:1 primo
n:2 due
n:3 tre
n:4 quattro
n:5 cinque
n:6 sei
n:7 sette
n:8 otto
n:9 nove
n:10 dieci
O:1 un una uno
F alcuni alcune qualche pochi poche
i in nel nell durante a
I per al ad
c il la lo i gli le l
o di del dell
B tra fra
t e a
s da dal dall
a dopo
b prima_di prima_del
u fino_a fino_al
E ogni
h quanti quante
f sarà andrò andremo
p era ero stato siamo sono ha ho
"""

_DUTCH = """
M januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december
W maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag
U:minute minuut minuten
U:hour uur
U:day dag dagen
U:week week weken
U:month maand maanden
U:year jaar jaren
K weekend
S:spring lente voorjaar
S:summer zomer
S:autumn herfst najaar
S:winter winter
H:christmas Kerst Kerstmis
H:new_year's_eve oudejaarsavond
H:new_year nieuwjaar
H:easter Pasen
D:0 vandaag
D:-1 gisteren
D:1 morgen
D:-2 eergisteren
D:2 overmorgen
Z:0,morning vanmorgen vanochtend
Z:0,afternoon vanmiddag
Z:0,evening vanavond
Z:0,night vannacht
Z:-1,evening gisteravond
Z:-1,morning gisterochtend
P:morning ochtend
P:afternoon middag
P:evening avond
P:night nacht
x goede_morgen
L vorige vorig afgelopen laatste
T deze dit
X volgende volgend komende komend
G geleden
n:1 een
n:2 twee
n:3 drie
n:4 vier
n:5 vijf
n:6 zes
n:7 zeven
n:8 acht
n:9 negen
n:10 tien
F paar een_paar enkele
i in tijdens
I op aan voor met rond
c de het
o van
B tussen
r van
t en tot
s sinds vanaf
a na
b voor
u tot_en_met
E elke iedere elk ieder
h hoeveel
f zal zullen gaan ga gaat
p was waren had hadden ben heb heeft ging werd
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
