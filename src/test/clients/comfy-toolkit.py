"""comfy-toolkit as its README uses it; it can sign in nowhere."""
from comfy_toolkit import ComfyClient

from lab import home, tell, tell_picture, workflow

client = ComfyClient(home)
result = client.submit_and_track(client.load_workflow(workflow),
                                 on_progress=lambda done, total: tell('progress', f'{done}/{total}'))
tell('prompt', result['prompt_id'])
for image in result['images']:
    tell_picture(image['filename'], client.download(image))
