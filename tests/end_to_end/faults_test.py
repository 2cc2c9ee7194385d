"""Faults planted on the board's side are found, in both back ends, and called by the contract that they break."""

import unittest

import support

EXPECTED = {"sample": "INPUT", "weight": "EXECUTION", "rule": "DECISION"}


class PlantedFaults(unittest.TestCase):
    def test_each_is_called_by_its_name(self):
        tool = support.program("planted_faults")
        found = {}
        for line in support.shell(f"{tool} {support.trained_tap()} {support.BOARD}", support.ROOT).splitlines():
            fault, rest = line.split(", ", 1)
            back_end, difference = rest.split(": ", 1)
            found[fault, back_end] = difference.split(":")[0]
        self.assertEqual(found, {(fault, back_end): contract for fault, contract in EXPECTED.items()
                                 for back_end in ("generated C++", "plan file")})


if __name__ == "__main__":
    unittest.main()
