"""What people do wrong: the message says where, and what to try; the exit status says whose turn it is."""

import json
import os
import shutil
import subprocess
import unittest

import support
from support import ask, edgesmith, error, fresh_tap, scratch, trained_tap, write

HEADER = "ax,ay,az\n"
GOOD_ROWS = "".join(f"0.{i % 10},0.1,1.0\n" for i in range(500))


def new_project():
    project = os.path.join(scratch("bad"), "fresh_project")
    ask("new", project)
    return project


def imported(source, *words):
    return error("import", source, "--into", new_project(), "--format", "csv", "--rate-hz", "100", *words)


class BadInput(unittest.TestCase):
    def assert_says(self, refused, *words):
        text = " ".join(refused.values())
        for word in words:
            self.assertIn(word, text, refused)
        self.assertTrue(refused["try"], refused)
        self.assertTrue(refused["code"], refused)

    # --- recordings ---

    def test_empty_folder(self):
        source = scratch("empty")
        self.assert_says(imported(source), source)

    def test_no_such_folder(self):
        self.assert_says(imported("/nowhere/at/all"), "/nowhere/at/all")

    def test_text_in_a_number_column(self):
        source = scratch("text")
        write(HEADER + GOOD_ROWS + "0.1,oops,1.0\n" + GOOD_ROWS, source, "s01", "a.csv")
        self.assert_says(imported(source), "a.csv", "502", "oops", "ay")

    def test_rows_of_different_length(self):
        source = scratch("ragged")
        write(HEADER + GOOD_ROWS + "0.1,1.0\n" + GOOD_ROWS, source, "s01", "a.csv")
        self.assert_says(imported(source), "a.csv", "502")

    def test_nothing_is_written_when_one_file_is_bad(self):
        source, project = scratch("partly"), new_project()
        write(HEADER + GOOD_ROWS, source, "s01", "a.csv")
        write(HEADER + "x,y,z\n0.1,oops,1.0\n", source, "s02", "b.csv")
        error("import", source, "--into", project, "--format", "csv", "--rate-hz", "100")
        found = [name for _, _, names in os.walk(os.path.join(project, "recordings")) for name in names]
        self.assertEqual(found, [])

    def test_channels_of_other_recordings(self):
        project = fresh_tap()
        write("ax,ay\n" + "0.1,0.2\n" * 500, project, "recordings", "s99", "a.csv")
        self.assert_says(error("train", project), "s99")

    def test_another_rate(self):
        project = fresh_tap()
        path = os.path.join(project, "recordings", "s01", "wrist.wav.json")
        write(support.read(path).replace('"asked": 100', '"asked": 50').replace('"measured": 100', '"measured": 50'), path)
        self.assertIn("50", support.read(path))
        self.assert_says(error("train", project), "s01", "100", "50")

    def test_a_label_that_nobody_declared(self):
        project = fresh_tap()
        path = os.path.join(project, "recordings", "s01", "wrist.wav.json")
        write(support.read(path).replace('"double_tap"', '"doubel_tap"', 1), path)
        self.assert_says(error("train", project), "doubel_tap", "s01", "double_tap")

    def test_a_window_longer_than_every_recording(self):
        project = fresh_tap()
        support.change_toml(project, length_ms="10000000")
        self.assert_says(error("train", project), "window")

    def test_one_session_only(self):
        project = fresh_tap()
        for session in os.listdir(os.path.join(project, "recordings")):
            if session != "s01":
                shutil.rmtree(os.path.join(project, "recordings", session))
        text = support.read(project, "edgesmith.toml")
        write("\n".join(line for line in text.split("\n") if "_groups" not in line), project, "edgesmith.toml")
        self.assert_says(error("train", project), "session")

    def test_no_recordings_at_all(self):
        project = new_project()
        self.assert_says(error("train", project), "recordings")

    def test_not_a_number_is_held_and_counted(self):
        source, project = scratch("nan"), new_project()
        write(HEADER + GOOD_ROWS + "0.1,nan,1.0\n0.1,,1.0\n" + GOOD_ROWS, source, "s01", "a.csv")
        document = ask("import", source, "--into", project, "--format", "csv", "--rate-hz", "100")
        self.assertEqual(document["samples"], 1002)

    def test_a_sound_that_is_cut_short(self):
        source, project = scratch("cut"), fresh_tap()
        path = os.path.join(project, "recordings", "s01", "wrist.wav")
        os.truncate(path, os.path.getsize(path) - 1000)
        shutil.copy(path, os.path.join(source, "wrist.wav"))
        self.assert_says(error("train", project), "s01/wrist.wav", "bytes")
        self.assert_says(error("import", source, "--into", new_project(), "--format", "audio"), "wrist.wav", "bytes")

    # --- the project file ---

    def test_unknown_key(self):
        project = fresh_tap()
        text = support.read(project, "edgesmith.toml").replace("epochs =", "epoch =")
        write(text, project, "edgesmith.toml")
        line = text[:text.index("epoch =")].count("\n") + 1
        self.assert_says(error("train", project), f"edgesmith.toml:{line}", "epochs")

    def test_no_project(self):
        self.assert_says(error("train", scratch("nothing")), "edgesmith.toml")

    def test_a_verb_that_does_not_exist(self):
        self.assert_says(error("trian"), "train")

    def test_command_lines_that_do_not_parse(self):
        for words, what, found, expected, attempt in (
                ([], "no verb", "nothing", "train", "edgesmith --help"),
                (["trian"], "no such verb", "trian", "train", "did you mean 'train'?"),
                (["--jsn"], "no such option", "--jsn", "--version", "edgesmith --help"),
                (["compile", "--taget", "virt"], "no such option", "--taget", "--target", "did you mean '--target'?"),
                (["import", "x", "--intoo=y"], "no such option", "--intoo", "--into", "did you mean '--into'?"),
                (["compile", "--target"], "--target needs a value", "--json", "--target: board", "edgesmith compile --help"),
                (["import", "x"], "--into is missing", "nothing", "--into: the project", "edgesmith import --help"),
                (["import", "--into", "y"], "SOURCE is missing", "nothing", "SOURCE: a folder", "edgesmith import --help"),
                (["train", "a", "b"], "too many", "b", "PROJECT", "edgesmith train --help"),
                (["import", "x", "--into", "y", "--rate-hz", "-3"], "--rate-hz", "-3", "above 0", "edgesmith import --help"),
                (["import", "x", "--into", "y", "--rate-hz", "abc"], "--rate-hz", "abc", "a number", "edgesmith import --help")):
            with self.subTest(words=words):
                refused = error(*words)
                self.assertEqual(refused["code"], "cli.usage")
                self.assertIn(what, refused["what"])
                self.assertEqual(refused["found"], found)
                self.assertIn(expected, refused["expected"])
                self.assertEqual(refused["try"], attempt)
                self.assertTrue(refused["where"].startswith("edgesmith"))

    # --- the target ---

    def test_unknown_board(self):
        self.assert_says(error("compile", trained_tap(), "--target", "mps2-an368"), "mps2-an386")

    def test_a_budget_that_does_not_fit(self):
        project = os.path.join(scratch("budget"), "tap")
        shutil.copytree(trained_tap(), project, ignore=shutil.ignore_patterns("build"))
        support.change_toml(project, board='"mps2-an386"\nram_bytes = 1000')
        self.assert_says(error("compile", project), "RAM", "1000")
        support.change_toml(project, ram_bytes="0\nflash_bytes = 2000")
        self.assert_says(error("compile", project), "flash", "2000")

    def test_a_board_that_cannot_be_reached(self):
        self.assert_says(error("test", trained_tap(), "--target", "nrf52840dk", status=support.UNAVAILABLE), "nrf52840dk")

    # --- networks and plans ---

    def run_model(self):
        run = support.read(trained_tap(), "runs/current").strip()
        return support.read(trained_tap(), "runs", run, "model_int8.tflite", mode="rb")

    def refuse_model(self, content):
        folder = scratch("model")
        path = os.path.join(folder, "broken.tflite")
        with open(path, "wb") as file:
            file.write(content)
        with open(os.path.join(folder, "input.bin"), "wb") as file:
            file.write(bytes(240))
        refused = error("run", path, "--input", os.path.join(folder, "input.bin"), "--output",
                        os.path.join(folder, "output.bin"), "--via", "interpreter")
        self.assertFalse(os.path.exists(os.path.join(folder, "output.bin")))
        return refused

    def test_a_model_that_is_none(self):
        self.assert_says(self.refuse_model(b"not a network"), "broken.tflite")
        self.assert_says(self.refuse_model(b""), "broken.tflite")

    def test_a_model_cut_short(self):
        whole = self.run_model()
        self.assert_says(self.refuse_model(whole[:len(whole) // 2]), "broken.tflite")

    def test_an_input_of_the_wrong_size(self):
        folder = scratch("input")
        path = os.path.join(folder, "model.tflite")
        with open(path, "wb") as file:
            file.write(self.run_model())
        write("123", folder, "input.bin")
        self.assert_says(error("run", path, "--input", os.path.join(folder, "input.bin"), "--output",
                               os.path.join(folder, "out.bin")), "240", "3")

    def test_a_foreign_model_under_the_wrong_features(self):
        project = fresh_tap()
        with open(os.path.join(project, "x.tflite"), "wb") as file:
            file.write(self.run_model())
        text = support.read(project, "edgesmith.toml").replace("length_ms = 800", "length_ms = 400")
        text = text.replace("[model]", '[model]\nfile = "x.tflite"\noutput = "probabilities"')
        for key in ("architecture", "filters", "kernel", "pool"):
            text = "\n".join(line for line in text.split("\n") if not line.startswith(key + " ="))
        write(text, project, "edgesmith.toml")
        self.assert_says(error("train", project), "1x80x3", "120")

    def test_a_run_that_is_damaged(self):
        project = os.path.join(scratch("damaged"), "tap")
        shutil.copytree(trained_tap(), project, ignore=shutil.ignore_patterns("build"))
        run = support.read(project, "runs/current").strip()
        write("{", project, "runs", run, "features.json")
        self.assert_says(error("evaluate", project, "--stage", "int8"), "features.json")

    # --- exit status ---

    def test_the_training_program_s_status_is_passed_on(self):
        folder = scratch("programs")
        shutil.copy(os.path.realpath(support.EDGESMITH), os.path.join(folder, "edgesmith"))
        for theirs, ours in ((2, support.REQUEST), (3, support.UNAVAILABLE), (4, support.DEFECT), (139, support.DEFECT)):
            program = write(f"#!/bin/sh\nexit {theirs}\n", folder, "edgesmith-train")
            os.chmod(program, 0o755)
            process = subprocess.run([os.path.join(folder, "edgesmith"), "train", fresh_tap(), "--json"],
                                     capture_output=True, text=True)
            self.assertEqual(process.returncode, ours, process.stdout)
            self.assert_says(json.loads(process.stdout)["error"], f"status {theirs}")

    def test_what_was_asked_for_and_does_not_hold_is_status_1(self):
        project = os.path.join(scratch("unmet"), "tap")
        shutil.copytree(trained_tap(), project, ignore=shutil.ignore_patterns("build"))
        write(support.read(project, "edgesmith.toml") + "\n[accept]\nmacro_f1 = 1.0\n", project, "edgesmith.toml")
        document = ask("evaluate", project, "--split", "test", "--stage", "int8", status=support.CHECK_FAILED)
        self.assertIs(document["ok"], False)
        self.assertEqual(len(document["unmet"]), 1)

    def test_without_json_the_same_goes_to_standard_error(self):
        answer = edgesmith("train", scratch("nothing"))
        self.assertEqual((answer.status, answer.text), (support.REQUEST, ""))
        self.assertIn("try: ", answer.error_text)


if __name__ == "__main__":
    unittest.main()
