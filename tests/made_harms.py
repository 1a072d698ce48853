"""Sentences of made reports on harm to people: 15 stories, each told in English and in French.

`{p}` is the place, `{n}` a count of people that matters, `{m}` another count, `{c}` a company, `{t}` when.
"""

from __future__ import annotations

from typing import NamedTuple


class Story(NamedTuple):
    """One kind of event: codes, whether `{n}` died, and how English and French papers tell it."""

    categories: str
    is_deadly: bool
    english: tuple[str, str, str]
    french: tuple[str, str, str]


HARMS = (
    Story(
        "OSH",
        True,
        (
            "{n} artisanal miners were killed {t} when a tunnel caved in at the {p} quarry; {m} others got out alive.",
            "A gallery collapsed on diggers {t} in {p}, killing {n}. Rescue teams pulled {m} survivors from the rubble.",
            "{p}: {n} dead in mine collapse",
        ),
        (
            "{n} creuseurs ont péri {t} dans l’éboulement d’une galerie à la carrière de {p} ; {m} autres s’en sont sortis vivants.",
            "L’effondrement d’un tunnel à {p} a coûté la vie à {n} exploitants artisanaux {t}. Les secouristes ont dégagé {m} rescapés.",
            "{p} : {n} morts dans l’éboulement d’une mine",
        ),
    ),
    Story(
        "OSH",
        True,
        (
            "{n} diggers drowned {t} in a flooded shaft at {p} after the pump failed.",
            "Water rushed into a pit in {p} {t}: {n} artisanal miners lost their lives by drowning, {m} escaped.",
            "{n} diggers drown at {p}",
        ),
        (
            "{n} creuseurs se sont noyés {t} dans un puits inondé à {p} après une panne de la motopompe.",
            "Noyade à {p} : l’eau a envahi un puits {t}, {n} mineurs artisanaux y ont laissé la vie et {m} ont pu fuir.",
            "{n} creuseurs meurent noyés à {p}",
        ),
    ),
    Story(
        "OSH",
        True,
        (
            "{n} people suffocated underground at {p} {t} because the compressor that sent them air had stopped.",
            "Lack of oxygen in a gallery at {p} killed {n} miners {t}; {m} were taken to hospital.",
            "Asphyxia kills {n} in {p} pit",
        ),
        (
            "{n} personnes sont mortes asphyxiées sous terre à {p} {t}, le compresseur qui leur envoyait de l’air s’étant arrêté.",
            "Le manque d’oxygène dans une galerie de {p} a tué {n} mineurs {t} ; {m} ont été conduits à l’hôpital.",
            "{p} : {n} morts par asphyxie dans un puits",
        ),
    ),
    Story(
        "OSH",
        True,
        (
            "An ore truck overturned {t} on the road near {p}, crushing {n} traders; {m} passengers were injured.",
            "{n} people died and {m} were hurt when a lorry carrying sacks of cobalt tipped over close to {p} {t}.",
            "Lorry accident near {p}: {n} dead",
        ),
        (
            "Un camion de minerais s’est renversé {t} sur la route près de {p}, écrasant {n} négociants ; {m} passagers ont été blessés.",
            "{n} personnes sont décédées et {m} blessées quand un poids lourd chargé de sacs de cobalt a basculé non loin de {p} {t}.",
            "Accident de camion près de {p} : {n} morts",
        ),
    ),
    Story(
        "OSH",
        False,
        (
            "{n} workers were burned {t} when a drum of fuel exploded in a depot at {p}.",
            "An explosion at a buying house in {p} {t} left {n} employees with burns; {m} stalls went up in flames.",
            "Blast in {p} depot injures {n}",
        ),
        (
            "{n} travailleurs ont été brûlés {t} par l’explosion d’un fût de carburant dans un dépôt de {p}.",
            "Une déflagration dans une maison d’achat de {p} {t} a fait {n} brûlés parmi les employés ; {m} étals ont pris feu.",
            "Explosion dans un dépôt à {p}, {n} blessés",
        ),
    ),
    Story(
        "OSH",
        True,
        (
            "A digger fell {m} metres to his death {t} when the rope broke at {p}; {n} died there this month.",
            "Rope snaps at {p} {t}: a miner plunges {m} metres down the shaft, the site's victim number {n} this month.",
            "Deadly fall of {m} metres at {p}",
        ),
        (
            "Un creuseur a fait une chute mortelle de {m} mètres {t}, la corde ayant cédé à {p} ; {n} y sont morts ce mois-ci.",
            "La corde lâche à {p} {t} : un mineur tombe de {m} mètres au fond du puits, {n} victimes sur le site ce mois-ci.",
            "{p} : chute mortelle de {m} mètres",
        ),
    ),
    Story(
        "OSH; ENV",
        False,
        (
            "Dust from {c} trucks has made {n} villagers of {p} ill, the nurse of the health centre says.",
            "In {p}, {n} people sought care for coughing blamed on the dust raised by the lorries of {c}.",
            "Dust of {c} lorries sickens {n} in {p}",
        ),
        (
            "La poussière des camions de {c} a rendu malades {n} habitants de {p}, selon l’infirmier du centre de santé.",
            "À {p}, {n} personnes se sont fait soigner pour une toux attribuée à la poussière que soulèvent les camions de {c}.",
            "{p} : {n} malades à cause de la poussière des camions de {c}",
        ),
    ),
    Story(
        "CHL",
        False,
        (
            "Inspectors counted {n} children sorting and washing ore at {p}, some of them under ten.",
            "{n} minors, the youngest aged eight, were found cleaning minerals at {p} during a check by social services.",
            "{n} children at work in {p}",
        ),
        (
            "Les inspecteurs ont dénombré {n} enfants occupés à trier et à laver du minerai à {p}, dont certains de moins de dix ans.",
            "{n} mineurs d’âge, le plus jeune de huit ans, trouvés en train de nettoyer des minerais à {p} lors d’un contrôle des affaires sociales.",
            "{p} : {n} enfants au travail",
        ),
    ),
    Story(
        "CHL; OSH",
        False,
        (
            "A boy of {m} was pulled injured out of a narrow tunnel at {p} {t}; {n} other children worked below.",
            "A {m}-year-old boy hurt in a gallery at {p} {t}. He had gone down with {n} other minors.",
            "Boy, {m}, hurt underground at {p}",
        ),
        (
            "Un garçon de {m} ans a été retiré blessé d’un étroit tunnel à {p} {t} ; {n} autres enfants travaillaient en bas.",
            "Un garçon de {m} ans blessé dans une galerie de {p} {t}. Il y était descendu avec {n} autres mineurs d’âge.",
            "{p} : un garçon de {m} ans blessé sous terre",
        ),
    ),
    Story(
        "FOR",
        False,
        (
            "{n} young men told a local NGO that they are held at {p} by debts to a trader who keeps their papers.",
            "A buyer in {p} withholds the identity cards of {n} diggers until they pay back what they owe, according to an association.",
            "{n} diggers in debt bondage at {p}",
        ),
        (
            "{n} jeunes gens ont raconté à une ONG locale qu’un négociant les retient à {p} par des dettes et garde leurs papiers.",
            "Un acheteur de {p} confisque les cartes d’identité de {n} creuseurs jusqu’au remboursement de leur dette, selon une association.",
            "{p} : {n} creuseurs retenus pour dettes",
        ),
    ),
    Story(
        "FOR; SEC",
        False,
        (
            "Soldiers forced {n} diggers to carry sacks without pay {t} at {p}, witnesses report.",
            "Unpaid labour at gunpoint in {p}: {n} artisanal miners had to load bags for the military {t}.",
            "Army accused of forced labour at {p}",
        ),
        (
            "Des soldats ont contraint {n} creuseurs à porter des sacs sans salaire {t} à {p}, rapportent des témoins.",
            "Travail non payé sous la menace des armes à {p} : {n} exploitants artisanaux ont dû charger des sacs pour les militaires {t}.",
            "L’armée accusée de travail forcé à {p}",
        ),
    ),
    Story(
        "SGB",
        False,
        (
            "{n} women who wash ore at {p} say that guards demanded sex before letting them pass.",
            "Sexual blackmail at the {p} washing place: {n} female workers accuse the security men at the gate.",
            "Women of {p} denounce sexual abuse",
        ),
        (
            "{n} femmes qui lavent le minerai à {p} disent que des gardiens exigeaient des rapports sexuels pour les laisser passer.",
            "Chantage sexuel au lavoir de {p} : {n} travailleuses mettent en cause les vigiles de l’entrée.",
            "Des femmes de {p} dénoncent des abus sexuels",
        ),
    ),
    Story(
        "SGB; CHL",
        False,
        (
            "A girl of {m} was raped {t} on the path to the {p} mine; {n} suspects are sought.",
            "Rape of a {m}-year-old girl near {p} {t}: police look for {n} men.",
            "Girl of {m} raped near {p}",
        ),
        (
            "Une fille de {m} ans a été violée {t} sur le chemin de la mine de {p} ; {n} suspects sont recherchés.",
            "Viol d’une fillette de {m} ans près de {p} {t} : la police recherche {n} hommes.",
            "Une fille de {m} ans violée près de {p}",
        ),
    ),
    Story(
        "VIO; SEC",
        True,
        (
            "Guards of {c} shot dead {n} intruders {t} at {p}, {m} more were wounded.",
            "{n} clandestine diggers fell under the bullets of industrial guards at {c}'s {p} pit {t}; {m} are in hospital with gunshot wounds.",
            "{n} diggers shot dead at {c}'s {p}",
        ),
        (
            "Des gardes de {c} ont abattu {n} intrus {t} à {p}, {m} autres ont été blessés.",
            "{n} creuseurs clandestins sont tombés sous les balles de la garde industrielle de {c} à {p} {t} ; {m} sont hospitalisés, blessés par balle.",
            "{n} creuseurs tués par balle chez {c} à {p}",
        ),
    ),
    Story(
        "VIO",
        False,
        (
            "{n} men arrested at {p} were whipped in a police cell {t}, a lawyer complains.",
            "Detainees from {p} beaten: the lawyer of {n} diggers speaks of lashes at the police post {t}.",
            "{n} detained diggers of {p} flogged",
        ),
        (
            "{n} hommes arrêtés à {p} ont été fouettés dans un cachot de la police {t}, se plaint un avocat.",
            "Des détenus de {p} battus : l’avocat de {n} creuseurs parle de coups de fouet au poste de police {t}.",
            "{n} creuseurs détenus à {p} fouettés",
        ),
    ),
)
