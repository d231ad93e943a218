"""comfy-script with runs that end as soon as they begin; it knows nothing of a run before it has the answer."""
import asyncio

from comfy_script.runtime import load, queue

from lab import home, tell

load(home)
from comfy_script.runtime.nodes import *  # noqa: E402,F403: known once the instance was asked


async def result(task, saved):
    return await asyncio.wait_for(task.result(saved), 20)

queue.watch_display(False)
for color in range(10):
    saved = SaveImage(EmptyImage(64, 64, 1, color), 'short')  # noqa: F405
    task = queue.put(saved)
    tell('picture', f'{task.prompt_id} {asyncio.run(result(task, saved))}')
