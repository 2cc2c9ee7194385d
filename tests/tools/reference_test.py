"""docs/reference/project.md is what the tool prints: nobody edits it, nobody forgets it."""

import os
import re
import subprocess
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
EDGESMITH = os.path.join(ROOT, "build/edgesmith")
PAGE = "docs/reference/project.md"


class Reference(unittest.TestCase):
    def test_the_page_is_what_the_tool_prints(self):
        printed = subprocess.run([EDGESMITH, "reference"], check=True, capture_output=True, text=True).stdout
        with open(os.path.join(ROOT, PAGE), encoding="utf-8") as file:
            head, _, page = file.read().partition("\n\n")
        self.assertTrue(re.fullmatch(r"<!-- Generated: .*-->", head), head)
        self.assertTrue(page == printed,
                        f"{PAGE} is not what edgesmith reference prints; make it again:\n"
                        f"  (head -n 2 {PAGE}; build/edgesmith reference) > /tmp/page && mv /tmp/page {PAGE}")


if __name__ == "__main__":
    unittest.main()
