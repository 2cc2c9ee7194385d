"""The generated folder stands by itself: any compiler, any flags, no tree of ours around it, the same bits."""

import os
import shutil
import struct
import unittest
import wave

import support
from support import compiled_tap, shell, trained_tap

SESSION = "s19"  # nobody trained on it

FLAGS = {
    "as told": "-std=c++14 -O2",
    "Arduino's": "-std=gnu++14 -Os -ffp-contract=fast -funsigned-char",
    "the newest standard": "-std=gnu++23 -O3",
    "none": "-std=c++14 -O0",
    "this machine's own instructions": "-std=c++17 -O3 -march=native",
    "whole program": "-std=c++17 -O2 -flto -march=native -ffp-contract=fast",
}

C_PROGRAM = """
#include <stdio.h>
#include "tap.h"

int main(int argc, char** argv) {
  int16_t sample[TAP_CHANNELS];
  uint32_t i, events = 0;
  tap_event event;
  FILE* file = fopen(argv[argc - 1], "rb");
  if (tap_begin() != 0 || file == NULL) return 1;
  for (i = 0; fread(sample, sizeof sample, 1, file) == 1; ++i) {
    tap_push(sample, i * TAP_SAMPLE_PERIOD_US);
    if (tap_poll(&event)) printf("%u %s\\n", event.time_us, tap_label(event.label)), ++events;
  }
  tap_reset();
  return events > 0 ? 0 : 2;
}
"""

# The emulated core wants a vector table at address 0 (stack, entry), and one bit that switches its float unit on. The
# C library's start-up code for semihosting brings neither, and the folder's main needs no other board support.
QEMU = ("qemu-system-arm -M {machine} -nographic -semihosting-config enable=on,target=native -monitor none -serial none "
        "-kernel tap.elf -device loader,file=vectors.bin,addr=0,force-raw=on {more}")
STACK_TOP = 0x003ffff0
ARM_BUILDS = {
    "mps2-an385": ("-mcpu=cortex-m3 -mthumb", ""),
    "mps2-an386": ("-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16",
                   "-device loader,addr=0xe000ed88,data=0x00f00000,data-len=4,cpu-num=0"),
}


def copied_folder():
    """The generated folder, in a place that knows nothing of the project."""
    folder = os.path.join(support.scratch("elsewhere"), "firmware")
    shutil.copytree(compiled_tap(), folder)
    return folder


def samples_of(session):
    def make():
        path = os.path.join(support.scratch("samples"), session + ".i16")
        with wave.open(os.path.join(trained_tap(), "recordings", session, "wrist.wav")) as sound:
            with open(path, "wb") as file:
                file.write(sound.readframes(sound.getnframes()))
        return path
    return support.once("samples " + session, make)


def desk_line():
    run = support.read(trained_tap(), "runs/current").strip()
    plan = os.path.join(trained_tap(), "runs", run, "model.plan")
    tool = support.program("desk_trace")
    return shell(f"{tool} {plan} {trained_tap()}/recordings {SESSION}", support.ROOT)


class GeneratedFolder(unittest.TestCase):
    def test_one_line_of_gcc(self):
        folder = copied_folder()
        line = "g++ -std=c++14 -O2 -I. $(find . -name '*.cpp') -o tap && ./tap"
        self.assertIn("self-test passed", shell(line, folder))

    def test_it_compiles_without_a_warning(self):
        line = "g++ -std=c++14 -O2 -Wall -Wextra -Wshadow -Werror -I. -fsyntax-only $(find . -name '*.cpp')"
        shell(line, copied_folder())

    def test_its_cmake_file(self):
        folder = copied_folder()
        out = shell("cmake -S . -B build >/dev/null && cmake --build build >/dev/null && build/tap_check", folder)
        self.assertIn("self-test passed", out)

    def test_one_line_of_arm_gcc_in_the_emulator(self):
        for machine, (flags, more) in ARM_BUILDS.items():
            with self.subTest(machine=machine):
                folder = copied_folder()
                shell(f"arm-none-eabi-g++ {flags} -std=c++14 -O2 -I. $(find . -name '*.cpp') --specs=rdimon.specs "
                      "-o tap.elf", folder)
                entry = int(shell("arm-none-eabi-nm tap.elf | grep ' _start$' | cut -d ' ' -f 1", folder), 16) | 1
                with open(os.path.join(folder, "vectors.bin"), "wb") as file:
                    file.write(struct.pack("<II", STACK_TOP, entry))
                line = QEMU.format(machine=machine, more=more)
                self.assertIn("self-test passed", shell(f"timeout 60 {line} 2>&1", folder))

    def test_the_same_bits_under_any_flags(self):
        folder, expected = copied_folder(), desk_line()
        self.assertRegex(expected, r"^[1-9]\d* windows")
        shutil.copy(os.path.join(support.ROOT, "tests/end_to_end/stream.cpp"), folder + "/main.cpp")
        for name, flags in FLAGS.items():
            with self.subTest(flags=name):
                line = f"g++ {flags} -I. $(find . -name '*.cpp') -o stream && ./stream {samples_of(SESSION)}"
                self.assertEqual(shell(line, folder), expected)

    def test_flags_that_cannot_be_exact_are_refused_at_compile_time(self):
        folder = copied_folder()
        with self.assertRaisesRegex(AssertionError, "#error"):
            shell("g++ -std=c++14 -O2 -ffast-math -I. $(find . -name '*.cpp') -o tap", folder)

    def test_the_c_face(self):
        folder = copied_folder()
        os.remove(os.path.join(folder, "main.cpp"))
        support.write(C_PROGRAM, folder, "app.c")
        shell("gcc -std=c99 -Wall -Wextra -Werror -I. -c app.c -o app.o && "
              "g++ -std=c++14 -O2 -I. $(find . -name '*.cpp') app.o -o app", folder)
        for line in shell(f"./app {samples_of(SESSION)}", folder).splitlines():
            self.assertRegex(line, r"^\d+ (tap|double_tap)$")

    def test_a_changed_weight_is_found_by_the_self_test(self):
        folder = copied_folder()
        path = os.path.join(folder, "tap_network.cpp")
        text = support.read(path)
        at = text.index("{", text.index("int8_t ")) + 1
        support.write(text[:at] + " 101, -101, 101," + text[at:].split(",", 3)[3], path)
        with self.assertRaisesRegex(AssertionError, "self-test failed"):
            shell("g++ -std=c++14 -O2 -I. $(find . -name '*.cpp') -o tap && ./tap", folder)


if __name__ == "__main__":
    unittest.main()
