"""Show the site while it is written: pages are run again as they change.

python docs/site/serve.py [PORT]
"""

import os
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Serve the site at 127.0.0.1; say at once if the port is taken."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(f"Port {port} is in use: try make serve PORT={port + 1}")
    os.chdir(ROOT)
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{port}/")
    # Who writes wants to see the page, even while a link of it leads nowhere.
    mkdocs = [
        sys.executable,
        "-m",
        "mkdocs",
        "serve",
        "--livereload",
        "--no-strict",
    ]
    os.execv(sys.executable, [*mkdocs, "--dev-addr", f"127.0.0.1:{port}"])


if __name__ == "__main__":
    main()
