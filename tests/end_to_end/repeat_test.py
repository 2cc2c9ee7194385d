"""The same recordings and settings give the same plan, and nothing that the plan must not know of changes it."""

import array
import os
import shutil
import unittest
import wave

import support
from support import ask, fresh_tap, plan_bytes


def shaken(project, sessions):
    """Changes every sample of some sessions a little."""
    for session in sessions:
        path = os.path.join(project, "recordings", session, "wrist.wav")
        with wave.open(path) as sound:
            parameters, counts = sound.getparams(), array.array("h", sound.readframes(sound.getnframes()))
        counts = array.array("h", (max(-32768, min(32767, c + 40)) for c in counts))
        with wave.open(path, "wb") as sound:
            sound.setparams(parameters)
            sound.writeframes(counts.tobytes())


def fixed_and_last(project):
    """Nothing is chosen by looking at validation recordings."""
    support.change_toml(project, objective="''")
    text = support.read(project, "edgesmith.toml").replace("objective = ''", "threshold = 0.6")
    support.write(text.replace("[train]", '[train]\nbest = "last"'), project, "edgesmith.toml")


class Repeat(unittest.TestCase):
    def test_two_trainings_in_two_copies_give_the_same_plan(self):
        first, second = fresh_tap(), fresh_tap()
        ask("train", first)
        ask("train", second)
        self.assertEqual(plan_bytes(first), plan_bytes(second))
        self.assertGreater(len(plan_bytes(first)), 1000)

    def test_a_network_trained_twice_in_one_project_gives_the_same_plan(self):
        project = fresh_tap()
        ask("train", project)
        first = plan_bytes(project)
        ask("train", project)
        self.assertEqual(plan_bytes(project), first)

    def test_test_recordings_do_not_reach_the_plan(self):
        first, second = fresh_tap(), fresh_tap()
        shaken(second, [f"s{n}" for n in range(19, 25)])
        ask("train", first)
        ask("train", second)
        self.assertEqual(plan_bytes(first), plan_bytes(second))

    def test_validation_recordings_do_not_reach_it_when_nothing_is_chosen_with_them(self):
        first, second = fresh_tap(), fresh_tap()
        fixed_and_last(first)
        fixed_and_last(second)
        shaken(second, ["s16", "s17", "s18"])
        ask("train", first)
        ask("train", second)
        self.assertEqual(plan_bytes(first), plan_bytes(second))

    def test_training_recordings_do(self):
        project = fresh_tap()
        shaken(project, ["s01"])
        ask("train", project)
        self.assertNotEqual(plan_bytes(project), plan_bytes(support.trained_tap()))

    def test_a_threshold_leaves_the_preprocessing_alone(self):
        first, second = fresh_tap(), os.path.join(support.scratch("copy"), "tap")
        fixed_and_last(first)
        ask("train", first)
        shutil.copytree(first, second)
        support.change_toml(second, threshold="0.7")
        ask("quantize", second)
        one, other = plan_bytes(first), plan_bytes(second)
        self.assertNotEqual(one, other)
        info = int.from_bytes(one[56:60], "little")  # offset of the first section; see docs/formats/plan.md
        hashes = [[plan[info + 32 * i: info + 32 * (i + 1)] for i in range(4)] for plan in (one, other)]
        self.assertEqual([a == b for a, b in zip(*hashes)], [True, True, False, True])  # only the decision's


if __name__ == "__main__":
    unittest.main()
