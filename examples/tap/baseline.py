#!/usr/bin/env python3
"""What an energy threshold is worth: two thresholds on one figure of the window tell idle, tap and double tap apart.

Per window: the largest deviation of the acceleration's magnitude from its mean, and its standard deviation. The figure
and the thresholds that serve best on the training and validation sessions are judged on the test sessions. Prints one
line of JSON. Standard library only.
"""

import argparse
import array
import json
import os
import sys
import tomllib
import wave

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS = 120  # candidate thresholds


def read_sessions(folder):
    """Session -> list of (samples [(x, y, z)], labels)."""
    sessions = {}
    for root, _, files in sorted(os.walk(folder)):
        for name in sorted(files):
            if not name.endswith(".wav.json"):
                continue
            with open(os.path.join(root, name), encoding="utf-8") as file:
                about = json.load(file)
            with wave.open(os.path.join(root, name[: -len(".json")])) as sound:
                counts = array.array("h", sound.readframes(sound.getnframes()))
            if sys.byteorder == "big":
                counts.byteswap()
            samples = list(zip(counts[0::3], counts[1::3], counts[2::3]))
            sessions.setdefault(about["session"], []).append((samples, about["labels"]))
    return sessions


def groups_of(project, folder):
    """(sessions to choose on, sessions to judge on): from splits.json, else from the lists in edgesmith.toml."""
    path = os.path.join(folder, "splits.json")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            groups = json.load(file)["groups"]
        return groups["train"] + groups["validate"], groups["test"]
    split = project["split"]
    return split["train_groups"] + split["validate_groups"], split["test_groups"]


def windows(recording, classes, length, hop, purity):
    """(peak, deviation, class) of each window that is pure enough."""
    samples, labels = recording
    magnitude = [(x * x + y * y + z * z) ** 0.5 for x, y, z in samples]
    truth = [0] * len(samples)
    for entry in labels:
        truth[entry["from"]:entry["to"]] = [classes.index(entry["label"])] * (entry["to"] - entry["from"])
    for start in range(0, len(samples) - length + 1, hop):
        votes = truth[start:start + length]
        label = max(range(len(classes)), key=votes.count)
        if votes.count(label) < purity * length:
            continue
        part = magnitude[start:start + length]
        mean = sum(part) / length
        peak = max(abs(v - mean) for v in part)
        deviation = (sum((v - mean) ** 2 for v in part) / length) ** 0.5
        yield peak, deviation, label


def macro_f1(confusion):
    f1 = []
    for c in range(len(confusion)):
        right = confusion[c][c]
        said, true = sum(row[c] for row in confusion), sum(confusion[c])
        f1.append(2 * right / (said + true) if said + true else 0.0)
    return sum(f1) / len(f1)


def score(values, low, high):
    """Confusion, rows true: below low is class 0, below high class 1, else class 2."""
    confusion = [[0, 0, 0] for _ in range(3)]
    for value, label in values:
        confusion[label][(value >= low) + (value >= high)] += 1
    return confusion


def choose(values):
    """The best pair of thresholds, by counts of each class below every candidate."""
    ordered = sorted(values)
    cuts = [ordered[i * (len(ordered) - 1) // STEPS][0] for i in range(STEPS + 1)]
    below = []
    for cut in cuts:
        counts = [0, 0, 0]
        for value, label in values:
            counts[label] += value < cut
        below.append(counts)
    total = [sum(label == c for _, label in values) for c in range(3)]
    best = (-1.0, 0.0, 0.0)
    for i, low in enumerate(below):
        for j in range(i, len(cuts)):
            high = below[j]
            confusion = [[low[c], high[c] - low[c], total[c] - high[c]] for c in range(3)]
            best = max(best, (macro_f1(confusion), cuts[i], cuts[j]))
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--project", default=HERE, help="folder with edgesmith.toml and recordings/")
    folder = parser.parse_args().project
    with open(os.path.join(folder, "edgesmith.toml"), "rb") as file:
        project = tomllib.load(file)
    sessions = read_sessions(os.path.join(folder, "recordings"))
    rate_hz = project["input"]["rate_hz"]
    length, hop = (round(project["window"][key] * rate_hz / 1000) for key in ("length_ms", "hop_ms"))
    labels = project["labels"]

    def rows(groups):
        return [row for group in groups for recording in sessions[group]
                for row in windows(recording, labels["classes"], length, hop, labels["purity"])]

    known, unseen = (rows(groups) for groups in groups_of(project, folder))
    best = max((choose([(row[f], row[2]) for row in known]), f) for f in (0, 1))
    (chosen_f1, low, high), figure = best
    confusion = score([(row[figure], row[2]) for row in unseen], low, high)
    print(json.dumps({"figure": ["peak", "deviation"][figure], "macro_f1": round(macro_f1(confusion), 4),
                      "macro_f1_chosen_on": round(chosen_f1, 4), "confusion": confusion,
                      "windows": sum(map(sum, confusion))}))


if __name__ == "__main__":
    main()
