"""The words by which small talk, tasks and questions about the bot are known, by language.

A line is a kind, a colon, and phrases between bars, as people type them: without case, accents and punctuation, which
`bot.answering.kinds.classify` takes off before it looks.
"""

from __future__ import annotations

SMALL_TALK: dict[str, str] = {
    "en": """
greeting: hi|hello|hey|hiya|howdy|good morning|good afternoon|good evening|morning|greetings|hi there|hello there
greeting: hey there|yo|good day|nice to meet you
thanks: thanks|thank you|thx|ty|cheers|much appreciated|many thanks|thanks a lot|thank you so much|thank you very much
thanks: great thanks|perfect thanks|ok thanks|awesome|great|perfect|nice|cool|got it|well done|good job|good bot
thanks: lovely
goodbye: bye|goodbye|good bye|see you|see ya|see you later|see you tomorrow|good night|goodnight|cya|talk to you later
goodbye: take care|later|farewell|until tomorrow
mood: how are you|how are you doing|how are you today|hows it going|how is it going|whats up|what is up|sup|you ok
mood: how do you feel|are you ok|how have you been
ack: ok|okay|k|kk|okey|yes|yeah|yep|yup|no|nope|nah|sure|hm|hmm|mhm|aha|ah|oh|alright|all right|fine|i see
ack: understood|right|fair enough|no worries|never mind
about: what can you do|who are you|what are you|help|help me|are you a bot|are you human|are you a robot
about: how do you work
about: what do you do|what is your name|whats your name|what can i ask you|what can i ask|what do you know
about: how can you help me|can you help me|what are you for|are you there|who made you|what do you remember
""",
    "de": """
greeting: hallo|hi|hey|guten morgen|guten tag|guten abend|moin|moin moin|servus|grüß gott|morgen|grüß dich|grüezi
greeting: hallöchen
thanks: danke|danke schön|dankeschön|vielen dank|danke dir|danke sehr|besten dank|super danke|tausend dank
thanks: herzlichen dank
thanks: super|prima|perfekt|alles klar|toll|gut gemacht|klasse
goodbye: tschüss|tschüs|auf wiedersehen|bis später|bis bald|bis morgen|gute nacht|bis dann|mach's gut|schönen abend
mood: wie geht's|wie geht es dir|wie gehts|wie geht's dir|wie gehts dir|alles gut|was geht|wie läuft's
mood: alles gut bei dir
ack: ja|nein|nee|jo|okay gut|verstanden|in ordnung|genau|stimmt|aha|ach so|na gut
about: was kannst du|was kannst du alles|wer bist du|was bist du|hilfe|bist du ein bot|bist du ein mensch|wie heißt du
about: was weißt du|wie funktionierst du|kannst du mir helfen|was machst du|was kann ich dich fragen|bist du da
""",
    "es": """
greeting: hola|buenos días|buenas tardes|buenas noches|buenas|hey|muy buenas|saludos
thanks: gracias|muchas gracias|mil gracias|te lo agradezco|gracias por todo|perfecto|genial|estupendo|muy bien
thanks: vale gracias
goodbye: adiós|hasta luego|hasta mañana|chao|chau|nos vemos|nos vemos mañana|hasta el lunes|hasta pronto
goodbye: hasta la vista|que descanses
mood: qué tal|cómo estás|qué tal estás|cómo te va|cómo va|cómo andas|todo bien|qué pasa
ack: vale|sí|de acuerdo|bueno|claro|entendido
about: qué puedes hacer|quién eres|qué eres|ayuda|eres un bot|eres un robot|cómo te llamas|cómo funcionas
about: puedes ayudarme
about: qué sabes hacer|qué sabes|para qué sirves|qué te puedo preguntar|ayúdame
""",
    "fr": """
greeting: bonjour|salut|coucou|bonsoir|hello|bonjour à tous|bien le bonjour|rebonjour
thanks: merci|merci beaucoup|merci bien|mille mercis|je te remercie|super merci|parfait|génial|merci à toi
thanks: d'accord merci
goodbye: au revoir|à bientôt|à demain|bonne nuit|à plus|à plus tard|bonne soirée|bonne journée|à tout à l'heure
mood: ça va|comment ça va|comment vas-tu|comment vas tu|comment allez-vous|quoi de neuf|tu vas bien|comment tu vas
ack: d'accord|oui|non|ouais|bien|compris|entendu
about: tu peux faire quoi|tu sais faire quoi|que peux-tu faire|que peux tu faire|qu'est-ce que tu peux faire
about: qui es-tu|qui es tu|qu'es-tu|aide|aide-moi|tu es qui
about: es-tu un robot|es-tu un bot|comment tu t'appelles|comment t'appelles-tu|comment ça marche|que sais-tu faire
about: qu'est-ce que tu sais faire|peux-tu m'aider|tu es un robot|que sais-tu
""",
    "it": """
greeting: ciao|buongiorno|buon giorno|buonasera|buona sera|salve|ehi|buon pomeriggio|ciao a tutti
thanks: grazie|grazie mille|grazie infinite|molte grazie|ti ringrazio|grazie tante|perfetto|ottimo|fantastico
thanks: grazie di tutto|va bene grazie
goodbye: arrivederci|a presto|a domani|buonanotte|buona notte|ci vediamo|a dopo|addio|buona serata
mood: come stai|come va|tutto bene|come stai oggi|come ti va|che si dice|come sta
ack: va bene|sì|d'accordo|capito|certo
about: cosa puoi fare|che cosa puoi fare|chi sei|cosa sei|aiuto|sei un bot|sei un robot|come ti chiami|come funzioni
about: cosa sai fare|puoi aiutarmi|mi puoi aiutare|che sai fare|cosa sai|cosa posso chiederti
""",
    "pt": """
greeting: olá|ola|oi|bom dia|boa tarde|boa noite|e aí|viva|oi gente
thanks: obrigado|obrigada|muito obrigado|muito obrigada|valeu|agradeço|obrigadão|perfeito|ótimo|fixe|legal|ok obrigado
goodbye: adeus|tchau|até logo|até amanhã|até já|até breve|até mais|xau|boa noite e até amanhã
mood: como estás|como está|como vai|tudo bem|tudo bom|como você está|como vais|beleza
ack: está bem|tá|sim|não|certo|entendi|combinado
about: o que podes fazer|o que você pode fazer|o que sabes fazer|quem és|quem é você|ajuda|és um bot|você é um robô
about: como te chamas|qual é o teu nome|qual é o seu nome|o que você sabe fazer|podes ajudar-me|pode me ajudar
about: como funcionas
""",
    "nl": """
greeting: hallo|hoi|hey|goedemorgen|goedemiddag|goedenavond|goedendag|goeiemorgen|dag|hé|hi
thanks: bedankt|dank je|dank je wel|dankjewel|dank u|dank u wel|hartelijk dank|heel erg bedankt|top|super|prima
thanks: perfect
goodbye: doei|tot ziens|tot later|tot morgen|welterusten|slaap lekker|tot straks|dag dag|doeg
mood: hoe gaat het|hoe gaat het met je|hoe is het|alles goed|hoe is het met je|hoe gaat ie
ack: oké|ja|nee|goed|begrepen|prima zo
about: wat kun je|wat kan je|wie ben je|wat ben je|hulp|help|ben je een bot|hoe heet je|wat kun je doen
about: wat kan je doen
about: wat weet je|hoe werk je|kun je me helpen|kan je me helpen|wat kan ik je vragen
""",
    "ru": """
greeting: привет|здравствуйте|здравствуй|доброе утро|добрый день|добрый вечер|приветик|хай|всем привет
thanks: спасибо|большое спасибо|спасибо большое|благодарю|спс|отлично|супер|круто|спасибо тебе|класс
goodbye: пока|до свидания|до завтра|спокойной ночи|увидимся|до скорого|до встречи|всего доброго
mood: как дела|как ты|как поживаешь|как жизнь|что нового|как настроение
ack: ок|окей|да|нет|хорошо|понятно|ладно|ясно|ага
about: что ты умеешь|что ты можешь|кто ты|ты кто|помощь|ты бот|как тебя зовут|помоги|ты робот|что ты знаешь
about: как ты работаешь
""",
    "pl": """
greeting: cześć|hej|dzień dobry|dobry wieczór|siema
thanks: dzięki|dziękuję|dziękuję bardzo|super
goodbye: do widzenia|pa|na razie|dobranoc|do jutra
mood: co słychać|jak się masz|jak leci
about: co umiesz|kim jesteś|pomoc|co potrafisz
""",
    "sv": """
greeting: hej|hejsan|god morgon|god kväll|tjena
thanks: tack|tack så mycket|tusen tack
goodbye: hej då|god natt|vi ses
mood: hur mår du|hur är läget
about: vad kan du göra|vem är du|hjälp
""",
    "tr": """
greeting: merhaba|selam|günaydın|iyi akşamlar|iyi günler
thanks: teşekkürler|teşekkür ederim|sağ ol|çok teşekkürler
goodbye: güle güle|hoşça kal|iyi geceler|görüşürüz
mood: nasılsın|ne haber|naber
about: ne yapabilirsin|sen kimsin|yardım
""",
    "fi": """
greeting: hei|moi|terve|huomenta|hyvää huomenta|hyvää päivää|hyvää iltaa
thanks: kiitos|kiitti|paljon kiitoksia
goodbye: näkemiin|hei hei|moi moi|hyvää yötä
mood: mitä kuuluu|miten menee
about: mitä osaat|kuka olet|apua|mitä sinä osaat
""",
    "ar": """
greeting: مرحبا|السلام عليكم|أهلا|صباح الخير|مساء الخير
thanks: شكرا|شكرا جزيلا
goodbye: مع السلامة|تصبح على خير
mood: كيف حالك
about: ماذا يمكنك أن تفعل|من أنت|مساعدة
""",
    "ja": """
greeting: こんにちは|おはよう|おはようございます|こんばんは|やあ
thanks: ありがとう|ありがとうございます|どうも
goodbye: さようなら|またね|おやすみ|おやすみなさい
mood: 元気ですか|元気
about: 何ができますか|あなたは誰ですか|ヘルプ
""",
    "zh": """
greeting: 你好|您好|早上好|晚上好|嗨
thanks: 谢谢|多谢|谢谢你
goodbye: 再见|晚安|拜拜
mood: 你好吗
about: 你能做什么|你是谁|帮助
""",
    "ko": """
greeting: 안녕|안녕하세요|좋은 아침
thanks: 고마워|감사합니다|고맙습니다
goodbye: 안녕히 계세요|잘 자|잘 가
mood: 잘 지내|어떻게 지내
about: 뭐 할 수 있어|넌 누구야|도움말
""",
}

VOCATIVES = """
    there all everyone everybody guys folks friend friends bot buddy again dear team mate man scrubjay
    na nun alors dis pues well oh dir te je a toi dich an alle zusammen ihr leute freunde nochmal liebe lieber
    mein freund
    todos todas amigos amigo a chicos otra vez
    tous tout le monde les amis mon ami
    tutti ragazzi amico
    gente pessoal amigos todo o mundo a todos
    allemaal iedereen jongens
    всем друзья ребята
    and und y et e en i и so very much too also ok okay please bitte por favor s'il te plaît per favore
    for that for your
    help dafür de nada pour ça per tutto por isso voor alles за помощь today heute hoy oggi hoje vandaag сегодня"""
"""Words that may stand around small talk without making more of it."""

TASKS: dict[str, str] = {
    "en": r"translate|write|draft|compose|rewrite|rephrase|paraphrase|summari[sz]e (?:this|the following|it)"
    r"|proofread|correct"
    r"|calculate|compute|solve|convert|spell|define|brainstorm|suggest|recommend|generate|invent|explain"
    r"|tell me a (?:joke|story|fun"
    r"|poem)|tell us a joke|make (?:me )?a(?:n|nother)? [\w ]*(?:list|plan|recipe|poem"
    r"|table)|create|sing|count to|imagine|pretend"
    r"|give me (?:a recipe|ideas|an example|a synonym|some ideas|synonyms|tips|a poem|\w+ ideas)|how do you say"
    r"|how (?:do|can) I (?:cook|say)"
    r"|fix (?:this|the grammar)|plan a",
    "de": r"übersetz\w*|schreib\w*(?! dir auf)|verfass\w*|formulier\w*"
    r"|fass\w* (?:das|den|die|dies\w*|folgende\w*) .*zusammen"
    r"|korrigier\w*|berechn\w*|rechn\w*|lös\w*|wandl\w* |buchstabier\w*|definier\w*|erklär\w*"
    r"|erzähl\w* (?:mir |uns )?ein\w* (?:witz|geschichte)"
    r"|mach\w* (?:mir |uns )?eine\w* [\w ]*(?:liste|plan)|erstell\w*|erfind\w*|schlag\w* .*vor|wie sagt man"
    r"|nenn\w* (?:mir )?(?:ein|drei|fünf)\w*",
    "es": r"traduc\w*|tradúc\w*|escrib\w*|escríb\w*|redact\w*|reescrib\w*"
    r"|resum\w* (?:esto|este|el siguiente|lo siguiente)|corrig\w*|corríg\w*"
    r"|calcul\w*|resuelv\w*|conviert\w*|deletre\w*|defin\w*|explic\w*|explíc\w*|cuénta\w* un (?:chiste|cuento)"
    r"|cuenta un chiste"
    r"|haz\w* una? [\w ]*(?:lista|plan|poema)|crea\b|inventa\w*|sugier\w*|cómo se dice"
    r"|dame (?:ideas|una receta|un ejemplo)",
    "fr": r"tradui\w*|écri\w*|rédig\w*|reformul\w*|résum\w* (?:ce|cet|cette|ceci|ça|le texte)|corrig\w*"
    r"|calcul\w*|résou\w*|converti\w*"
    r"|épell?\w*|défini\w*|expliqu\w*|raconte\w*(?:[- ]\w+)? une (?:blague|histoire)"
    r"|fai\w*(?:[- ]moi)? une? [\w ]*(?:liste|plan|poème)"
    r"|crée\w*|invent\w*|propos\w*|sugg\w*|comment (?:dit-on|on dit|dire)"
    r"|donne[- ]moi (?:des idées|une recette|un exemple)",
    "it": r"tradu\w*|scriv\w*|riscriv\w*|riassum\w* (?:quest\w*|il|la)|corregg\w*|calcol\w*|risolv\w*"
    r"|convert\w*|sillab\w*|definisc\w*|spieg\w*"
    r"|raccont\w* una (?:barzelletta|storia)|fa(?:i|mmi)? una? [\w ]*(?:lista|piano|poesia)|crea\b|invent\w*"
    r"|suggeris\w*|come si dice"
    r"|dammi (?:delle idee|una ricetta|un esempio)",
    "pt": r"traduz\w*|escrev\w*|redig\w*|reescrev\w*|resum\w* (?:isto|este|isso|o seguinte)|corrig\w*|corrij\w*"
    r"|calcul\w*|resolv\w*|convert\w*"
    r"|solet\w*|defin\w*|expli\w*|cont\w*(?:-me| me)? uma (?:piada|anedota|história)"
    r"|fa[zç]\w*(?:-me| me)? uma? [\w ]*(?:lista|plano|poema)"
    r"|cri[ae]\w*|invent\w*|suger\w*|sugir\w*|como se diz|dá-me (?:ideias|uma receita)|me dê (?:ideias|uma receita)",
    "nl": r"vertaal\w*|schrijf\w*|herschrijf\w*|formuleer\w*|vat (?:dit|deze|het volgende) .*samen|verbeter\w*"
    r"|corrigeer\w*|bereken\w*|reken\w*"
    r"|los \w+ op|zet .* om|spel\b|definieer\w*|leg (?:.* )?uit|vertel (?:me )?een (?:mop|grap|verhaal)"
    r"|maak (?:me )?een [\w ]*(?:lijst|lijstje|plan|gedicht)"
    r"|bedenk\w*|hoe zeg je|geef (?:me )?(?:ideeën|een recept|een voorbeeld)",
    "ru": r"переведи\w*|перевести|напиши\w*|написать|составить|посчитать|объяснить|исправить|придумать"
    r"|составь\w*|перепиши\w*|исправь\w*|посчитай\w*|вычисли\w*|реши\w*|объясни\w*|сократи\w*"
    r"|расскажи\w* (?:анекдот|шутку|сказку|историю)|придумай\w*|предложи\w*|как (?:будет|сказать) по-"
    r"|сделай\w* список|дай (?:мне )?(?:рецепт|идеи)",
}
"""What asks the bot to do something with its own words: the message begins with it, or asks whether it can."""

TASKS_AT_END = (
    r"schreiben|übersetzen|verfassen|formulieren|ausrechnen|berechnen|erklären|korrigieren"
    r"|schrijven|vertalen|berekenen|uitleggen|verbeteren"
)
"""The same where the verb stands at the end: "kannst du mir eine Liste schreiben?"."""

ASKING_FIRST = r"""
    (?:please|can you|could you|would you|will you|i want you to|i need you to|help me(?: to)?
    |bitte|kannst du(?: mir| uns| bitte)*|könntest du(?: mir| uns| bitte)*|hilf mir
    |por favor|puedes|podrías|me puedes
    |s'il te plaît|peux-tu|peux tu|pourrais-tu|tu peux
    |per favore|puoi|potresti|mi puoi
    |podes|pode|poderia|você pode|pode-me
    |alsjeblieft|kun je|kan je|zou je(?: kunnen)?
    |пожалуйста|можешь|ты можешь|помоги)"""
"""What may stand before a task."""

LOOK_UP = r"""
    (?:tell me|show me|find|search|look up|give me|list|remind me (?:what|when|who|where|how)|do you (?:know|remember)
    |i (?:want|need|would like) to know|i wonder|any idea|anyone know|what about|how about|let me know|remember when
    |sag mir|sag mal|zeig|such|finde|gib mir|weißt du|weisst du|erinnerst du|ich (?:will|möchte) wissen|erinner mich
    |dime|muéstrame|busca|encuentra|dame|sabes|recuerdas|quiero saber|recuérdame
    |dis-moi|dis moi|montre|cherche|trouve|donne-moi|sais-tu|tu sais|te souviens|rappelle-moi|je (?:veux
    |voudrais) savoir
    |dimmi|mostra|cerca|trova|dammi|sai\b|ti ricordi|voglio sapere|ricordami
    |diz-me|me diz|me diga|mostra|procura|encontra|dá-me|sabes|você sabe|lembras|quero saber|lembra-me
    |zeg me|vertel me|laat zien|zoek|vind|geef me|weet je|herinner je|ik wil weten
    |скажи|покажи|найди|дай|знаешь|помнишь|напомни|я хочу знать|подскажи|расскажи)"""
"""What asks for something that is remembered without a question word or a question mark."""

TOLD = r"""
    (?:remember that|note that|keep in mind|fyi|for the record|don't forget|just so you know|remember:
    |merk dir|denk dran|vergiss nicht|notier|zur info|recuerda que|ten en cuenta|apunta|no olvides|anota
    |souviens-toi que|retiens|note que|n'oublie pas|ricorda che|ricordati|segna|non dimenticare
    |lembra-te que|lembre que|anota|não esqueças|não esqueça|onthoud|vergeet niet|noteer|запомни|запиши|учти
    |не забудь)"""
"""What says that something is told to be remembered."""

FINITE = r"""
    (?:i|i'm|i've|i'll|i'd|we|we're|we've|we'll|he|she|they|it|you|it's|he's|she's|that's|there's|is|are|was|were|am
    |has|have|had|will|can
    |must|should|likes?|loves?|hates?|lives?|works?|needs?|wants?|costs?|opens?|closes?|leaves?|arrives?|starts?
    |begins?
    |ends?|lies?|sits?|hangs?|moved|bought|paid|booked|went|got|met|lost|found|starts
    |ich|wir|er|sie|ihr|es|ist|sind|war|waren|hat|habe|haben|hatte|heißt|wohnt|wohne|liegt|kommt|kostet|arbeitet|mag
    |fährt|beginnt|wird
    |yo|él|ella|nosotros|es|son|está|están|fue|era|tiene|tengo|tenemos|hay|vive|vivo|se llama|cuesta|trabaja|compré
    |pagué|soy|llega
    |je|j'ai|nous|il|elle|ils|on|est|sont|était|a|ont|avons|s'appelle|habite|coûte|travaille|suis|ai|arrive|part
    |io|noi|lui|lei|è|sono|era|ha|ho|hanno|abbiamo|si chiama|abita|vive|costa|lavora|arriva|parte
    |eu|nós|ele|ela|é|são|está|estão|era|foi|tem|tenho|temos|chama-se|se chama|mora|vive|custa|trabalha|chega|fica
    |comprei|paguei
    |ik|wij|hij|zij|is|zijn|was|waren|heeft|heb|hebben|heet|woont|kost|werkt|ligt|komt|begint
    |я|мы|он|она|они|у меня|у нас|моя|мой|зовут|живёт|живет|лежит|лежат|стоит|стоят|находится|работает|купил\w*
    |заплатил\w*|был\w*|есть|приедет|начинается)"""
"""Words that make a sentence of what stands without a question mark: somebody tells something."""
