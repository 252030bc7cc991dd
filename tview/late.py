"""Public names of a room that are imported on first use: what a command does not need, it does not wait for."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def late_names(room: str, namespace: dict[str, Any], module_of: Mapping[str, str]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a room (PEP 562): `module_of` says in which module each name is; once fetched it stays in `namespace`."""

    def fetch(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        value = namespace[name] = getattr(import_module(f"{room}.{module_of[name]}"), name)
        return value

    return fetch
