"""tap is worth a network: on sessions nobody trained on, a threshold fails where the model does not."""

import json
import os
import unittest

import support
from support import ask


class Quality(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.project = support.fresh_tap(quick=False)
        ask("train", cls.project)

    def test_an_energy_threshold_is_not_enough(self):
        out = support.shell(f"python3 {os.path.join(self.project, 'baseline.py')} --project {self.project}", support.ROOT)
        self.assertLess(json.loads(out)["macro_f1"], 0.85)

    def test_the_int8_model_is(self):
        document = ask("evaluate", self.project, "--split", "test", "--stage", "int8")
        self.assertGreaterEqual(document["macro_f1"], 0.95)
        self.assertGreater(document["windows"], 200)

    def test_eight_bits_cost_little(self):
        scores = [ask("evaluate", self.project, "--split", "test", "--stage", stage)["accuracy"]
                  for stage in ("float", "int8")]
        self.assertLess(scores[0] - scores[1], 0.01)

    def test_it_is_as_good_on_people_simulated_anew(self):
        folder = os.path.join(support.scratch("strangers"), "recordings")
        support.shell(f"python3 generate.py --seed 99 --into {folder}", self.project)
        document = ask("evaluate", self.project, "--recordings", folder, "--stage", "int8")
        self.assertGreaterEqual(document["macro_f1"], 0.93)


if __name__ == "__main__":
    unittest.main()
