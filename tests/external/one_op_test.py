"""Every int8 operator by itself, as TensorFlow Lite Micro's reference kernels compute it. Run by tests/external/run.

The program one_op_networks writes the networks, their inputs and what our interpreter makes of them; the functions of
one value are given all 256 bytes. Integers, so equal means equal.
"""

import os
import subprocess
import sys
import unittest

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "../end_to_end")]

import run_tflite  # noqa: E402
import support  # noqa: E402

PROGRAM = os.path.join(HERE, "../../build/release/bin/one_op_networks")


def fnv1a(data):
    value = 2166136261
    for byte in data:
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


def tflm_output(folder, name):
    run, details = run_tflite.tflm(os.path.join(folder, name + ".tflite"))
    data = np.fromfile(os.path.join(folder, name + ".in.bin"), details["dtype"])
    return np.array(run(data.reshape(details["shape"]))).tobytes()


class OneOp(unittest.TestCase):
    def test_every_operator_gives_tensorflow_lite_micros_bytes(self):
        folder = support.scratch("one_op")
        subprocess.run([PROGRAM, folder], check=True)
        names = sorted(f[: -len(".tflite")] for f in os.listdir(folder) if f.endswith(".tflite"))
        self.assertGreater(len(names), 60)
        for name in names:
            with self.subTest(name):
                theirs = tflm_output(folder, name)
                with open(os.path.join(folder, name + ".out.bin"), "rb") as file:
                    mine = file.read()
                wrong = [(i, a, b) for i, (a, b) in enumerate(zip(mine, theirs)) if a != b]
                self.assertEqual((len(mine), wrong[:5]), (len(theirs), []))
                if os.environ.get("PRINT_HASHES"):  # for host/ir/unary_tables_test.cpp
                    print(f"{name} {fnv1a(theirs)}")


if __name__ == "__main__":
    unittest.main()
