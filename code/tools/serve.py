"""Serve a built book on this computer: ``python serve.py _build/html [--port 8000]``."""

import argparse
import functools
import http.server


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A handler that does not report each request."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def server(folder: str, port: int) -> http.server.ThreadingHTTPServer:
    """Return a server for ``folder`` on ``port``, or on any free port if that one is taken."""
    handler = functools.partial(Quiet, directory=folder)
    try:
        return http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError:
        return http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    with server(arguments.folder, arguments.port) as running:
        print(
            f"Downhill is at http://localhost:{running.server_port}/  (Ctrl+C stops it)", flush=True
        )
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            print()
