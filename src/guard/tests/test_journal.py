import os
import tempfile
import unittest
from unittest import mock

from anteroom_guard import journal
from anteroom_guard.journal import Journal, journal_file

ENTRY = {"outputs": {"9": {"images": []}}, "status": {"status_str": "success", "completed": True, "messages": []}}


class JournalTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "below", "journal.jsonl")
        self.journal = self.open()

    def open(self):
        opened = Journal(self.path)
        self.addCleanup(opened.close)
        return opened

    def test_the_floor_of_a_task_never_goes_back(self):
        self.assertEqual(self.journal.accepts("a"), 1)
        self.assertEqual(self.journal.raise_floor("a", 3), 3)
        self.assertEqual(self.journal.raise_floor("a", 2), 3)
        self.assertEqual(self.journal.accepts("a"), 3)

    def test_what_was_noted_is_known_after_a_crash(self):
        self.journal.raise_floor("a", 2)
        self.journal.end("b", ENTRY)

        after = self.open()

        self.assertEqual(after.accepts("a"), 2)
        self.assertIn('"success"', after.ended("b"))
        self.assertIsNone(after.ended("a"))

    def test_each_change_is_on_the_disk_before_the_call_returns(self):
        with mock.patch("os.fsync") as synced:
            self.journal.raise_floor("a", 2)
            self.assertEqual(synced.call_count, 1)
            self.journal.raise_floor("a", 2)
            self.assertEqual(synced.call_count, 1, "nothing changed")

    def test_a_torn_last_line_costs_that_line_alone(self):
        self.journal.raise_floor("a", 2)
        self.journal.raise_floor("b", 5)
        size = os.path.getsize(self.path)
        self.journal.raise_floor("c", 7)
        os.truncate(self.path, size + 4)

        with self.assertLogs(level="WARNING"):
            after = self.open()
        self.assertEqual([after.accepts(task) for task in "abc"], [2, 5, 1])

        after.raise_floor("d", 4)
        self.assertEqual([self.open().accepts(task) for task in "abcd"], [2, 5, 1, 4])

    def test_rubbish_in_the_file_stops_nothing(self):
        self.journal.raise_floor("a", 2)
        with open(self.path, "ab") as file:
            file.write(b"\xff\xfe\n[1]\n{}\n{\"task\":\"x\",\"accepts\":\"y\"}\n{\"task\":\"b\",\"accepts\":6}\n")

        with self.assertLogs(level="WARNING"):
            after = self.open()
        self.assertEqual([after.accepts("a"), after.accepts("b")], [2, 6])

    def test_the_first_end_counts(self):
        self.journal.end("a", ENTRY)
        self.journal.end("a", {"outputs": {}, "status": {"status_str": "error"}})

        self.assertIn("success", self.open().ended("a"))

    def test_it_is_bounded_in_memory_and_on_disk(self):
        with mock.patch.multiple(journal, MOST_FLOORS=10, MOST_ENDED=5):
            for number in range(200):
                self.journal.raise_floor(f"floor-{number}", 2)
                self.journal.end(f"end-{number}", ENTRY)
                with open(self.path, "rb") as file:
                    self.assertLessEqual(len(file.readlines()), 2 * 15 + 1)
            after = self.open()

        self.assertEqual([after.accepts("floor-189"), after.accepts("floor-190"), after.accepts("floor-199")], [1, 2, 2])
        self.assertIsNone(after.ended("end-194"))
        self.assertIsNotNone(after.ended("end-195"))

    def test_large_outputs_are_bounded_together(self):
        with mock.patch.object(journal, "MOST_ENDED_BYTES", 1_000):
            for number in range(20):
                self.journal.end(str(number), {"outputs": "x" * 300})

        self.assertEqual([number for number in range(20) if self.journal.ended(str(number))], [17, 18, 19])

    def test_a_disk_that_takes_nothing_stops_no_run_and_is_written_later(self):
        with mock.patch("os.write", side_effect=OSError("no space left")), self.assertLogs(level="ERROR"):
            self.journal.raise_floor("a", 2)
        self.assertFalse(self.journal.is_kept)
        self.assertEqual(self.journal.accepts("a"), 2)

        self.journal.raise_floor("b", 3)

        self.assertTrue(self.journal.is_kept)
        self.assertEqual([self.open().accepts("a"), self.open().accepts("b")], [2, 3])

    def test_half_a_line_on_a_full_disk_spoils_no_later_one(self):
        write = os.write

        def half(file, data):
            write(file, data[:5])
            raise OSError("no space left")

        with mock.patch("os.write", side_effect=half), self.assertLogs(level="ERROR"):
            self.journal.raise_floor("a", 2)
        self.journal.raise_floor("b", 3)

        self.assertEqual([self.open().accepts("a"), self.open().accepts("b")], [2, 3])

    def test_instances_of_one_folder_have_a_file_each(self):
        self.assertNotEqual(journal_file("folder", 8188), journal_file("folder", 8189))
        with mock.patch("socket.gethostname", return_value="lab/../7"):
            self.assertEqual(os.path.basename(journal_file("folder", 1)), "journal-lab____7-1.jsonl")


if __name__ == "__main__":
    unittest.main()
