"""What the end-to-end tests share: the command, and projects to try it on.

Everything lies below build/end_to_end, which each run of the tests begins anew. Recordings of examples/tap are made
once; one quick training of it is shared by all tests that only look.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
EDGESMITH = os.path.join(ROOT, "build/edgesmith")
WORK = os.path.join(ROOT, "build/end_to_end")
DATA = os.environ.get("EDGESMITH_DATA", os.path.join(ROOT, "../shared/data"))
BOARD = "mps2-an386"


def program(name):
    """A test program that is built beside the command."""
    return os.path.join(os.path.dirname(os.path.realpath(EDGESMITH)), name)


OK, CHECK_FAILED, REQUEST, UNAVAILABLE, DEFECT = 0, 1, 2, 3, 4


class Answer:
    def __init__(self, process, seconds):
        self.status, self.text, self.error_text = process.returncode, process.stdout, process.stderr
        self.seconds = seconds

    @property
    def document(self):
        return json.loads(self.text)


def edgesmith(*words, cwd=None):
    start = time.monotonic()
    process = subprocess.run([EDGESMITH, *map(str, words)], cwd=cwd, capture_output=True, text=True)
    return Answer(process, time.monotonic() - start)


def ask(*words, status=OK, cwd=None):
    """The document of `edgesmith WORDS --json`; complains unless it ended with `status`."""
    answer = edgesmith(*words, "--json", cwd=cwd)
    if answer.status != status:
        raise AssertionError(f"edgesmith {' '.join(map(str, words))} --json ended with {answer.status}, not {status}\n"
                             f"{answer.text}\n{answer.error_text}")
    return answer.document


def error(*words, status=REQUEST, cwd=None):
    """The error of a command that must refuse: code, what, where, expected, found, try."""
    document = ask(*words, status=status, cwd=cwd)
    assert document["ok"] is False, document
    return document["error"]


def scratch(name):
    """A new empty folder."""
    os.makedirs(WORK, exist_ok=True)
    return tempfile.mkdtemp(prefix=name + "-", dir=WORK)


def read(*path, mode="r"):
    with open(os.path.join(*path), mode, **({} if "b" in mode else {"encoding": "utf-8"})) as file:
        return file.read()


def write(text, *path):
    path = os.path.join(*path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


_once = {}


def once(key, make):
    if key not in _once:
        _once[key] = make()
    return _once[key]


def tap_recordings():
    """recordings/ as the example's generator makes them."""
    def make():
        folder = os.path.join(scratch("tap_recordings"), "recordings")
        subprocess.run(["python3", os.path.join(ROOT, "examples/tap/generate.py"), "--into", folder], check=True)
        return folder
    return once("recordings", make)


def change_toml(project, **changes):
    """Sets keys of edgesmith.toml: epochs="3" changes the line `epochs = ...`."""
    text = read(project, "edgesmith.toml")
    for key, value in changes.items():
        text, count = re.subn(rf"(?m)^{key} *=.*$", f"{key} = {value}", text)
        assert count == 1, f"{key} stands {count} times in edgesmith.toml"
    write(text, project, "edgesmith.toml")


def without_section(project, name):
    text = read(project, "edgesmith.toml")
    write(re.sub(rf"(?ms)^\[{name}\].*?(?=^\[|\Z)", "", text), project, "edgesmith.toml")


def fresh_tap(quick=True):
    """A copy of examples/tap with its recordings, never trained. quick: three epochs, nothing to accept."""
    project = os.path.join(scratch("tap"), "tap")
    os.makedirs(project)
    for name in os.listdir(os.path.join(ROOT, "examples/tap")):
        if name not in ("recordings", "runs", "build", "splits.json", "__pycache__"):
            shutil.copy(os.path.join(ROOT, "examples/tap", name), project)
    shutil.copytree(tap_recordings(), os.path.join(project, "recordings"))
    if quick:
        change_toml(project, epochs="3")
        without_section(project, "accept")
    return project


def trained_tap():
    """A quickly trained copy of examples/tap; look, do not touch."""
    def make():
        project = fresh_tap()
        ask("train", project)
        return project
    return once("trained", make)


def compiled_tap():
    """The C++ folder of trained_tap(), outside of any project."""
    def make():
        folder = os.path.join(scratch("generated"), "tap_cpp")
        ask("compile", trained_tap(), "--target", BOARD, "--emit", "cpp", "-o", folder)
        return folder
    return once("compiled", make)


def plan_bytes(project):
    run = read(project, "runs/current").strip()
    return read(project, "runs", run, "model.plan", mode="rb")


def shell(command, cwd):
    """Output of one shell line that must succeed."""
    process = subprocess.run(["bash", "-c", command], cwd=cwd, capture_output=True, text=True)
    if process.returncode != 0:
        raise AssertionError(f"{command}\nin {cwd} ended with {process.returncode}\n{process.stdout}\n{process.stderr}")
    return process.stdout


def begin_anew():
    shutil.rmtree(WORK, ignore_errors=True)


begin_anew()
