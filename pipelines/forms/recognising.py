"""Which question a column of an export answers, and which choice a cell means.

Columns may stand under names or under labels in either language, with groups before them or without; choices
may be codes or labels. Columns that tell of the person who sent the form are left out, whatever they hold.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pipelines.forms.form import ACTIONS, CHOOSE_SEVERAL, Form, Question
from pipelines.forms.naming import criterion_of

_SEPARATORS: Final = "/.:-"
_BETWEEN: Final = " ,;|\n"
_REPEATED: Final = re.compile(r"^(.*?)\[(\d+)\][/.:-]?(.*)$")
# Who sent the form, from which telephone and from where.
_PERSONAL: Final = re.compile(
    r"""(?ix) (^|[/.:_-]) (
        user_?name | submitted_?by | submitter_?(id|name) | phone_?(number)? | telephone | device_?id | sim_?(serial|id)?
      | subscriber_?id | e?mail | enumerat(or|eur)\w* | interviewer\w* | enqu[eê]teur\w* | geo_?(location|point|trace|shape)
      | gps | (gps_|geo\w*_|location_)?(latitude|longitude|altitude|precision|accuracy) | location
      | attachments | notes | signature | nom | name | pr[eé]nom | photo_?\w* | image_?\w* | audit
    ) (\[\d+\])? (/.*)? $"""
)
# What KoboToolbox and ODK write themselves; of these only ids, times and states are read.
_SYSTEM: Final = re.compile(
    r"""(?x) ^(
        _id | _uuid | _index | _parent_index | _parent_table_name | _status | _version_ | __version__ | _tags | _duration
      | _submission_time | _submission__\w+ | _validation_status(/.*)? | _xform_id_string | _bamboo_dataset_id
      | _media_all_received | _edited | _supplementalDetails(/.*)? | formhub/uuid | (meta[/:.-])?(instance(ID|Name)
      | deprecatedID | rootUuid) | meta | KEY | PARENT_KEY | SET-OF-\w+ | SubmissionDate | ReviewState | Edits | Status
      | FormVersion | AttachmentsPresent | AttachmentsExpected | DeletedAt | deletedAt | __id | __Submissions-id
      | __system(/.*)? | \w+@odata\.\w+ | start | end | today | levels_note | beware_note
      | (assessment[/:.-])(levels_note|beware_note)
    )$"""
)


def normal(text: str) -> str:
    """Return `text` as it is compared: no accents, case, doubled blanks; `_` is a blank.

    >>> normal("  Non\\u00a0évalué "), normal("not_assessed")
    ('non evalue', 'not assessed')
    """
    parted = unicodedata.normalize("NFKD", text.replace("’", "'").replace("_", " ").casefold())
    return " ".join("".join(c for c in parted if not unicodedata.combining(c)).split())


# As forms of others word the results.
_ALSO: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "results": {
        "met": ("satisfait", "conforme", "rempli"),
        "partial": (
            "partial",
            "partially met",
            "partiellement satisfait",
            "partiellement conforme",
            "partiel",
        ),
        "not_met": ("non satisfait", "pas satisfait", "non conforme", "non rempli"),
        "na": ("n/a", "n.a.", "not applicable", "sans objet", "non applicable"),
        "not_assessed": ("not assessed", "non évalué", "non évaluée", "pas évalué"),
    }
}


@dataclass(frozen=True)
class Target:
    """What a column answers: a question, or one choice of a question with several; `rank` of a repeat."""

    question: Question
    choice: str | None = None
    rank: int | None = None


@dataclass(frozen=True)
class Columns:
    """The columns of one file: what each answers, whose are of a person, and which nobody knows."""

    targets: Mapping[str, Target]
    personal: frozenset[str]
    unknown: tuple[str, ...]


class Reading:
    """A form, as its exports are read with it."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.questions = {question.name: question for question in form.questions()}

    def columns(self, headers: Iterable[str]) -> Columns:
        """Return what each header stands for. Of two for one question the first counts, the other is unknown."""
        targets: dict[str, Target] = {}
        personal, unknown = set(), []
        for header in headers:
            if (target := self._target(header)) is not None and target not in targets.values():
                targets[header] = target
            elif _SYSTEM.match(header):
                continue
            elif _PERSONAL.search(header):
                personal.add(header)
            else:
                unknown.append(header)
        return Columns(targets, frozenset(personal), tuple(unknown))

    def choice(self, choices: str, cell: str) -> str | None:
        """Return the code that `cell` means in a list of choices, None for no choice of it."""
        return self._choices[choices].get(normal(cell))

    def several(self, choices: str, cell: str) -> tuple[tuple[str, ...], str]:
        """Return the codes that `cell` lists, and what of it is no choice: codes and labels, whatever is between."""
        rest = normal(cell)
        found: list[str] = []
        known = sorted(self._choices[choices], key=len, reverse=True)
        while rest := rest.strip(_BETWEEN):
            label = next((k for k in known if rest.startswith(k) and (rest + " ")[len(k)] in _BETWEEN), None)
            if label is None:
                return tuple(dict.fromkeys(found)), rest
            found.append(self._choices[choices][label])
            rest = rest[len(label) :]
        return tuple(dict.fromkeys(found)), ""

    def allowed(self, choices: str) -> str:
        """Return the codes of a list, for a message."""
        return ", ".join(self.form.lists[choices])

    def _target(self, header: str) -> Target | None:
        rank = None
        if (repeated := _REPEATED.match(header)) and repeated[3] and ACTIONS in repeated[1]:
            rank, header = int(repeated[2]), repeated[3]
        for tail in _tails(normal(header)):
            if tail in self._headers:
                question, choice = self._headers[tail]
                return Target(question, choice, rank)
        return None

    @cached_property
    def _headers(self) -> dict[str, tuple[Question, str | None]]:
        """Return what each name or label of a column means; a label that two questions have means none."""
        found = [
            (normal(header), target)
            for question in self.questions.values()
            if question.type != "note"
            for header, target in self._of_question(question)
        ]
        many = Counter(header for header, _ in dict.fromkeys((h, (t[0].name, t[1])) for h, t in found))
        return {header: target for header, target in found if header and many[header] == 1}

    def _of_question(self, question: Question) -> Iterator[tuple[str, tuple[Question, str | None]]]:
        names = [question.name, *question.label]
        if question.criterion_id is not None and question.choices:
            names.append(question.criterion_id)
        for name in names:
            yield name, (question, None)
            if question.type == CHOOSE_SEVERAL:
                for label, code in self._choices[str(question.choices)].items():
                    for separator in _SEPARATORS:
                        yield f"{name}{separator}{label}", (question, code)

    @cached_property
    def _choices(self) -> dict[str, dict[str, str]]:
        """Return code by what is written for it, for each list; a label that two choices have means none."""
        found: dict[str, dict[str, str]] = {}
        for name, choices in self.form.lists.items():
            also = _ALSO.get(name, {})
            said = [
                (normal(text), code)
                for code, labels in choices.items()
                for text in (
                    code,
                    *labels,
                    *also.get(code, ()),
                    *([criterion_of(code)] if name == "criteria" else []),
                )
            ]
            many = Counter(text for text, _ in dict.fromkeys(said))
            found[name] = {text: code for text, code in said if text and many[text] == 1}
        return found


def _tails(header: str) -> Iterator[str]:
    """Yield the header, then what stands behind each separator of groups, the longest first."""
    yield header
    for place, character in enumerate(header):
        if character in _SEPARATORS:
            yield header[place + 1 :].strip()
