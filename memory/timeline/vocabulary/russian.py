"""The words that times are named with in Russian; `memory.timeline.vocabulary` tells how they are written."""

WORDS = """
MONTH январь января январе|февраль февраля феврале|март марта марте|апрель апреля апреле|май мая мае|июнь июня июне|июль июля июле|август августа августе|сентябрь сентября сентябре|октябрь октября октябре|ноябрь ноября ноябре|декабрь декабря декабре
WEEKDAY понедельник понедельника|вторник вторника|среда среду среды|четверг четверга|пятница пятницу пятницы|суббота субботу субботы|воскресенье воскресенья
UNIT:minute минута минуту минуты минут
UNIT:hour час часа часов
UNIT:day день дня дней
UNIT:week неделя неделю недели недель неделе
UNIT:month месяц месяца месяцев месяце
UNIT:year год года году лет
WEEKEND выходные выходных
SEASON:spring весна весной весну весны
SEASON:summer лето летом лета
SEASON:autumn осень осенью осени
SEASON:winter зима зимой зиму зимы
FEAST:christmas рождество рождества
FEAST:new_year новый_год нового_года
FEAST:easter пасха пасху пасхи
RELATIVE_DAY:0 сегодня
RELATIVE_DAY:-1 вчера
RELATIVE_DAY:1 завтра
RELATIVE_DAY:-2 позавчера
RELATIVE_DAY:2 послезавтра
RELATIVE_PART:0,morning сегодня_утром
RELATIVE_PART:0,evening сегодня_вечером
RELATIVE_PART:-1,evening вчера_вечером
RELATIVE_PART:1,morning завтра_утром
PART_OF_DAY:morning утром утра утро
PART_OF_DAY:afternoon днём
PART_OF_DAY:evening вечером вечера вечер
PART_OF_DAY:night ночью ночь
LAST прошлый прошлая прошлое прошлую прошлой прошлом прошлого прошлые прошлых прошлым
THIS этот эта это эту этой этом этого эти этих
NEXT следующий следующая следующее следующую следующей следующем следующего следующие следующим
AGO назад
NUMBER_WORD:2 два две двух
NUMBER_WORD:3 три трёх
NUMBER_WORD:4 четыре
NUMBER_WORD:5 пять
NUMBER_WORD:6 шесть
NUMBER_WORD:7 семь
NUMBER_WORD:8 восемь
NUMBER_WORD:9 девять
NUMBER_WORD:10 десять
ONE:1 один одну одна
FEW несколько пару
IN через
ON в во на к
BETWEEN между
FROM от
TO по и
SINCE с
AFTER после
UNTIL до
EVERY каждый каждую каждое каждые
PRONOUN я мы ты вы он она они
HOW_MANY сколько
HOW_LONG как_долго
WILL буду будет будем будете будут приду придёт поеду поедем завтра надо нужно
WAS был была было были вчера назад
"""  # noqa: E501 (a class is one line)
