"""comfy-script as its README uses it: the same workflow, made of the nodes that the instance has."""
import sys

import aiohttp
from comfy_script.client import Client
from comfy_script.runtime import load, queue

from lab import home, kind, password, tell, user

#: The first eight bytes of a picture of this format.
PNG = '89504e470d0a1a0a'

auth = aiohttp.BasicAuth(user, password) if user else None
load(Client(home, session_factory=lambda: aiohttp.ClientSession(auth=auth)))
from comfy_script.runtime.nodes import *  # noqa: E402,F403: known once the instance was asked

queue.watch_display(False)
picture = EmptyImage(64, 64, 1, 33343)  # noqa: F405
if kind == 'failure':
    work = SimFail(seconds=0.5, image=picture)  # noqa: F405
else:
    work = SimSleep(seconds=2, image=picture, steps=20)  # noqa: F405
saved = SaveImage(work, 'client')  # noqa: F405
task = queue.put(saved)
tell('prompt', task.prompt_id)
task.add_progress_callback(lambda step: tell('progress', f'{step.value}/{step.max}'))
result = task.wait_result(saved)
if result is None:
    sys.exit('the run has no result')
for image in result.wait():
    tell('picture', f'{result} {PNG if image.format == "PNG" else image.format}')
