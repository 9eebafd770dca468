"""What is done to the text of a program: changes, numbers, half-steps, addresses."""

import pytest
from changes import with_change
from playable import SOURCES

PROGRAM = """\
x = [1, 2]  # data
theta = np.array(
    [0.6, 0.5]  # a guess (coin A), "coin B"
)
n=2
for step in range(3):
    # E-step: whose is it?
    share = x

    # M-step: what fits best?
    theta = share
    if n:
        n = n
print(theta)
"""


@pytest.fixture(scope="module")
def ask(browser):
    """Give what asks one of the functions."""
    page = browser.new_page()
    page.add_script_tag(path=SOURCES / "texts.js")

    def ask(name, *args):
        return page.evaluate(f"args => {name}(...args)", list(args))

    yield ask
    page.close()


@pytest.mark.parametrize(
    "diff",
    [
        "-n=2\n+n=3",
        "-n=2\n+n=3\n+m = 4\n-    share = x\n+    share = 2 * x",
        "-n=2\n+n=3\n\n-print(theta)\n+print(theta, n)",
        "-        n = n\n-print(theta)\n+        pass",
    ],
)
def test_a_change_is_made_as_the_build_makes_it(ask, diff):
    change = f'<div class="change" markdown>\n```diff\n{diff}\n```\n</div>'
    wanted = with_change(PROGRAM.rstrip("\n"), change, "page", 1)
    assert ask("withChange", PROGRAM, diff) == wanted + "\n"


def test_a_change_whose_lines_are_gone_is_none(ask):
    assert ask("withChange", PROGRAM, "-n=3\n+n=4") is None
    assert ask("withChange", PROGRAM, "-n=\n+n=4") is None
    assert ask("withChange", PROGRAM, "-print(theta)\n+a\n-n=2\n+b") is None


@pytest.mark.parametrize(
    ("name", "value", "old", "new"),
    [
        ("x", [3, 4.5], "x = [1, 2]  #", "x = np.array([3, 4.5])  #"),
        ("n", 7, "n=2\n", "n=7\n"),
        (
            "theta",
            [[0.1, 0.2], [0.3, 0.4]],
            PROGRAM[PROGRAM.index("np.array") : PROGRAM.index("n=2") - 1],
            "np.array([[0.1, 0.2], [0.3, 0.4]])",
        ),
    ],
)
def test_a_number_takes_the_place_of_the_first_value(
    ask, name, value, old, new
):
    assert ask("withValue", PROGRAM, name, value) == PROGRAM.replace(
        old, new, 1
    )


def test_a_name_that_is_assigned_nowhere_takes_no_number(ask):
    assert ask("withValue", PROGRAM, "share", [1]) is None
    assert ask("withValue", "x == 2\n", "x", 1) is None


def test_many_numbers_stand_on_lines_of_at_most_80_letters(ask):
    values = [n / 8 for n in range(60)]
    made = ask("withValue", "x = 1  # here\nx", "x", values)
    assert max(map(len, made.splitlines())) <= 80
    assert made.endswith(")  # here\nx")
    names: dict = {}
    exec(f"import numpy as np\n{made}", names)
    assert names["x"].tolist() == values


def test_the_lines_of_a_half_step_end_with_it(ask):
    assert ask("halfStep", PROGRAM, "E") == {"from": 6, "lines": 2}
    assert ask("halfStep", PROGRAM, "M") == {"from": 9, "lines": 4}
    assert ask("halfStep", "x = 1\n", "E") is None


@pytest.mark.parametrize("text", ["", "θ = 'π ≠ 3'  # 😀\n" * 30, PROGRAM])
def test_a_program_goes_through_an_address_and_back(ask, text):
    packed = ask("packed", text)
    assert set(packed) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )
    assert ask("unpacked", packed) == text


def test_an_address_that_is_none_or_too_long_is_refused(ask):
    for packed in ("abc", "*", ask("packed", "x" * 90_000 + "y")[:-9]):
        with pytest.raises(Exception, match="Error"):
            ask("unpacked", packed)
    with pytest.raises(Exception, match="too long"):
        ask("packed", "".join(map(chr, range(256, 60_000))))
