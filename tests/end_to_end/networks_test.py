"""Network files by themselves: every way to run one gives the bytes of somebody else's interpreter, on every core."""

import os
import unittest

import support
from support import DATA, ask, error, read, scratch, shell

GOLDEN = os.path.join(DATA, "golden/tflm_runs")
MODELS = os.path.join(DATA, "models")
TINY = {"kws_ref_model": 16000, "vww_96_int8": 55296, "pretrainedResnet_quant": 49152, "ad01_int8": 768,
        "str_ww_ref_model": 6656}  # bytes of RAM that a chain of layers takes when nothing is shared


def model(name):
    return os.path.join(MODELS, "mlperf-tiny", name + ".tflite")


@unittest.skipUnless(os.path.isdir(GOLDEN), f"no golden runs in {GOLDEN}: networks are not compared")
class Networks(unittest.TestCase):
    def assert_golden(self, name, *words):
        """Output and every operator's output that is left are TensorFlow Lite Micro's."""
        folder = scratch("network")
        output, tensors = os.path.join(folder, "out.bin"), os.path.join(folder, "tensors")
        document = ask("run", model(name), "--input", os.path.join(GOLDEN, name + ".in.bin"), "--output", output,
                       "--tensors", tensors, *words)
        self.assertEqual(read(output, mode="rb"), read(GOLDEN, name + ".out.bin", mode="rb"))
        self.assertGreater(document["tensors"], 3)
        for file in os.listdir(tensors):
            self.assertEqual(read(tensors, file, mode="rb"), read(GOLDEN, name + "_layers", file, mode="rb"), file)
        return document

    def test_every_way_on_the_desk(self):
        for words in (["--via", "interpreter"], ["--via", "plan", "--kernels", "reference"],
                      ["--via", "plan", "--kernels", "portable"], ["--via", "cpp"]):
            self.assert_golden("pretrainedResnet_quant", *words)

    def test_every_core(self):
        for board in ("mps2-an385-m0", "mps2-an386", "mps3-an547", "virt"):
            self.assert_golden("kws_ref_model", "--via", "cpp", "--target", board)
            stack = self.assert_golden("ad01_int8", "--via", "plan", "--target", board)["stack_bytes"]
            self.assertGreater(stack, 0)
            self.assertLess(stack, 1024)

    def test_a_board_of_16_kilobytes(self):
        self.assert_golden("str_ww_ref_model", "--via", "cpp", "--target", "microbit")
        refusal = error("compile", model("vww_96_int8"), "--target", "microbit")
        self.assertEqual(refusal["code"], "target.does_not_fit")
        self.assertIn("too many", refusal["found"])
        self.assertIn("CONV_2D", refusal["try"])

    def test_no_more_memory_than_its_tensors_need(self):
        for name, limit in TINY.items():
            document = ask("compile", model(name), "--target", "mps2-an386")
            self.assertLessEqual(document["ram"]["total"], limit, name)
            self.assertEqual(document["lower_bound_bytes"], limit, name)
            self.assertLessEqual(document["ram"]["arena"], 1.05 * document["lower_bound_inplace_bytes"], name)

    def test_several_inputs_in_one_file(self):
        folder = scratch("network")
        one = read(GOLDEN, "ad01_int8.in.bin", mode="rb")
        with open(os.path.join(folder, "three.bin"), "wb") as file:
            file.write(one + bytes(len(one)) + one)
        for via in ("interpreter", "plan"):
            ask("run", model("ad01_int8"), "--input", os.path.join(folder, "three.bin"), "--output",
                os.path.join(folder, via), "--via", via)
        outputs = read(folder, "plan", mode="rb")
        self.assertEqual(outputs, read(folder, "interpreter", mode="rb"))
        expected = read(GOLDEN, "ad01_int8.out.bin", mode="rb")
        self.assertEqual((outputs[:640], outputs[1280:]), (expected, expected))
        self.assertNotEqual(outputs[640:1280], expected)

    def test_pairs_that_do_not_exist(self):
        for words in (["--via", "interpreter", "--target", "mps2-an386"], ["--via", "cpp", "--kernels", "reference"],
                      ["--via", "telepathy"], ["--via", "plan", "--kernels", "magic"]):
            error("run", model("ad01_int8"), "--input", os.path.join(GOLDEN, "ad01_int8.in.bin"), "--output",
                  os.path.join(scratch("network"), "out.bin"), *words)

    def test_the_folder_stands_alone(self):
        folder = os.path.join(scratch("network"), "kws")
        document = ask("compile", model("kws_ref_model"), "--name", "kws", "--target", "mps2-an386", "-o", folder)
        self.assertEqual(document["macs"], 2656768)
        shell("g++ -std=gnu++14 -Os -Wall -Wextra -Werror -ffp-contract=fast -funsigned-char -I. "
              "$(find . -name '*.cpp') -o check && ./check", folder)
        size = shell("arm-none-eabi-g++ -std=gnu++14 -O2 -mcpu=cortex-m4 -mthumb -ffunction-sections -fno-exceptions "
                     "-fno-rtti -I. -c $(find . -name '*.cpp' ! -name main.cpp) && arm-none-eabi-size -t *.o | tail -1",
                     folder)
        self.assertGreater(int(size.split()[0]), 20000)  # weights lie in text

    def test_what_is_refused_is_told_as_data(self):
        for name in os.listdir(os.path.join(MODELS, "refuse")):
            document = ask("inspect", os.path.join(MODELS, "refuse", name))
            self.assertGreater(len(document["unsupported"]), 0, name)
            for refusal in document["unsupported"]:
                self.assertTrue(refusal["why"], name)
            error("compile", os.path.join(MODELS, "refuse", name))

    def test_files_that_are_no_networks(self):
        folder = scratch("network")
        for name, size in (("empty.tflite", 0), ("empty.onnx", 0), ("large.tflite", 2 << 30), ("large.onnx", 2 << 30)):
            with open(os.path.join(folder, name), "wb") as file:
                file.truncate(size)
            for verb in ("inspect", "compile", "verify"):
                refusal = error(verb, os.path.join(folder, name))
                self.assertTrue(refusal["try"], refusal)

    def test_both_roundings_are_compared(self):
        document = ask("verify", model("kws_ref_model"), "--probe")
        self.assertEqual(document["operators"], 13)
        self.assertTrue(all(d["max_steps"] == 1 for d in document["rounding"]))
        self.assertGreater(len(document["rounding"]), 3)

    def test_onnx_becomes_tflite(self):
        onnx = os.path.join(MODELS, "mlperf-tiny-results-v1.3/deep_autoencoder.onnx")
        folder = scratch("network")
        tflite = os.path.join(folder, "ad.tflite")
        ask("convert", onnx, "-o", tflite)
        with open(os.path.join(folder, "in.bin"), "wb") as file:
            file.write(bytes(4 * 640))
        for name, path in (("a", onnx), ("b", tflite)):
            ask("run", path, "--input", os.path.join(folder, "in.bin"), "--output", os.path.join(folder, name))
        self.assertEqual(read(folder, "a", mode="rb"), read(folder, "b", mode="rb"))


if __name__ == "__main__":
    unittest.main()
