"""Who may come into ComfyUI's queue, and what is noted of those that leave it. Knows nothing of HTTP."""

import contextvars
import hashlib
import hmac
import json
import logging
import re

HEADER = "Anteroom-Proof"

_TASK = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOST_ATTEMPTS = 1_000_000
_MOST_OUTPUTS = 64 * 1024
_LONGEST_TEXT = 2_000
_ENDS = ("execution_error", "execution_interrupted")
_TOLD_OF_ENDS = ("prompt_id", "node_id", "node_type", "exception_type", "exception_message", "timestamp")


class Refused(Exception):
    """A request that is answered with ComfyUI's own form of an error."""

    def __init__(self, status, kind, message, details=""):
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "message": message, "details": details, "extra_info": {}},
                     "node_errors": {}}


class DryRun(Exception):
    """A prompt that would have come into the queue, had it been meant to."""


class Gate:
    """Stands before and behind a prompt queue: ComfyUI's own, or one that is like it."""

    def __init__(self, journal, secret=""):
        self.journal = journal
        self._secret = secret.encode()
        # What the request that is being answered brought along; empty where there is no request.
        self.proof = contextvars.ContextVar("anteroom_proof", default="")
        # Whether the request only asks whether its prompt would be taken.
        self.dry_run = contextvars.ContextVar("anteroom_dry_run", default=False)

    @property
    def wants_proof(self):
        return bool(self._secret)

    def stand_at(self, queue):
        """Every way into the queue leads through the gate from now on, whoever puts something there."""
        put, task_done = queue.put, queue.task_done

        def guarded_put(item):
            if self.dry_run.get():
                raise DryRun
            # Nobody may raise the floor between the look at it and the prompt being in the queue.
            with self.journal.lock:
                self._admit(item)
                put(item)

        def noting_task_done(item_id, history_result, *args, **kwargs):
            status = kwargs.get("status", args[0] if args else None)
            # Before history tells of it: what anybody has seen there must not be forgotten.
            self._note(queue.currently_running.get(item_id), history_result, status)
            return task_done(item_id, history_result, *args, **kwargs)

        queue.put, queue.task_done = guarded_put, noting_task_done

    def fence(self, task, attempt):
        """Takes only this attempt of the task and later ones from now on; answers the smallest that it takes."""
        if not _is_task(task) or not _is_attempt(attempt):
            raise Refused(400, "invalid_fence", "task must be a canonical UUID and attempt a number from 1")
        self._check("fence", task, str(attempt))
        return self.journal.raise_floor(task, attempt)

    def check_dry_run(self, task):
        """That whoever asks may; a dry run costs as much as the checks of ComfyUI's nodes."""
        if not _is_task(task):
            raise Refused(400, "invalid_dry_run", "prompt_id must be a canonical UUID")
        self._check("dry_run", task)

    def look_up(self, task):
        """What ComfyUI's history would say of the task, had it not been forgotten; {} when nobody knows."""
        self._check("journal", task)
        text = self.journal.ended(task)
        return {} if text is None else {task: json.loads(text)}

    def _admit(self, item):
        task, attempt = _anteroom(item)
        if task is None:
            if self.wants_proof:
                raise _not_through_anteroom()
            return
        self._check("run", task, str(attempt))
        if self.journal.ended(task) is not None:
            raise Refused(409, "task_has_ended", "This task has run already.", f"task {task}")
        floor = self.journal.accepts(task)
        if attempt < floor:
            raise Refused(409, "outdated_attempt", "A later attempt of this task is in force.",
                          f"task {task}: attempt {attempt}, but {floor} or later is taken")
        self.journal.raise_floor(task, attempt + 1)

    def _check(self, *said):
        """That the request which is being answered comes from somebody who knows the secret, if there is one."""
        if not self.wants_proof:
            return
        right = hmac.new(self._secret, "\n".join(said).encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right.encode(), self.proof.get().encode("utf-8", "replace")):
            raise _not_through_anteroom()

    def _note(self, item, history_result, status):
        try:
            task, _ = _anteroom(item)
            if task is not None:
                self.journal.end(task, _entry(history_result, status))
        except Exception:  # the run has ended, whatever becomes of the note
            logging.exception("The guard could not note the end of a task")


def _not_through_anteroom():
    return Refused(403, "not_through_anteroom",
                   "This ComfyUI only runs workflows that come through Anteroom. Open it at Anteroom's address. "
                   "此 ComfyUI 只运行经由 Anteroom 提交的工作流，请从 Anteroom 的地址打开。",
                   "If you did, tell your teacher: Anteroom's instance.guard_secret is not this guard's secret.")


def _is_task(value):
    return isinstance(value, str) and _TASK.fullmatch(value) is not None


def _is_attempt(value):
    return type(value) is int and 1 <= value <= _MOST_ATTEMPTS


def _anteroom(item):
    """Task and attempt of a queue item (number, id, graph, extra_data, …), or twice None when it is not Anteroom's."""
    if not isinstance(item, (tuple, list)) or len(item) < 4 or not isinstance(item[3], dict):
        return None, None
    said = item[3].get("anteroom")
    if not isinstance(said, dict):
        return None, None
    task, attempt = said.get("task"), said.get("attempt")
    return (task, attempt) if _is_task(task) and task == item[1] and _is_attempt(attempt) else (None, None)


def _entry(history_result, status):
    """As much of a history entry as Anteroom reads, and never more than a bounded amount."""
    outputs = history_result.get("outputs", {}) if isinstance(history_result, dict) else {}
    success = getattr(status, "status_str", "error") == "success"
    messages = [_told(message) for message in (getattr(status, "messages", None) or []) if message[0] in _ENDS]
    return {"outputs": _bounded(outputs),
            "status": {"status_str": "success" if success else "error", "completed": success,
                       "messages": messages[-1:]}}


def _bounded(outputs):
    try:
        text = json.dumps(outputs, allow_nan=False)
    except (TypeError, ValueError):
        return {}
    return json.loads(text) if len(text) <= _MOST_OUTPUTS else {}


def _told(message):
    data = message[1] if isinstance(message[1], dict) else {}
    return [message[0], {name: str(data[name])[:_LONGEST_TEXT] for name in _TOLD_OF_ENDS if name in data}]
