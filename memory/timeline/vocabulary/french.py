"""The words that times are named with in French; `memory.timeline.vocabulary` tells how they are written."""

WORDS = """
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
