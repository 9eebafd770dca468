"""A row for each model: every file here but `kinds` has one, called ROW."""

from importlib import import_module
from pkgutil import iter_modules

from rows.kinds import Mixture

MODELS = [
    import_module(f"rows.{module.name}").ROW
    for module in iter_modules(__path__)
    if module.name != "kinds"
]
MIXTURES = [row for row in MODELS if isinstance(row, Mixture)]
ADDING = [row for row in MODELS if hasattr(row.model, "credited")]
OTHERS = [row for row in MODELS if not isinstance(row, Mixture)]


def named(row: object) -> str:
    return row.model.__name__
