"""Starts the stand-in in ComfyUI's order: server, custom nodes, routes, worker. Prints its port when it listens."""

import importlib
import logging
import sys
import threading

import execution
import server
from aiohttp import web
from comfy.cli_args import args


def main():
    logging.basicConfig(level=logging.INFO)
    comfy = server.PromptServer()
    sys.path.append(args.custom_nodes)
    importlib.import_module("anteroom_guard")
    comfy.add_routes()
    threading.Thread(target=execution.work, args=(comfy.prompt_queue,), daemon=True).start()
    web.run_app(comfy.app, host="127.0.0.1", port=args.port, access_log=None,
                print=lambda text: print("listening", flush=True))


main()
