"""Further names that follow from a label: without what news leaves out, with a state's other names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kgload.linking.names import Name, key
from kgload.records import EntityKind

OF = re.compile(r"(.+) of (?:the )?(.+)")
INITIALS = re.compile(r"(?<=\w)(?: [A-Z]\.)+ (?=\w)")
# Of a state's name so many words at most are looked for.
LONGEST = 5


@dataclass(frozen=True, slots=True)
class States:
    """Names of each state by each of its names, and by nationality words; the latter by all of these; and what each
    state has one of ("navy")."""

    names: Mapping[str, frozenset[str]]
    by_demonym: Mapping[str, frozenset[str]]
    demonyms: Mapping[str, frozenset[str]]
    single: Collection[Name]

    def has_one(self, rest: str) -> bool:
        """Whether a state has one body of such a name, or one for each of its subjects ("Ministry of Trade")."""
        spelled = key(rest)
        return any(spelled[: len(name)] == name for name in self.single)


def without_endings(label: str, kind: EntityKind, endings: Mapping[str, EntityKind]) -> str | None:
    """A label without the word that news leaves out: "Ketter F.C.", "Sumpter Governorate"; None where it has none."""
    rest, _, last = label.rpartition(" ")
    return rest if rest and endings.get(last) is kind else None


def without_initials(name: str) -> str | None:
    """A person's name without initials in the middle, as news writes it too; None where it has none."""
    plain = INITIALS.sub(" ", name)
    return plain if plain != name and " " in plain else None


def of_states(label: str, states: States) -> Iterable[str]:
    """A body's name with other names of the state that is in it: of "Senate of Norland" also "Norlandic Senate".

    Nationality words come in only where a state has one such body: a "Bank of Norland" is not any Norlandic bank.
    """
    parts = OF.fullmatch(label)
    if parts and parts[2] in states.names:
        rest, state = parts[1], parts[2]
        yield from (f"{rest} of {name}" for name in states.names[state])
        before: frozenset[str] = frozenset()
    else:
        state = first_state(label, states.demonyms.keys()) or ""
        rest = label[len(state) + 1 :]
        before = states.names.get(state, frozenset())
    if state and states.has_one(rest):
        before |= states.names.get(state) or states.by_demonym[state]
        before |= states.demonyms[state]
    yield from (f"{name} {rest}" for name in before)


def first_state(label: str, names: Collection[str]) -> str | None:
    """The state's name that a label begins with, and more follows on."""
    parts = label.split(" ")
    begun = (" ".join(parts[:size]) for size in range(min(LONGEST, len(parts) - 1), 0, -1))
    return next((name for name in begun if name in names), None)
