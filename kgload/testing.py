"""What an extractor must hold to be used by kgload, as tests that its author runs.

In a test file of the plug-in's own, with pytest::

    from kgload.testing import ExtractorConformance

    class TestMine(ExtractorConformance):
        extractor = "mine"              # its name in the entry-point group kgload.extractors, or "module:callable"

or without pytest: ``python -m kgload.testing mine``. The built-in extractors are held to the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module

from kgload.errors import ExtractorError, KgloadError
from kgload.records import Article, Document, Extractor

PUBLISHED = dt.date(2025, 8, 13)
ARTICLES = (
    Article(
        "talks",
        "Kenyan President William Ruto and Ugandan President Yoweri Museveni met in Nairobi on Tuesday. The talks "
        "lasted three hours. They will meet again in Kampala next month, the United Nations said.",
        "Two presidents",
        PUBLISHED,
        "https://wire.example/talks",
    ),
    Article("sent", "Kenya sent 400 police officers to Haiti on Monday.", None, PUBLISHED),
    Article("signed", "France and Italy signed a treaty in Rome. It took years.", None, PUBLISHED),
    Article("nothing", "A storm closed the harbour. The apples are ripe.", None, PUBLISHED),
    Article("undated", "Germany and Poland agreed to meet on Friday."),
)
"""Texts in which there is something to be found, and one in which there is nothing."""

ODD = (
    Article("space", " \n\t ", None, PUBLISHED),
    Article("one", ".", None, PUBLISHED),
    Article("wide", "\U0001f6d1 Kenya met Uganda \U0001f1f0\U0001f1ea in Nairobi\u202e on Friday.", None, PUBLISHED),
    Article("lines", "Kenya\r\nmet\r\nUganda.\x0b\x85Talks\u2028went on.\x00", None, PUBLISHED),
    Article("markup", '</script><img src=x onerror=alert(1)> met Kenya & "Uganda" {x} %s', None, PUBLISHED),
    Article("unbroken", "Kenyametuganda" * 200, None, PUBLISHED),
    Article("crowd", "Kenya, " * 150 + "and Uganda met.", None, PUBLISHED),
    Article("first day", "They met yesterday and will meet in 10000 years.", None, dt.date(1, 1, 1)),
    Article("../odd id\n", "Kenya met Uganda.", "", PUBLISHED, "no address"),
)
"""Texts that are no news, and must break nothing."""


class ExtractorConformance:
    """The tests. ``extractor`` is the one to be tested, ``articles`` what it is tested on; both may be set anew."""

    extractor: str
    articles: Sequence[Article] = ARTICLES
    odd: Sequence[Article] = ODD

    def test_gives_one_document_for_each_article_in_order(self) -> None:
        """The article comes back as it was, and is asked for when it is needed."""
        found = list(make(self.extractor).extract(iter(self.articles)))
        _check(
            [d.article for d in found] == list(self.articles), "the documents are not those of the articles, in order"
        )
        _check(not list(make(self.extractor).extract([])), "there are documents where there was no article")

    def test_gives_the_same_whatever_else_is_in_the_batch(self) -> None:
        """Alone, together, in another order, many times over, by a new extractor: the same bytes."""
        extractor = make(self.extractor)
        together = _bytes(extractor.extract(self.articles))
        again = _bytes(make(self.extractor).extract(tuple(reversed(self.articles))))
        _check(again == together, "another order changes what is found")
        for article in self.articles:
            alone = _bytes(extractor.extract([article]))
            _check(
                alone == {article.id: together[article.id]}, f"{article.id!r} is read otherwise alone than in company"
            )
        for document in extractor.extract([*list(self.articles) * 9, *reversed(self.articles)]):
            same = _dumped(document) == together[document.article.id]
            _check(same, f"a long batch changes what is found in {document.article.id!r}")

    def test_gives_valid_records(self) -> None:
        """Spans in the text, known types and roles, references that lead somewhere; and JSON that is read back."""
        self._check_records(self.articles)

    def test_takes_odd_texts(self) -> None:
        """White space, controls, markup, no sentences, impossible dates: no failure, and valid records."""
        self._check_records(self.odd)

    def test_gives_the_same_in_every_process(self) -> None:
        """Neither the order of sets nor what ran before makes a difference."""
        digests = {_digest_elsewhere(self.extractor, seed) for seed in ("0", "1", "2")}
        _check(len(digests) == 1, "processes differ in what they find")

    def test_says_what_it_is(self) -> None:
        """The run's metadata: a name, a version, and no path or time, the same for every document."""
        runs = {document.run for document in make(self.extractor).extract(self.articles)}
        _check(len(runs) == 1, "documents of one run tell of different runs")
        [run] = runs
        _check(run is not None and bool(run.extractor and run.version), "the run has no extractor's name or no version")

    def test_explains_what_it_found(self) -> None:
        """Where it explains itself, the documents are those that it finds, with a reason for each event."""
        from kgload.explanations import Explaining

        extractor = make(self.extractor)
        if isinstance(extractor, Explaining):
            explained = list(extractor.explain(self.articles))
            found = list(extractor.extract(self.articles))
            _check([one.document for one in explained] == found, "explaining changes what is found")
            for one in explained:
                ids = [event.id for event in one.document.events]
                _check([why.event for why in one.events] == ids, "the reasons are not those of the events, in order")

    def _check_records(self, articles: Sequence[Article]) -> None:
        import json

        from kgload import records_json
        from kgload.record_checks import problem

        found = list(make(self.extractor).extract(articles))
        _check(len(found) == len(articles), "there is not one document for each article")
        for document in found:
            wrong = problem(document)
            _check(wrong is None, f"{document.article.id!r}: {wrong}")
            row = json.loads(records_json.dump(document))
            try:
                back = records_json.load(row, document.article.id)
            except KgloadError as error:
                raise AssertionError(str(error)) from error
            _check(back == document, f"{document.article.id!r} is another one after it was written and read")


def make(extractor: str) -> Extractor:
    """An extractor by its name in the entry-point group, or as ``module:callable``, with kgload's own lexicon.

    Raises:
        ExtractorError: there is none.
    """
    from kgload.extraction import registry
    from kgload.linking.gazetteer import Gazetteer

    module, colon, name = extractor.partition(":")
    if not colon:
        return registry.create(extractor, Gazetteer.core())
    try:
        made: Extractor = getattr(import_module(module), name)(Gazetteer.core())
    except (ImportError, AttributeError, TypeError) as error:
        raise ExtractorError(f"extractor {extractor!r} cannot be made: {error}") from error
    return made


def digest(extractor: str, articles: Sequence[Article] = ARTICLES) -> str:
    """The SHA-256 of all that an extractor finds, in hexadecimal digits."""
    found = "".join(_dumped(document) for document in make(extractor).extract(articles))
    return hashlib.sha256(found.encode()).hexdigest()


def failures(extractor: str) -> dict[str, str]:
    """The tests that an extractor fails, with what was wrong."""
    tests = ExtractorConformance()
    tests.extractor = extractor
    found = {}
    for name in sorted(dir(tests)):
        if name.startswith("test_"):
            try:
                getattr(tests, name)()
            except Exception as error:  # whatever a plug-in raises is a failure of the plug-in's
                found[name] = f"{type(error).__name__}: {error}"
    return found


def _check(right: bool, otherwise: str) -> None:
    if not right:
        raise AssertionError(otherwise)


def _dumped(document: Document) -> str:
    from kgload import records_json

    return records_json.dump(document)


def _bytes(documents: Iterable[Document]) -> dict[str, str]:
    return {document.article.id: _dumped(document) for document in documents}


def _digest_elsewhere(extractor: str, seed: str) -> str:
    """The digest that a process of its own comes to, with another order of sets."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    done = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-m", "kgload.testing", "--digest", extractor],
        env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    _check(done.returncode == 0, f"a process of its own fails: {done.stderr.strip()[-300:]}")
    return done.stdout.strip()


def main(arguments: Sequence[str]) -> int:
    """``python -m kgload.testing NAME``: the tests, told; ``--digest NAME``: what is found, as a digest."""
    try:
        if len(arguments) == 2 and arguments[0] == "--digest":
            print(digest(arguments[1]))
            return 0
        if len(arguments) != 1:
            print("usage: python -m kgload.testing NAME", file=sys.stderr)
            return 2
        make(arguments[0])
    except ExtractorError as error:
        print(f"kgload: {error}", file=sys.stderr)
        return 2
    wrong = failures(arguments[0])
    for name in sorted(dir(ExtractorConformance)):
        if name.startswith("test_"):
            words = name.removeprefix("test_").replace("_", " ")
            print(f"FAILED {words}: {wrong[name]}" if name in wrong else f"passed {words}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
