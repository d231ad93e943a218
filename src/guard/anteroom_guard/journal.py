"""What the guard must still know after ComfyUI has died: the attempts that it takes, and the tasks that have ended."""

import json
import logging
import os
import socket
import threading
from collections import OrderedDict
from contextlib import suppress

MOST_FLOORS = 5_000
MOST_ENDED = 1_000
MOST_ENDED_BYTES = 8 * 1024 * 1024


def journal_file(folder, port):
    """A file of its own for each ComfyUI, also for those that share a folder, on one machine or over the network."""
    host = "".join(c if c.isalnum() or c in "-_" else "_" for c in socket.gethostname())
    return os.path.join(folder, f"journal-{host}-{port}.jsonl")


class Journal:
    """
    A bounded book, in memory and on disk. Each change is one line, on disk before the call returns; a line that a
    crash tore is left out when the book is opened. A disk that takes nothing costs the memory of a restart, no run.
    """

    def __init__(self, path):
        self.path = path
        # Held by a caller over several steps that nobody may come between.
        self.lock = threading.RLock()
        self._floors = OrderedDict()
        self._ended = OrderedDict()
        self._ended_bytes = 0
        self._lines = 0
        self._file = None
        self._read()
        self._write_anew()

    @property
    def is_kept(self):
        """Whether the last change reached the disk."""
        return self._file is not None

    def accepts(self, task):
        """The smallest attempt of this task that may still run."""
        return self._floors.get(task, 1)

    def raise_floor(self, task, attempt):
        """From now on only this attempt and later ones may run. Never goes back."""
        with self.lock:
            floor = max(attempt, self.accepts(task))
            if floor > self._floors.get(task, 0):
                self._set_floor(task, floor)
                self._append({"task": task, "accepts": floor})
            return floor

    def ended(self, task):
        """The history entry of a task that has ended, as text; None when that is not known."""
        return self._ended.get(task)

    def end(self, task, entry):
        """Notes that a task has ended. Its first end counts."""
        with self.lock:
            if task not in self._ended:
                self._set_ended(task, json.dumps(entry, allow_nan=False))
                self._append({"task": task, "ended": entry})

    def close(self):
        with self.lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _set_floor(self, task, floor):
        self._floors[task] = floor
        self._floors.move_to_end(task)
        while len(self._floors) > MOST_FLOORS:
            self._floors.popitem(last=False)

    def _set_ended(self, task, text):
        self._ended_bytes -= len(self._ended.pop(task, ""))
        self._ended[task] = text
        self._ended_bytes += len(text)
        while len(self._ended) > MOST_ENDED or self._ended_bytes > MOST_ENDED_BYTES and len(self._ended) > 1:
            self._ended_bytes -= len(self._ended.popitem(last=False)[1])

    def _read(self):
        try:
            with open(self.path, "rb") as file:
                for line in file:
                    self._take(line)
        except FileNotFoundError:
            pass
        except OSError as cause:
            logging.warning("The guard's journal cannot be read, it begins anew: path=%s cause=%s", self.path, cause)

    def _take(self, line):
        try:
            change = json.loads(line)
            task = change["task"]
            if "ended" in change:
                self._set_ended(task, json.dumps(change["ended"]))
            else:
                self._set_floor(task, int(change["accepts"]))
        except (ValueError, TypeError, KeyError):
            logging.warning("A line of the guard's journal was torn and is left out: path=%s", self.path)

    def _append(self, change):
        most_lines = 2 * (MOST_FLOORS + MOST_ENDED)
        if self._file is None or self._lines >= most_lines:
            self._write_anew()
            return
        try:
            self._write(self._file, [change])
            self._lines += 1
        except OSError as cause:
            self._fail(cause)

    def _write_anew(self):
        """Writes the whole book beside the old one and puts it in its place, which happens whole or not at all."""
        self.close()
        changes = [{"task": task, "accepts": floor} for task, floor in self._floors.items()]
        changes += [{"task": task, "ended": json.loads(text)} for task, text in self._ended.items()]
        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            beside = self.path + ".new"
            file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
            try:
                self._write(file, changes)
            finally:
                os.close(file)
            os.replace(beside, self.path)
            self._sync_folder()
            self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))
            self._lines = len(changes)
        except OSError as cause:
            self._fail(cause)

    @staticmethod
    def _write(file, changes):
        rest = "".join(json.dumps(change) + "\n" for change in changes).encode()
        while rest:
            rest = rest[os.write(file, rest):]
        os.fsync(file)

    def _sync_folder(self):
        with suppress(OSError, AttributeError):  # not on Windows
            folder = os.open(os.path.dirname(self.path), os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _fail(self, cause):
        """What could not be written stays in memory, and is written with the next change."""
        self.close()
        logging.error("The guard's journal cannot be written: path=%s cause=%s", self.path, cause)
