"""A row for each model: every file here but `kinds` has one, called ROW."""

from importlib import import_module
from pkgutil import iter_modules

from rows.kinds import Mixture

FILES = [
    import_module(f"rows.{module.name}")
    for module in iter_modules(__path__)
    if module.name != "kinds"
]
MODELS = [file.ROW for file in FILES]
PRIORS = {
    file.ROW.model: file.PRIOR for file in FILES if hasattr(file, "PRIOR")
}
MIXTURES = [row for row in MODELS if isinstance(row, Mixture)]
ADDING = [row for row in MODELS if hasattr(row.model, "credited")]
OTHERS = [row for row in MODELS if not isinstance(row, Mixture)]


def named(row: object) -> str:
    return row.model.__name__
