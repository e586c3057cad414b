"""`kgload query`: canned queries and SPARQL, over the embedded store, a server or a file."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Optional

import typer

from kgload.cli.app import CaFile, Endpoint, ProfileName, Quiet, StorePath, app, server


@app.command(epilog="Example: `kgload query meetings-of --param name=Putin`")
def query(
    name: Annotated[
        Optional[str],  # noqa: UP045 - typer reads it at run time
        typer.Argument(help="Name of a canned query; --list shows them.", metavar="[NAME]"),
    ] = None,
    param: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--param", "-p", help="A parameter's value; may be given several times.", metavar="NAME=VALUE"),
    ] = None,
    sparql: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("-q", "--sparql", help="SPARQL in place of a canned query; - reads it from stdin."),
    ] = None,
    list_all: Annotated[bool, typer.Option("--list", help="List the canned queries and their parameters.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the SPARQL, with the parameters in place.")] = False,
    file: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--file", help="Graph file to query in memory.", metavar="GRAPH"),
    ] = None,
    store: StorePath = None,
    endpoint: Endpoint = None,
    profile: ProfileName = None,
    ca_file: CaFile = None,
    format_: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--format",
            help="table, csv, tsv, json, markdown; turtle for CONSTRUCT.  [default: table, or turtle]",
            metavar="NAME",
        ),
    ] = None,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("-o", "--output", help="File to write.  [default: stdout]"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    quiet: Quiet = False,
) -> None:
    """Ask a graph: by a canned query, or by SPARQL.

    Parameters are bound as RDF terms: nothing in a value can change the query. The answer is the same from the embedded
    store, a server and a file.
    """
    from kgload import asking
    from kgload.cli.console import say
    from kgload.errors import BadParameter, QueryError

    if list_all:
        typer.echo(asking.listing(as_json=as_json), nl=False)
        return
    if (name is None) == (sparql is None):
        raise QueryError("give the name of a canned query (--list shows them), or SPARQL with -q")
    if sparql is not None and param:
        raise BadParameter("--param is for canned queries; SPARQL given with -q holds its values itself")
    if sparql == "-":
        sparql = _stdin()
    text = asking.bound(name, _values(param or [])) if name else str(sparql)
    if show:
        typer.echo(text, nl=not text.endswith("\n"))
        return
    with _stoppable():
        answer = asking.ask(text, name=name, store=store, endpoint=server(endpoint, profile, ca_file), file=file)
    said = answer.write("json" if as_json and format_ is None else format_, width=None)
    if output:
        from kgload.files import replacing

        with replacing(output) as stream:
            stream.write(said.encode())
    else:
        typer.echo(said, nl=False)
    if answer.is_empty:
        say("no rows" + (": the store is empty" if answer.store_empty else ""), quiet=quiet)


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the process at once: the store answers in its own code, where handlers would wait.

    Nothing is being written meanwhile; a shell reports 130 or 143, as for the other commands.
    """
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, signal.SIG_DFL) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _stdin() -> str:
    from kgload.errors import BadSparql

    try:
        return typer.get_binary_stream("stdin").read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSparql(f"the query is not UTF-8: byte {error.start} (0x{error.object[error.start]:02x})") from error


def _values(pairs: list[str]) -> dict[str, str]:
    from kgload.errors import BadParameter

    values = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise BadParameter(f"--param takes name=value, this is {pair[:60]!r}")
        values[name] = value
    return values
