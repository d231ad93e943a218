"""The guard's side of HTTP: proofs come in by a header, refusals go out as ComfyUI's own errors."""

from aiohttp import web

from .gate import HEADER, Refused

VERSION = 1


def install(server, gate):
    """Into a PromptServer that has not added its routes yet, which is when ComfyUI loads custom nodes."""
    gate.stand_at(server.prompt_queue)
    server.app.middlewares.append(_middleware(gate))
    _add_routes(server.routes, gate)


def _middleware(gate):
    @web.middleware
    async def pass_the_gate(request, handler):
        token = gate.proof.set(request.headers.get(HEADER, ""))
        try:
            return await handler(request)
        except Refused as refused:
            return web.json_response(refused.body, status=refused.status)
        finally:
            gate.proof.reset(token)

    return pass_the_gate


def _add_routes(routes, gate):
    @routes.get("/anteroom/guard")
    async def state(request):
        return web.json_response(
            {"version": VERSION, "wants_proof": gate.wants_proof, "journal_kept": gate.journal.is_kept})

    @routes.post("/anteroom/guard/fence")
    async def fence(request):
        try:
            said = await request.json()
        except ValueError:
            said = None
        said = said if isinstance(said, dict) else {}
        return web.json_response({"accepts": gate.fence(said.get("task"), said.get("attempt"))})

    @routes.get("/anteroom/guard/journal/{task}")
    async def journal(request):
        return web.json_response(gate.look_up(request.match_info["task"]))
