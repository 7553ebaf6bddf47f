"""The words that times are named with in Portuguese; `memory.timeline.vocabulary` tells how they are written."""

WORDS = """
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
RELATIVE_DAY:0 hoje hj
RELATIVE_DAY:-1 ontem
RELATIVE_DAY:1 amanhã amnh
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
