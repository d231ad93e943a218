"""The whole guard in a server with ComfyUI's manners, over HTTP, with real aiohttp."""

import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
TASK = "11111111-2222-4333-8444-555555555555"


class InServerTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = None
        self.addCleanup(self.kill)

    def start(self, **environment):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "stand_in", "main.py"), "--port", str(self.port),
             "--user-directory", self.folder, "--custom-nodes", os.path.dirname(HERE)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **environment}, text=True)
        self.assertEqual(self.process.stdout.readline(), "listening\n")

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.process = None

    def ask(self, path, body=None, **headers):
        data = None if body is None else json.dumps(body).encode()
        headers = {name.replace("_", "-"): text for name, text in headers.items()}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, json.load(answer)

    def run_task(self, attempt, path="/prompt", **headers):
        body = {"prompt": {"1": {"class_type": "Sleep", "inputs": {"seconds": 0}}}, "prompt_id": TASK,
                "extra_data": {"anteroom": {"task": TASK, "attempt": attempt}}}
        return self.ask(path, body, **headers)

    def await_end(self):
        deadline = time.monotonic() + 10
        while not self.ask(f"/history/{TASK}")[1]:
            self.assertLess(time.monotonic(), deadline)

    def test_a_task_that_finished_before_a_crash_is_known_and_not_run_again(self):
        self.start()
        self.assertEqual(self.run_task(1)[0], 200)
        self.await_end()

        self.kill()
        self.start()

        self.assertEqual(self.ask(f"/history/{TASK}"), (200, {}))
        status, said = self.ask(f"/api/anteroom/guard/journal/{TASK}")
        self.assertEqual((status, said[TASK]["status"]["status_str"]), (200, "success"))
        for path in "/prompt", "/api/prompt":
            status, said = self.run_task(2, path)
            self.assertEqual((status, said["error"]["type"], said["node_errors"]), (409, "task_has_ended", {}))

    def test_a_fence_also_keeps_out_a_prompt_that_is_being_judged(self):
        self.start()
        answers = []
        late = threading.Thread(target=lambda: answers.append(self.run_task(1, Slow_Check="1")))
        late.start()
        while late.is_alive() and not answers:
            fenced = self.ask("/anteroom/guard/fence", {"task": TASK, "attempt": 2})
            self.assertEqual(fenced, (200, {"accepts": 2}))
        late.join()

        self.assertEqual(answers[0][0], 409)
        self.assertEqual(self.ask("/queue")[1], {"queue_running": [], "queue_pending": []})

    def test_the_secret_keeps_out_who_does_not_know_it(self):
        self.start(ANTEROOM_GUARD_SECRET="a secret of the lab")
        self.assertTrue(self.ask("/anteroom/guard")[1]["wants_proof"])

        self.assertEqual(self.run_task(1)[0], 403)
        self.assertEqual(self.ask("/prompt", {"prompt": {"1": {"inputs": {}}}})[0], 403)
        self.assertEqual(self.ask("/anteroom/guard/fence", {"task": TASK, "attempt": 2})[0], 403)
        proof = hmac.new(b"a secret of the lab", f"run\n{TASK}\n1".encode(), hashlib.sha256).hexdigest()
        self.assertEqual(self.run_task(1, Anteroom_Proof=proof)[0], 200)
        self.await_end()
        self.assertNotIn(proof, json.dumps(self.ask(f"/history/{TASK}")))

    def test_a_dry_run_is_judged_as_a_run_and_never_queued(self):
        self.start(ANTEROOM_GUARD_SECRET="a secret of the lab")
        proof = hmac.new(b"a secret of the lab", f"dry_run\n{TASK}".encode(), hashlib.sha256).hexdigest()
        body = {"prompt": {"1": {"class_type": "Sleep", "inputs": {"seconds": 0}}}, "prompt_id": TASK}

        for path in "/anteroom/guard/dry_run", "/api/anteroom/guard/dry_run":
            self.assertEqual(self.ask(path, body)[0], 403)
            self.assertEqual(self.ask(path, body, Anteroom_Proof=proof), (200, {"accepted": True}))
            status, said = self.ask(path, {**body, "prompt": {}}, Anteroom_Proof=proof)
            self.assertEqual((status, said["error"]["type"]), (400, "prompt_no_outputs"))
            self.assertEqual(self.ask(path, {"prompt": {}})[0], 400)
        self.assertEqual(self.ask("/queue")[1], {"queue_running": [], "queue_pending": []})
        self.assertEqual(self.ask(f"/history/{TASK}"), (200, {}))

        run = hmac.new(b"a secret of the lab", f"run\n{TASK}\n1".encode(), hashlib.sha256).hexdigest()
        self.assertEqual(self.run_task(1, Anteroom_Proof=run)[0], 200)
        self.await_end()

    def test_it_says_what_it_is_and_refuses_nonsense(self):
        self.start()
        self.assertEqual(self.ask("/anteroom/guard"), (200, {"version": 2, "wants_proof": False, "journal_kept": True}))
        for nonsense in [], {}, {"task": TASK}, "x", {"task": TASK, "attempt": 0}:
            self.assertEqual(self.ask("/anteroom/guard/fence", nonsense)[0], 400)


if __name__ == "__main__":
    unittest.main()
