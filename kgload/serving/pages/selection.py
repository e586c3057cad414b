"""What a reader has chosen to see, as it stands in a page's address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from starlette.datastructures import QueryParams

from kgload.errors import BadParameter
from kgload.ontology import vocabulary
from kgload.records import Status
from kgload.serving.addresses import with_parameters
from kgload.views.data import Order
from kgload.views.filters import Filters

PAGE_SIZE = 50
# Longer texts stand in no sentence.
_LONGEST = 500
# Pages so far on are never wanted, and cost as much as all before them.
_MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Selection:
    """Filters, order and page; and what was wrong in the address, by the name of its parameter."""

    filters: Filters = field(default_factory=Filters)
    order: Order = Order.NEWEST
    number: int = 1
    wrong: tuple[tuple[str, str], ...] = ()
    given: tuple[tuple[str, str], ...] = ()

    @property
    def problems(self) -> dict[str, str]:
        """What was wrong, by parameter."""
        return dict(self.wrong)

    def value(self, name: str) -> str:
        """What the address gives for a parameter, wrong as it may be."""
        return next((value for key, value in self.given if key == name), "")

    def address(self, path: str, **changes: str | list[str]) -> str:
        """A page of the same selection but for these parameters; without a page's number unless it is among them."""
        f = self.filters
        parameters: dict[str, str | list[str]] = {
            "type": list(f.types),
            "status": list(f.statuses),
            "since": f.since.isoformat() if f.since else "",
            "until": f.until.isoformat() if f.until else "",
            "entity": f.entity or "",
            "source": f.source or "",
            "confidence": f"{f.min_confidence:g}" if f.min_confidence else "",
            "text": f.text or "",
            "undated": "1" if f.undated else "",
            "order": self.order.value if self.order is not Order.NEWEST else "",
        }
        return with_parameters(path, {**parameters, **changes})


def read(given: QueryParams) -> Selection:
    """What an address chooses. What is wrong in it is left out, and told."""
    wrong: list[tuple[str, str]] = []
    types = _known(given.getlist("type"), sorted(vocabulary().event_types), "type", wrong)
    statuses = _known(given.getlist("status"), [status.value for status in Status], "status", wrong)
    since, until = (_day(given.get(name, ""), name, wrong) for name in ("since", "until"))
    if since and until and until < since:
        wrong.append(("until", "the last day is before the first"))
        until = None
    filters = Filters(
        types=types,
        statuses=statuses,
        since=since,
        until=until,
        entity=_text(given.get("entity", "")) or None,
        source=_text(given.get("source", "")) or None,
        min_confidence=_share(given.get("confidence", ""), wrong),
        text=_text(given.get("text", "")) or None,
        undated=given.get("undated", "") not in ("", "0"),
    )
    order = given.get("order", "") or Order.NEWEST.value
    if order not in set(Order):
        wrong.append(("order", f"an order is one of {', '.join(Order)}"))
        order = Order.NEWEST.value
    number = given.get("page", "1") or "1"
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= _MOST_PAGES):
        wrong.append(("page", "a page is a whole number from 1 on"))
        number = "1"
    shown = tuple((key, value) for key, value in given.multi_items())
    return Selection(_checked(filters, wrong), Order(order), int(number[:9]), tuple(wrong), shown)


def _checked(filters: Filters, wrong: list[tuple[str, str]]) -> Filters:
    """The filters without those that cannot be terms of a query."""
    from kgload.views.filters import pattern

    kept: dict[str, str | None] = {"entity": filters.entity, "source": filters.source, "text": filters.text}
    for name, value in kept.items():
        try:
            pattern(Filters(**{name: value}))  # type: ignore[arg-type]
        except BadParameter as error:
            wrong.append((name, error.message))
            kept[name] = None
    return replace(filters, **kept)  # type: ignore[arg-type]


def _known(values: list[str], known: list[str], name: str, wrong: list[tuple[str, str]]) -> tuple[str, ...]:
    for value in values:
        if value and value not in known:
            wrong.append((name, f"“{value[:60]}” is none of {', '.join(known)}"))
    return tuple(value for value in known if value in values)


def _day(value: str, name: str, wrong: list[tuple[str, str]]) -> dt.date | None:
    value = value.strip()
    if not value:
        return None
    try:
        # A year or a month stands for its first day, or for its last.
        parts = [int(part) for part in value.split("-")]
        if len(parts) < 3 and all(part > 0 for part in parts):
            first = dt.date(*[*parts, 1, 1][:3])
            return first if name == "since" else _last(first, len(parts))
        return dt.date.fromisoformat(value)
    except (ValueError, OverflowError):
        wrong.append((name, "a day is written 2025-08-13, a month 2025-08, a year 2025"))
        return None


def _last(first: dt.date, parts: int) -> dt.date:
    years, month = (1, 0) if parts == 1 else divmod(first.month, 12)
    if first.year + years > dt.MAXYEAR:
        return dt.date.max
    return dt.date(first.year + years, month + 1, 1) - dt.timedelta(days=1)


def _share(value: str, wrong: list[tuple[str, str]]) -> float:
    if not value.strip():
        return 0.0
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        wrong.append(("confidence", "a confidence is a number from 0 to 1"))
        return 0.0
    return share


def _text(value: str) -> str:
    return value.strip()[:_LONGEST]
