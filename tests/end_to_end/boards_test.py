"""One plan, every core that can be emulated: hard float, soft float, no multiplier to speak of, another architecture."""

import unittest

import support
from support import ask, trained_tap

BOARDS = {
    "host": "x86-64 as the firmware is built there",
    "mps2-an385": "Cortex-M3, soft float",
    "microbit": "Cortex-M0",
    "mps2-an385-m0": "code for Cortex-M0+",
    "mps2-an500": "Cortex-M7",
    "mps2-an505": "Cortex-M33",
    "mps3-an547": "Cortex-M55",
    "virt": "RISC-V",
}


class Boards(unittest.TestCase):
    def test_every_core_gives_the_same_bits(self):
        for board in BOARDS:
            with self.subTest(board=board):
                document = ask("test", trained_tap(), "--target", board)
                self.assertEqual((document["windows"], document["mismatches"]), (150, 0))

    def test_every_window_in_bulk(self):
        document = ask("test", trained_tap(), "--target", support.BOARD, "--all")
        self.assertGreaterEqual(document["windows"], 2000)
        self.assertEqual(document["mismatches"], 0)
        self.assertEqual({end["windows"] for end in document["back_ends"]}, {document["windows"]})


if __name__ == "__main__":
    unittest.main()
