"""What the Python clients share: where the student's ComfyUI is, the workflow, and how the test is told what happens."""
import os
import sys
from pathlib import Path

#: The student's ComfyUI, without a slash at the end.
home = sys.argv[1]

#: Who signs in there; empty where nobody does.
user = os.environ.get('CLIENT_USER', '')
password = os.environ.get('CLIENT_PASSWORD', '')

#: "picture" takes two seconds in twenty steps and ends with a picture, "failure" fails.
kind = os.environ['CLIENT_WORKFLOW']
workflow = str(Path(__file__).with_name(kind + '.json'))


def tell(what, value):
    """One line for the test to read."""
    print(what, value, flush=True)


def tell_picture(filename, content):
    """A picture is told by its name and its first eight bytes."""
    tell('picture', f'{filename} {content[:8].hex()}')
