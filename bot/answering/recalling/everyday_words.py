"""Everyday words of six languages in English: a question in one language may be about a chat in another.

The bundled embedding model knows English alone. A question that finds nothing is searched for once more by what its
everyday words mean; a multilingual embedder (`memory.embedder`) does that better, and for more than these words.

A line is English, then the words of German, Spanish, French, Italian, Portuguese and Dutch between bars, folded.
"""

from __future__ import annotations

from functools import cache

from memory.search.segment import words
from memory.timeline.words import fold

_TABLE = """
address: adresse anschrift | direccion | adresse | indirizzo | morada endereco | adres
airport: flughafen | aeropuerto | aeroport | aeroporto | aeroporto | vliegveld luchthaven
allergic allergy: allergisch allergie | alergico alergica alergia | allergique allergie
allergic allergy: allergico allergica | alergico alergica | allergisch
apartment flat: wohnung | piso apartamento | appartement | appartamento | apartamento | appartement flat
appointment: termin | cita | rendez | appuntamento | consulta marcacao | afspraak
bag suitcase: tasche koffer | bolso maleta | sac valise | borsa valigia | mala saco | tas koffer
bake bread: brot backen | pan | pain | pane | pao | brood
bakery: backerei | panaderia pasteleria | boulangerie | panetteria | padaria pastelaria | bakkerij
beach: strand | playa | plage | spiaggia | praia | strand
bed: bett | cama | lit | letto | cama | bed
bill invoice: rechnung | factura cuenta | facture addition | fattura conto | fatura conta | rekening factuur
birthday: geburtstag | cumpleanos | anniversaire | compleanno | aniversario anos | verjaardag
book: buch | libro | livre | libro | livro | boek
booked book reserved: gebucht buchen reserviert | reservamos reservo reservado reserve | reserve reserver
booked book reserved: prenotato prenotare | reservamos reservou reservado | geboekt gereserveerd
bought buy: gekauft kaufen kaufte | compro compramos comprado comprar | achete acheter
bought buy: comprato comprare | comprou compramos comprar | gekocht kopen
breakfast: fruhstuck | desayuno | petit-dejeuner | colazione | pequeno-almoco cafe | ontbijt
brother: bruder | hermano | frere | fratello | irmao | broer
bus: bus | autobus | bus | autobus | autocarro onibus | bus
call called name: heisst nennen anrufen | llama nombre | appelle nom | chiama nome | chama nome | heet naam
car: auto wagen | coche carro | voiture | macchina auto | carro | auto
card: karte | tarjeta | carte | carta | cartao | kaart
cat: katze kater | gato gata | chat chatte | gatto gatta | gato gata | kat poes
cheap price cost: kosten kostet kostete gekostet preis teuer | costo cuesta costaron precio | coute couter prix
cheap price cost: costa costato prezzo | custa custou custaram preco | kost kostte prijs
cheese: kase | queso | fromage | formaggio | queijo | kaas
child children: kind kinder | nino ninos hijos | enfant enfants
child children: bambino bambini figli | crianca filhos | kind kinderen
clock watch: uhr | reloj | horloge | orologio | relogio | klok
code pin: code | codigo clave | code | codice | codigo | code
coffee: kaffee | cafe | cafe | caffe | cafe | koffie
colleague boss: kollege kollegin chef | colega jefe | collegue chef | collega capo | colega chefe | collega baas
concert music: konzert musik | concierto musica | concert musique | concerto musica | concerto musica | concert muziek
cook food meal: kochen gericht | cocinar | repas cuisine nourriture
cook food meal: cibo cucinare pasto | comida cozinhar refeicao | eten koken
daughter: tochter | hija | fille | figlia | filha | dochter
dentist: zahnarzt | dentista | dentiste | dentista | dentista | tandarts
eat: essen
dinner: abendessen | cena cenamos cenar | diner dine dinions | cena cenato | jantar jantamos | avondeten diner
doctor: arzt arztin | medico doctora | medecin docteur | medico dottore | medico doutor | dokter arts
dog: hund | perro | chien | cane | cao cachorro | hond
door: tur haustur | puerta | porte | porta | porta | deur
drawer box: schublade kiste | cajon caja | tiroir boite | cassetto scatola | gaveta caixa | lade doos
drink wine beer: trinken wein bier | beber vino cerveza | boire vin biere
drink wine beer: bere vino birra | beber vinho cerveja | drinken wijn bier
eat: isst essen gegessen ass | come comer comio | mange manger
eat: mangia mangiare mangiato | come comer comeu | eet eten gegeten
exam test: prufung pruefung | examen | examen | esame | exame prova | examen
expire run out: ablauft lauft abgelaufen gultig | caduca vence | expire | scade | caduca expira | verloopt
father dad: vater papa | padre papa | pere papa | padre papa | pai papa | vader papa
ferry boat ship: fahre boot schiff | barco ferry | bateau ferry | traghetto barca nave | barco ferry | boot veerboot
film movie: film | pelicula | film | film | filme | film
find found: gefunden finden fand | encontro encontraron encontrar | trouve trouver
find found: trovato trovare | encontrou encontrado achou | gevonden vinden
fish: fisch | pescado pez | poisson | pesce | peixe | vis
flight fly: flug fliegen geflogen | vuelo volar | vol avion | volo volare | voo voar | vlucht vliegen
flower: blume blumen | flor flores | fleur fleurs | fiore fiori | flor flores | bloem bloemen
friend: freund freundin | amigo amiga | ami amie copain | amico amica | amigo amiga | vriend vriendin
garden: garten | jardin | jardin | giardino | jardim | tuin
gift present: geschenk | regalo | cadeau | regalo | presente prenda | cadeau
grandmother: oma grossmutter | abuela | grand-mere mamie | nonna | avo | oma
group: gruppe | grupo | groupe | gruppo | grupo | groep
hair: haare | pelo | cheveux | capelli | cabelo | haar
heating boiler: heizung kessel | calefaccion caldera | chauffage chaudiere
heating boiler: riscaldamento caldaia | aquecimento caldeira | verwarming ketel
holiday vacation trip: urlaub reise ferien | vacaciones viaje | vacances voyage
holiday vacation trip: vacanza viaggio | ferias viagem | vakantie reis
hospital: krankenhaus | hospital | hopital | ospedale | hospital | ziekenhuis
hotel: hotel | hotel | hotel | albergo hotel | hotel | hotel
house home: haus hause | casa | maison | casa | casa | huis thuis
husband wife: mann ehemann frau | marido esposa mujer | mari femme | marito moglie | marido mulher | man vrouw
jacket: jacke | chaqueta | veste blouson | giacca | casaco | jas
job work: arbeit stelle job arbeitet | trabajo empleo trabaja | travail emploi travaille
job work: lavoro lavora | trabalho emprego trabalha | werk baan werkt
key: schlussel schluessel | llave | cle clef | chiave | chave | sleutel
kitchen: kuche | cocina | cuisine | cucina | cozinha | keuken
lamp light: lampe licht | luz lampara | lampe lumiere | lampada luce | luz lampada | lamp licht
leave departs: abfahrt fahrt geht | sale salida | part depart | parte partenza | parte sai saida | vertrekt
live lives: wohnt wohnen lebt | vive vivir | habite vit | abita vive | vive mora | woont
lose lost: verloren verlor | perdio perdido | perdu perdre | perso perduto | perdeu perdido | verloren
lunch: mittagessen | almuerzo almorzar | dejeuner | pranzo | almoco | lunch
medicine: medizin medikament | medicina medicamento | medicament | medicina farmaco | remedio medicamento | medicijn
meet met meeting: treffen getroffen besprechung | reunion encontrar | reunion rencontre
meet met meeting: incontro riunione | encontro reuniao | ontmoet vergadering
mother mum: mutter mama | madre mama | mere maman | madre mamma | mae mama | moeder mama
museum: museum | museo | musee | museo | museu | museum
neighbour: nachbar nachbarin | vecino vecina | voisin voisine | vicino vicina | vizinho vizinha | buurman buurvrouw
number: nummer | numero | numero | numero | numero | nummer
owe: schulde schuldet schulden | debo debe | dois doit | devo deve | devo deve | schuldig
paid pay: bezahlt bezahlen zahlte | pago pagado pagar | paye payer
paid pay: pagato pagare | pagou pago pagar | betaald betalen
party: party feier fest | fiesta | fete | festa | festa | feest
passport: pass reisepass | pasaporte | passeport | passaporto | passaporte | paspoort
password: passwort kennwort | contrasena clave | mot passe | password | palavra-passe senha | wachtwoord
phone: telefon handy | telefono movil | telephone portable | telefono cellulare | telefone telemovel | telefoon
photo picture: foto bild | foto | photo | foto | foto | foto
photo book: fotobuch fotoalbum | album | album | fotolibro album | album | fotoboek
plant: pflanze | planta | plante | pianta | planta | plant
plumber: klempner installateur | fontanero | plombier | idraulico | canalizador encanador | loodgieter
recipe: rezept | receta | recette | ricetta | receita | recept
rent: miete | alquiler | loyer | affitto | renda aluguel | huur
restaurant: restaurant lokal | restaurante | restaurant | ristorante | restaurante | restaurant
ride taxi: taxi | taxi | taxi | taxi | taxi | taxi
room: zimmer raum | habitacion cuarto | chambre salle | camera stanza | quarto sala | kamer
school: schule | escuela colegio | ecole | scuola | escola | school
shoes: schuhe | zapatos | chaussures | scarpe | sapatos | schoenen
shop: laden geschaft | tienda | magasin | negozio | loja | winkel
sister: schwester | hermana | soeur | sorella | irma | zus
son: sohn | hijo | fils | figlio | filho | zoon
spare: ersatz ersatzschlussel | repuesto | rechange secours double | scorta riserva | reserva suplente | reserve
start begin: anfangen beginnt fangt | empieza comienza | commence debut
start begin: comincia inizia | comeca inicio | begint start
street: strasse | calle | rue | via strada | rua | straat
table: tisch | mesa | table | tavolo | mesa | tafel
take care feeds: kummert futtert passt | cuida | garde nourrit occupe | cura bada | cuida toma | zorgt past
ticket: ticket karten eintritt eintrittskarte | entrada entradas billete | billet billets
ticket: biglietto biglietti | bilhete bilhetes entradas | kaartje kaartjes
tile tiles: fliesen | azulejos | carrelage | piastrelle | azulejos | tegels
train: zug bahn | tren | train | treno | comboio trem | trein
umbrella: regenschirm schirm | paraguas | parapluie | ombrello | guarda-chuva | paraplu
wallet: geldborse portemonnaie | cartera | portefeuille | portafoglio | carteira | portemonnee
water: wasser | agua | eau | acqua | agua | water
wedding: hochzeit | boda | mariage | matrimonio nozze | casamento | bruiloft
wifi: wlan wifi | wifi | wifi | wifi | wifi | wifi
"""


def in_english(question: str) -> str:
    """Return what a question's everyday words mean in English, its names as they stand; "" where none is known."""
    known, said, found = _meanings(), list[str](), False
    for word in question.replace("?", " ").split():
        bare = word.strip("¿¡.,;:!")
        meanings = [known[part] for part in (fold(bare), *map(fold, words(word))) if part in known]
        said += meanings
        found = found or bool(meanings)
        if not meanings and bare[:1].isupper() and not question.lstrip("¿¡ ").startswith(bare):
            said.append(bare)
    return " ".join(dict.fromkeys(said)) if found else ""


@cache
def _meanings() -> dict[str, str]:
    meanings: dict[str, str] = {}
    for line in _TABLE.strip().splitlines():
        english, _, others = line.partition(": ")
        for word in others.replace("|", " ").split():
            meanings.setdefault(word, english)
    return meanings
