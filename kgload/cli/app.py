"""The typer app that every command registers with, and the options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from kgload.stores import Server


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


def _one_place(context: typer.Context, value: Any) -> Any:
    """Let one of --store and --endpoint pass. A folder that the environment names gives way to a server.

    Raises:
        StoreError: both are given.
    """
    sources = [context.get_parameter_source(name) for name in ("store", "endpoint")]
    if all(source is not None and source.name == "COMMANDLINE" for source in sources):
        from kgload.errors import StoreError

        raise StoreError("--store names a folder, --endpoint a server: give one of them")
    return value


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
        callback=_one_place,
    ),
]
Endpoint = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--endpoint", help="SPARQL server in place of the embedded store.", metavar="URL", callback=_one_place
    ),
]
ProfileName = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--profile",
        help="What kind of server it is: oxigraph, fuseki, rdf4j, virtuoso.  [default: found out]",
        metavar="NAME",
    ),
]
CaFile = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--ca-file", help="Certificates (PEM) to check the server's against.  [default: public ones]", metavar="FILE"
    ),
]

DEFAULT_BASE = "https://w3id.org/kgload/"


def server(endpoint: str | None, profile: str | None, ca_file: Path | None) -> Server | None:
    """The server that a command's options name, if they name one.

    Raises:
        StoreError: they say something of a server that is not named.
    """
    from kgload.errors import StoreError
    from kgload.stores import Server

    if endpoint is not None:
        return Server(endpoint, profile, ca_file)
    if profile is not None or ca_file is not None:
        raise StoreError("--profile and --ca-file go with --endpoint, which is not given")
    return None


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
    ontology: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Option("--ontology", help="Turtle file with more event types.  [env: KGLOAD_ONTOLOGY]", metavar="FILE"),
    ] = None,
    frames: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Option("--frames", help="Folder of frames for more event types.  [env: KGLOAD_FRAMES]", metavar="DIR"),
    ] = None,
    model: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--model", help="Model for the extractor encoder, in place of kgload's.  [env: KGLOAD_MODEL]", metavar="DIR"
        ),
    ] = None,
) -> None:
    """News articles in, a knowledge graph of meetings, deployments and agreements out.

    Every fact keeps its sentence, its source, its status and the precision of its date.
    """
    # Through the environment, so that processes that are started find them too.
    for name, paths in (("KGLOAD_ONTOLOGY", ontology), ("KGLOAD_FRAMES", frames), ("KGLOAD_MODEL", model and [model])):
        if paths:
            os.environ[name] = os.pathsep.join(str(path.absolute()) for path in paths)
