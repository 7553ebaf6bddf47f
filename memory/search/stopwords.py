"""Words too common to search for, in the languages people chat in most."""

from __future__ import annotations

from collections import Counter

_LANGUAGES = {
    "en": """a about above after again all also am an and any are aren't as at be because been before being below
        between both but by can could couldn did didn do does doesn doing don down during each ever few for from further
        had hadn has hasn have haven having he her here hers herself him himself his how i if in into is isn it its
        itself just kind ll me more most my myself no nor not now of off on once only or other our ours ourselves out
        over own re s same she should shouldn so some such t than that the their theirs them themselves then there these
        they this those through to too under until up ve very was wasn we were weren what when where which while who
        whom whose why will with would wouldn you your yours yourself d m many much""",
    "de": """aber als also am an auch auf aus bei bin bis bist da dann das dass dein deine dem den der des die dir doch
        du durch ein eine einem einen einer eines er es euch für hab habe haben hat hatte hatten ich ihr ihre im in ist
        ja kann mal man mein meine mich mir mit nach nicht noch nur oder ob schon sein seine sich sie sind so über um
        und uns unser von vor war waren was wann warum weil wer wie wieder wir wird wo zu zum zur""",
    "es": """al como con cuando cual de del desde donde el ella ellos en era es esta este esto fue ha han hasta hay la
        las le les lo los me mi mis muy más ni nos o para pero por porque que qué quien quién se ser si sin sobre son
        su sus también te tu tus un una unos y ya yo cuándo dónde cómo""",
    "fr": """à au aux avec c ce ces cette d dans de des du elle elles en est et eu il ils j je l la le les leur leurs
        lui ma mais me mes moi mon n ne nos notre nous on ou où par pas plus pour qu quand que qui quoi sa se ses
        son sont sur ta te tes toi ton tu un une vos votre vous y été était""",
    "pt": """ao aos as com como da das de do dos e ela ele eles em era essa esse esta este eu foi há isso isto já lhe
        mais mas me meu minha muito na nas no nos não nós o onde os ou para pela pelo por porque quando que quem se
        sem ser seu sua são também te tem tu um uma você é à às está estão pelos pelas aos""",
    "it": """al alla che chi ci come con cosa da dal dalla dei del della di dove e ed era gli ha ho i il in io la le
        lei lo lui ma mi mio ne nel nella noi non o per perché più quando questo se si sono su sua suo ti tu un una
        voi è""",
    "nl": """aan al als bij dan dat de deze die dit door dus een en er had heb hebben heeft het hij hoe hun ik in is je
        kan maar me meer met mij mijn naar niet nog nu of om onder ons ook op over te tot uit van voor waar wanneer
        waren was wat we wel werd wie wij worden zal ze zich zij zijn zo""",
    "sv": """alla att av blir de den det dig din du där efter eller en ett från för ha han har hon hur här i inte ja jag
        kan kommer man med men mig min mitt mot när nu och om oss på ska skulle som så till upp ut var vad vem vi vid
        är vår""",
    "da": """af alle at blev bliver da de den der det dig din dit du efter eller en er et for fra ham han har havde hun
        hvad hvem hvor hvornår i ikke ja jeg kan kom man med men mig min mit mod nu når og også om os på ser sig skal
        som så til ud var vi vil være""",
    "no": """alle at av ble blir da de den der det deg din ditt du etter eller en er et for fra ham han har hadde hun
        hva hvem hvor når i ikke ja jeg kan kom man med men meg min mitt mot nå og også om oss på ser seg skal som
        så til ut var vi vil være""",
    "fi": """ei en että hän ja jo jos kanssa kuin kuka mikä milloin minun minä missä mitä mukaan mutta nyt ne niin oli
        olen olet on onko ovat sen se siellä sinä tai tämä vai vain minkä mistä mihin miltä millä mille minne montako
        paljonko kuinka kenen kenellä kenelle meidän teidän minulla olla pitää""",
    "tr": """ama bana ben bir biz bu çok da daha de değil diye en gibi hangi hem için ile kadar kim mi mu mü nasıl ne
        neden nerede o olan olarak sen siz şu var ve veya ya yok zaman""",
    "ro": """acest am ar are au că care ce cel cine cu când cum da de din dar este eu fost în îl îmi în îți la mai mea
        meu ne nu o pe pentru să se sunt și te un unde une va""",
    "hu": """az ahol aki ami amikor csak egy ez ezt hogy hol én és ha hogyan igen is ki kell le ma mai még meg mi
        mikor mit most nem nekem van vagy volt""",
    "ru": """а без бы был была были было в вас вам ведь во вот все всего всех вы где да для до его ее ей ему если есть
        еще же за здесь и из или им их к как какая какие какой какого когда кто куда ли меня мне мной мой моя мы на над
        нам нас не него нее нет ни них но о об он она они от откуда по под почему при про с сам свой себя сейчас со так
        такой там тебе тебя тем то того тоже только тот тут ты у уже чего чей чем что чтобы эта эти это этого этой этом
        этот эту я""",
    "uk": """але був була були було ви він вона вони від де для до є за з і й із її його їх їхній коли котра куди мене
        мені ми моя мій на навіщо нас не про та так там ти те то у хто це цей ця чи чому що щоб як яка яке який які""",
    "pl": """aby był była było być czy dla gdzie ich ile jak jaka jaki jakie jest jestem już kiedy kto która które który
        mam masz mnie moja może mój nam nie od pod przez przy są się skąd tak tam tego tej twoja twój że""",
    "ar": """أن أو أي أين إلى إن اين التي الذي ثم ذلك على عن عند في قد كان كانت كم كيف كل لا لم لن ما ماذا متى مع من هذا
        هذه هل هو هي و يا""",
}

STOP_WORDS = {language: frozenset(words.split()) for language, words in _LANGUAGES.items()}
"""By language: a stop word of one is a telling word of another ("son", "die", "war")."""

LANGUAGES_OF: dict[str, tuple[str, ...]] = {
    word: tuple(language for language, stops in STOP_WORDS.items() if word in stops)
    for word in frozenset[str]().union(*STOP_WORDS.values())
}
"""By stop word."""

_SURE = 2
"""Stop words of another language than English that it takes to believe a question is in it."""


_OWN_LETTERS = frozenset({"ru", "uk", "ar"})
"""Languages of other letters than English, whose one stop word is enough."""


def without_stop_words(words: list[str]) -> list[str]:
    """Return the words without those that are too common in the language they seem to be in; English at a tie."""
    found = Counter(language for word in words for language in LANGUAGES_OF.get(word, ()))
    most = max(found.values(), default=0)
    likely = max(found, key=found.__getitem__, default="en")
    is_sure = most >= _SURE or likely in _OWN_LETTERS
    language = likely if is_sure and found["en"] < most else "en"
    return [word for word in words if word not in STOP_WORDS[language]]
