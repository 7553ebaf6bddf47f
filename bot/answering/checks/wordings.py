"""Words by which a sentence shows that it states no lasting fact, in the languages that people chat in most.

Where a word of one language says something else in another ("dice", "laut", "si"), it stands here with a neighbour, or
at the front of a sentence (`^`). Scripts without spaces, and Korean, have parts of words.
"""

from __future__ import annotations

import re
from functools import cache

from memory.patterns import compile_on_use

IF = "it is hypothetical"
"""The doubt about what is only wished, guessed, or said with an "if"."""

_SMALL_TALK = "it is small talk"
ORDER = "it is an order"
"""The doubt about what tells the reader to do something."""

_PHRASES = {
    IF: """
        if|unless|would|wouldn't|could|might|maybe|perhaps|possibly|probably|suppose|imagine|i wish|hope
        |hopefully|someday|one day|i'd|we'd|i guess|i think|i believe|i suppose|not sure|should|dreaming of
        |dream of|if only|looking at|looking into|thinking of|thinking about|considering|what about
        |how about|wenn|falls|würde|würden|würdest|könnte|könnten|hätte|hätten|wäre|wären|möchte|vielleicht
        |möglicherweise|eventuell|hoffe|hoffentlich|irgendwann|angenommen|glaube|ich denke|müsste
        |sollte|wahrscheinlich|vermutlich|weiß nicht|ich überlege|^si|si yo|si gano|si puedo|si tengo|si hay
        |si no|si me|ojalá|quizá|quizás|tal vez|a lo mejor|podría|podríamos|gustaría|encantaría|tendría|sería
        |haría|iría|compraría|viviría|creo que|supongo|espero|algún día|imagina|probablemente|si je|si j'|si tu
        |si on|si nous|s'il|peut-être|aimerais|voudrais|pourrais|serais|aurais|ferais|irais|aimerait|voudrait
        |pourrait|serait|aurait|ferait|irait|je pense que|je crois que|j'espère|un jour|probablement|sans doute
        |se eu|se tu|se você|se ele|se ela|se a gente|talvez|gostaria|seria|teria|poderia|faria|iria|compraria
        |moraria|tivesse|fosse|pudesse|acho que|espero que|tomara|um dia|quem sabe|provavelmente|se io|se avessi
        |se fossi|se potessi|se vinco|se posso|forse|magari|vorrei|vorremmo|potrei|sarei|avrei|comprerei|andrei
        |vivrei|penso che|credo che|credo di|spero|un giorno|probabilmente|^als|misschien|zou|zouden|ik denk
        |ik hoop|ooit|waarschijnlijk|^om jag|kanske|hvis|måske|kanskje|jos|ehkä|talán|если|бы|может|может быть
        |возможно|наверное|наверно|надеюсь|думаю|кажется|вдруг|когда-нибудь|хотелось|jeśli|jeżeli|gdyby|gdybym
        |może|chciałbym|chciałabym|pewnie|chyba|eğer|belki|keşke|sanırım|galiba|umarım|لو|إذا|ربما|لعل|أتمنى|अगर
        |शायद|काश""",
    "it is hearsay": """
        says|said|told me|tells me|apparently|supposedly|allegedly|i heard|heard that|rumour|rumor|according to
        |claims|reckons|thinks|sagt|sagte|sagen|meint|meinte|behauptet|angeblich|habe gehört|gehört, dass
        |erzählt|erzählte|^laut|dice que|dicen|dijo|dijeron|según|al parecer|por lo visto|me contó|he oído|a dit
        |dit que|disent|il paraît|paraît que|selon|d'après|raconte|on dit|diz que|dizem|disse|ouvi dizer|contou
        |^segundo|dice che|dicono|ha detto|hanno detto|sembra che|pare che|ho sentito|^secondo|zegt|zei|zeggen
        |volgens|schijnbaar|blijkbaar|говорит|говорят|сказал|сказала|сказали|якобы|слышал|слышала|по словам|mówi
        |mówią|powiedział|powiedziała|podobno|słyszałem|słyszałam|diyor|dedi|söyledi|güya""",
    "it is of the day": """
        today|tonight|right now|at the moment|on my way|omw|brb|in a minute|running late|min late|minutes late
        |on the way|heute|gerade|gleich|hoy|ahora mismo|ahorita|aujourd'hui|tout de suite|en ce moment|hoje|oggi
        |vandaag|zo meteen|straks|verspätung|verspätet|en retard|con retraso|in ritardo|atrasado|te laat|сегодня
        |сейчас|dzisiaj|dziś|bugün|şu an""",
    _SMALL_TALK: """
        ^good morning|^good night|^good evening|^morning|^thanks|^thank you|^congrats|^congratulations
        |^good luck|^see you|^have fun|^happy birthday|^welcome|^sorry|^no worries|^guten morgen|^gute nacht
        |^guten abend|^danke|^viel glück|^viel spaß|^glückwunsch|^alles gute|^bis später|^bis morgen|^bis dann
        |^tschüss|^buenos días|^buenas|^gracias|^suerte|^felicidades|^nos vemos|^hasta|^bonsoir|^bonne|^merci
        |^bravo|^à demain|^à plus|^bom dia|^boa|^obrigado|^obrigada|^parabéns|^até|^buongiorno|^buonasera
        |^grazie|^auguri|^a dopo|^a domani|^goedemorgen|^bedankt|^dank je|^доброе|^спасибо|^пока|^удачи|^с днём
        |^günaydın|^teşekkür|^teşekkürler|^görüşürüz|^dzień dobry|^dzięki|^dziękuję""",
    "it is over": """
        used to|wanted to|was going to|were going to|früher|damals|wollte|wollten|antes|solía|quería|queríamos
        |autrefois|avant|voulais|voulait|voulions|antigamente|queria|una volta|volevo|volevamo|vroeger|wilde
        |wilden|раньше|хотел|хотела|хотели|kiedyś|chciałem|chciałam|eskiden""",
    "it is a joke": """
        lol|lmao|rofl|jk|j/k|kidding|joking|in my dreams|yeah right|xd|/s|scherz|nur spaß|war spaß|broma
        |es broma|mdr|ptdr|rigole|plaisante|je blague|brincadeira|brincando|scherzo|scherzando|шучу|шутка|лол
        |żart|żartuję|şaka|grapje|skämt|skojar""",
    "it has no antecedent": """
        ^he|^she|^they|^it|^he's|^she's|^they're|^it's|^that|^that's|^this|^those|^these|^him|^her|^them
        |^all of them|^all of these|^all of those|^some of them|^some of these|^some of those|^none of them
        |^none of these|^none of those|^both of them|^both of these|^both of those|^one of them|^one of these
        |^one of those|^most of them|^most of these|^most of those|^any of them|^any of these|^any of those
        |^each of them|^each of these|^each of those|^er|^sie|^es|^das ist|^das war|^das sind|^ihn|^ihm|^ihr|^él
        |^ella|^ellos|^ellas|^eso|^esto|^il est|^il a|^elle|^ils|^elles|^ça|^c'est|^ele|^ela|^eles|^elas|^isso
        |^isto|^lui|^lei|^loro|^hij|^zij|^ze|^dat is|^он|^она|^они|^оно|^это|^ona|^oni|^to jest""",
    "it is of the one spoken to": """
        ^you|^your|^you're|^du|^dein|^deine|^ihr|^euer|^eure|^tú|^tus|^vosotros|^vous|^votre|^vos|^você|^vocês
        |^seu|^sua|^tuo|^tua|^voi|^jij|^je bent|^jouw|^jullie|^ты|^твой|^твоя|^вы|^ваш|^ваша""",
    ORDER: """
        ^ignore|^disregard|^forget|ignore all|ignore your|previous instructions|your instructions|your rules
        |^system|note down|^note that|^record|^store|^save|^log|^write down|^ignoriere|^vergiss|merke dir
        |^speichere|^notiere|^ignora|^olvida|^apunta|^anota|^guarda|^oublie|^note que|^enregistre|^esquece
        |^esqueça|^registe|^registra|^dimentica|^annota|^negeer|^vergeet|^noteer|^игнорируй|^забудь|^запиши""",
    "it is a question": """
        ^who|^what|^where|^why|^how|^which|^whose|^do you|^did you|^does|^have you|^are you|^is there|^is it
        |^can you|^can i|^can we|^will you|^shall we|^has anyone|^anyone|^wer|^wo|^warum|^wieso|^wie|^welche
        |^welcher|^welches|^wem|^wen|^hast du|^hat jemand|^kannst du|^weißt du|^quién|^qué|^dónde|^cómo|^cuál
        |^cuándo|^por qué|^pourquoi|^où|^comment|^combien|^quel|^quelle|^est-ce|^qu'est-ce|^onde|^quem|^qual
        |^por que|^chi|^dove|^perché|^quale|^quanto|^waar|^waarom|^кто|^где|^почему|^как|^какой|^какая|^зачем
        |^kto|^gdzie|^dlaczego|^nerede|^neden|^kim""",
}
_UNSPACED = {
    _SMALL_TALK: "^(?:おはよう|こんにちは|こんばんは|ありがとう|お疲れ|おめでとう|你好|谢谢|早上好|晚安|恭喜"
    "|안녕|감사|고마워|축하)",
    IF: "もし|かも|たいな|だろう|と思|たぶん|多分|いつか|如果|要是|假如|也许|可能|大概|希望|说不定"
    "|만약|만일|라면|아마|싶|같아|겠지",
    "it is hearsay": "と言|って言|らしい|聞いた|据说|听说|他说|她说|们说|했대|래요|대요|말했|들었|라고",
    "it is of the day": "今日|今夜|今晚|今天|오늘|지금",
    "it is a joke": r"笑|冗談|草$|哈哈|开玩笑|ㅋㅋ|ㅎㅎ|농담|(?:ha){2,}|(?:he){3,}|(?:ja){2,}|(?:je){3,}|k{3,}"
    r"|(?:rs){2,}|(?:ах){2,}|(?:ха){2,}|ه{4,}|[😂🤣😜😝😛🤪😆😉😏🙃😹🤡]|\bw{3,}\b",
    "it is a question": r"[?？؟;][\s\"'”»)]*$|吗[。.]?$|か[。.]?$|呢[。.]?$|\bm[ıiuü]\s*[.]?$",
    "it is somebody else's words": r"^[\"“„«「]|[:,]\s*[\"“„«]",
}
_STILL = compile_on_use(
    r"\b(?:but|now|instead|jetzt|aber|sondern|stattdessen|pero|ahora|sino|mais|maintenant|mas|agora|ma|ora|adesso|но|теперь"
    r"|сейчас|maar|nu|ale|teraz|şimdi|ama)\b|[今但]|でも",
    re.IGNORECASE,
)
"""With one of these a sentence goes on from what is over to what holds."""
_FROM = compile_on_use(r"\b(?:from|since|until|ab|seit|bis|desde|depuis|dal|da|с)\s+\S+\s*$", re.IGNORECASE)
_USED_TO_IT = compile_on_use(r"(?:'m|am|is|are|get|got|getting)\s+used to", re.IGNORECASE)
_OPENING = compile_on_use(
    r"^\W*(?:(?:no|nope|yes|yeah|yep|oh|ah|well|ok|okay|and|so|also|hey|hi|hello|hallo|hola|ciao|salut|olá|oi|привет|nein|ja"
    r"|doch|und|also|na|nun|sí|bueno|pues|y|non|oui|bon|et|não|sim|e|sì|allora|nee|en|да|нет|ну|и|а|nie|tak|hayır|evet)"
    r"(?=[\s,.!])\W*)+",
    re.IGNORECASE,
)


def _compile(phrases: str, parts: str) -> re.Pattern[str]:
    words = [each.strip() for each in phrases.split("|") if each.strip()]
    front = [re.escape(each[1:]) for each in words if each.startswith("^")]
    anywhere = [re.escape(each) for each in words if not each.startswith("^")]
    spaced = [rf"(?<!\w)(?:{'|'.join(anywhere)})(?!\w)"] if anywhere else []
    spaced += [rf"^\W*(?:{'|'.join(front)})(?!\w)"] if front else []
    return compile_on_use("|".join([*spaced, *([parts] if parts else [])]), re.IGNORECASE)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return the pattern of each doubt; each compiled when first needed, for all take a tenth of a second."""
    return {name: _compile(_PHRASES.get(name, ""), _UNSPACED.get(name, "")) for name in {**_PHRASES, **_UNSPACED}}


_LONGEST_SMALL_TALK = 6
"""Words: longer sentences that begin with thanks may go on to state something."""
_JOKE = "it is a joke"
_KIDDING = compile_on_use(
    r"\W{0,99}(?:(?:i'm |i was |just |nur |war (?:nur )?(?:ein )?|es |era |je |c'était une |è uno |è solo uno )*"
    r"(?:kidding|joking|jk|scherz|spaß|broma|blague|rigole|plaisante|scherzo|scherzavo|brincadeira|grapje|шучу|шутка|żart"
    r"|żartuję|şaka|冗談|开玩笑|농담))",
    re.IGNORECASE,
)
_AROUND_A_JOKE = 2
"""Words of a message that only says that it jokes, besides those that say so: "I'm just"."""


def is_joke(text: str) -> bool:
    """Say whether a message laughs, or says that it jokes: then nothing in it is to be believed."""
    return bool(_patterns()[_JOKE].search(text.replace("’", "'")))


def is_hypothetical(text: str) -> bool:
    """Say whether a text only wishes, guesses or considers, or says something with an "if"."""
    return bool(_patterns()[IF].search(_OPENING.sub("", text.replace("’", "'"))))


def takes_back(text: str) -> bool:
    """Say whether a message says of the one before it that it was a joke: "just kidding!", "haha no"."""
    said = text.replace("’", "'")
    left = _patterns()[_JOKE].sub(" ", said)
    return bool(_KIDDING.match(said)) or (left != said and len(re.findall(r"\w+", left)) <= _AROUND_A_JOKE)


def find_doubt(sentence: str) -> str | None:
    """Return why a sentence states no lasting fact of its own; None where nothing shows that."""
    plain = sentence.replace("’", "'")
    bare = _OPENING.sub("", plain)
    for doubt, pattern in _patterns().items():
        for match in pattern.finditer(bare):
            if doubt == "it is over" and (_STILL.search(bare) or _USED_TO_IT.search(bare)):
                continue
            if doubt == _SMALL_TALK and (len(bare.split()) > _LONGEST_SMALL_TALK or re.search(r"\d", bare)):
                continue
            if doubt == "it is of the day" and _FROM.search(bare[: match.end()]):
                continue
            return doubt
    return None
