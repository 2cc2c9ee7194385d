"""The pages of docs/reference are what the tool prints: nobody edits them, nobody forgets them."""

import os
import re
import subprocess
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
EDGESMITH = os.path.join(ROOT, "build/edgesmith")


class Reference(unittest.TestCase):
    def expect_page(self, name):
        page_file = f"docs/reference/{name}.md"
        printed = subprocess.run([EDGESMITH, "reference", name], check=True, capture_output=True, text=True).stdout
        with open(os.path.join(ROOT, page_file), encoding="utf-8") as file:
            head, _, page = file.read().partition("\n\n")
        self.assertTrue(re.fullmatch(r"<!-- Generated: .*-->", head), head)
        self.assertTrue(page == printed,
                        f"{page_file} is not what edgesmith reference {name} prints; make it again:\n"
                        f"  (head -n 2 {page_file}; build/edgesmith reference {name}) > page && mv page {page_file}")

    def test_the_project_page_is_what_the_tool_prints(self):
        self.expect_page("project")

    def test_the_operators_page_is_what_the_tool_prints(self):
        self.expect_page("operators")


if __name__ == "__main__":
    unittest.main()
