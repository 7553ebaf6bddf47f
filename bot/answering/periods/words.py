"""Words of questions that ask for all that happened in a time, by language: the time is then all that they tell."""

from __future__ import annotations

_GENERIC = """
    what did do does done we i you they he she it us me happen happens happened happening going on was were is
    are been has have had there anything something everything new news say says said talk talked speak spoke
    discuss discussed write wrote written chat chatted message messages conversation mention mentioned tell told
    show list give summary summarise summarize summarised summarized recap overview report catch up summed sum
    all about the a an of in on at during for from to since between and or my our your their this that these
    those day days week weeks month everyone everybody anyone people group here so far please can could would up
    who whole entire again around by then briefly plans plan miss missed left last time exactly with as any
    other one another next where

    was wer haben habt hat hast habe wir ihr sie er ich du gemacht getan passiert passierte geschah geschehen
    ist war waren los neues neu gibt gab es gesagt geschrieben gesprochen geredet besprochen erzählt fass fasse
    zusammen zusammenfassung zeig zeige mir uns alles von im in am an der die das den dem des ein eine um zu vom
    zum und heute bitte nachrichten überblick worüber worum ging seit bis während haben alle man denn so da
    stand wurde gewesen unternommen wo warst wart

    qué que hicimos hiciste hizo hicieron hice hacer hecho pasó pasado paso ocurrió ha han hemos fue era hay
    había nuevo noticias dijo dijeron dijimos dicho hablamos hablaron habló escribió mensajes resumen resume
    resúmeme resumir muéstrame lo la el los las de del en a al un una nos me se todo todos por favor desde hasta
    durante y cosas sucedió tuvo estado dónde donde estaba estabas estuvo estuvimos estaban

    qu que est ce s c il elle on nous vous ils je tu a avons avez ont fait faites passé passe passer arrivé été
    eu quoi de neuf du des le la les l un une dit parlé écrit discuté résume résumé résumer raconte montre moi
    tout tous en au aux à dans pendant depuis jusqu et y messages nouvelles s'est qu'est qu'a qu'avons t j d
    où était étais étions étaient

    cosa che abbiamo avete hanno hai ho ha fatto fare successo accaduto è era stato stati c ci di del della dei
    il lo la i gli le in a al un una detto parlato scritto discusso riassumi riassunto riassumere mostra mi
    tutto tutti nuovo novità messaggi da dal durante e si dove eri erano eravamo

    o que fizemos fizeram fez fiz fizeste fazer feito aconteceu aconteceram passou se houve há foi era de do da
    dos das no na nos nas em a os as um uma disse disseram dissemos falámos falamos falaram escreveu resumo
    resume resuma mostra me tudo todos novidades novo mensagens desde até durante e nós eu gente onde estava
    estavas estavam estávamos esteve

    wat hebben heeft heb we wij jullie hij zij ik gedaan gebeurde gebeurd er is was waren het de een van in op
    aan om gezegd geschreven gepraat besproken vat samen samenvatting toon laat zien nieuws nieuw alles iedereen
    berichten sinds tot tijdens en deden deed waar

    что мы вы он она они я ты делали делал делала сделали сделал сделала было был была были произошло случилось
    происходило нового новости говорили сказал сказала сказали писали обсуждали расскажи покажи перескажи итоги
    кратко все всё о об в во на с за по и у нас там сообщения где"""

GENERIC = frozenset(_GENERIC.split())

_DOING = """
    do done happen happened happening going new news said say talked talk discussed discuss summarise summarize
    recap summary missed miss wrote written everything messages overview report gemacht getan passiert los neues
    gesagt geschrieben geredet gesprochen besprochen zusammen zusammenfassung unternommen nachrichten passierte
    geschah geschehen stand hicimos hizo hicieron hiciste hice pasó ocurrió dijo dijeron dijimos hablamos
    resumen resume nuevo sucedió mensajes fait passé arrivé dit neuf résume résumé parlé écrit discuté messages
    raconte fatto successo accaduto detto parlato riassumi riassunto novità scritto messaggi fizemos fizeram fez
    fiz fizeste aconteceu passou disse disseram dissemos resumo resume resuma novidades falámos falamos
    mensagens houve gedaan gebeurde gebeurd gezegd samenvatting samen nieuws besproken deden deed делали делал
    делала сделали сделал сделала было произошло случилось происходило нового говорили сказал сказала сказали
    писали обсуждали итоги новости where wo dónde donde où dove onde waar где"""

DOING = frozenset(_DOING.split())
"""Of these, the words that ask for what happened; one of them has to be there."""

SINCE_LEFT = (
    r"since i (?:left|was last here|last (?:wrote|looked)|went (?:away|offline))|while i was (?:away|gone|out|offline)"
    r"|seit ich (?:weg|gegangen|fort) (?:bin|war)|während ich weg war|desde que me fui|mientras no estaba"
    r"|depuis que je suis parti\w*|depuis mon départ|pendant mon absence|da quando sono andat\w* via|mentre non c'ero"
    r"|desde que (?:saí|eu saí|me fui)|enquanto estive fora|sinds ik weg (?:ben|was)|пока меня не было"
    r"|с тех пор как я уш[её]л\w*"
)
"""What means the time since the asker last said something."""
