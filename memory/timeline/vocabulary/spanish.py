"""The words that times are named with in Spanish; `memory.timeline.vocabulary` tells how they are written."""

WORDS = """
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
