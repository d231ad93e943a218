"""ComfyUI's folders, as far as a custom node looks at them."""

from comfy.cli_args import args


def get_user_directory():
    return args.user_directory
