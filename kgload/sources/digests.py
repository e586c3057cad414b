"""A set of what texts hash to, in little memory."""

from __future__ import annotations

import hashlib

WIDTH = 16
EMPTY = bytes(WIDTH)


def digest(*texts: str) -> bytes:
    """16 bytes that tell texts, one after the other, from all others."""
    made = hashlib.blake2b(digest_size=WIDTH)
    for text in texts:
        encoded = text.encode("utf-8", "surrogatepass")
        made.update(len(encoded).to_bytes(8, "little") + encoded)
    return made.digest()


class Digests:
    """Digests in one block of memory: 24 to 48 bytes each (a set of Python's takes about 100)."""

    def __init__(self) -> None:
        self._places = 1 << 10
        self._held = bytearray(WIDTH * self._places)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, key: bytes) -> bool:
        at = self._place(key)
        return self._held[at : at + WIDTH] == key

    def add(self, key: bytes) -> bool:
        """Put a digest in; whether it is new."""
        at = self._place(key)
        if self._held[at : at + WIDTH] == key:
            return False
        self._held[at : at + WIDTH] = key
        self._count += 1
        if 3 * self._count > 2 * self._places:
            self._grow()
        return True

    def _place(self, key: bytes) -> int:
        """Where a digest stands, or would be put: at its own number, or the next place that is free."""
        number = int.from_bytes(key[:8], "little") % self._places
        while True:
            at = number * WIDTH
            found = self._held[at : at + WIDTH]
            if found in (key, EMPTY):
                return at
            number = (number + 1) % self._places

    def _grow(self) -> None:
        old = self._held
        self._places *= 2
        self._held = bytearray(WIDTH * self._places)
        for begin in range(0, len(old), WIDTH):
            key = bytes(old[begin : begin + WIDTH])
            if key != EMPTY:
                at = self._place(key)
                self._held[at : at + WIDTH] = key
