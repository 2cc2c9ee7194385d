"""What needs no training answers at once, and what is fresh is left alone."""

import os
import unittest

import support
from support import ask, edgesmith, fresh_tap


def fastest(*words, times=7):
    """Seconds; the best of several, since other programs run here too."""
    return min(edgesmith(*words).seconds for _ in range(times))


class Speed(unittest.TestCase):
    def test_verbs_start_in_50_ms(self):
        for words in (["--version"], ["--help"], ["targets"], ["train", "--help"], ["targets", "--json"]):
            with self.subTest(words=words):
                self.assertLess(fastest(*words), 0.05)

    def test_make_does_what_is_stale_and_nothing_else(self):
        project = fresh_tap()
        first = ask("make", project)
        self.assertTrue(all(step["ran"] for step in first["steps"]), first["steps"])
        plan, stamp = support.plan_bytes(project), os.stat(os.path.join(project, "build", support.BOARD, "tap.elf")).st_mtime_ns
        second = ask("make", project)
        self.assertFalse(any(step["ran"] for step in second["steps"]), second["steps"])
        self.assertEqual(os.stat(os.path.join(project, "build", support.BOARD, "tap.elf")).st_mtime_ns, stamp)
        self.assertEqual((second["run"], second["plan_id"]), (first["run"], first["plan_id"]))
        self.assertLess(fastest("make", project, times=3), 0.3)

        for name in ("tap/tap_network.cpp", "tap.elf", "tap_plan.elf"):
            path = os.path.join(project, "build", support.BOARD, name)
            whole = support.read(path, mode="rb")
            os.truncate(path, len(whole) // 2)
            self.assertEqual([step["name"] for step in ask("make", project)["steps"] if step["ran"]], ["build"])
            self.assertEqual(support.read(path, mode="rb"), whole)
        os.truncate(os.path.join(project, "runs", first["run"], "model_int8.tflite"), 1000)
        self.assertEqual([step["name"] for step in ask("make", project)["steps"] if step["ran"]], ["plan"])
        self.assertEqual(support.plan_bytes(project), plan)
        self.assertFalse(any(step["ran"] for step in ask("make", project)["steps"]))

        support.change_toml(project, cooldown_ms="700")
        third = {step["name"]: step["ran"] for step in ask("make", project)["steps"]}
        self.assertFalse(third["import"] or third["train"], third)  # a decision rule needs no training
        self.assertTrue(third["plan"] and third["build"], third)
        self.assertNotEqual(support.plan_bytes(project), plan)

    def test_make_fresh_comes_to_the_same_plan(self):
        project = fresh_tap()
        ask("make", project)
        plan = support.plan_bytes(project)
        ask("make", project, "--fresh")
        self.assertEqual(support.plan_bytes(project), plan)


if __name__ == "__main__":
    unittest.main()
