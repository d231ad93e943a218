"""ComfyUI's server, as far as the guard and Anteroom's dispatcher meet it."""

import asyncio
import uuid

import execution
from aiohttp import web


class PromptServer:
    def __init__(self):
        PromptServer.instance = self
        self.prompt_queue = execution.PromptQueue()
        self.number = 0
        self.app = web.Application(client_max_size=100 * 1024 * 1024)
        self.routes = web.RouteTableDef()
        self._define_routes()

    def add_routes(self):
        """Every route twice, as ComfyUI does after it has loaded its custom nodes."""
        twins = web.RouteTableDef()
        for route in self.routes:
            twins.route(route.method, "/api" + route.path)(route.handler)
        self.app.add_routes(twins)
        self.app.add_routes(self.routes)

    def _define_routes(self):
        routes, queue = self.routes, self.prompt_queue

        @routes.post("/prompt")
        async def post_prompt(request):
            said = await request.json()
            self.number += 1
            if not said.get("prompt"):
                return web.json_response({"error": {"type": "prompt_no_outputs", "message": "Prompt has no outputs",
                                                    "details": "", "extra_info": {}}, "node_errors": {}}, status=400)
            prompt_id = str(said.get("prompt_id", uuid.uuid4()))
            # The graph is judged here, and whatever else goes on in the loop may happen meanwhile.
            await asyncio.sleep(float(request.headers.get("Slow-Check", "0")))
            queue.put((self.number, prompt_id, said["prompt"], said.get("extra_data", {}), ["1"], {}))
            return web.json_response({"prompt_id": prompt_id, "number": self.number, "node_errors": {}})

        @routes.get("/prompt")
        async def get_prompt(request):
            remaining = len(queue.queue) + len(queue.currently_running)
            return web.json_response({"exec_info": {"queue_remaining": remaining}})

        @routes.get("/queue")
        async def get_queue(request):
            return web.json_response({"queue_running": list(queue.currently_running.values()),
                                      "queue_pending": list(queue.queue)})

        @routes.get("/history/{id}")
        async def get_history(request):
            found = queue.history.get(request.match_info["id"])
            return web.json_response({} if found is None else {request.match_info["id"]: found})

        @routes.get("/system_stats")
        async def get_stats(request):
            return web.json_response({"system": {"comfyui_version": "0.28.0"}, "devices": []})
