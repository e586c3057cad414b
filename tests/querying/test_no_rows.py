"""An answer without rows says whether the store holds any document, without counting what it holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from wire import wire

from kgload import asking, library, ontology
from kgload.loading import loader
from kgload.loading.graphs import from_triples
from kgload.loading.loader import Report
from kgload.stores.embedded import EmbeddedStore

NOTHING = "SELECT ?x WHERE { GRAPH ?g { ?x <urn:x:nothing> ?y } }"


@pytest.mark.parametrize("holds", ["nothing", "the ontology", "documents"])
def test_that_there_are_no_rows_tells_an_empty_store_from_others(
    holds: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EmbeddedStore(tmp_path / "s", create=True) as store:
        if holds == "the ontology":
            for _ in loader.load(store, [from_triples(ontology.GRAPH, ontology.triples())], Report()):
                pass
    if holds == "documents":
        library.write(wire()[:1], tmp_path / "one.nq")
        library.load([tmp_path / "one.nq"], store=tmp_path / "s")

    def listed(self: EmbeddedStore) -> list[str]:
        raise AssertionError("a server looks at every statement to list its graphs")

    monkeypatch.setattr(EmbeddedStore, "graphs", listed)
    assert asking.ask(NOTHING, store=tmp_path / "s").store_empty is (holds != "documents")
