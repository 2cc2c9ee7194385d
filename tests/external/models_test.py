"""Public networks in float32, and int8 ones without golden runs, beside LiteRT. Run by tests/external/run.

Skipped without the data folder ($EDGESMITH_DATA, else ../shared/data).
"""

import os
import sys
import unittest

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "../..")
sys.path += [HERE, os.path.join(HERE, "../end_to_end")]

import support  # noqa: E402

MODELS = os.path.join(os.environ.get("EDGESMITH_DATA", os.path.join(ROOT, "../shared/data")), "models")

# The largest difference, as a share of the largest output. Sums run in another order there: 1e-6. The hybrid network is
# another matter: LiteRT quantises its activations to int8 on the way, we compute it in float32.
TOLERANCES = {
    "mlperf-tiny/ad01_fp32": 1e-6,
    "mlperf-tiny/pretrainedResnet": 1e-6,
    "mlperf-tiny/vww_96_float": 1e-6,
    "mlperf-tiny/kws_ref_model_float32": 5e-3,
    "mlperf-tiny-results-v1.3/kws_saved_model_variables": 1e-6,
    "mediapipe/face_detection_short_range": 5e-6,
    "fan_autoencoder/fan_low_model": 1e-6,
    "tflite-micro/sine_float": 1e-6,
    "tflite-micro/simple_add_model": 1 / 127,  # one step: LiteRT rounds once where we round twice
}


def litert(model, seed):
    """Random inputs and the outputs for them."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=model, num_threads=1)
    interpreter.allocate_tensors()
    rng = np.random.default_rng(seed)
    inputs = []
    for details in interpreter.get_input_details():
        is_float = details["dtype"] == np.float32
        x = rng.normal(size=details["shape"]) if is_float else rng.integers(-128, 128, details["shape"])
        inputs.append(x.astype(details["dtype"]))
        interpreter.set_tensor(details["index"], inputs[-1])
    interpreter.invoke()
    return inputs, [interpreter.get_tensor(details["index"]) for details in interpreter.get_output_details()]


def ours(model, inputs, outputs):
    folder = support.scratch("models")
    sources = [os.path.join(folder, f"in{i}.npy") for i in range(len(inputs))]
    targets = [os.path.join(folder, f"out{i}.npy") for i in range(outputs)]
    for source, value in zip(sources, inputs):
        np.save(source, value)
    support.ask("run", model, "--input", *sources, "--output", *targets, "--via", "interpreter")
    return [np.load(target) for target in targets]


@unittest.skipUnless(os.path.isdir(MODELS), f"no {MODELS}")
class Models(unittest.TestCase):
    def test_public_networks_give_what_litert_gives(self):
        for name, tolerance in TOLERANCES.items():
            with self.subTest(name):
                model = os.path.join(MODELS, name + ".tflite")
                inputs, theirs = litert(model, seed=1)
                mine = ours(model, inputs, len(theirs))
                for a, b in zip(mine, theirs):
                    a, b = a.astype(float).ravel(), b.astype(float).ravel()
                    self.assertLessEqual(np.abs(a - b).max(), tolerance * np.abs(b).max())


if __name__ == "__main__":
    unittest.main()
