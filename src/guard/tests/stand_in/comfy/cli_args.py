"""ComfyUI's command line, as far as a custom node looks at it."""

import argparse

_parser = argparse.ArgumentParser()
_parser.add_argument("--port", type=int, default=8188)
_parser.add_argument("--user-directory", required=True)
_parser.add_argument("--custom-nodes", required=True)
args = _parser.parse_args()
