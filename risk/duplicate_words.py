"""The field's words in English and French, so that two languages can be laid side by side.

A small glossary of our own: each line is one notion and the beginnings of words that carry it, without
accents; `=` before a word means the whole word. It serves to compare reports, never to translate them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# What happened: two reports that tell of different happenings hardly tell of one event.
_HAPPENINGS: Final = """
collapse: collaps cave-in =cave =caved =caving landslide mudslide rockfall rockslide =slid =slide =slides =slip
    =slipped =slippage =burying =buried =bury subsid crumbl eboul effondr affaiss gliss enseveli ecroul
drowning: drown =noye =noyes =noyee =noyees =noyer =noient noyade =noyant
asphyxia: asphyx suffocat suffoq oxyg =airless etouff monoxyd monoxid intoxi
burning: =fire =fires =blaze =burn =burns =burned =burnt =burning =ablaze =flames arson torche incendi brul flamm
    carbonis =feu =feux =alight
explosion: explo =blast =blasts =blasting dynamit detonat deton deflagr
electricity: electroc
falling: =fell =fall =falls =falling plung plummet =chute =chutes =tomb =tombe =tombes =tombee =tomber =tombent
crash: overturn =crash =crashed =crashes collision collid =tipped renvers percut =collisions =heurte bascule
shooting: =shot =shots =shoot =shooting =shootings gunfire =gunned bullet gunshot =tir =tirs =tire =tiraient =tirent
    =tirer =tires =tiree =tirant =balle =balles =abattu =abattus =abattue =abattent fusill =abattre
beating: =beat =beaten =beating =beatings whip flog =lash =lashes =lashed =lashing batter batton =battu =battus
    =battre =battue fouet tabass maltrait molest
torture: tortur
arrest: arrest detain detention =custody =jail =jailed imprison interpel deten incarcer emprison cachot =jails
rape: =rape =raped =rapes =raping =viol =viols =viole =violee =violees
harassment: sexual sexuel harass harcel attouchement
eviction: evict expel expul =drove =driven =chased =chase chass deguerp delog dislodg evac =clear =clears =cleared
    =clearing clearance
relocation: relocat resettl relocal delocal reinstall demenag displac =deplacement =deplaces =deplacees =move
strike: =strike =strikes =striking =strikers walkout =greve =greves grevist debray =stoppage
protest: protest demonstrat =march =marched =marches =riot =riots =rioting rioters unrest =sit-in manifest emeut
    =marche =marchent =troubles =echauffouree
roadblock: roadblock barricad blocka =blocked =block =blocks =blocking =barrage =barrages bloqu =barre =barree
    =barrees =barrer
extortion: extort extors extorq brib kickback =pot =pots racket corrup soudoy =payoff
smuggling: smuggl contreband contraband traffick =trafic
cheating: =rigged =rig truqu =cheat =cheats =cheated =cheating =cheaters tricher =triche
seizure: seiz =saisi =saisie =saisies =saisis =saisir =saisit =saisissent impound
false_origin: mislabel relabel =untagged falsif =faux =fake =forged =tags =tag =tagged etiquet =labels
bondage: =debt =debts bondage indebt =dette =dettes endett =owe =owed =owes esclav slave =slavery
withholding: withh confis retain =papers =papier =papiers identit passeport passport
coercion: =forced =force =forcing =forces coerc contrain =contraints
wages: =wage =wages salar salair =pay =paid =unpaid arrear arrier impay remuner =payment =payments
dismissal: dismiss =sacked =layoffs licenci =fired =renvoye =renvoyes =renvoyer =renvoi =renvois
spill: =spill =spilled =spilt =spills =leak =leaked =leaking =leaks =fuite =fuites devers =overflow =overflows
    =overflowed overflowing =debordement =debordements =deborde repand effluent =discharged =discharges =discharge
    =rejets =rejet ecoul =burst
pollution: pollut pollu contamin
closure: =close =closed =closes =closure =closing =shut =sealed =seal =seals =scelle =scelles =scellees =ferme
    =fermes =fermee =fermeture =fermer =fermetures suspen
intrusion: intru trespass =entered =enters =enter =entres penetr =broke =breaking =break-in introdui
armed_raid: =attack =attacked =attacks =attackers attaqu =raid =raided =raids ambush embuscad assail assaut
abduction: abduct kidnap enlev
theft: =theft =thefts =steal =stole =stolen =stealing =loot =looted =looting =looters robb =robs pill derob =vol =vols
    =vole =volee =voles
"""

# Particulars that make one event unlike another of its kind.
_PARTICULARS: Final = """
death: =dead =deadly death =die =died =dies kill fatal =lives =corpse =body =bodies lifeless mort =mourir =meurent
    =tue =tues =tuee =tuer =tuent =deces =decede =decedes =decedees =decedee =corps cadavr =peri =perdu =vie victim
injury: injur wound =hurt bless
missing: missing dispar
trapped: trapp coinc piege
rescue: rescu surviv secour sauvet rescap sauveteur
flood: flood inond submerg =rushed crue
rain: rain downpour storm plui averse orage
night: =night nightfall overnight nocturn =nuit =nuits =evening =soir =soiree =minuit midnight
morning: =morning =dawn matin =aube =early
afternoon: afternoon apres-midi
midday: midday noon =midi
underground: tunnel galler galeri souterr underground
shaft: shaft =puits =bottom
rope: =rope =ropes =corde =cordes
air_supply: compress ventil generat pump pompe motopomp =moteur =moteurs
truck: truck lorry lorri camion =vehicle =vehicles vehicul =poids =lourd
bus: =bus =buses minibus
motorcycle: motorc =moto =motos
machine: machin excavat bulldoz pellet =engin =engins =loader
child: child =minor =minors =kid =kids =boy =boys =girl =girls underag pupil teenag adolesc enfan =garcon =garcons
    =fille =filles fillet =eleve =eleves ecolier
women: =women =woman female =femme =femmes =mother =mothers =mere =meres
young: =young =youth =youths =jeune =jeunes
soldier: soldier =army militar militai troop =soldat =soldats =armee fardc battal =republican =republicaine
police: polic
guard: guard =garde =gardes gardien vigil security securit watchm
militia: militia milic rebel gunm bandit =armed =gang =gangs =band =bande
checkpoint: checkpoint =barrier =barriers barrier check-point
tax: =tax =taxes =taxed =levy =levies =levied =fee =fees redevanc royalt =taxe =frais percoi percep preleve collect
receipt: receipt quittanc =recu =recus
fraud: fraud
scale: =scale =scales weigh balanc bascul =pont-bascule =pese =pesee =pesage weight
sacks: =bag =bags =sac =sacs =sack =sacks =colis
washing: wash =lave =laver =lavent lavoir lavage lavand cleaning nettoy =cleaned
sorting: =sort =sorted =sorting =tri =trier =trie
carrying: =carry =carries =carried =carrying =porter =portent =portage loading =load =loaded =charge =charger
    =charges transpor carrier
depot: depot comptoir buying buyer =achat =achats achet =acheteur
house: house =home =homes =huts =hut =shelter =shelters =maison =maisons =case =cases habitation logem =hutte
    =huttes =abri =abris dwelling
household: =famil household =menage =menages famill family famili
land: =land =plot =plots terrain parcel fonci =terre =terres =field =fields =champ =champs
crop: crop harvest recolt =cultures =manioc cassava =maize =mais
river: river =stream =streams rivier ruisseau =fleuve =lake =lac
water: =water =eau =eaux =drinking =potable
fish: =fish =fishes poisson
acid: acid sulph sulfu
dust: =dust pouss
fumes: fume =smoke =fumee =fumees
sick: =ill =illness sick malad cough =toux =sickened =sickens
care: hospit =nurse infirm clinic =soins =soigner soigne
tailings: tailing remblai terril bassin =basin =pond =dyke =dike digue =dam
waste: waste dechet =dump =dumps decharge
radiation: radioac uranium radiat
fuel: =fuel carburan diesel =petrol essence
phone: phone teleph
union: =union =unions unionist syndi
overtime: overtime supplem =extra
subcontract: subcontract sous-trait sous-traitan =traitant =traitants =traites
pregnant: pregnan encein
court: =court =trial lawsuit tribun proces =judge =juge
lawyer: lawyer avocat
ngo: =ngo =ngos =ong =ongs associat
civil_society: =civil =civile
government: governor gouvern minist
mayor: =mayor =maire bourgmes
inspection: inspec control =check
school: school =ecole =ecoles
bridge: =bridge =pont
road: =road =highway =route =routes =roads
teargas: =tear =gas =gaz lacrym
warning: sommation =warning
illegal: illeg clandest unlicen unlawf =agrement =agree =unauthorized =unauthorised
permit: permit permis licen concession
foreign: chines chinoi leban libanai foreign etrang zambi
weapon: weapon firearm gunpoint =arme =armes
accuse: accus alleg =blame =blames =blamed
complaint: complain =plaint plaint plaig denounc denonc
demand: demand reclam exige revendiq =claim =claims =claimed
investigation: investig enquet =inquiry =probe
suspect: suspec soupcon
search: search recherch =sought
follow_up: =rises =rose =risen =climbs =climbed revised =updated provisional provisoir alourd revu desormais =now nouveau
"""

# Words that nearly every report holds: of little weight.
_COMMON: Final = """
digger: =digger =diggers =miner =miners creuseu =mineur =mineurs exploitant artisan orpail
mine: =mine =mines mining minier =pit =pits quarry quarri =carriere =carrieres =fosse =site =sites =hole
ore: =ore =ores mineral minera =cobalt =copper =cuivre
company: compan =firm =firms entrepr societ compagn operat
worker: worker employe ouvrier travaill =staff personnel =agent =agents =labour =labor =travail
resident: resident villag inhabit habitant riverain =people =person =persons personn =local =locals
authority: author official fonction =state =etat administr
trader: trader negocia merchant commerc =dealer =dealers
accident: accident inciden
report: report rapport =say =says =said =selon =according =told temoin =witness =witnesses affirm =dit =disent
country: congo lualaba katanga province
money: dollar =usd franc =francs million
men: =men =man =homme =hommes
work: =work =works =worked =working
day: =day =days =jour =jours =month =months =mois =week =weeks semaine =year =years =old =ans =annee
"""

_ENGLISH: Final = """the of and in at on for to a an was were is are with by from after before that this who which it
its his her their they he she when while near had has have been be as over into out up down than not no some more
others other about around between during against also where would could will what there then them him but or"""
_FRENCH: Final = """le la les l d un une des du de et en au aux a dans sur pour par avec sans pres apres avant qui que
qu s se sont est ete etait etaient ont avait son sa ses leur leurs il elle ils elles on ce cette ces y ne pas plus
autres autre environ entre lors pendant vers selon chez dont ou où n c j m t quelque quelques non loin ainsi mais
quand comme sous tout tous toute toutes etre avoir fait"""
_MONTHS: Final = """january february march april may june july august september october november december janvier
fevrier mars avril mai juin juillet aout septembre octobre novembre decembre jan feb fev mar avr apr jun juil aug
sept sep oct nov dec"""

_ACCENTS: Final = re.compile(r"[\u0300-\u036f]+")
_MEASURES: Final = """hour hours|minute minutes|day days jour jours|week weeks semaine semaines|month months mois
|metre metres meter meters|kilometre kilometres km|tonne tonnes ton tons|kilo kilos kg|dollar dollars usd|franc francs
|million millions|hectare hectares ha|square carre carres"""

ENGLISH: Final = frozenset(_ENGLISH.split())
FRENCH: Final = frozenset(_FRENCH.split())
MEASURES: Final = {word: at for at, line in enumerate(_MEASURES.split("|")) for word in line.split()}
MONTHS: Final = frozenset(_MONTHS.split())

_UNITS: Final = {
    1: "one un une", 2: "two deux", 3: "three trois", 4: "four quatre", 5: "five cinq", 6: "six", 7: "seven sept",
    8: "eight huit", 9: "nine neuf", 10: "ten dix dizaine", 11: "eleven onze", 12: "twelve douze dozen douzaine",
    13: "thirteen treize", 14: "fourteen quatorze", 15: "fifteen quinze quinzaine", 16: "sixteen seize",
    17: "seventeen", 18: "eighteen", 19: "nineteen", 20: "twenty vingt vingts vingtaine",
    30: "thirty trente trentaine", 40: "forty quarante quarantaine", 50: "fifty cinquante cinquantaine",
    60: "sixty soixante soixantaine", 70: "seventy", 80: "eighty", 90: "ninety",
    100: "hundred hundreds cent cents centaine centaines", 1000: "thousand thousands mille millier milliers",
}  # fmt: skip
NUMBERS: Final = {word: value for value, words in _UNITS.items() for word in words.split()}


def fold(word: str) -> str:
    """Return `word` in lower case without accents.

    >>> fold("Éboulement")
    'eboulement'
    """
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.replace("œ", "oe").replace("’", "'"))
    return _ACCENTS.sub("", apart).casefold()


def _lines(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    notion = ""
    for word in text.split():
        if word.endswith(":"):
            notion = word[:-1]
            found[notion] = []
        else:
            found[notion].append(word)
    return found


HAPPENINGS: Final = tuple(_lines(_HAPPENINGS))
PARTICULARS: Final = tuple(_lines(_PARTICULARS))
COMMON: Final = tuple(_lines(_COMMON))
_NOTIONS: Final = {**_lines(_HAPPENINGS), **_lines(_PARTICULARS), **_lines(_COMMON)}
_WHOLE: Final = {word[1:]: notion for notion, words in _NOTIONS.items() for word in words if word[0] == "="}
_BEGINNINGS: Final = {word: notion for notion, words in _NOTIONS.items() for word in words if word[0] != "="}
_LONGEST: Final = max(map(len, _BEGINNINGS))


def notion(word: str) -> str | None:
    """Return the notion that a folded word carries, or None; the longest beginning wins.

    >>> notion("eboulement"), notion("landslides"), notion("kolwezi")
    ('collapse', 'collapse', None)
    """
    if word in _WHOLE:
        return _WHOLE[word]
    for length in range(min(len(word), _LONGEST), 2, -1):
        if word[:length] in _BEGINNINGS:
            return _BEGINNINGS[word[:length]]
    return None
