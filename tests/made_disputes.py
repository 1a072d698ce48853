"""Sentences of made reports on power, trade, work and land: 15 stories, told in English and in French.

`{p}` is the place, `{n}` a count of people that matters, `{m}` another count, `{c}` a company, `{t}` when.
"""

from __future__ import annotations

from tests.made_harms import Story

DISPUTES = (
    Story(
        "NSA",
        False,
        (
            "Armed men attacked the {p} site {t} and carried off {n} bags of ore and {m} telephones.",
            "{n} sacks of minerals and {m} phones looted {t} by a band of gunmen who raided {p}.",
            "Gunmen raid {p} mine",
        ),
        (
            "Des hommes armés ont attaqué le site de {p} {t} et emporté {n} sacs de minerais et {m} téléphones.",
            "{n} colis de minerai et {m} téléphones pillés {t} par une bande armée qui a fait irruption à {p}.",
            "Attaque d’hommes armés à la mine de {p}",
        ),
    ),
    Story(
        "NSA; COR",
        False,
        (
            "Militiamen collect {n} dollars from each digger at a barrier on the road to {p}.",
            "To reach {p}, every artisanal miner pays {n} dollars at a checkpoint held by a militia.",
            "Militia taxes diggers of {p}",
        ),
        (
            "Des miliciens perçoivent {n} dollars par creuseur à une barrière sur la route de {p}.",
            "Pour rejoindre {p}, chaque exploitant artisanal paie {n} dollars à un barrage tenu par une milice.",
            "Une milice taxe les creuseurs de {p}",
        ),
    ),
    Story(
        "SEC",
        False,
        (
            "Police and diggers clashed {t} at {p}: tear gas, {n} injured and {m} arrests.",
            "Tear gas was fired to disperse artisanal miners at {p} {t}; {n} people were hurt, {m} taken into custody.",
            "Clashes at {p} leave {n} injured",
        ),
        (
            "Heurts entre police et creuseurs {t} à {p} : gaz lacrymogènes, {n} blessés et {m} interpellations.",
            "Des gaz lacrymogènes ont été tirés pour disperser les exploitants artisanaux à {p} {t} ; {n} blessés, {m} personnes placées en détention.",
            "Affrontements à {p} : {n} blessés",
        ),
    ),
    Story(
        "SEC; LGL",
        False,
        (
            "The army drove {n} diggers from the {c} concession at {p} {t} and burned {m} huts.",
            "Soldiers expelled {n} illegal miners from {c}'s permit in {p} {t}; {m} shelters went up in smoke.",
            "Army clears {c} permit at {p}",
        ),
        (
            "L’armée a chassé {n} creuseurs de la concession de {c} à {p} {t} et incendié {m} huttes.",
            "Des militaires ont expulsé {n} mineurs illégaux du permis de {c} à {p} {t} ; {m} abris sont partis en fumée.",
            "L’armée évacue le permis de {c} à {p}",
        ),
    ),
    Story(
        "COR",
        False,
        (
            "Officials at {p} ask {n} dollars a truck without a receipt, the association of carriers says.",
            "Carriers complain of a bribe of {n} dollars per lorry levied by state agents in {p}, with no receipt given.",
            "Truckers denounce bribes at {p}",
        ),
        (
            "Des agents de l’État exigent {n} dollars par camion sans quittance à {p}, affirme l’association des transporteurs.",
            "Les transporteurs se plaignent d’un pot-de-vin de {n} dollars par véhicule prélevé par des fonctionnaires à {p}, sans reçu.",
            "Les camionneurs dénoncent des pots-de-vin à {p}",
        ),
    ),
    Story(
        "COR; LGL",
        False,
        (
            "A royalty of {n} million francs due to the {p} community has vanished, civil society says.",
            "Civil society wants to know where {n} million francs of mining royalties meant for {p} went.",
            "{n} million francs of royalties missing in {p}",
        ),
        (
            "Une redevance de {n} millions de francs due à la communauté de {p} a disparu, dit la société civile.",
            "La société civile demande où sont passés {n} millions de francs de redevance minière destinés à {p}.",
            "{p} : {n} millions de francs de redevance disparus",
        ),
    ),
    Story(
        "TRC",
        False,
        (
            "{n} tonnes of untagged cobalt from {p} were seized {t} at the {c} weighbridge.",
            "Customs seize {n} tonnes of ore without tags that came from {p}; it was stopped {t} on the scales of {c}.",
            "{n} tonnes of {p} cobalt seized",
        ),
        (
            "{n} tonnes de cobalt sans étiquette venant de {p} ont été saisies {t} au pont-bascule de {c}.",
            "La douane saisit {n} tonnes de minerai non étiqueté en provenance de {p}, arrêté {t} sur la balance de {c}.",
            "{n} tonnes de cobalt de {p} saisies",
        ),
    ),
    Story(
        "TRC; LAB",
        False,
        (
            "Diggers at {p} accuse a depot of rigged scales that take {n} kilos off each bag.",
            "Scales at a buying house in {p} are said to cheat artisanal miners of {n} kilos a sack.",
            "Rigged scales anger diggers of {p}",
        ),
        (
            "Des creuseurs de {p} accusent un dépôt de balances truquées qui retirent {n} kilos à chaque sac.",
            "Les bascules d’une maison d’achat de {p} voleraient {n} kilos par colis aux exploitants artisanaux.",
            "Balances truquées : colère des creuseurs de {p}",
        ),
    ),
    Story(
        "LGL",
        False,
        (
            "The mines ministry closed {n} illegal depots at {p} {t}.",
            "{n} unlicensed buying houses sealed {t} in {p} by order of the minister of mines.",
            "{n} depots sealed at {p}",
        ),
        (
            "Le ministère des Mines a fermé {n} dépôts illégaux à {p} {t}.",
            "{n} maisons d’achat sans agrément mises sous scellés {t} à {p} sur ordre du ministre des Mines.",
            "{p} : {n} dépôts scellés",
        ),
    ),
    Story(
        "LGL",
        False,
        (
            "Some {n} clandestine diggers entered the {c} pit at {p} {t}.",
            "Intrusion at {c}: about {n} illegal miners broke into the {p} open pit {t}.",
            "{n} intruders in {c}'s pit at {p}",
        ),
        (
            "Quelque {n} creuseurs clandestins sont entrés dans la mine de {c} à {p} {t}.",
            "Intrusion chez {c} : environ {n} mineurs illégaux ont pénétré dans la mine à ciel ouvert de {p} {t}.",
            "{n} intrus dans la mine de {c} à {p}",
        ),
    ),
    Story(
        "LAB",
        False,
        (
            "{n} subcontracted workers of {c} went on strike at {p} over {m} months of unpaid wages.",
            "Down tools at {c} in {p}: {n} employees of a subcontractor claim {m} months of salary arrears.",
            "{n} on strike at {c} {p}",
        ),
        (
            "{n} travailleurs sous-traitants de {c} ont fait grève à {p} pour {m} mois de salaires impayés.",
            "Arrêt de travail chez {c} à {p} : {n} employés d’un sous-traitant réclament {m} mois d’arriérés de salaire.",
            "Grève de {n} agents chez {c} à {p}",
        ),
    ),
    Story(
        "LAB",
        False,
        (
            "{c} dismissed {n} union members at {p} after a dispute over overtime.",
            "{n} trade unionists sacked by {c} in {p}; they had asked for extra hours to be paid.",
            "{c} sacks {n} unionists at {p}",
        ),
        (
            "{c} a licencié {n} syndicalistes à {p} après un différend sur les heures supplémentaires.",
            "{n} délégués syndicaux renvoyés par {c} à {p} ; ils avaient demandé que les heures en plus soient payées.",
            "{c} licencie {n} syndicalistes à {p}",
        ),
    ),
    Story(
        "ENV",
        False,
        (
            "Acid from a {c} pipe ran into the river at {p} {t}; {n} fields were spoiled and fish died.",
            "Dead fish at {p} after acid leaked from {c} {t}: {n} plots along the stream no longer bear anything.",
            "Acid leak of {c} kills fish at {p}",
        ),
        (
            "De l’acide d’une conduite de {c} s’est écoulé dans la rivière à {p} {t} ; {n} champs abîmés et poissons morts.",
            "Poissons morts à {p} après une fuite d’acide chez {c} {t} : {n} parcelles le long du ruisseau ne donnent plus rien.",
            "Une fuite d’acide de {c} tue les poissons à {p}",
        ),
    ),
    Story(
        "COM",
        False,
        (
            "{n} families of {p} were told to leave their homes for {c} within {m} days.",
            "{c} wants to extend its mine at {p}: {n} households have {m} days to move out.",
            "{n} families must leave {p}",
        ),
        (
            "{n} familles de {p} ont été sommées de quitter leurs maisons pour {c} dans les {m} jours.",
            "{c} veut agrandir sa mine à {p} : {n} ménages ont {m} jours pour déménager.",
            "{n} familles doivent quitter {p}",
        ),
    ),
    Story(
        "COM; SEC",
        False,
        (
            "Residents of {p} blocked the national road {t} to demand water from {c}; {n} people were arrested.",
            "Barricades at {p} {t}: villagers without drinking water blame {c}, police detain {n}.",
            "Protest over water: road cut at {p}",
        ),
        (
            "Des habitants de {p} ont bloqué la route nationale {t} pour exiger de l’eau de {c} ; {n} personnes ont été arrêtées.",
            "Barricades à {p} {t} : des villageois privés d’eau potable s’en prennent à {c}, la police en interpelle {n}.",
            "Manifestation pour l’eau : route coupée à {p}",
        ),
    ),
)
