"""`kgload gazetteer`: gazetteers of the user's own, and what they know."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from kgload.cli.app import Json, Quiet, app
from kgload.cli.console import counting, printable, say
from kgload.cli.inputs import Gazetteers

if TYPE_CHECKING:
    from kgload.linking.dump import Report
    from kgload.records import EntityKind

LONGER = 10
commands = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Build gazetteers, and look names up in them.",
    epilog="Example: `kgload gazetteer search Georgia`",
)
app.add_typer(commands, name="gazetteer")

Target = Annotated[Path, typer.Option("-o", "--output", help="Gazetteer file to write.", metavar="FILE")]


@commands.command(epilog="Example: `kgload gazetteer build latest-all.json.bz2 -o world.sqlite --min-sitelinks 10`")
def build(
    output: Target,
    dump: Annotated[
        Optional[Path],  # noqa: UP045 - typer reads it at run time
        typer.Argument(help="Wikidata's JSON dump: .json, .json.gz or .json.bz2.", metavar="DUMP"),
    ] = None,
    from_sparql: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--from-sparql", help="SPARQL service that holds Wikidata, in place of a dump.", metavar="URL"),
    ] = None,
    kinds: Annotated[
        str, typer.Option("--kinds", help="Kinds of items to take, with commas between.", metavar="KINDS")
    ] = "State,Place,Person,Organization,ArmedGroup",
    min_sitelinks: Annotated[
        int, typer.Option("--min-sitelinks", help="Take items with pages in so many Wikipedias.", min=0)
    ] = 5,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Build a gazetteer from Wikidata: one file, for `--gazetteer`.

    A dump is streamed in memory that does not grow; a run that was stopped goes on where it was when it is called
    again, and the file is the same. A SPARQL service is asked page by page, waits when it is told to, and pages that
    were got are kept.
    """
    if (dump is None) == (from_sparql is None):
        raise typer.BadParameter("name either a DUMP or --from-sparql URL")
    unit = "lines" if dump else "items"
    with counting("building", unit, quiet=quiet) as tell:
        report = _built(dump, from_sparql, output, _kinds(kinds), min_sitelinks, tell)
    if as_json:
        import json

        counts = {"read": report.lines, "resumed": report.resumed, "items": report.info.items}
        typer.echo(
            json.dumps({**counts, "names": report.info.names, "kinds": report.info.kinds, "output": str(output)})
        )
        return
    resumed = f" ({report.resumed:,} by a run before)" if report.resumed else ""
    say(f"{report.lines:,} {unit} read{resumed}", quiet=quiet)
    by_kind = ", ".join(f"{n:,} {kind}" for kind, n in report.info.kinds.items())
    say(f"{report.info.items:,} items ({by_kind}), {report.info.names:,} names → {output}", quiet=quiet)


def _built(
    dump: Path | None, address: str | None, output: Path, kinds: list[EntityKind], links: int, tell: object
) -> Report:
    from collections.abc import Callable
    from typing import cast

    on_progress = cast("Callable[[int], None]", tell)
    if dump is not None:
        from kgload.linking.dump import build as from_dump

        return from_dump(dump, output, kinds=kinds, min_sitelinks=links, on_progress=on_progress)
    from kgload.linking.polite import Service, default_cache
    from kgload.linking.sparql_pages import build as from_service

    service = Service(address or "", cache=default_cache())
    return from_service(service, address or "", output, kinds=kinds, min_sitelinks=links, on_progress=on_progress)


@commands.command(epilog="Example: `kgload gazetteer add ours.csv -o ours.sqlite`")
def add(
    names: Annotated[
        Path,
        typer.Argument(
            help="CSV with columns name, iri; also kind, label, relation, description, country, within, office, from, "
            "until.",
            metavar="FILE",
        ),
    ],
    output: Target,
    quiet: Quiet = False,
) -> None:
    """Add names of your own to a gazetteer file, which is made where there is none.

    `iri` is any IRI, a QID, or `none` for a name that means no known item. A CSV file can also be used as it is:
    `--gazetteer ours.csv`.
    """
    from kgload.linking import own

    given = own.read(names)
    info = own.add(given, output)
    say(f"{len(given):,} names added; {output} holds {info.items:,} items, {info.names:,} names", quiet=quiet)


@commands.command(epilog="Example: `kgload gazetteer search Georgia`")
def search(
    name: Annotated[str, typer.Argument(help="A name, as a text would have it.")],
    gazetteer: Gazetteers = None,
    as_json: Json = False,
) -> None:
    """Show the items that a name may mean, likeliest first, and longer names that begin with it.

    Exits with 1 where the name is not known.
    """
    import dataclasses

    from kgload.linking import own
    from kgload.linking.gazetteer import Gazetteer

    opened = Gazetteer.core().over(*map(own.opened, gazetteer or ()))
    found = [(known, opened.description(known.iri), opened.facts(known.iri)) for known in opened.lookup(name)]
    longer = opened.beginning(name, LONGER)
    if as_json:
        import json

        rows = [
            {"iri": k.iri, "label": k.label, "kind": k.kind.value, "relation": k.relation, "prior": k.prior,
             "description": text, "facts": dataclasses.asdict(facts)}
            for k, text, facts in found
        ]  # fmt: skip
        typer.echo(json.dumps({"candidates": rows, "longer": longer}, ensure_ascii=False, indent=1))
    else:
        for known, text, facts in found:
            told = "; ".join(filter(None, (text, facts.told())))
            cells = (f"{known.prior:.4f}", known.kind.value, known.relation, known.iri, known.label, told)
            typer.echo("\t".join(map(printable, cells)).rstrip())
        if not found:
            say(f"{name!r} is not known")
        if longer:
            say("longer names: " + ", ".join(map(printable, longer)))
    if not found:
        raise typer.Exit(1)


@commands.command(epilog="Example: `kgload gazetteer info`")
def info(gazetteer: Gazetteers = None, as_json: Json = False) -> None:
    """Tell what the gazetteers hold: how many items and names, from when, how they were checked, under what licence."""
    import dataclasses

    from kgload.linking import own
    from kgload.linking.gazetteer import Gazetteer

    indexes = Gazetteer.core().over(*map(own.opened, gazetteer or ())).indexes
    if as_json:
        import json

        rows = [{"file": index.source, **dataclasses.asdict(index.info())} for index in indexes]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for index in indexes:
        held = index.info()
        typer.echo(f"{printable(index.source)}: {held.items:,} items, {held.names:,} names")
        typer.echo("  " + ", ".join(f"{n:,} {kind}" for kind, n in held.kinds.items()))
        for what, value in held.about.items():
            if what != "format":
                typer.echo(printable(f"  {what}: {value}"))


def _kinds(text: str) -> list[EntityKind]:
    from kgload.records import EntityKind

    linkable = [kind for kind in EntityKind if kind is not EntityKind.FORCE]
    names = {kind.value.lower(): kind for kind in linkable}
    asked = [part.strip().lower() for part in text.split(",") if part.strip()]
    if not asked or any(part not in names for part in asked):
        raise typer.BadParameter(f"--kinds takes {', '.join(kind.value for kind in linkable)}")
    return [names[part] for part in asked]
