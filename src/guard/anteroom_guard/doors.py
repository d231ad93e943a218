"""The guard's side of HTTP: proofs come in by a header, refusals go out as ComfyUI's own errors."""

from aiohttp import web

from .gate import HEADER, DryRun, Refused

VERSION = 2


def install(server, gate):
    """Into a PromptServer that has not added its routes yet, which is when ComfyUI loads custom nodes."""
    gate.stand_at(server.prompt_queue)
    server.app.middlewares.append(_middleware(gate))
    post_prompt = next(route.handler for route in server.routes if (route.method, route.path) == ("POST", "/prompt"))
    _add_routes(server.routes, gate, post_prompt)


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


def _add_routes(routes, gate, post_prompt):
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

    @routes.post("/anteroom/guard/dry_run")
    async def dry_run(request):
        """Answers what POST /prompt would answer to this request, as far as it is refused; nothing is queued."""
        try:
            said = await request.json()
        except ValueError:
            said = None
        gate.check_dry_run(said.get("prompt_id") if isinstance(said, dict) else None)
        token = gate.dry_run.set(True)
        try:
            return await post_prompt(request)
        except DryRun:
            return web.json_response({"accepted": True})
        finally:
            gate.dry_run.reset(token)

    @routes.get("/anteroom/guard/journal/{task}")
    async def journal(request):
        return web.json_response(gate.look_up(request.match_info["task"]))
