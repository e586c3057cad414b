"""What a process that answers queries may not do, whatever the query: reach a network, take all memory."""

from __future__ import annotations

import contextlib
import ctypes
import platform
import sys

# Bytes of memory that a query may take, the database's own included.
MEMORY = 2 << 30

# The numbers by which Linux knows things on the machines that it is known for.
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_ACCESS_DENIED = 13
_LOCAL = 1  # AF_UNIX


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


def limit_memory(most: int = MEMORY) -> None:
    """Let the system refuse memory beyond ``most`` bytes, where it knows such a limit."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        # Whoever is killed for it leaves no copy of its memory on the disk.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def refuse_network() -> bool:
    """Let the system refuse this process, from now on, any connection beyond this machine; whether it will.

    Only Linux can be told so by a process without rights. Elsewhere, what refuses SERVICE stands alone.
    """
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return False
    machine, socket = _MACHINES[platform.machine()]
    # A socket of another family than the local one is refused, and so is what speaks as another machine would.
    steps = (
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, 5, machine),
        (_LOAD, 0, 0, 0),
        (_EQUAL, 0, 2, socket),
        (_LOAD, 0, 0, 16),
        (_EQUAL, 0, 1, _LOCAL),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE | _ACCESS_DENIED),
    )
    program = _Program(len(steps), (_Instruction * len(steps))(*(_Instruction(*step) for step in steps)))
    control = ctypes.CDLL(None, use_errno=True).prctl
    if control(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    done: int = control(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)
    return done == 0
