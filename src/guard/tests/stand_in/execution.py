"""A queue and a worker with the manners of ComfyUI's: what a graph says in "seconds" is how long it runs."""

import copy
import heapq
import threading
import time
from typing import NamedTuple


class PromptQueue:
    class ExecutionStatus(NamedTuple):
        status_str: str
        completed: bool
        messages: list

    def __init__(self):
        self.mutex = threading.RLock()
        self.not_empty = threading.Condition(self.mutex)
        self.task_counter = 0
        self.queue = []
        self.currently_running = {}
        self.history = {}

    def put(self, item):
        with self.mutex:
            heapq.heappush(self.queue, item)
            self.not_empty.notify()

    def get(self):
        with self.not_empty:
            while not self.queue:
                self.not_empty.wait()
            item = heapq.heappop(self.queue)
            item_id = self.task_counter
            self.currently_running[item_id] = copy.deepcopy(item)
            self.task_counter += 1
            return item, item_id

    def task_done(self, item_id, history_result, status, process_item=None):
        with self.mutex:
            prompt = self.currently_running.pop(item_id)
            self.history[prompt[1]] = {"prompt": prompt, "status": status._asdict(), **history_result}


def work(queue):
    while True:
        item, item_id = queue.get()
        seconds = sum(node["inputs"].get("seconds", 0) for node in item[2].values())
        time.sleep(seconds)
        success = all(node["class_type"] != "SimFail" for node in item[2].values())
        end = ("execution_success", {}) if success else (
            "execution_error", {"node_type": "Fails", "node_id": "1", "exception_type": "RuntimeError",
                                "exception_message": "failed", "current_inputs": {"huge": "x" * 100_000}})
        queue.task_done(item_id, {"outputs": {"1": {"text": [f"took {seconds}"]}}},
                        status=PromptQueue.ExecutionStatus("success" if success else "error", success, [end]),
                        process_item=lambda prompt: prompt)
