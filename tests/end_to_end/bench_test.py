"""bench: exact counts of one inference, its operators and its memory, on a network from elsewhere."""

import os
import unittest

import support
from support import ask, edgesmith, error

MODEL = os.path.join(support.DATA, "models/mlperf-tiny/ad01_int8.tflite")
LAYERS = [(640, 128), (128, 128), (128, 128), (128, 128), (128, 8), (8, 128), (128, 128), (128, 128), (128, 128),
          (128, 640)]


@unittest.skipUnless(os.path.exists(MODEL), "no networks below EDGESMITH_DATA")
class Bench(unittest.TestCase):
    def bench(self, *words):
        return ask("bench", MODEL, "--target", support.BOARD, *words)

    def test_counts_repeat_and_add_up(self):
        document = self.bench("--kernels", "portable")
        self.assertEqual(self.bench("--kernels", "portable"), document)
        self.assertTrue(document["output_equal"])
        operators = document["per_op"]
        self.assertEqual([op["macs"] for op in operators], [rows * columns for rows, columns in LAYERS])
        self.assertEqual({op["op"] for op in operators}, {"FULLY_CONNECTED"})
        self.assertEqual({op["kernels"] for op in operators}, {"portable"})
        for key in ("instructions", "m4_cycles_estimate", "macs", "jumps"):
            self.assertEqual(sum(op[key] for op in operators), document[key], key)
        for counted in operators + [document]:
            self.assertEqual(sum(counted["classes"].values()), counted["instructions"])
            # A weight is loaded and multiplied once for every MAC at least.
            self.assertGreaterEqual(counted["classes"]["multiply"], counted["macs"])
            self.assertGreaterEqual(counted["classes"]["load"], counted["macs"])
            self.assertGreater(counted["m4_cycles_estimate"], counted["instructions"])
        # Layers of one shape cost the same but for what the values decide, which is little.
        same = [op["instructions"] for op, layer in zip(operators, LAYERS) if layer == (128, 128)]
        self.assertLess(max(same) - min(same), max(same) / 50)

    def test_memory_is_the_models_alone(self):
        document = self.bench("--kernels", "portable")
        ram, flash = document["ram"], document["flash"]
        self.assertEqual(ram["total"], sum(ram[key] for key in ram if key != "total"))
        self.assertEqual(ram["arena"], 768)
        self.assertEqual([ram[key] for key in ("state", "rings", "features", "config")], [0, 0, 0, 0])
        self.assertTrue(0 < ram["stack"] <= 1024, ram)
        # Weights, and for every output its bias, multiplier and shift.
        constants = sum(rows * columns + 9 * columns for rows, columns in LAYERS)
        self.assertTrue(constants <= flash["weights"] < constants + 16 * 4 * len(LAYERS), flash)
        self.assertTrue(0 < flash["code"] < 12 * 1024, flash)

    def test_the_reference_takes_other_instructions(self):
        reference = self.bench("--kernels", "reference")
        self.assertEqual({op["kernels"] for op in reference["per_op"]}, {"reference"})
        self.assertNotEqual(reference["instructions"], self.bench("--kernels", "portable")["instructions"])

    def test_people_read_a_table(self):
        answer = edgesmith("bench", MODEL, "--target", support.BOARD)
        self.assertEqual(answer.status, 0, answer.error_text)
        self.assertEqual(answer.text.count("FULLY_CONNECTED"), len(LAYERS))
        self.assertIn("Cortex-M4 cycles, an estimate: ", answer.text)
        self.assertIn("for every jump that is taken", answer.text)

    def test_refuses_what_cannot_be_counted(self):
        self.assertEqual(error("bench", MODEL, "--target", "host")["code"], "bench.host")
        self.assertEqual(error("bench", MODEL, "--target", "microbit")["code"], "target.does_not_fit")


if __name__ == "__main__":
    unittest.main()
