"""Words for generated chats: everyday ones first, then invented names of places, dishes and things."""

from __future__ import annotations

import random

FIRST_NAMES = """
Mara Jonas Lucia Tom Ines Paul Nora Emil Clara Hugo Lena Oskar Rosa Felix Ada Bruno Greta Ivan Julia Karl Maya Nils
Olga Pablo Rita Samir Tessa Uma Vera Wim Yara Zoe Amir Bela Chiara Dario Elif Farid Gina Hana
""".split()  # noqa: SIM905 (easier to read)

_EVERYDAY = """
today tomorrow dinner work home time thing people week night morning train money kids house car phone friend mum dad
weekend birthday party coffee photo video call meeting school office ticket flight hotel holiday beach rain sun snow
bus station airport bike doctor cold tired hungry happy sorry thanks great lovely perfect funny crazy late early busy
free ready sure maybe probably definitely love miss need want think know see come bring send buy book pay meet wait
leave arrive start finish cook eat drink sleep read watch play run walk drive swim write ask tell show give take find
lose forget remember plan change move try help pick drop park clean wash fix break open close turn stop check bread
cheese pasta soup rice salad chicken fish pizza cake chocolate wine beer water juice milk tea breakfast lunch kitchen
garden balcony bathroom bedroom sofa table chair lamp window door key bag shoes jacket dress shirt hat glasses dog cat
bird horse flower tree river lake mountain forest island city village street bridge market museum cinema theatre
concert festival football tennis yoga gym match song album guitar piano novel movie series episode game team score
goal boss colleague client project deadline report email laptop screen charger password wifi printer invoice contract
salary bank account card cash rent bill tax insurance appointment dentist hospital medicine headache fever cough
vaccine baby pregnancy wedding funeral neighbour landlord plumber electrician heating shower sink washing machine
fridge oven recipe ingredient spice onion garlic tomato potato carrot pepper lemon apple banana strawberry yoghurt
butter sugar flour candle present gift surprise guest invitation speech music dance costume passport visa luggage
suitcase backpack tent camping hiking trail map guide tour boat ferry harbour sailing surfing skiing snowboard sunburn
umbrella weather forecast storm wind temperature summer winter spring autumn monday tuesday wednesday thursday friday
saturday sunday january february march april june july august september october november december o'clock noon
midnight hour minute month year century grandma grandpa aunt uncle cousin sister brother niece nephew daughter son
husband wife girlfriend boyfriend teacher student exam homework university thesis lecture library language spanish
portuguese german french italian english translate grammar accent politics election news article newspaper podcast
radio interview camera lens picture frame paint wall floor carpet curtain mirror shelf drawer garage basement attic
roof fence gate tool hammer screw drill ladder rope box parcel delivery post stamp letter envelope signature form
document copy scan folder file backup update version bug server website app
""".split()  # noqa: SIM905 (a list literal would be four pages long)

_ONSETS = "b br c cl d dr f fl g gr h j k kr l m n p pl qu r s sl sp st t tr v w z".split()  # noqa: SIM905 (as above)
_NUCLEI = "a e i o u ai ea ie oo ou".split()  # noqa: SIM905 (as above)
_CODAS = ["", "", "l", "m", "n", "r", "s", "t", "nd", "rk", "st"]


def vocabulary(size: int) -> list[str]:
    """Return `size` different words, the commonest first; always the same."""
    draw = random.Random(20_24)
    known = dict.fromkeys(_EVERYDAY)
    while len(known) < size:
        syllables = draw.choice((2, 2, 3))
        word = "".join(draw.choice(_ONSETS) + draw.choice(_NUCLEI) for _ in range(syllables)) + draw.choice(_CODAS)
        known.setdefault(word)
    return list(known)[:size]
