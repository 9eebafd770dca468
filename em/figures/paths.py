"""Paths in few letters: what a page spends most of its bytes on."""

import re


def parts(path: str) -> list[tuple[str, list[float]]]:
    """Give a path's commands, each with its numbers."""
    return [
        (command, [float(number) for number in numbers.split()])
        for command, numbers in re.findall(r"([A-Zz])([^A-Zz]*)", path)
    ]


def radius(path: str) -> float:
    """Give the radius of a marker that is a disk, as matplotlib draws one; else 0."""
    (_, first), *others = parts(path)
    is_disk = [command for command, _ in others] == [*"CCCCCCCCz"]
    return first[1] if is_disk else 0.0


def steps(path: str) -> str:
    """Give a marker's path in steps from where it is placed."""
    if r := radius(path):
        return f"m{-r} 0a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"
    x = y = 0.0
    first, given = (0.0, 0.0), ""
    for command, numbers in parts(path):
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        moved = " ".join(f"{a - x:.6f} {b - y:.6f}" for a, b in pairs)
        given += command.lower() + moved
        x, y = numbers[-2:] if numbers else first
        first = (x, y) if command == "M" else first
    return given


def dots(places: list[tuple[str, str]], digits: int) -> str:
    """Give a path that puts a pen down at each place, from left to right in steps."""
    grid = sorted(
        {tuple(round(float(v) * 10**digits) for v in at) for at in places}
    )
    given, (x, y) = "", (0, 0)
    for new_x, new_y in grid:
        along, down = number(new_x - x, digits), number(new_y - y, digits)
        given += f"m{along}{'' if down[0] == '-' else ' '}{down}h0"
        x, y = new_x, new_y
    return given


def short(path: str, digits: int) -> str:
    """Give a path of straight lines as steps on a grid of `digits` decimals.

    So no error adds up, and steps to where one stands are gone.
    """
    return "".join(line(part, digits) for part in re.findall("M[^M]*", path))


def line(part: str, digits: int) -> str:
    """Give one line of a path, from where it begins."""
    corners = [
        [round(float(number) * 10**digits) for number in corner.split()]
        for corner in re.findall("[ML]([^MLz]*)", part)
    ]
    (x, y), *others = corners
    given, last = f"M{number(x, digits)} {number(y, digits)}", "M"
    for new_x, new_y in others:
        along, down = number(new_x - x, digits), number(new_y - y, digits)
        if new_y == y and new_x == x:
            continue
        if new_y == y:
            given, last = f"{given}h{along}", "h"
        elif new_x == x:
            given, last = f"{given}v{down}", "v"
        else:
            step = along + ("" if down[0] == "-" else " ") + down
            space = " " if step[0] != "-" else ""
            given, last = given + (space if last == "l" else "l") + step, "l"
        x, y = new_x, new_y
    if others and last == "M":
        given += "h0"  # what goes nowhere is still a dot
    return given + ("z" if "z" in part else "")


def number(units: int, digits: int) -> str:
    """Give so many hundredths, or tenths, as a number."""
    text = f"{units / 10**digits:.{digits}f}".rstrip("0").rstrip(".")
    return re.sub(r"^(-?)0\.", r"\1.", text)
