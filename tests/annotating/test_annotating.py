"""Annotations go from gold to brat and Doccano and come back the same; what tools and people change is read."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import run, told

from kgload.annotating import brat, doccano, files
from kgload.annotating.layout import LISTS, ROLES, Annotated, Marked, Name, gather, lay_out
from kgload.errors import BadLine, KgloadError
from kgload.evaluation.graph import read_graph
from kgload.evaluation.scores import score
from kgload.gold import GoldDocument, GoldEvent, GoldMention, read
from kgload.records import Article, EventDate, Mode, Status

TEXT = (
    "Mara Dunn of Norland\nmet Sorin Vale in Oslo on Tuesday. \U0001f6d1 North Korean troops went to Oslo.\r\n"
    "The talks\twere held by phone, Norland's Lake Council said."
)
WORDS = sorted({*TEXT.replace("'", " ").split(), "Mara Dunn", "Sorin Vale", "Lake Council", "Norland\nmet"})
SENTENCES = ((0, 54), (55, 95), (96, len(TEXT)))

days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
# Names that stand in the text, and others that do not.
name = st.sampled_from(WORDS) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
several = st.lists(name, max_size=3, unique=True).map(tuple)
maybe = st.none() | name


@st.composite
def stretches(draw: st.DrawFn) -> GoldMention:
    word = draw(st.sampled_from([w for w in WORDS if w in TEXT]))
    begin = TEXT.index(word)
    sentence = max(n for n, (first, _) in enumerate(SENTENCES) if first <= begin)
    return GoldMention(begin, begin + len(word), sentence, word)


@st.composite
def events(draw: st.DrawFn) -> GoldEvent:
    return GoldEvent(
        type=draw(st.sampled_from(["Meeting", "Deployment", "Election"])),
        mentions=tuple(draw(st.lists(stretches(), min_size=1, max_size=3, unique_by=lambda m: (m.begin, m.end)))),
        participants=draw(several),
        accept=draw(several),
        place=draw(several),
        accept_place=draw(several),
        date=draw(st.none() | st.tuples(days, days).map(lambda two: EventDate(min(two), max(two)))),
        date_scored=draw(st.booleans()),
        status=draw(st.none() | st.sampled_from(Status)),
        mode=draw(st.none() | st.sampled_from(Mode)),
        reported_by=draw(maybe),
        deployer=draw(maybe),
        force=draw(maybe),
        quantity=draw(st.none() | st.integers(0, 10**9)),
        origin=draw(maybe),
        destination=draw(maybe),
        optional=draw(st.booleans()),
    )


texts = st.builds(
    lambda some, aliases: Annotated(
        Article("../odd id\n</script>", TEXT, "A title", dt.date(2025, 8, 13), "https://wire.example/1"),
        GoldDocument("../odd id\n</script>", SENTENCES, tuple(some), aliases),
    ),
    st.lists(events(), max_size=4),
    st.dictionaries(name, st.lists(name, max_size=2).map(tuple), max_size=2),
)


def tidy(one: Annotated) -> Annotated:
    """The same, with names and triggers in one order: tools give them in the order of the text."""
    tidied = [
        replace(
            event,
            mentions=tuple(sorted(event.mentions, key=lambda m: (m.begin, m.end))),
            **{field: tuple(sorted(getattr(event, field))) for field in LISTS.values()},
        )
        for event in one.gold.events
    ]
    return Annotated(one.article, replace(one.gold, events=tuple(sorted(tidied, key=repr))))


def no_split(article: Article) -> list[tuple[int, int]]:
    raise AssertionError("the sentences are known")


@given(texts)
def test_brat_and_back_is_the_same(one: Annotated) -> None:
    marks = brat.read(brat.write(one), one.article.text)
    aliases = {key: list(forms) for key, forms in one.gold.aliases.items()}
    assert tidy(gather(one.article, marks, SENTENCES, aliases)) == tidy(one)


@given(texts)
def test_doccano_and_back_is_the_same_also_when_it_numbers_anew(one: Annotated) -> None:
    row = json.loads(doccano.write(one))
    for entity in row["entities"]:
        entity["id"] += 1000
    for relation in row["relations"]:
        relation |= {
            "id": relation["id"] + 77,
            "from_id": relation["from_id"] + 1000,
            "to_id": relation["to_id"] + 1000,
        }
    back, marks = doccano.read(json.dumps(row))
    aliases = {key: list(forms) for key, forms in one.gold.aliases.items()}
    assert back.text == TEXT
    assert tidy(gather(one.article, marks, SENTENCES, aliases)) == tidy(one)


@given(st.lists(texts, min_size=1, max_size=2))
def test_files_of_all_forms_come_back_whole(tmp_path_factory: pytest.TempPathFactory, some: list[Annotated]) -> None:
    folder = tmp_path_factory.mktemp("annotated")
    numbered = [
        Annotated(replace(one.article, id=f"{n}{one.article.id}"), replace(one.gold, id=f"{n}{one.gold.id}"))
        for n, one in enumerate(some)
    ]
    files.write_gold(numbered, folder / "gold.jsonl")
    assert list(files.read_gold(folder / "gold.jsonl")) == numbered
    files.write_brat(numbered, folder / "brat")
    assert [tidy(one) for one in files.read_brat(folder / "brat", no_split)] == [tidy(one) for one in numbered]
    files.write_doccano(numbered, folder / "doccano.jsonl")
    assert [tidy(one) for one in files.read_doccano(folder / "doccano.jsonl", no_split)] == [tidy(o) for o in numbered]
    assert sorted(p.name for p in folder.iterdir()) == ["brat", "doccano.jsonl", "gold.articles.jsonl", "gold.jsonl"]


@given(st.text(st.sampled_from('TERA#*N12345 \t\n:;{}"abcMeetingName'), max_size=80))
def test_a_broken_annotation_file_is_refused_and_never_breaks(lines: str) -> None:
    with contextlib.suppress(ValueError):
        gather(Article("a", TEXT), brat.read(lines, TEXT), SENTENCES, {})


KEYS = [
    "id", "text", "label", "entities", "relations", "start_offset", "end_offset", "kgload", "from_id", "to_id", "type",
    "events", "names", "begin", "end",
]  # fmt: skip
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["id", "text", "entities", "relations", "kgload"]), json_values))
def test_a_broken_doccano_line_is_refused_and_never_breaks(row: dict[str, object]) -> None:
    with contextlib.suppress(ValueError):
        back, marks = doccano.read(json.dumps(row))
        gather(Article("a", back.text), marks, [(0, len(back.text))], {})


def test_what_a_person_draws_in_brat_is_read() -> None:
    text = "Kenya met Uganda in Nairobi. The talks were short."
    marks = brat.read(
        "T1\tName 0 5\tKenya\nT2\tName 10 16\tUganda\nT3\tMeeting 6 9\tmet\nT4\tMeeting 33 38\ttalks\n"
        "T5\tName 20 27\tNairobi\n"
        "E1\tMeeting:T3 Participant:T1 Participant2:T2 Place:T5\nE2\tMeeting:T4\n*\tEquiv E1 E2\n"
        "A1\tStatus E2 Occurred\nN1\tReference T1 Wikidata:Q114\tKenya\n#1\tAnnotatorNotes E1\tnot sure about this\n",
        text,
    )
    names = [
        ("participant", Name(0, 5, "Kenya")),
        ("participant", Name(10, 16, "Uganda")),
        ("place", Name(20, 27, "Nairobi")),
    ]
    assert marks == [Marked("Meeting", ((6, 9), (33, 38)), "Occurred", parts=tuple(names))]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("T1\tName 0 5\tUganda", "line 1: the text has 'Kenya'"),
        ("T1\tName 0 five\tKenya", "line 1"),
        ("E1\tMeeting:T9", "'T9' is no stretch"),
        ("T1\tMeeting 6 9\tmet\nE1\tMeeting:T1 Guest:T1", "line 2: 'Guest' is no part"),
        ("hello", "line 1: 'hello' is no annotation"),
    ],
)
def test_a_wrong_line_of_brat_is_named(tmp_path: Path, lines: str, said: str) -> None:
    (tmp_path / "1.txt").write_text("Kenya met Uganda.")
    (tmp_path / "1.ann").write_text(lines)
    with pytest.raises(BadLine) as error:
        list(files.read_brat(tmp_path, lambda article: [(0, len(article.text))]))
    assert said in str(error.value)


def test_a_folder_with_somebodys_annotations_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.ann").write_text("T1\tName 0 5\tKenya\n")
    with pytest.raises(KgloadError, match="would be lost"):
        files.write_brat([], tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.ann"]


def test_brats_configuration_names_all_that_is_written() -> None:
    configuration = brat.configuration()
    for word in ("Meeting", "Agreement", "Planned", "Phone", *map(brat.role_name, ROLES)):
        assert word in configuration


def test_names_are_found_nearest_to_the_trigger_and_by_their_other_forms() -> None:
    text = "Oslo is far. Norland's men met in Oslo."
    event = GoldEvent("Meeting", (GoldMention(27, 30, 1, "met"),), ("Norland Republic",), place=("Oslo", "Bergen"))
    one = Annotated(
        Article("a", text), GoldDocument("a", ((0, 12), (13, 39)), (event,), {"Norland Republic": ("Norland",)})
    )
    [marked] = lay_out(one)
    assert marked.parts == (("participant", Name(13, 20, "Norland Republic")), ("place", Name(34, 38, "Oslo")))
    assert marked.rest == {"place": ["Bergen"]}


def test_what_was_found_goes_through_brat_and_evaluates_as_gold(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text(
        "Kenya and Uganda held talks in Nairobi on Tuesday. Kenya sent 400 police officers to Haiti on Monday.\n"
    )
    options = ("--date", "2025-08-13", "--extractor", "rules")
    drafted = run("annotate", article, "-o", tmp_path / "draft", "--to", "brat", *options)
    assert drafted.returncode == 0, drafted.stderr
    assert run("annotate", tmp_path / "draft", "--from", "brat", "-o", tmp_path / "gold.jsonl").returncode == 0
    assert run("annotate", article, "-o", tmp_path / "own.jsonl", *options).returncode == 0
    gold, own = (list(files.read_gold(tmp_path / name)) for name in ("gold.jsonl", "own.jsonl"))
    assert [tidy(one) for one in gold] == [tidy(one) for one in own]
    assert run("convert", tmp_path / "gold.articles.jsonl", "-o", tmp_path / "a.nq", *options).returncode == 0
    scores = score(read(tmp_path / "gold.jsonl"), read_graph(tmp_path / "a.nq"))
    assert scores.total(scores.events).right == 2
    assert scores.strict.f1 == 1


def test_the_command_says_in_a_line_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text(
        '{"text": "A.", "entities": [{"id": 1, "label": "Meeting:Done", "start_offset": 0, "end_offset": 1}]}\n'
    )
    done = run("annotate", tmp_path / "bad.jsonl", "--from", "doccano", "-o", tmp_path / "gold.jsonl")
    assert (done.returncode, told(done)) == (2, "KGL-108")
    assert not (tmp_path / "gold.jsonl").exists()


def test_two_texts_of_one_id_make_no_gold(tmp_path: Path) -> None:
    line = json.dumps({"id": 1, "text": "Kenya met Uganda.", "entities": [], "relations": []}) + "\n"
    (tmp_path / "twice.jsonl").write_text(line * 2)
    done = run("annotate", tmp_path / "twice.jsonl", "--from", "doccano", "-o", tmp_path / "gold.jsonl")
    assert (done.returncode, told(done)) == (2, "KGL-111")
    assert [path.name for path in tmp_path.iterdir()] == ["twice.jsonl"]


def test_what_a_person_corrected_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Norway and Sweden met in Oslo.")
    (tmp_path / "draft.jsonl").write_text("hours of work")
    found = run("annotate", "a.txt", "-o", "draft.jsonl", "--extractor", "rules", cwd=tmp_path)
    assert (found.returncode, (tmp_path / "draft.jsonl").read_text()) == (4, "hours of work")
    assert told(found) == "KGL-601"
    assert "--force" in found.stderr
    assert (
        run("annotate", "a.txt", "-o", "draft.jsonl", "--extractor", "rules", "--force", cwd=tmp_path).returncode == 0
    )
    found = run("annotate", "draft.jsonl", "--from", "gold", "-o", "draft.jsonl", "--force", cwd=tmp_path)
    assert found.returncode == 4
    assert "read from" in found.stderr
