"""comfy-api-simplified as its README uses it; it keeps nothing of the path of an address."""
from comfy_api_simplified import ComfyApiWrapper, ComfyWorkflowWrapper

from lab import home, password, tell_picture, user, workflow

api = ComfyApiWrapper(home, user, password)
results = api.queue_and_wait_images(ComfyWorkflowWrapper(workflow), 'Save Image')
for filename, content in results.items():
    tell_picture(filename, content)
