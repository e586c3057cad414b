"""Wikidata's items from a SPARQL service, page by page, into an index."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Collection
from pathlib import Path

from kgload.errors import EndpointRefused
from kgload.linking.classes import ClassRule, rules
from kgload.linking.dump import Report, as_names
from kgload.linking.facts import BETWEEN, parsed, year
from kgload.linking.polite import Service, without_secrets
from kgload.linking.staging import Found, Staging
from kgload.records import EntityKind

ENTITY = "http://www.wikidata.org/entity/Q"
SEPARATOR = "\x1f"
# So many items a page: more, and public services stop the query for its time.
PAGE = 2_000
# The items come in order, so that pages neither overlap nor leave out; names are joined by a character no name holds.
QUERY = """
PREFIX wd: <http://www.wikidata.org/entity/> PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX wikibase: <http://wikiba.se/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX schema: <http://schema.org/>
PREFIX p: <http://www.wikidata.org/prop/> PREFIX ps: <http://www.wikidata.org/prop/statement/>
PREFIX pq: <http://www.wikidata.org/prop/qualifier/>
SELECT ?item ?label (SAMPLE(?d) AS ?description) (SAMPLE(?n) AS ?links)
  (GROUP_CONCAT(DISTINCT ?a; separator="\\u001f") AS ?aliases)
  (GROUP_CONCAT(DISTINCT ?m; separator="\\u001f") AS ?demonyms)
  (GROUP_CONCAT(DISTINCT ?c; separator="\\u001f") AS ?capitals)
  (GROUP_CONCAT(DISTINCT ?s; separator="\\u001f") AS ?countries)
  (GROUP_CONCAT(DISTINCT ?w; separator="\\u001f") AS ?within)
  (GROUP_CONCAT(DISTINCT ?o; separator="\\u001f") AS ?offices)
  (MIN(YEAR(?b)) AS ?began) (MAX(YEAR(?e)) AS ?ended)
WHERE {{
  {{ SELECT DISTINCT ?item ?n WHERE {{
    ?item wdt:P31/wdt:P279* wd:{qid} ; wikibase:sitelinks ?n . FILTER(?n >= {links})
  }} ORDER BY ?item LIMIT {limit} OFFSET {offset} }}
  ?item rdfs:label ?label . FILTER(lang(?label) = "en")
  OPTIONAL {{ ?item schema:description ?d . FILTER(lang(?d) = "en") }}
  OPTIONAL {{ ?item skos:altLabel ?a . FILTER(lang(?a) = "en") }}
  OPTIONAL {{ ?item wdt:P1549 ?m . FILTER(lang(?m) = "en") }}
  OPTIONAL {{ ?item wdt:P36 ?c }}
  OPTIONAL {{ ?item wdt:P17|wdt:P27 ?s }}
  OPTIONAL {{ ?item wdt:P131 ?w }}
  OPTIONAL {{
    ?item p:P39 ?held . ?held ps:P39/rdfs:label ?title . FILTER(lang(?title) = "en")
    OPTIONAL {{ ?held pq:P580 ?since }} OPTIONAL {{ ?held pq:P582 ?until }}
    BIND(CONCAT(STR(?title), "=", COALESCE(STR(YEAR(?since)), ""), "/", COALESCE(STR(YEAR(?until)), "")) AS ?o)
  }}
  OPTIONAL {{ ?item wdt:P571|wdt:P2031|wdt:P569 ?b }}
  OPTIONAL {{ ?item wdt:P576|wdt:P570 ?e }}
}} GROUP BY ?item ?label ORDER BY ?item
"""


def build(
    service: Service,
    address: str,
    target: Path,
    *,
    kinds: Collection[EntityKind] = tuple(EntityKind),
    min_sitelinks: int = 5,
    on_progress: Callable[[int], None] = lambda items: None,
) -> Report:
    """Make the index ``target`` of what a SPARQL service with Wikidata's items answers. Pages that the service's cache
    holds are not asked for again, so that a run that was stopped goes on where it was.

    Raises:
        EndpointUnreachable, EndpointRefused: the service fails.
        OutputError: the index cannot be written.
        DataError: no item was found.
    """
    shown = without_secrets(address)
    staging = Staging(target, f"{shown} min_sitelinks={min_sitelinks}", afresh=True)
    pages = items = 0
    try:
        for rule in rules():
            if rule.kind not in kinds:
                continue
            for offset in itertools.count(step=PAGE):
                rows = _rows(service, rule, min_sitelinks, offset)
                if not rows:
                    break
                pages, items = pages + 1, items + len(rows)
                # The class stands for all by which the item was found to be one of it.
                staging.add([_found(row, rule) for row in rows], (), pages)
                on_progress(items)
        about = {
            "name": target.stem,
            "made from": f"the SPARQL service {shown}",
            "items with at least": f"{min_sitelinks} sitelinks",
            "licence": "CC0-1.0 (Wikidata's facts)",
            "checked": "not checked: Wikidata alone says so",
        }
        return Report(items, 0, staging.finish(kinds, about))
    finally:
        staging.close()


def _rows(service: Service, rule: ClassRule, min_sitelinks: int, offset: int) -> list[dict[str, str]]:
    query = QUERY.format(qid=rule.qid, links=min_sitelinks, limit=PAGE, offset=offset)
    answer = service.get({"query": query.strip(), "format": "json"}, holding="results")
    try:
        bindings = answer["results"]["bindings"]
        return [{name: str(cell["value"]) for name, cell in row.items()} for row in bindings]
    except (KeyError, TypeError, AttributeError) as error:
        raise EndpointRefused(f"the answer is no table of SPARQL results: {error!r}") from None


def _found(row: dict[str, str], rule: ClassRule) -> Found:
    def several(name: str) -> list[str]:
        return sorted(value for value in row.get(name, "").split(SEPARATOR) if value)

    def items(name: str) -> tuple[int, ...]:
        return tuple(sorted(int(iri.removeprefix(ENTITY)) for iri in several(name)))

    try:
        number = int(row["item"].removeprefix(ENTITY))
        label, links = row["label"], int(row.get("links", "0"))
        aliases, demonyms = as_names(several("aliases"), label), as_names(several("demonyms"), "")
        told = parsed("", "", BETWEEN.join(several("offices")), _year(row.get("began")), _year(row.get("ended")))
        offices = tuple((office.title, office.began, office.ended) for office in told.offices)
        begun = [office.began for office in told.offices if office.began is not None]
        return Found(
            number, label, row.get("description", ""), aliases, demonyms, items("capitals"), (int(rule.qid[1:]),),
            links, items("countries"), items("within"), offices, min(begun, default=told.began), told.ended,
        )  # fmt: skip
    except (KeyError, ValueError) as error:
        raise EndpointRefused(f"the answer holds what is no item of Wikidata: {repr(error)[:200]}") from None


def _year(value: str | None) -> int | None:
    """A year; None where it is of another age of the world."""
    with contextlib.suppress(ValueError):
        return year(value)
    return None
