"""The typer app that every command registers with, and the options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Optional

import typer
from typer.core import TyperGroup


class ReaderGone(BaseException):
    """Whoever read our output has closed it."""


class _Commands(TyperGroup):
    """All commands. A broken pipe is told upward under a name of its own, as typer would make a failure of it."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise ReaderGone from None


app = typer.Typer(
    name="kgload",
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with `kgload load ARTICLES` and `kgload query --list`.",
)

Quiet = Annotated[bool, typer.Option("--quiet", help="Print results and errors only.")]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON, for programs.")]
Base = Annotated[str, typer.Option("--base", help="Base of the IRIs that kgload makes.", metavar="IRI")]
StorePath = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads it at run time
    typer.Option(
        "--store",
        envvar="KGLOAD_STORE",
        help="Folder of the embedded store.  [default: ./kgload.db]",
        metavar="DIR",
    ),
]
Endpoint = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--endpoint", help="SPARQL server in place of the embedded store.", metavar="URL"),
]

DEFAULT_BASE = "https://w3id.org/kgload/"


def _print_version(asked: bool) -> None:
    if asked:
        from kgload import __version__

        typer.echo(f"kgload {__version__}")
        raise typer.Exit


@app.callback()
def kgload(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """News articles in, a knowledge graph of meetings, deployments and agreements out.

    Every fact keeps its sentence, its source, its status and the precision of its date.
    """
