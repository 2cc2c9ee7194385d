"""A command that is killed leaves what was there, nothing half-written, and no lock: the next one just works."""

import json
import os
import random
import shutil
import signal
import subprocess
import time
import unittest

import support
from support import EDGESMITH, ask, fresh_tap

KILLS = int(os.environ.get("EDGESMITH_KILLS", "4"))  # of each command


def killed(words, seconds):
    """Starts a command, kills it and all that it started after some seconds. True when it was still running."""
    process = subprocess.Popen([EDGESMITH, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    time.sleep(seconds)
    running = process.poll() is None
    if running:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return running


def broken_files(folder):
    """JSON that does not parse, and empty files: what a half-written file would look like under its own name."""
    for root, _, names in os.walk(folder):
        for name in names:
            if ".unfinished" in root + name:
                continue
            path = os.path.join(root, name)
            if os.path.getsize(path) == 0:
                yield path
            elif name.endswith(".json"):
                try:
                    with open(path, encoding="utf-8") as file:
                        json.load(file)
                except ValueError:
                    yield path


def run_files(project):
    """Names and contents of the current run's files; of result.json, which tells seconds, only the name."""
    folder = os.path.join(project, "runs", support.read(project, "runs/current").strip())
    assert not list(broken_files(folder)), list(broken_files(folder))
    return {name: "" if name == "result.json" else support.read(folder, name, mode="rb") for name in os.listdir(folder)}


class Killed(unittest.TestCase):
    def moments(self, words):
        """Random moments over the time that the command takes when nobody disturbs it."""
        start = time.monotonic()
        subprocess.run([EDGESMITH, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        whole = time.monotonic() - start
        rng = random.Random(1)
        return [rng.uniform(0.02, 0.98) * whole for _ in range(KILLS)]

    def test_train(self):
        project = fresh_tap()
        words = ["train", project]
        moments = self.moments(words)
        plan, first = support.plan_bytes(project), run_files(project)
        for moment in moments:
            killed(words, moment)
            # The old run, or a new one that is whole: the last that train does is to make it current, and a kill may
            # come between that and the end of the command.
            self.assertEqual(run_files(project), first)
            self.assertEqual(support.plan_bytes(project), plan)
            ask("evaluate", project, "--split", "test", "--stage", "int8")
        ask("train", project)
        self.assertEqual(support.plan_bytes(project), plan)

    def test_train_killed_before_the_first_run_is_there(self):
        project = fresh_tap()
        killed(["train", project], 1.0)
        answer = support.edgesmith("evaluate", project, "--json")
        if answer.status != support.OK:
            self.assertEqual(answer.status, support.REQUEST)
            self.assertIn("train", answer.document["error"]["try"])
        ask("train", project)
        self.assertEqual(support.plan_bytes(project), support.plan_bytes(support.trained_tap()))

    def test_compile(self):
        project = support.trained_tap()
        for emit, output in (("cpp", "cpp"), ("plan", "tap.plan")):
            folder = support.scratch("killed")
            path = os.path.join(folder, output)
            words = ["compile", project, "--target", support.BOARD, "--emit", emit, "-o", path]
            moments = self.moments(words)
            shutil.copytree(path, path + ".good") if emit == "cpp" else shutil.copy(path, path + ".good")
            for moment in moments:
                killed(words, moment)
                self.assertEqual(subprocess.run(["diff", "-r", path, path + ".good"]).returncode, 0)
            ask(*words)
            self.assertEqual(list(broken_files(folder)), [])

    def test_import(self):
        source = support.scratch("source")
        rows = "".join(f"{i},{i % 7},{i % 5}\n" for i in range(20000))
        for n in range(12):
            support.write("ax,ay,az\n" + rows, source, f"s{n:02}", "a.csv")
        project = os.path.join(support.scratch("import"), "fresh_project")
        ask("new", project)
        words = ["import", source, "--into", project, "--format", "csv", "--rate-hz", "100"]
        moments = self.moments(words)
        recordings = os.path.join(project, "recordings")
        whole = sorted(os.listdir(recordings))
        for moment in moments:
            shutil.rmtree(recordings)
            killed(words, moment)
            self.assertEqual(list(broken_files(recordings)), [])
            ask(*words)
            self.assertEqual(sorted(name for name in os.listdir(recordings) if not name.startswith(".")), whole)

    def test_make(self):
        project = fresh_tap()
        for moment in (0.3, 1.5, 4.0):
            killed(["make", project], moment)
        document = ask("make", project)
        self.assertEqual(document["unmet"], [])
        self.assertEqual(support.plan_bytes(project), support.plan_bytes(support.trained_tap()))


if __name__ == "__main__":
    unittest.main()
