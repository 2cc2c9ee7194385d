#!/usr/bin/env python3
"""Writes docs/benchmarks.md: what five public networks cost on every core, counted by `edgesmith bench`.

  bench/networks.py [OUTPUT]        networks are looked for below $EDGESMITH_DATA
"""

import json
import math
import os
import subprocess
import sys

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
DATA = os.environ.get("EDGESMITH_DATA", os.path.join(ROOT, "../shared/data"))
EDGESMITH = os.path.join(ROOT, "build/edgesmith")
KERNELS = "portable"

NETWORKS = {  # short name: file below models/mlperf-tiny, what it is
    "kws": ("kws_ref_model", "keywords, DS-CNN"),
    "vww": ("vww_96_int8", "person or not, MobileNetV1 0.25"),
    "ic": ("pretrainedResnet_quant", "images, ResNet-8"),
    "ad": ("ad01_int8", "machine sounds, autoencoder"),
    "sww": ("str_ww_ref_model", "wake word, 1-D DS-CNN"),
}
BOARDS = {  # board: core
    "mps2-an385-m0": "Cortex-M0+ (ARMv6-M)",
    "mps2-an385": "Cortex-M3",
    "mps2-an386": "Cortex-M4F",
    "mps3-an547": "Cortex-M55",
    "virt": "RISC-V RV32IMAC",
}
# TensorFlow Lite Micro with CMSIS-NN on the same files: instructions an inference, and bytes of RAM (arena and the
# interpreter's own). Taken over as they stand; nothing here measures them.
PEER_INSTRUCTIONS = {
    "mps2-an385": {"kws": 10.55e6, "vww": 32.08e6, "ic": 41.76e6, "ad": 0.956e6, "sww": 4.26e6},
    "mps2-an385-m0": {"kws": 29.0e6, "vww": 86.9e6, "ic": 97.6e6, "ad": 1.76e6, "sww": 9.32e6},
}
PEER_RAM = {"kws": 22820, "vww": 100708, "ic": 54996, "ad": 2580, "sww": 16596}


def bench(network, board):
    """The document of `edgesmith bench`; None, with the reason on standard error, when the network does not run."""
    model = os.path.join(DATA, "models/mlperf-tiny", NETWORKS[network][0] + ".tflite")
    words = [EDGESMITH, "bench", model, "--target", board, "--kernels", KERNELS, "--json"]
    process = subprocess.run(words, capture_output=True, text=True)
    document = json.loads(process.stdout)
    if process.returncode == 0:
        return document
    if not document.get("output_equal", True):
        raise SystemExit(f"{network} on {board}: the output is wrong: {document['output_difference']}")
    print(f"{network} on {board}: {document['error']['what']}", file=sys.stderr)
    return None


def geometric_mean(values):
    return math.exp(sum(math.log(value) for value in values) / len(values))


def table(titles, rows):
    lines = ["| " + " | ".join(titles) + " |", "| --- " + "| ---: " * (len(titles) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def cost_table(results):
    titles = ["network", "MACs", "instructions", "a MAC", "estimated M4 cycles", "arena", "stack", "code", "flash"]
    rows = []
    for network, d in results.items():
        if d is None:
            rows.append([network, "does not run yet"] + [""] * (len(titles) - 2))
            continue
        rows.append([network, f"{d['macs']:,}", f"{d['instructions']:,}", f"{d['instructions_per_mac']:.2f}",
                     f"{d['m4_cycles_estimate']:,}", f"{d['ram']['arena']:,}", f"{d['ram']['stack']:,}",
                     f"{d['flash']['code']:,}", f"{d['flash']['total']:,}"])
    return table(titles, rows)


def with_mean(rows, ratios):
    return rows + [["geometric mean", "", "", f"{geometric_mean(ratios):.2f}"]] if ratios else rows


def instruction_comparison(results, peer):
    rows, ratios = [], []
    for network, d in results.items():
        if d is None:
            continue
        ratios.append(d["instructions"] / peer[network])
        rows.append([network, f"{d['instructions'] / 1e6:.2f} M", f"{peer[network] / 1e6:.2f} M", f"{ratios[-1]:.2f}"])
    return table(["network", "Edgesmith", "TFLM + CMSIS-NN", "ratio"], with_mean(rows, ratios))


def ram_comparison(results):
    rows, ratios = [], []
    for network, d in results.items():
        if d is None:
            continue
        total = d["ram"]["total"]
        ratios.append(total / PEER_RAM[network])
        rows.append([network, f"{total:,}", f"{PEER_RAM[network]:,}", f"{ratios[-1]:.2f}"])
    return table(["network", "Edgesmith, with stack", "TFLM + CMSIS-NN", "ratio"], with_mean(rows, ratios))


def version(command):
    return subprocess.run([command, "-dumpfullversion"], capture_output=True, text=True, check=True).stdout.strip()


def formula(measured):
    return next(d["m4_cycles_formula"] for results in measured.values() for d in results.values() if d)


def page(measured):
    parts = [f"""# Benchmarks

Written by `make bench`. The counts are exact and repeat: the same compilers give the same page on every machine. Here:
GCC {version('arm-none-eabi-g++')} for Arm, GCC {version('riscv64-unknown-elf-g++')} for RISC-V, `-O2`, the kernel set `{KERNELS}`, the MLPerf Tiny networks
in int8.

## How it is measured

`edgesmith bench MODEL --target BOARD` compiles the network to C++, links it into an application that reads its input when
it runs, and lets QEMU execute it. A plugin (`firmware/emulator`) counts every instruction from the call of the network's
`run` to its return; the self-test that went before is not in it. Where operators meet there is a label in the code, which
costs no instruction, so that what is counted is what an application executes. What prepares an operator's call counts as
that operator's, the way in as the first one's, the way out as the last one's: the operators add up to the total. A
conditional instruction that is skipped counts. The output of the counted inference is compared with the interpreter's,
and a difference is a failure.

Classes (`--json`) come from the disassembly. **Cycles are an estimate**, made from the instructions that were executed as a
Cortex-M4 without wait states would take them:

> {formula(measured)}

For other cores it is a yardstick, no prediction. QEMU counts a vector instruction of the Cortex-M55 as one.

RAM is the arena (input, output and scratch in it), state of the generated code, and the stack that `run` itself took,
measured by painting it. Flash is measured in the linked image: weights, tables, and code of the generated folder with its
kernels and what they call of the C library; the application and the board's start-up are left out.

| network | file | task |
| --- | --- | --- |"""]
    parts[0] += "".join(f"\n| {name} | `{file}.tflite` | {task} |" for name, (file, task) in NETWORKS.items())
    parts.append("## Costs\n\nOf one inference; memory in bytes.")
    for board, core in BOARDS.items():
        parts.append(f"### {core}, `{board}`\n\n{cost_table(measured[board])}")
    parts.append("## Beside TensorFlow Lite Micro\n\nIts figures, with CMSIS-NN on the same files, stand in "
                 "`bench/networks.py`; this page does not measure them.\nA ratio below 1 is less than TFLM needs.")
    for board, peer in PEER_INSTRUCTIONS.items():
        parts.append(f"### Instructions, {BOARDS[board]}\n\n{instruction_comparison(measured[board], peer)}")
    parts.append(f"### RAM in bytes, Cortex-M4F\n\n{ram_comparison(measured['mps2-an386'])}")
    return "\n\n".join(parts) + "\n"


def main(words):
    output = words[0] if words else os.path.join(ROOT, "docs/benchmarks.md")
    if not os.path.isdir(os.path.join(DATA, "models/mlperf-tiny")):
        raise SystemExit(f"no networks below {DATA}; EDGESMITH_DATA says where they are")
    measured = {board: {network: bench(network, board) for network in NETWORKS} for board in BOARDS}
    with open(output, "w", encoding="utf-8") as file:
        file.write(page(measured))
    print(f"wrote {os.path.relpath(output)}")


if __name__ == "__main__":
    main(sys.argv[1:])
