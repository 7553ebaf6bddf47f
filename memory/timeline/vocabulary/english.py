"""The words that times are named with in English; `memory.timeline.vocabulary` tells how they are written."""

WORDS = """
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
RELATIVE_DAY:1 tomorrow tomorow tommorow tommorrow tmrw tmr
RELATIVE_DAY:-2 the_day_before_yesterday day_before_yesterday
RELATIVE_DAY:2 the_day_after_tomorrow day_after_tomorrow
RELATIVE_PART:0,morning this_morning
RELATIVE_PART:0,afternoon this_afternoon
RELATIVE_PART:0,evening this_evening
RELATIVE_PART:0,night tonight tonite
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
