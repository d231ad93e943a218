import contextvars
import hashlib
import hmac
import json
import os
import tempfile
import threading
import unittest
from types import SimpleNamespace

from anteroom_guard.gate import Gate, Refused
from anteroom_guard.journal import Journal

TASK = "11111111-2222-4333-8444-555555555555"
OTHER = "99999999-2222-4333-8444-555555555555"
SECRET = "a secret of the lab"


class Queue:
    def __init__(self):
        self.items = []
        self.currently_running = {}
        self.history = []

    def put(self, item):
        self.items.append(item)

    def task_done(self, item_id, history_result, status=None, process_item=None):
        self.currently_running.pop(item_id)
        self.history.append(item_id)


def prompt(task=TASK, attempt=1, prompt_id=None):
    return (1, prompt_id or task, {"1": {}}, {"anteroom": {"task": task, "attempt": attempt}}, ["1"])


def proof(*said, secret=SECRET):
    return hmac.new(secret.encode(), "\n".join(said).encode(), hashlib.sha256).hexdigest()


class GateTest(unittest.TestCase):
    secret = ""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "journal.jsonl")
        self.start()

    def start(self):
        self.journal = Journal(self.path)
        self.addCleanup(self.journal.close)
        self.gate = Gate(self.journal, self.secret)
        self.queue = Queue()
        self.put = self.queue.put
        self.gate.stand_at(self.queue)

    def refused(self, call, *args):
        with self.assertRaises(Refused) as caught:
            call(*args)
        return caught.exception.status, caught.exception.body["error"]["type"]

    def run_to_its_end(self, item, status="success", messages=(), outputs=None):
        self.queue.currently_running[7] = item
        self.queue.task_done(7, {"outputs": outputs or {}, "meta": {}},
                             status=SimpleNamespace(status_str=status, completed=True, messages=list(messages)))


class WithoutSecretTest(GateTest):
    def test_each_attempt_comes_in_once(self):
        self.queue.put(prompt(attempt=1))

        self.assertEqual(self.refused(self.queue.put, prompt(attempt=1)), (409, "outdated_attempt"))
        self.queue.put(prompt(attempt=2))
        self.assertEqual(self.refused(self.queue.put, prompt(attempt=1)), (409, "outdated_attempt"))
        self.assertEqual(len(self.queue.items), 2)

    def test_a_fence_keeps_out_what_is_still_on_its_way_also_after_a_restart(self):
        self.assertEqual(self.gate.fence(TASK, 2), 2)
        self.start()

        self.assertEqual(self.refused(self.queue.put, prompt(attempt=1)), (409, "outdated_attempt"))
        self.queue.put(prompt(attempt=2))
        self.queue.put(prompt(OTHER, attempt=1))

    def test_a_task_that_has_ended_never_comes_in_again_also_after_a_restart(self):
        self.run_to_its_end(prompt(attempt=1), outputs={"9": {"images": ["a.png"]}})
        self.start()

        self.assertEqual(self.refused(self.queue.put, prompt(attempt=2)), (409, "task_has_ended"))
        entry = self.gate.look_up(TASK)[TASK]
        self.assertEqual(entry["outputs"], {"9": {"images": ["a.png"]}})
        self.assertEqual(entry["status"]["status_str"], "success")

    def test_the_end_is_on_the_disk_before_history_tells_of_it(self):
        seen = []
        end = self.journal.end
        self.journal.end = lambda *args: (seen.append(list(self.queue.history)), end(*args))

        self.run_to_its_end(prompt())

        self.assertEqual(seen, [[]])
        self.assertEqual(self.queue.history, [7])

    def test_a_journal_that_breaks_does_not_take_the_run_with_it(self):
        self.journal.end = lambda *args: 1 / 0

        with self.assertLogs(level="ERROR"):
            self.run_to_its_end(prompt())

        self.assertEqual(self.queue.history, [7])

    def test_of_an_error_its_reason_is_kept_and_nothing_large(self):
        data = {"exception_message": "x" * 10_000, "node_type": "KSampler", "current_inputs": {"k": "y" * 10_000}}
        self.run_to_its_end(prompt(), "error", [("execution_start", {}), ("execution_error", data)])

        text = json.dumps(self.gate.look_up(TASK))
        self.assertIn("KSampler", text)
        self.assertNotIn("current_inputs", text)
        self.assertLess(len(text), 3_000)

    def test_outputs_that_are_large_or_no_json_are_left_out_but_the_end_is_kept(self):
        for number, outputs in enumerate([{"1": "x" * 100_000}, {"1": {1, 2}}, {"1": float("nan")}]):
            task = TASK[:-1] + str(number)
            self.run_to_its_end(prompt(task), outputs=outputs)
            self.assertEqual(self.gate.look_up(task)[task]["outputs"], {})

    def test_what_is_not_anteroom_s_passes_and_leaves_no_trace(self):
        for item in [(1, TASK, {}, {}, []), (1, TASK, {}, None, []), (1, TASK), prompt(OTHER, prompt_id=TASK),
                     prompt(attempt=0), prompt(attempt=True), prompt(attempt="1"), prompt(attempt=10**9),
                     (1, "x", {}, {"anteroom": {"task": "x", "attempt": 1}}, []),
                     (1, TASK, {}, {"anteroom": [TASK, 1]}, []), (1, TASK, {}, {"anteroom": {}}, [])]:
            self.queue.put(item)
            self.queue.put(item)
            self.run_to_its_end(item)
        self.assertEqual(self.journal.accepts(TASK), 1)
        self.assertEqual(self.gate.look_up(TASK), {})

    def test_nonsense_raises_no_fence(self):
        for task, attempt in [("x", 1), (None, 1), (TASK, 0), (TASK, "2"), (TASK, True), (TASK, None),
                              (TASK.upper().replace("1", "A"), 1), (TASK + "\n", 1), (TASK, 10**9)]:
            self.assertEqual(self.refused(self.gate.fence, task, attempt), (400, "invalid_fence"))

    def test_a_fence_cannot_come_between_the_look_at_it_and_the_queue(self):
        inside, fenced = threading.Event(), threading.Event()

        def slow_put(item):
            inside.set()
            self.assertFalse(fenced.wait(0.2), "the fence was raised while the prompt was on its way in")
            self.put(item)

        queue = Queue()
        queue.put = slow_put
        self.gate.stand_at(queue)
        self.put = queue.items.append

        def fence():
            inside.wait()
            self.gate.fence(TASK, 2)
            fenced.set()

        other = threading.Thread(target=fence)
        other.start()
        queue.put(prompt(attempt=1))
        other.join()
        self.assertEqual(len(queue.items), 1)


class WithSecretTest(GateTest):
    secret = SECRET

    def with_proof(self, text, call, *args):
        def said():
            self.gate.proof.set(text)
            return call(*args)

        return contextvars.copy_context().run(said)

    def test_only_anteroom_s_own_runs_come_in(self):
        self.assertEqual(self.refused(self.queue.put, prompt()), (403, "not_through_anteroom"))
        self.assertEqual(self.refused(self.queue.put, (1, TASK, {}, {}, [])), (403, "not_through_anteroom"))
        self.with_proof(proof("run", TASK, "1"), self.queue.put, prompt())

        self.assertEqual(len(self.queue.items), 1)

    def test_a_proof_is_good_for_its_own_run_alone(self):
        for wrong in [proof("run", TASK, "2"), proof("run", OTHER, "1"), proof("fence", TASK, "1"),
                      proof("run", TASK, "1", secret="another"), "", "ü", proof("run", TASK, "1").upper()]:
            self.assertEqual(self.refused(self.with_proof, wrong, self.queue.put, prompt()),
                             (403, "not_through_anteroom"))
        right = proof("run", TASK, "1")
        self.with_proof(right, self.queue.put, prompt())
        self.assertEqual(self.refused(self.with_proof, right, self.queue.put, prompt()), (409, "outdated_attempt"))

    def test_fence_and_journal_want_their_proof_too(self):
        self.assertEqual(self.refused(self.gate.fence, TASK, 2), (403, "not_through_anteroom"))
        self.assertEqual(self.refused(self.gate.look_up, TASK), (403, "not_through_anteroom"))

        self.assertEqual(self.with_proof(proof("fence", TASK, "2"), self.gate.fence, TASK, 2), 2)
        self.assertEqual(self.with_proof(proof("journal", TASK), self.gate.look_up, TASK), {})

    def test_the_secret_is_written_nowhere(self):
        self.with_proof(proof("run", TASK, "1"), self.queue.put, prompt())
        self.run_to_its_end(prompt())

        with open(self.path, encoding="utf-8") as file:
            text = file.read()
        self.assertNotIn(SECRET, text)
        self.assertNotIn(proof("run", TASK, "1"), text)


if __name__ == "__main__":
    unittest.main()
