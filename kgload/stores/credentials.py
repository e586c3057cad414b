"""Who kgload says that it is: from the environment, the keyring or netrc; never from an address or an argument."""

from __future__ import annotations

import base64
import contextlib
import netrc
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus, urlsplit

from kgload.errors import EndpointRefused

WHERE = "KGLOAD_USER and KGLOAD_PASSWORD, KGLOAD_TOKEN, the keyring or ~/.netrc give credentials"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user with a password, or a bearer token; neither is part of what is printed of this."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.user or self.token)

    def hidden(self, text: str) -> str:
        """A text without the password and the token, as they are and as headers and addresses write them."""
        secrets = {self.token}
        if self.password:
            pair = f"{self.user}:{self.password}"
            secrets |= {self.password, quote(self.password, safe=""), quote_plus(self.password)}
            for encoding in ("utf-8", "latin-1"):
                with contextlib.suppress(UnicodeEncodeError):
                    packed = base64.b64encode(pair.encode(encoding)).decode()
                    secrets |= {packed, packed.rstrip("="), packed.replace("+", "-").replace("/", "_")}
        for secret in sorted(filter(None, secrets), key=len, reverse=True):
            text = text.replace(secret, "•••")
        return text


def found(url: str) -> Credentials:
    """Credentials for a server: those of the environment, else of the keyring, else of netrc; empty where none are.

    The keyring is asked for the service ``kgload:`` and the server's origin (``kgload:https://host:3030``), where the
    package ``keyring`` is installed. netrc's file is ``~/.netrc`` or what ``NETRC`` names; its default entry is not
    used, since it names no server.

    Raises:
        EndpointRefused: they are incomplete, hold what no header takes, or netrc's file cannot be read.
    """
    return _fit(_found(url))


def _found(url: str) -> Credentials:
    # Line ends are of the file that they were read from.
    if token := os.environ.get("KGLOAD_TOKEN", "").strip():
        return Credentials(token=token)
    user, password = (os.environ.get(name, "").rstrip("\r\n") for name in ("KGLOAD_USER", "KGLOAD_PASSWORD"))
    if user or password:
        if not (user and password):
            raise EndpointRefused("KGLOAD_USER and KGLOAD_PASSWORD go together; only one of them is set")
        return Credentials(user, password)
    return _of_keyring(url) or _of_netrc(url)


def _fit(credentials: Credentials) -> Credentials:
    """Credentials that a header takes; what a library says of others would hold them.

    Raises:
        EndpointRefused: they are none.
    """
    if not all("!" <= c <= "~" for c in credentials.token):
        raise EndpointRefused("KGLOAD_TOKEN holds a space, a control character or one beyond ASCII; no token has these")
    if any(c < " " or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in credentials.user + credentials.password):
        raise EndpointRefused("the user's name or password holds a line end or control character, or is no UTF-8")
    return credentials


def _of_keyring(url: str) -> Credentials:
    try:
        import keyring
    except ImportError:
        return Credentials()
    parts = urlsplit(url)
    # A keyring without a desktop to unlock it fails in ways of its own: that is no reason not to try netrc.
    with contextlib.suppress(Exception):
        entry = keyring.get_credential(f"kgload:{parts.scheme}://{parts.netloc}", None)
        if entry is not None:
            return Credentials(entry.username, entry.password)
    return Credentials()


def _of_netrc(url: str) -> Credentials:
    path = Path(os.environ.get("NETRC") or Path.home() / ".netrc")
    try:
        entry = netrc.netrc(path).hosts.get(urlsplit(url).hostname or "")
    except FileNotFoundError:
        return Credentials()
    except (netrc.NetrcParseError, OSError, UnicodeDecodeError) as error:
        # The parser's own words may hold a line of the file.
        raise EndpointRefused(f"{path} cannot be read: {type(error).__name__}") from None
    return Credentials(entry[0], entry[2]) if entry and entry[0] and entry[2] else Credentials()
