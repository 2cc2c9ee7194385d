"""The word check finds what is planted."""

import importlib.machinery
import importlib.util
import os
import unittest

TOOL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tools/check_words")


def check_text(path, text):
    loader = importlib.machinery.SourceFileLoader("check_words", TOOL)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_words", loader))
    loader.exec_module(module)
    return list(module.check_text(path, text))


class CheckWords(unittest.TestCase):
    def test_good_text_is_silent(self):
        self.assertEqual(check_text("a.cpp", "// TODO" + "(#12): wider\nint x;  // see ~/home/x\n"), [])

    def test_paths_of_one_machine(self):
        self.assertIn("a path of one machine", check_text("a.md", "cd /" + "home/ada/edgesmith\n")[0])

    def test_open_ends_without_a_number(self):
        self.assertIn("a.cpp:2: an open end", check_text("a.cpp", "\n// TODO" + ": later\n")[0])

    def test_overlong_sources(self):
        self.assertIn("601 lines", check_text("a.cpp", "\n" * 600)[0])
        self.assertEqual(check_text("a.cpp", "// Long: a table\n" + "\n" * 700), [])
        self.assertEqual(check_text("a.md", "\n" * 700), [])


if __name__ == "__main__":
    unittest.main()
