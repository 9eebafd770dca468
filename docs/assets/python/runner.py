"""Runs a reader's blocks, in fresh names each time. The worker reads this file."""

import ast
import builtins
import concurrent.futures
import functools
import gc
import io
import json
import linecache
import logging
import os
import re
import sys
import traceback
import warnings
from contextlib import ExitStack, redirect_stderr, redirect_stdout

import numpy as np

LINES, LETTERS = 2000, 200_000  # nobody reads on
os.environ["MPLBACKEND"] = "AGG"
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


NAN = (
    "Note: nan is no number, but 0 / 0. Did a component get nothing, or shrink "
    "onto one value? Begin nearer to the data, or with fewer components. Are "
    "probabilities too small for the computer? Take logarithms. Or is there a "
    "nan among the data?\n"
)


class Printed(io.TextIOBase):
    """What a program prints, told line by line as it comes, up to a limit."""

    def __init__(self, tell):
        self.tell, self.held = tell, ""
        self.lines, self.letters = LINES, LETTERS
        self.silent = self.full = self.nan = False

    def writable(self):
        return True

    def write(self, text):
        if not self.silent and not self.full:
            self.held += text
            if "\n" in text or len(self.held) > 1000:
                self.flush()
        return len(text)

    def flush(self):
        if self.full or not self.held:
            return
        parts = self.held.splitlines(keepends=True)
        text = "".join(parts[: self.lines])[: self.letters]
        self.full = text != self.held
        self.nan |= bool(re.search(r"\bnan\b", text))
        self.held = ""
        self.lines -= text.count("\n")
        self.letters -= len(text)
        self.tell("out", text)
        if self.full:
            self.tell("note", "\n… and more: it is cut here.\n")


class InTurn(concurrent.futures.Executor):
    """A pool of threads for a Python that has none: one task after the other."""

    def __init__(self, *_, **__):
        pass

    def submit(self, function, /, *args, **kwargs):
        future = concurrent.futures.Future()
        try:
            future.set_result(function(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


concurrent.futures.ThreadPoolExecutor = InTurn


count = np.bincount


def bincount(x, /, *args, **kwargs):
    """Count whole numbers of 64 bits as well, as NumPy does on other machines."""
    x = np.asarray(x)
    return count(
        x.astype(np.intp) if x.dtype == np.int64 else x, *args, **kwargs
    )


np.bincount = bincount


def refusing(function, words):
    """Return a function that refuses a matrix, as NumPy does on other machines.

    There the processor keeps a flag that tells of it; in a browser, nan alone does.
    """

    @functools.wraps(function)
    def checked(*args, **kwargs):
        found = function(*args, **kwargs)
        if np.isnan(found).any() and not any(
            np.isnan(one).any() for one in args
        ):
            raise np.linalg.LinAlgError(words)
        return found

    return checked


for _name, _words in {
    "inv": "Singular matrix",
    "solve": "Singular matrix",
    "cholesky": "Matrix is not positive definite",
}.items():
    setattr(np.linalg, _name, refusing(getattr(np.linalg, _name), _words))


def no_answer(prompt=""):
    """Stand in for `input`."""
    raise RuntimeError(
        "input() cannot wait for an answer here. "
        "Write the answer into the program instead."
    )


builtins.input = no_answer


class Last:
    """The blocks of the last run, if it ended well, and the names that they made."""

    blocks, names = (), {}


def begun(blocks):
    """Return the names to begin with, and the blocks that are still to be run.

    Names are new, unless the blocks go on from where the last run ended.
    """
    done, names = Last.blocks, Last.names
    Last.blocks, Last.names = (), {}
    if done and blocks[: len(done)] == done and len(blocks) > len(done):
        return names, blocks[len(done) :]
    return {"__name__": "__main__"}, blocks


def run(asked, tell, wanted):
    """Run blocks in order, all but the last silently; tell what came of it.

    Return the values of those names that are wanted. (All goes in and out as JSON.)
    """
    blocks = json.loads(asked)
    printed = Printed(tell)
    ours = [name for name, _ in blocks]
    names, left = begun(blocks)

    def warn(message, category, filename, line, *_):
        if not printed.silent:
            printed.flush()
            where = f", line {line}" if filename in ours else ""
            tell("note", f"Warning{where}: {message} ({category.__name__})\n")

    with ExitStack() as stack:
        for context in (
            redirect_stdout(printed),
            redirect_stderr(printed),
            warnings.catch_warnings(),
            np.errstate(),
            np.printoptions(),
        ):
            stack.enter_context(context)
        warnings.showwarning = warn
        warnings.filterwarnings("ignore", "FigureCanvasAgg is non-interactive")
        try:
            for number, (name, source) in enumerate(left, 1):
                last = number == len(left)
                printed.silent = not last
                if not last:
                    where = f"block {number} of {len(left) - 1}"
                    tell("say", f"What stands before it runs first: {where}.")
                execute(name, source, names, show=last)
                if not last:
                    close_figures()
        except SystemExit as end:
            if end.code not in (None, 0):
                printed.write(f"{end.code}\n")
        except BaseException as error:
            printed.flush()
            tell_error(error, ours, tell)
            close_figures()
            return None
        printed.flush()
        if printed.nan:
            tell("note", NAN)
        draw_figures(tell)
        found = values(names, json.loads(wanted))
        Last.blocks, Last.names = blocks, names
        gc.collect()
        return json.dumps(found)


def execute(name, source, names, *, show):
    """Run a block; print the value of its last line, as Python's prompt does."""
    linecache.cache[name] = len(source), None, source.splitlines(True), name
    tree = ast.parse(source, name)
    last = None
    if show and tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, name, "exec"), names)
    if last and (value := eval(compile(last, name, "eval"), names)) is not None:
        print(repr(value))


def tell_error(error, ours, tell):
    """Tell the reader's own part of a traceback, and the last line in it."""
    place = None
    told = one = traceback.TracebackException.from_exception(error)
    while one:
        frames = [frame for frame in one.stack if frame.filename in ours]
        if one is told and frames:
            place = frames[-1].filename, frames[-1].lineno
        one.stack = traceback.StackSummary.from_list(frames) if frames else None
        one = one.__cause__ or (
            not one.__suppress_context__ and one.__context__
        )
    if isinstance(error, SyntaxError) and error.filename in ours:
        place = error.filename, error.lineno
    text = "".join([*told.format(), advice(error)])
    tell("failed", text, *(place or (None, None)))


def advice(error):
    """Say what a browser cannot do, where that is the reason."""
    if isinstance(error, ModuleNotFoundError):
        return (
            f"There is no {error.name} here, only NumPy, SciPy, Matplotlib and "
            "em. Download the program, and run it with your own Python.\n"
        )
    if isinstance(error, NameError) and (
        error.name == "c" or "<-" in str(error_line(error))
    ):
        return "In Python a column is np.array([5.1, 4.9]), and <- is =.\n"
    if isinstance(error, TypeError) and "list" in str(error):
        return "That is a list. Make it an array: np.array([5.1, 4.9]).\n"
    if getattr(error, "name", "") == "NA" or "string to float" in str(error):
        return (
            "A column here is numbers alone, each with a decimal point: no "
            "names, units, commas or gaps (NA).\n"
        )
    if "could not be broadcast" in str(error):
        return (
            "Two arrays differ in length. A guess has a number for each "
            "component, a column one for each row.\n"
        )
    if isinstance(error, FileNotFoundError):
        return (
            "The program cannot see your files here. Paste the numbers as a "
            "list, or download it, and run it with your own Python.\n"
        )
    return ""


def error_line(error):
    """Return the line that failed, as it stands in the program."""
    return traceback.extract_tb(error.__traceback__)[-1].line


def values(names, wanted):
    """Return what of the wanted names are numbers, as lists."""
    found = {}
    for name in wanted:
        if name in names:
            value = np.asarray(names[name])
            if value.dtype.kind in "iuf" and np.isfinite(value).all():
                found[name] = value.tolist()
    return found


def plots():
    """Return Matplotlib's pyplot if the program has used it."""
    return sys.modules.get("matplotlib.pyplot")


def close_figures():
    """Forget all figures."""
    if plt := plots():
        plt.close("all")


def draw_figures(tell):
    """Tell each figure that a program left open, as a picture with words."""
    if plt := plots():
        for number in plt.get_fignums():
            figure, file = plt.figure(number), io.BytesIO()
            figure.savefig(file, format="png", dpi=144, bbox_inches="tight")
            tell("picture", described(figure), file.getvalue())
        close_figures()


def described(figure):
    """Return what a figure shows, in words."""
    words = []
    for axes in figure.axes:
        parts = [axes.get_title(), axes.get_xlabel(), axes.get_ylabel()]
        curves = [line.get_label() for line in axes.lines]
        parts += [label for label in curves if not label.startswith("_")]
        kinds = {
            "line": len(axes.lines),
            "set of points": len(axes.collections),
            "bar": len(axes.patches),
            "picture": len(axes.images),
        }
        parts += [
            f"{count} {kind}{'s' * (count > 1 and kind[-1] != 's')}"
            for kind, count in kinds.items()
            if count
        ]
        words.append(", ".join(part for part in parts if part))
    return "A figure: " + "; ".join(words or ["empty"]) + "."
