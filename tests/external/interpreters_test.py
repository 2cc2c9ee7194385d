"""The exported networks under LiteRT and TensorFlow Lite Micro. Run by tests/external/run.

One quick training of tap is the subject. Its run keeps the validation windows' features and libtorch's scores for them.
"""

import os
import sys
import unittest

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "../end_to_end")]

import run_tflite  # noqa: E402
import support  # noqa: E402


def run_folder():
    project = support.trained_tap()
    return os.path.join(project, "runs", support.read(project, "runs/current").strip())


def outputs_of(runtime, model, inputs):
    """One row for each input, by someone else's runtime."""
    run, details = {"litert": run_tflite.litert, "tflm": run_tflite.tflm}[runtime](model)
    shape = tuple(int(extent) for extent in details["shape"])
    return np.stack([np.array(run(x)).reshape(-1) for x in inputs.reshape((-1,) + shape)])


def ours(model, inputs):
    """The same by `edgesmith run`, which takes one input at a time."""
    folder = support.scratch("external")
    source, target = os.path.join(folder, "input.npy"), os.path.join(folder, "output.npy")
    rows = []
    for row in inputs:
        np.save(source, row)
        support.ask("run", model, "--input", source, "--output", target, "--via", "interpreter")
        rows.append(np.load(target).reshape(-1))
    return np.stack(rows)


class Interpreters(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = run_folder()
        cls.float_model = os.path.join(folder, "model_float.tflite")
        cls.int8_model = os.path.join(folder, "model_int8.tflite")
        cls.scores = np.fromfile(os.path.join(folder, "validation_scores.f32"), "<f4").reshape(-1, 3)
        features = np.fromfile(os.path.join(folder, "validation_features.f32"), "<f4")
        cls.features = features.reshape(len(cls.scores), -1)
        cls.quantised = cls.quantise(cls.features)

    @classmethod
    def quantise(cls, features):
        """As the model's own input says; ties do not matter here, the bytes are the input of both sides."""
        _, details = run_tflite.litert(cls.int8_model)
        scale, zero_point = details["quantization"]
        return np.clip(np.round(features / scale) + zero_point, -128, 127).astype(np.int8)

    def test_float_under_litert_is_libtorch(self):
        # 1e-4: sums run in another order there, and exp() is another one.
        scores = outputs_of("litert", self.float_model, self.features)
        worst = float(np.abs(scores - self.scores).max())
        print(f"\n  float, {len(scores)} windows: LiteRT differs from libtorch by at most {worst:.1e}")
        self.assertLess(worst, 1e-4)

    def test_int8_under_tensorflow_lite_micro_is_ours_byte_for_byte(self):
        inputs = self.quantised[:: max(1, len(self.quantised) // 60)]
        rng = np.random.default_rng(1)
        extreme = np.stack([np.full(inputs.shape[1], v, np.int8) for v in (-128, 127, 0)])
        noise = rng.integers(-128, 128, (20, inputs.shape[1]), np.int8)
        inputs = np.concatenate([inputs, extreme, noise])
        self.assertTrue(np.array_equal(ours(self.int8_model, inputs), outputs_of("tflm", self.int8_model, inputs)))

    def test_int8_under_litert_rounds_otherwise_and_decides_the_same(self):
        micro = outputs_of("tflm", self.int8_model, self.quantised).astype(int)
        litert = outputs_of("litert", self.int8_model, self.quantised).astype(int)
        steps, counts = np.unique(np.abs(micro - litert), return_counts=True)
        agreement = float((micro.argmax(1) == litert.argmax(1)).mean())
        print(f"\n  int8, {len(micro)} windows: LiteRT against TensorFlow Lite Micro, values by distance in steps: "
              f"{dict(zip(steps.tolist(), counts.tolist()))}; same best class in {agreement:.2%}")
        self.assertGreater(agreement, 0.97)  # kernels that round once instead of twice: a step here and there


if __name__ == "__main__":
    unittest.main()
