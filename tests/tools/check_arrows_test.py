"""The arrow check finds what is planted, and nothing in a tree that is in order."""

import importlib.machinery
import importlib.util
import os
import tempfile
import unittest

TOOL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tools/check_arrows")


def load_tool():
    loader = importlib.machinery.SourceFileLoader("check_arrows", TOOL)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_arrows", loader))
    loader.exec_module(module)
    return module


TREE = {
    "device/base/span.h": "#include <stdint.h>\n",
    "device/base/CMakeLists.txt": "edgesmith_library(device_base STANDARD 14)\n",
    "device/signal/window.h": '#include "device/base/span.h"\n',
    "device/guard/guard.h": '#include "device/base/span.h"\n',
    "host/base/error.h": "#include <string>\n",
    "host/base/CMakeLists.txt": "edgesmith_library(host_base)\n",
    "host/project/project.h": '#include "host/base/error.h"\n',
    "host/project/CMakeLists.txt": "edgesmith_library(host_project DEPS host_base)\n",
}


class CheckArrows(unittest.TestCase):
    def problems(self, **planted):
        """What the check says of the tree above with some files replaced or added."""
        with tempfile.TemporaryDirectory() as root:
            for path, text in {**TREE, **planted}.items():
                os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
                with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                    file.write(text)
            return load_tool().check(root)

    def assert_one(self, path, text, *words):
        problems = self.problems(**{path: text})
        self.assertEqual(len(problems), 1, problems)
        for word in words:
            self.assertIn(word, problems[0])

    def test_a_tree_in_order_is_silent(self):
        self.assertEqual(self.problems(), [])

    def test_sibling_of_the_road(self):
        self.assert_one("device/signal/window.h", '#include <stdint.h>\n#include "device/guard/guard.h"\n',
                        "device/signal/window.h:2:", "device/signal does not see device/guard", "device/base")

    def test_device_does_not_see_host(self):
        self.assert_one("device/guard/guard.h", '#include "host/base/error.h"\n', "does not see host/base")

    def test_device_does_not_see_the_standard_library(self):
        self.assert_one("device/guard/guard.h", "#include <vector>\n", "<vector>", "stdint.h")

    def test_tests_of_device_may_see_the_standard_library(self):
        self.assertEqual(self.problems(**{"device/guard/guard_test.cpp": "#include <vector>\n"}), [])

    def test_host_base_sees_nothing(self):
        self.assert_one("host/base/error.h", '#include "host/project/project.h"\n', "nothing but itself")

    def test_libraries_stay_where_they_are(self):
        self.assert_one("host/base/error.h", "#include <ATen/ATen.h>\n", "host/train/torch")

    def test_relative_includes_are_refused(self):
        self.assert_one("device/signal/window.h", '#include "span.h"\n', "written from its root")

    def test_a_folder_nobody_thought_of(self):
        self.assert_one("host/misc/misc.h", '#include "host/base/error.h"\n', "host/misc is in no table")

    def test_linked_libraries_are_arrows(self):
        self.assert_one("host/base/CMakeLists.txt", "edgesmith_library(host_base DEPS host_project)\n",
                        "host/base/CMakeLists.txt:1:", "links host_project")

    def test_a_library_is_called_as_its_folder(self):
        self.assert_one("host/base/CMakeLists.txt", "edgesmith_library(base)\n", "host_base")


if __name__ == "__main__":
    unittest.main()
