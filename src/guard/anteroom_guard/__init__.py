"""Anteroom's guard: makes sure that this ComfyUI runs each attempt of a task once, and remembers what has ended.

Copy this folder into ComfyUI's custom_nodes. It adds no workflow nodes. Settings, from the environment:

ANTEROOM_GUARD_SECRET  the same as Anteroom's instance.guard_secret; with it only Anteroom's runs are taken
ANTEROOM_GUARD_DIR     where the journal is kept; without it a folder of ComfyUI's user directory
"""

import logging
import os

try:
    from server import PromptServer
except ImportError:  # not in a ComfyUI: the parts can be used on their own
    PromptServer = None

NODE_CLASS_MAPPINGS = {}
NODE_DISPLAY_NAME_MAPPINGS = {}


def _go_on_guard():
    import folder_paths
    from comfy.cli_args import args

    from .doors import install
    from .gate import Gate
    from .journal import Journal, journal_file

    folder = os.environ.get("ANTEROOM_GUARD_DIR") or os.path.join(folder_paths.get_user_directory(), "anteroom_guard")
    journal = Journal(journal_file(folder, args.port))
    gate = Gate(journal, os.environ.get("ANTEROOM_GUARD_SECRET", "").strip())
    install(PromptServer.instance, gate)
    logging.info("Anteroom's guard is on: journal=%s wants_proof=%s", journal.path, gate.wants_proof)


if PromptServer is not None:
    _go_on_guard()
