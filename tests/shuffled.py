"""Tests in a random order that a seed repeats: a plugin for `steady.py`."""

import random

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, help="the order of the tests")
    parser.addoption(
        "--only-browser",
        action="store_true",
        help="none but those in a browser",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Shuffle; pytest then brings together again what shares a page."""
    if config.option.only_browser:
        left = [
            item
            for item in items
            if "browser" not in getattr(item, "fixturenames", ())
        ]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]
    random.Random(config.option.seed).shuffle(items)
