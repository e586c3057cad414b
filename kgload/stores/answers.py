"""Reading the answers that SPARQL servers give, in the terms that the embedded store would give."""

from __future__ import annotations

import functools
import json

import pyoxigraph as ox

from kgload import nesting
from kgload.errors import BadSparql
from kgload.stores.base import Answer, Rows, Term, Triples, canonical

# Virtuoso answers ASK with a table of one column of this name.
ASKED = "__ASK_RETVAL"


def form_of(sparql: str) -> str:
    """SELECT, ASK or CONSTRUCT (DESCRIBE is answered like it), by the library's own grammar.

    Raises:
        BadSparql: it does not parse.
    """
    try:
        nesting.check_query(sparql)
        found = ox.Store().query(sparql)
    except (SyntaxError, nesting.TooDeep) as error:
        raise BadSparql(f"the query does not parse: {error}") from error
    except UnicodeEncodeError as error:
        raise BadSparql("the query holds a lone surrogate, which is no character") from error
    except (OSError, RuntimeError, ValueError):
        return "SELECT"
    kinds = {ox.QueryBoolean: "ASK", ox.QueryTriples: "CONSTRUCT"}
    return kinds.get(type(found), "SELECT")


def read_answer(content: bytes, form: str) -> Answer:
    """The answer to a query of a form (SELECT, ASK, CONSTRUCT): SPARQL 1.1 results in JSON, or N-Triples.

    Raises:
        ValueError, KeyError, TypeError, AttributeError, SyntaxError, IndexError: it is none.
    """
    if form == "CONSTRUCT":
        found = canonical([q.triple for q in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)])
        return Triples(tuple(sorted(found, key=str)))
    table = json.loads(content)
    if "boolean" in table:
        return bool(table["boolean"])
    names = tuple(table["head"]["vars"])
    if names == (ASKED,) and form == "ASK":
        found = table["results"]["bindings"]
        # No row is a no, too: so it answers where the pattern names all but what it does not find.
        return bool(found) and bool(int(found[0][ASKED]["value"]))
    rows = (tuple(_term(row.get(name)) for name in names) for row in table["results"]["bindings"])
    return Rows(names, tuple(rows))


def _term(value: dict[str, str] | None) -> Term | None:
    if value is None:
        return None
    if value["type"] == "uri":
        return ox.NamedNode(value["value"])
    if value["type"] == "bnode":
        return ox.BlankNode(value["value"])
    if language := value.get("xml:lang"):
        return ox.Literal(value["value"], language=language)
    datatype = value.get("datatype")
    return _typed(value["value"], datatype) if datatype else ox.Literal(value["value"])


@functools.lru_cache(maxsize=4096)
def _typed(value: str, datatype: str) -> Term:
    """A typed literal as Oxigraph would keep it, so that an answer is the same from a store that keeps it as given."""
    literal = ox.Literal(value, datatype=ox.NamedNode(datatype))
    nobody = ox.NamedNode("urn:x")
    (kept,) = canonical([ox.Triple(nobody, nobody, literal)])
    return kept.object if isinstance(kept.object, ox.Literal) else literal
