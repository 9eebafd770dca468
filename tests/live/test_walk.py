"""Three hundred acts and three hundred addresses a figure: nothing is NaN, none fails."""

import pytest
from figure_page import VIEWS
from walk import walk


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_that_hands_do_breaks_a_figure(browser, tmp_path, view):
    walk(browser, tmp_path, view, acts=300, seed=1)
