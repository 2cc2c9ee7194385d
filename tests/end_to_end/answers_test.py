"""Every verb answers with the keys and types that programs rely on."""

import os
import unittest

import support
from support import ask, edgesmith, scratch, trained_tap

NUMBER = (int, float)


class Answers(unittest.TestCase):
    def assert_keys(self, document, **types):
        for key, kind in types.items():
            self.assertIn(key, document)
            self.assertIsInstance(document[key], kind, key)
        self.assertEqual(document["edgesmith"], "0.1.0")
        self.assertIs(document["ok"], True)

    def assert_memory(self, document, flash=True):
        for key in ("arena", "state", "rings", "features", "config", "stack", "total"):
            self.assertIsInstance(document["ram"][key], int, key)
        self.assertEqual(document["ram"]["total"], sum(v for k, v in document["ram"].items() if k != "total"))
        for key in ("weights", "tables", "code") if flash else ():
            self.assertIsInstance(document["flash"][key], int, key)

    def test_version(self):
        answer = edgesmith("--version")
        self.assertEqual((answer.status, answer.text.strip()), (0, "edgesmith 0.1.0"))

    def test_help_of_every_verb(self):
        for verb in ("new", "import", "split", "train", "quantize", "evaluate", "inspect", "run", "compile", "build",
                     "test", "targets", "report", "make"):
            answer = edgesmith(verb, "--help")
            self.assertEqual(answer.status, 0, verb)
            self.assertIn("--json", answer.text, verb)

    def test_train(self):
        project = support.fresh_tap()
        document = ask("train", project)
        self.assert_keys(document, run=str, val=dict, seconds=NUMBER)
        for key in ("accuracy", "macro_f1"):
            self.assertIsInstance(document["val"][key], NUMBER)
        rows = support.read(project, "runs", document["run"], "metrics.csv").splitlines()
        self.assertEqual(rows[0], "epoch,train_loss,val_accuracy,val_f1,val_precision,val_recall,lr,best_flag")
        self.assertEqual(len(rows), 1 + 3)

    def assert_evaluation(self, document):
        self.assert_keys(document, accuracy=NUMBER, accuracy_all=NUMBER, macro_f1=NUMBER, per_class=(dict, list),
                         confusion=list, labels=list, windows=int, windows_all=int, decided=dict)
        for key in ("coverage", "accuracy", "reject_rate"):
            self.assertIsInstance(document["decided"][key], NUMBER, key)
        self.assertEqual(document["labels"], ["idle", "tap", "double_tap"])
        confusion = document["confusion"]
        self.assertEqual(sum(map(sum, confusion)), document["windows"])
        self.assertEqual(document["accuracy"], sum(confusion[i][i] for i in range(3)) / document["windows"])
        self.assertGreaterEqual(document["windows_all"], document["windows"])

    def test_evaluate_every_stage_and_split(self):
        for stage in ("float", "int8"):
            for split in ("train", "validate", "test"):
                with self.subTest(stage=stage, split=split):
                    self.assert_evaluation(ask("evaluate", trained_tap(), "--split", split, "--stage", stage))

    def test_evaluate_on_the_device_is_evaluate_int8(self):
        words = ("evaluate", trained_tap(), "--split", "test", "--stage")
        device = ask(*words, "device", "--target", support.BOARD)
        self.assert_evaluation(device)
        int8 = ask(*words, "int8")
        for key in ("accuracy", "accuracy_all", "macro_f1", "confusion", "windows", "windows_all", "decided"):
            self.assertEqual(device[key], int8[key], key)

    def test_evaluate_recordings_never_seen(self):
        project = support.fresh_tap()
        elsewhere = os.path.join(scratch("elsewhere"), "recordings")
        support.shell(f"python3 generate.py --seed 7 --into {elsewhere}", project)
        self.assert_evaluation(ask("evaluate", trained_tap(), "--recordings", elsewhere, "--stage", "int8"))

    def test_compile(self):
        folder = scratch("compile")
        for emit, output in (("cpp", "cpp"), ("plan", "tap.plan")):
            document = ask("compile", trained_tap(), "--target", support.BOARD, "--emit", emit, "-o",
                           os.path.join(folder, output))
            self.assert_keys(document, ram=dict, flash=dict, plan_id=str, lower_bound_bytes=int)
            self.assert_memory(document)
            self.assertRegex(document["plan_id"], r"^[0-9a-f]{64}$")
            self.assertLessEqual(document["lower_bound_bytes"], document["ram"]["arena"])
            self.assertTrue(os.path.exists(os.path.join(folder, output)))

    def test_compile_again_into_the_same_folder(self):
        folder = os.path.join(scratch("again"), "cpp")
        words = ("compile", trained_tap(), "--target", support.BOARD, "--emit", "cpp", "-o", folder)
        ask(*words)
        support.write("stale", folder, "device", "left_over.cpp")
        ask(*words)
        self.assertFalse(os.path.exists(os.path.join(folder, "device", "left_over.cpp")))

    def test_build_passes_the_linked_firmware_check(self):
        document = ask("build", trained_tap(), "--target", support.BOARD)
        self.assert_keys(document, elf=str, ram=dict, flash=dict)
        self.assert_memory(document)
        self.assertEqual(document["violations"], [])
        self.assertGreater(document["flash"]["code"], 0)

    def test_test_over_the_link(self):
        document = ask("test", trained_tap(), "--target", support.BOARD)
        self.assert_keys(document, windows=int, mismatches=int, instructions=dict, ram=dict)
        self.assert_memory(document, flash=False)
        self.assertEqual((document["windows"], document["mismatches"]), (150, 0))
        for stage in ("features", "network"):
            self.assertGreater(document["instructions"][stage]["median"], 0)
            self.assertGreaterEqual(document["instructions"][stage]["max"], document["instructions"][stage]["median"])
        self.assertGreater(document["ram"]["stack"], 0)

    def test_run_raw_and_npy(self):
        run = os.path.join(trained_tap(), "runs", support.read(trained_tap(), "runs/current").strip())
        folder = scratch("run")
        for model, item in (("model_float.tflite", 4), ("model_int8.tflite", 1)):
            source = os.path.join(folder, "input.bin")
            with open(source, "wb") as file:
                file.write(bytes(240 * item))  # 80 samples of 3 channels
            for ending in ("bin", "npy"):
                target = os.path.join(folder, "output." + ending)
                self.assert_keys(ask("run", os.path.join(run, model), "--input", source, "--output", target, "--via",
                                     "interpreter"), inputs=list, outputs=list)
                content = support.read(target, mode="rb")
                if ending == "bin":
                    raw = content
                    self.assertEqual(len(raw), 3 * item)
                else:
                    self.assertTrue(content.startswith(b"\x93NUMPY"))
                    self.assertTrue(content.endswith(raw))

    def test_targets(self):
        names = {target["name"] for target in ask("targets")["targets"]}
        self.assertLessEqual({"host", "microbit", "mps2-an385", "mps2-an386", "mps2-an500", "mps2-an505", "mps3-an547",
                              "virt", "arduino_nano_33_ble", "nrf52840dk", "raspberry_pi_pico"}, names)

    def test_real_boards_compile_but_do_not_build(self):
        for board in ("arduino_nano_33_ble", "nrf52840dk", "raspberry_pi_pico"):
            folder = os.path.join(scratch(board), "cpp")
            ask("compile", trained_tap(), "--target", board, "--emit", "cpp", "-o", folder)
            for verb in ("build", "test"):
                refused = support.error(verb, trained_tap(), "--target", board, status=support.UNAVAILABLE)
                self.assertTrue(refused["try"], refused)


if __name__ == "__main__":
    unittest.main()
