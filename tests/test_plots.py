"""Figures: their words, their ink, and figures that step."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb

from em.figures.colours import COLOURS, NIGHT, at_night, in_css
from em.figures.drawing import Drawing, blend, draw, finish
from em.figures.paths import dots, short
from em.figures.stepper import stepper


@pytest.fixture
def drawing() -> Drawing:
    figure, axes = draw()
    axes.plot([0, 1], [0, 1])
    axes.set(title="a < b", xlabel="x")
    return finish(figure, 'What is "to be seen" & read', "A caption <b>")


def test_a_drawing_carries_its_words_and_the_ink_of_its_page(drawing):
    svg = drawing.svg()
    assert 'aria-label="What is &quot;to be seen&quot; &amp; read"' in svg
    assert "currentColor" in svg
    assert "#010203" not in svg
    assert ">a &lt; b</text>" in svg
    assert "\n\n" not in svg
    assert (
        "<figcaption>A caption &lt;b&gt;</figcaption>" in drawing._repr_html_()
    )


def test_a_drawing_is_the_same_each_time_and_its_names_its_own(drawing):
    assert drawing.svg() == drawing.svg()
    ids = [set(re.findall(r'id="([^"]+)"', drawing.svg(n))) for n in (0, 1)]
    assert ids[0]
    assert not ids[0] & ids[1]
    for number in (0, 1):
        used = set(
            re.findall(r'(?:url\(|href=")#([\w.-]+)', drawing.svg(number))
        )
        assert used == ids[number]


def test_a_drawing_saved_by_itself_is_svg_that_follows_the_mode(
    drawing, tmp_path
):
    drawing.save(tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text("utf-8")
    assert text.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "prefers-color-scheme:dark" in text


@pytest.mark.parametrize(("alt", "caption"), [("", "a"), ("a", ""), (" ", "a")])
def test_a_figure_without_words_is_refused(alt, caption):
    with pytest.raises(
        ValueError, match="needs alternative text and a caption"
    ):
        finish(draw()[0], alt, caption)


def test_colours_are_mixed_by_responsibility():
    red, blue, both = blend(np.array([[1, 0], [0, 1], [0.5, 0.5]]))
    np.testing.assert_allclose(both, (red + blue) / 2)
    assert red[0] > red[2]
    assert blue[2] > blue[0]


def test_a_stepper_has_every_frame_with_its_line(drawing):
    page = stepper(
        [drawing] * 3, ["one", "two <", "three"], "Three"
    )._repr_html_()
    assert re.findall(r'data-step="(\d)"', page) == ["0", "1", "2"]
    assert re.findall(r'class="told">(.*?)</p>', page) == [
        "one",
        "two &lt;",
        "three",
    ]
    assert 'max="2" value="0"' in page
    assert 'aria-valuetext="one"' in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("count", "told", "caption", "message"),
    [
        (1, ["a"], "c", "1 frames: expected two or more"),
        (2, ["a"], "c", "1 lines for 2 frames"),
        (2, ["a", " "], "c", "each frame needs a line"),
        (
            2,
            ["a", "b"],
            "",
            "each frame needs a line, and the figure a caption",
        ),
    ],
)
def test_a_stepper_that_lacks_something_is_refused(
    drawing, count, told, caption, message
):
    with pytest.raises(ValueError, match=message):
        stepper([drawing] * count, told, caption)


def test_the_whole_drawing_is_in_the_style_and_what_is_around_it_is_not():
    import matplotlib as mpl

    names = ("lines.linewidth", "axes.titlelocation", "font.size", "text.color")
    before = [mpl.rcParams[name] for name in names]
    figure, axes = draw()
    (line,) = axes.plot([0, 1], [0, 1])
    axes.set(title="A title", ylabel="height")
    axes.text(0, 0, "small", fontsize=6)
    finish(figure, "What is to be seen", "A caption")
    assert axes.get_title(loc="left") == "A title"
    assert line.get_linewidth() == 1.8
    assert axes.texts[0].get_fontsize() == 12
    assert [mpl.rcParams[name] for name in names] == before


def test_a_still_is_drawn_for_a_desk_and_for_a_phone(drawing):
    page = drawing._repr_html_()
    assert re.findall(r'<div class="(\w+)"', page) == ["wide", "narrow"]
    widths = [float(w) for w in re.findall(r'viewBox="0 0 ([\d.]+)', page)]
    assert widths[0] > 1.5 * widths[1]
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_what_a_height_means_stands_upright_above_the_axis():
    figure, axes = draw()
    axes.set(ylabel="density")
    finish(figure, "What is to be seen", "A caption")
    assert axes.get_ylabel() == ""
    assert axes.get_title(loc="left") == "density"


def test_colours_follow_the_mode_and_mixtures_stay_mixtures():
    assert in_css("#010203") == "currentColor"
    assert in_css(COLOURS[0]) == f"var(--em-a,{COLOURS[0]})"
    half = to_hex(blend(np.array([[0.5, 0.5]]))[0])
    night = (np.array(to_rgb(NIGHT[0])) + to_rgb(NIGHT[1])) / 2
    np.testing.assert_allclose(to_rgb(at_night(half)), night, atol=0.01)
    assert in_css(half) == f"light-dark({half},{at_night(half)})"


def test_pictures_page_and_live_figures_have_one_palette():
    assets = Path(__file__).parents[1] / "docs" / "assets"
    page = (assets / "site.css").read_text("utf-8")
    live = (assets / "live" / "live.css").read_text("utf-8")
    for name, day, night in zip("abcdef", COLOURS, NIGHT, strict=True):
        assert re.findall(rf"--em-{name}: (#\w+);", page) == [day, night]
        assert f"--{name}: light-dark({day}, {night});" in live


def luminance(colour: str) -> float:
    rgb = np.array(to_rgb(colour))
    linear = np.where(
        rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4
    )
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_every_component_and_mixture_stands_out_from_its_paper():
    shares = np.linspace(0, 1, 11)
    for i in range(5):
        for share in shares:
            mixed = np.zeros((1, 6))
            mixed[0, i], mixed[0, i + 1] = share, 1 - share
            day = to_hex(blend(mixed)[0])
            for colour, paper in ((day, "#fbfaf7"), (at_night(day), "#15171b")):
                low, high = sorted((luminance(colour), luminance(paper)))
                assert (high + 0.05) / (low + 0.05) >= 4.5, (colour, paper)


def corners(path: str) -> list[list[tuple[float, float]]]:
    """Walk along a path of `M`, `l`, `h`, `v`; give the corners of each line."""
    lines: list[list[tuple[float, float]]] = []
    x = y = 0.0
    for command, text in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", text)]
        if command == "M":
            x, y = numbers
            lines.append([(x, y)])
            continue
        if command == "l":
            pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        else:
            pairs = [(n, 0.0) if command == "h" else (0.0, n) for n in numbers]
        for dx, dy in pairs:
            x, y = x + dx, y + dy
            lines[-1].append((x, y))
    return lines


@pytest.mark.parametrize("digits", [1, 2])
def test_a_short_path_goes_the_same_way_and_no_error_adds_up(digits):
    rng = np.random.default_rng(5)
    for _ in range(50):
        steps = rng.normal(0, 0.07, (200, 2)) * rng.integers(0, 2, (200, 2))
        way = 300 * rng.random(2) + steps.cumsum(axis=0)
        path = "M " + " \nL ".join(f"{x:.6f} {y:.6f}" for x, y in way)
        given = short(path + " z", digits)
        assert given.endswith("z")
        assert len(given) < len(path) / 2
        (found,) = corners(given)
        grid = [
            tuple(point) for point in np.round(way * 10**digits) / 10**digits
        ]
        grid = [one for one, _ in itertools.groupby(grid)]
        assert np.allclose(found[: len(grid)], grid, atol=1e-9)
        assert {found[-1]} == set(found[len(grid) - 1 :])


def test_a_path_of_several_lines_keeps_each_and_a_dot_stays_one():
    assert short("M 1 2 \nL 3.04 1.96 \nL 3.04 9 \nz", 1) == "M1 2h2v7z"
    assert short("M 0 0 L 1 1 M 5 5 L 5 5 M 7 7", 1) == "M0 0l1 1M5 5h0M7 7"
    assert short("M 0.5 -0.5 L 0 -1", 1) == "M.5 -.5l-.5-.5"


def test_dots_are_put_down_where_they_are_each_once():
    rng = np.random.default_rng(6)
    places = np.repeat(400 * rng.random((80, 2)) - 20, 2, axis=0)
    path = dots([(f"{x:.6f}", f"{y:.6f}") for x, y in places], 1)
    x = y = 0.0
    found = []
    for along, down in re.findall(r"m(-?[\d.]+) ?(-?[\d.]+)h0", path):
        x, y = x + float(along), y + float(down)
        found.append((round(x, 9), round(y, 9)))
    assert "".join(re.findall(r"m-?[\d.]+ ?-?[\d.]+h0", path)) == path
    assert found == sorted({tuple(one) for one in np.round(places, 1).tolist()})


def test_disks_that_are_seen_through_stay_apart():
    figure, axes = draw()
    axes.scatter([0, 0, 1], [0, 0, 1], s=20, color="#c8323f", linewidth=0)
    axes.scatter(
        [0, 0, 1], [1, 1, 0], s=20, color="#1f4fa8", linewidth=0, alpha=0.5
    )
    svg = finish(figure, "Dots.", "Dots.").svg(digits=1)
    together = re.findall(r'<path d="(m[^"]*)" style="stroke: var\(--em-a', svg)
    assert [path.count("h0") for path in together] == [2]
    (apart,) = re.findall(
        r'<g style="stroke: var\(--em-b[^"]*opacity: 0.5[^"]*">(.*?)</g>', svg
    )
    assert apart.count("h0") == 3
    assert "stroke-linecap: round" in svg
