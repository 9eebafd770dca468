"""The search: other names of what a page is about, other spellings, and what comes first."""

import json
from pathlib import Path

HERE = Path(__file__).parent
# They hold words of all pages, but are about none: they come after those that are.
LAST = {"api", "glossary", "licence", "questions", "resources"}


# Other names of what a page is about, that its title does not have.
ALSO = {
    "groups": ["Gaussian mixture", "GMM"],
    "hmm": ["HMM", "Baum-Welch"],
    "markets": ["volatility", "finance", "stock market", "GaussianHMM"],
    "missing": ["missing data"],
    "normals": ["Gaussian mixture", "GMM"],
    "pitfalls": ["outlier"],
}


def widen(site: Path) -> None:
    """Let the search of a site know its readers' words."""
    path = site / "search" / "search_index.json"
    index = json.loads(path.read_text("utf-8"))
    fields = index["config"]["fields"]
    fields["tags"] = fields["title"]  # such a name counts as much as a title
    for entry in index["docs"]:
        name, _, section = entry["location"].partition(".html")
        if name in LAST:
            entry["boost"] = 0.7
        elif name in ALSO and not section:
            entry["tags"] = ALSO[name]
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")
    ours = (HERE / "search.js").read_text("utf-8")
    for worker in (site / "assets/javascripts/workers").glob("search.*.js"):
        theirs = worker.read_text("utf-8")
        worker.write_text(f"{ours}{theirs}", encoding="utf-8")
