"""Real recordings from a watch: what the activity example promises. Skipped where the data is absent."""

import os
import shutil
import unittest

import support
from support import ask

DATA = os.path.join(support.DATA, "activity_watch_phone")


@unittest.skipUnless(os.path.exists(DATA), f"no recordings at {DATA}; examples/activity/README.md says where they are had")
class Activity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.project = os.path.join(support.scratch("activity"), "activity")
        shutil.copytree(os.path.join(support.ROOT, "examples/activity"), cls.project,
                        ignore=shutil.ignore_patterns("recordings", "runs", "build", "splits.json"))
        cls.made = ask("make", cls.project)

    def test_subjects_nobody_trained_on(self):
        result = {stage: ask("evaluate", self.project, "--split", "test", "--stage", stage) for stage in ("float", "int8")}
        self.assertGreaterEqual(result["float"]["accuracy"], 0.96)
        self.assertGreaterEqual(result["float"]["macro_f1"], 0.93)
        right = {stage: round(document["accuracy"] * document["windows"]) for stage, document in result.items()}
        self.assertLessEqual(right["float"] - right["int8"], 3)
        self.assertAlmostEqual(result["float"]["windows"], 295, delta=10)

    def test_it_is_small(self):
        folder = os.path.join(support.scratch("activity_cpp"), "cpp")
        document = ask("compile", self.project, "--target", support.BOARD, "--emit", "cpp", "-o", folder)
        self.assertLessEqual(document["flash"]["weights"], 24 * 1024)

    def test_the_device_agrees(self):
        document = ask("test", self.project, "--target", support.BOARD, "--all")
        self.assertGreaterEqual(document["windows"], 2000)
        self.assertEqual(document["mismatches"], 0)


if __name__ == "__main__":
    unittest.main()
