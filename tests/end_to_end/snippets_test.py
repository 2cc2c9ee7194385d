"""What README.md and the pages under docs/ tell people to type, typed.

A block is tried when the comment <!-- tried: NAME --> stands before it; every name has its test here, with what the
text around the block says is there. Each block runs in a folder of its own, where build/ is this build.
"""

import os
import re
import shutil
import subprocess
import unittest

import support
from support import ROOT, scratch, shell, write

PAGES = ["README.md", "docs/boards.md"]
MARK = r"<!-- tried: (\w+) -->"


def snippets():
    """Blocks by name: the indented or fenced lines behind each mark."""
    found = {}
    for page in PAGES:
        for name, rest in re.findall(rf"(?s){MARK}\n\n(.*?)(?=<!-- tried|\Z)", support.read(ROOT, page)):
            block = re.match(r"```\w*\n(?P<fenced>.*?)^```|(?P<indented>(?:(?:    [^\n]*)?\n)+)", rest, re.S | re.M)
            assert block and name not in found, f"{page}: no block, or a second one, behind tried: {name}"
            found[name] = block["fenced"] or re.sub(r"(?m)^    ", "", block["indented"]).strip() + "\n"
    return found


def folder_with_build():
    folder = scratch("snippet")
    os.symlink(os.path.join(ROOT, "build"), os.path.join(folder, "build"))
    return folder


def six_people(folder):
    """csv/anna/walk_1.csv and so on: 20 s at 50 Hz of what each label looks like."""
    amplitude = {"still": 0.01, "walk": 0.5, "shake": 3.0}
    for person in ("anna", "ben", "cleo", "dan", "eva", "finn"):
        for label, size in amplitude.items():
            rows = (f"{20 * i},{size * ((i * 7 + len(person)) % 11 - 5) / 5:.3f},{size * (i % 5 - 2) / 2:.3f},1.0\n"
                    for i in range(1000))
            write("time_ms,ax,ay,az\n" + "".join(rows), folder, "csv", person, f"{label}_1.csv")


def compiles(text, folders, *words):
    source = write(text, scratch("source"), "main.cpp")
    process = subprocess.run(["g++", "-std=c++14", "-fsyntax-only", "-Wall", *[f"-I{f}" for f in folders], *words, source],
                             capture_output=True, text=True)
    return process.returncode == 0, process.stderr


class Snippets(unittest.TestCase):
    def setUp(self):
        self.snippets = snippets()

    def test_every_mark_is_tried(self):
        marks = [name for page in PAGES for name in re.findall(MARK, support.read(ROOT, page))]
        self.assertEqual(sorted(marks), sorted(self.snippets))
        self.assertEqual(set(marks), {name[len("test_the_"):-len("_block")] for name in dir(self)
                                      if re.fullmatch(r"test_the_\w+_block", name)})

    def test_the_csv_block(self):
        folder = folder_with_build()
        six_people(folder)
        new, *then = self.snippets["csv"].splitlines()
        shell(new, folder)
        gait = os.path.join(folder, "gait")
        support.change_toml(gait, rate_hz="50", classes='["still", "walk", "shake"]', idle='"still"')
        for line in then:
            shell(line, folder)
        self.assertTrue(os.path.exists(os.path.join(folder, "firmware/gait/gait.h")))

    def test_the_tflite_block(self):
        folder = folder_with_build()
        tap = support.trained_tap()
        run = support.read(tap, "runs/current").strip()
        shutil.copy(os.path.join(tap, "runs", run, "model_int8.tflite"), os.path.join(folder, "kws.tflite"))
        shell(self.snippets["tflite"], folder)
        generated = os.path.join(folder, "firmware/kws")
        shell("g++ -std=c++14 -Os -Wall -Wextra -Werror -I. $(find . -name '*.cpp') -o kws && ./kws", generated)

    def test_the_firmware_block(self):
        text = "#include <stdint.h>\nvoid halt();\nvoid toggle_light();\n" + self.snippets["firmware"]
        good, said = compiles(text, [support.compiled_tap()])
        self.assertTrue(good, said)
        self.assertFalse(compiles(text.replace("kLabelDoubleTap", "kLabelTripleTap"), [support.compiled_tap()])[0])

    def test_the_library_block(self):
        folder = folder_with_build()
        os.symlink(support.compiled_tap(), os.path.join(folder, "tap"))
        shell(f"export HOME={folder}\n" + self.snippets["library"], folder)
        library = os.path.join(folder, "Arduino/libraries/tap")
        self.assertTrue(os.path.exists(os.path.join(library, "src/tap.h")))
        keys = [line.split("=")[0] for line in support.read(library, "library.properties").splitlines()]
        self.assertEqual(sorted(set(keys) & {"name", "version", "architectures"}), ["architectures", "name", "version"])

    def test_the_sketch_block(self):
        """Against a stand-in for the Arduino core and its sensor library, with the prototypes that the IDE adds."""
        headers = scratch("arduino")
        write("""#include <stdint.h>
struct Port { void begin(int); void println(int); void println(const char*); };
struct Sensor { bool begin(); bool accelerationAvailable(); bool readAcceleration(float&, float&, float&); };
extern Port Serial;
extern Sensor IMU;
unsigned long micros();
#define constrain(x, low, high) ((x) < (low) ? (low) : ((x) > (high) ? (high) : (x)))
int16_t counts(float g);
""", headers, "Arduino_LSM9DS1.h")
        good, said = compiles(self.snippets["sketch"], [headers, support.compiled_tap()])
        self.assertTrue(good, said)


if __name__ == "__main__":
    unittest.main()
