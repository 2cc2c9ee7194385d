#!/usr/bin/env python3
"""Simulates a wrist-worn accelerometer: taps and double taps among walking, typing, bumps and gestures.

Writes recordings/<session>/wrist.wav (three int16 channels, 100 Hz, +-4 g) and wrist.wav.json beside it. Each session
is one wearer's script of activities, with a strap, a hand and a sensor of its own. Knocks (a finger, a heel, a key, the
edge of a desk) are force pulses on a case that hangs on a spring, its strap, simulated at 1600 Hz and seen through the
sensor's low-pass.

The same seed gives the same bytes on every machine: only + - * / and square roots are used, which IEEE-754 defines to
the last bit; sine, noise and decay are built from these below. Standard library only.
"""

import argparse
import json
import os
import random
import shutil
import struct
import wave

RATE_HZ = 100
INNER_STEPS = 16  # simulation steps of a knock per sample
COUNTS_PER_G = 8192  # int16 full scale = 4 g
SESSIONS = 24
PI = 3.141592653589793

# A label covers as many samples as the window of edgesmith.toml, and the first touch lies LEAD samples into it: a
# window that shares three quarters with its label holds the first touch and the 0.3 s after it, in which the second
# touch of a double tap must come.
LABEL_SAMPLES = 80
LEAD_SAMPLES = (22, 28)
EVENT_SPACING_SAMPLES = 170


# --- arithmetic that is the same everywhere ---------------------------------------------------------------------------

def sine(turns):
    """Sine of an angle in turns: odd polynomial on a quarter turn, error below 4e-6."""
    x = turns - int(turns)
    x = x + 1 if x < 0 else x
    if x > 0.75:
        x -= 1
    elif x > 0.25:
        x = 0.5 - x
    a = 2 * PI * x
    s = a * a
    return a * (1 - s / 6 * (1 - s / 20 * (1 - s / 42 * (1 - s / 72))))


def normal(rng):
    """Nearly normal: sum of twelve uniform numbers, variance 1."""
    return sum(rng.random() for _ in range(12)) - 6


def unit(v):
    length = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) ** 0.5
    return [v[0] / length, v[1] / length, v[2] / length]


def tilted(rng, v, spread):
    return unit([c + spread * normal(rng) for c in v])


def smooth(x):
    """0 to 1 with level ends."""
    x = min(1, max(0, x))
    return x * x * (3 - 2 * x)


# --- the wearer -------------------------------------------------------------------------------------------------------

class Wearer:
    """What stays the same through one session."""

    def __init__(self, rng):
        loose = rng.random()
        self.strap_hz = 38 - 14 * loose
        self.strap_damping = 0.24 - 0.10 * loose
        self.tap_axis = unit([rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5), rng.choice([-1, -1, -1, 1])])
        self.tap_g = rng.uniform(2.4, 7.0)
        self.gap_s = rng.uniform(0.18, 0.25)
        self.second_touch = rng.uniform(0.8, 1.1)
        self.steps_hz = rng.uniform(1.5, 2.1)
        self.heel_g = rng.uniform(0.4, 1.2)
        self.swing = rng.uniform(0.15, 0.45)
        self.key_g = rng.uniform(0.1, 0.4)
        self.bias_g = [0.04 * normal(rng) for _ in range(3)]
        self.gain = [1 + 0.02 * normal(rng) for _ in range(3)]
        self.noise_g = rng.uniform(0.004, 0.012)


class Trace:
    """Acceleration in g, [axis][sample], to which the parts of the scene are added."""

    def __init__(self, wearer, samples):
        self.wearer = wearer
        self.samples = samples
        self.g = [[0.0] * samples for _ in range(3)]

    def add(self, at, axis, value):
        if 0 <= at < self.samples:
            for c in range(3):
                self.g[c][at] += value * axis[c]

    def knock(self, at, peak_g, width_s, axis):
        """A parabolic force pulse that starts at sample `at` (any fraction) sets the case ringing on its strap."""
        step_s = 1 / (RATE_HZ * INNER_STEPS)
        omega = 2 * PI * self.wearer.strap_hz
        spring, friction = omega * omega, 2 * self.wearer.strap_damping * omega
        first = int(at)
        skip_s = (at - first) / RATE_HZ
        position = velocity = low = lower = 0.0
        step = 0
        for sample in range(first, first + 32):
            for _ in range(INNER_STEPS):
                x = (step * step_s - skip_s) / width_s
                force = 4 * peak_g * x * (1 - x) if 0 < x < 1 else 0.0
                acceleration = force - friction * velocity - spring * position
                velocity += acceleration * step_s
                position += velocity * step_s
                low += 0.22 * (acceleration - low)  # two poles near 60 Hz
                lower += 0.22 * (low - lower)
                step += 1
            self.add(sample, axis, lower)


# --- activities: each fills samples [from, to) and leaves the posture to gravity() ------------------------------------

def rest(rng, trace, start, end):
    pass


def walk(rng, trace, start, end):
    """Arm swing at half the step rate, bounce at the step rate, a heel strike each step."""
    wearer = trace.wearer
    step = RATE_HZ / wearer.steps_hz
    down = [0.9, 0.1, 0.4]
    for t in range(start, end):
        fade = smooth((t - start) / 80) * smooth((end - t) / 80)
        phase = (t - start) / step
        trace.add(t, [1, 0.3, 0.2], fade * 0.16 * sine(phase))
        trace.add(t, [0.25, 1, 0.5], fade * wearer.swing * sine(phase / 2))
        trace.add(t, [0.4, 0.2, 1], fade * 0.5 * wearer.swing * sine(phase / 2 + 0.2))
    t = start + 60
    while t < end - 60:
        peak_g = wearer.heel_g * rng.uniform(0.6, 1.4)
        trace.knock(t, peak_g, rng.uniform(0.03, 0.05), tilted(rng, down, 0.25))
        t += step * rng.uniform(0.95, 1.05)


def type_text(rng, trace, start, end):
    """Words of small, quick knocks."""
    t = start + 20
    while t < end - 40:
        for _ in range(rng.randrange(3, 9)):
            peak_g = trace.wearer.key_g * rng.uniform(0.4, 1.6)
            trace.knock(t, peak_g, rng.uniform(0.008, 0.016), tilted(rng, [0.2, 0.2, 1], 0.4))
            t += rng.uniform(10, 22)
            if t >= end - 40:
                return
        t += rng.uniform(20, 70)


def handle_things(rng, trace, start, end):
    """Puts the arm down on the desk, bumps into it, reaches for things, shakes the wrist."""
    t = start + 30
    while t < end - 130:
        kind = rng.random()
        if kind < 0.45:
            bump(rng, trace, t)
        elif kind < 0.8:
            reach(rng, trace, t)
        else:
            shake(rng, trace, t)
        t += rng.randrange(110, 200)


def bump(rng, trace, at):
    """The arm sinks, then hits: broader than a finger, from any side; sometimes it hits twice."""
    axis = tilted(rng, [0.3, 0.6, 0.6], 0.5)
    for t in range(25):
        trace.add(at + t, axis, 0.35 * sine(t / 50))
    peak_g = rng.uniform(0.6, 3.0)
    trace.knock(at + 25, peak_g, rng.uniform(0.03, 0.06), axis)
    if rng.random() < 0.3:
        trace.knock(at + 25 + rng.uniform(12, 24), 0.6 * peak_g, rng.uniform(0.03, 0.06), tilted(rng, axis, 0.3))


def reach(rng, trace, at):
    """One push and one brake of the whole arm."""
    axis = tilted(rng, [0.5, 0.5, 0.5], 0.6)
    length = rng.randrange(40, 90)
    peak_g = rng.uniform(0.4, 1.6)
    for t in range(length):
        trace.add(at + t, axis, peak_g * sine(t / length) * smooth(t / 10) * smooth((length - t) / 10))


def shake(rng, trace, at):
    axis = tilted(rng, [0.2, 1, 0.4], 0.4)
    peak_g, shakes_hz = rng.uniform(0.6, 2.5), rng.uniform(2.5, 5.5)
    for t in range(100):
        fade = smooth(t / 20) * smooth((100 - t) / 20)
        trace.add(at + t, axis, fade * peak_g * sine(t / RATE_HZ * shakes_hz))


ACTIVITIES = {  # what is done, and where gravity points meanwhile
    "rest": (rest, [0.1, 0.2, 0.97]),
    "walk": (walk, [0.85, 0.2, 0.45]),
    "type": (type_text, [0.05, -0.15, 0.98]),
    "things": (handle_things, [0.4, 0.3, 0.8]),
}


def gravity(rng, trace, script):
    """Points where the posture says, moves there within half a second or so, and never quite holds still."""
    towards = now = tilted(rng, ACTIVITIES[script[0][0]][1], 0.2)
    turn = iter(script)
    entry = next(turn)
    for t in range(trace.samples):
        while entry and t >= entry[1]:
            towards = tilted(rng, ACTIVITIES[entry[0]][1], 0.25)
            entry = next(turn, None)
        if t % 50 == 0:
            towards = tilted(rng, towards, 0.02)
        now = unit([n + 0.03 * (d - n) for n, d in zip(now, towards)])
        trace.add(t, now, 1.0)


def tap(rng, trace, label, at):
    """One touch, or two within 0.3 s."""
    wearer = trace.wearer
    axis = tilted(rng, wearer.tap_axis, 0.15)
    peak_g = wearer.tap_g * rng.uniform(0.65, 1.5)
    trace.knock(at, peak_g, rng.uniform(0.006, 0.012), axis)
    if label == "double_tap":
        gap = RATE_HZ * min(0.28, max(0.16, wearer.gap_s * rng.uniform(0.85, 1.15)))
        peak_g *= wearer.second_touch * rng.uniform(0.85, 1.2)
        trace.knock(at + gap, peak_g, rng.uniform(0.006, 0.012), tilted(rng, axis, 0.1))


# --- a session --------------------------------------------------------------------------------------------------------

def make_script(rng, samples):
    """[(activity, from, to)], every activity at least once."""
    script, t, left = [], 0, []
    while t < samples:
        if not left:
            left = sorted(ACTIVITIES)
            rng.shuffle(left)
        end = min(samples, t + rng.randrange(900, 1500))
        script.append((left.pop(), t, end))
        t = end
    return script


def place_events(rng, script, samples):
    """[(label, first sample of the label)]: one place every 1.7 to 3 s, most of them used, none amid the gestures
    of a hand that is busy."""
    busy = [(start, end) for activity, start, end in script if activity == "things"]
    events, t = [], 150
    while t + LABEL_SAMPLES + 50 < samples:
        free = all(t + LABEL_SAMPLES < start or t > end for start, end in busy)
        if free and rng.random() < 0.9:
            events.append((rng.choice(["tap", "double_tap"]), t))
        t += EVENT_SPACING_SAMPLES + rng.randrange(0, 130)
    return events


def make_labels(events, samples):
    labels, done = [], 0
    for label, start in events:
        labels.append((done, start, "idle"))
        labels.append((start, start + LABEL_SAMPLES, label))
        done = start + LABEL_SAMPLES
    labels.append((done, samples, "idle"))
    return [{"from": a, "to": b, "label": label, "certainty": 1} for a, b, label in labels if a < b]


def to_counts(rng, trace):
    """The sensor: gain, bias, noise, rounding, clipping."""
    wearer = trace.wearer
    frames = []
    for t in range(trace.samples):
        for c in range(3):
            g = trace.g[c][t] * wearer.gain[c] + wearer.bias_g[c] + wearer.noise_g * normal(rng)
            counts = int(g * COUNTS_PER_G + 65536.5) - 65536  # rounds half up, also below zero
            frames.append(min(32767, max(-32768, counts)))
    return frames


def make_session(seed, index):
    # A string seeds through SHA-512: sessions are unrelated, and one can be made without the others.
    rng = random.Random(f"{seed}/{index}")
    samples = rng.randrange(8500, 10000)
    trace = Trace(Wearer(rng), samples)
    script = make_script(rng, samples)
    gravity(rng, trace, script)
    for activity, start, end in script:
        ACTIVITIES[activity][0](rng, trace, start, end)
    events = place_events(rng, script, samples)
    for label, start in events:
        tap(rng, trace, label, start + rng.uniform(*LEAD_SAMPLES))
    return to_counts(rng, trace), make_labels(events, samples)


def write_session(folder, index, frames, labels):
    session = f"s{index:02d}"
    path = os.path.join(folder, session)
    os.makedirs(path)
    with wave.open(os.path.join(path, "wrist.wav"), "wb") as out:
        out.setnchannels(3)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(struct.pack(f"<{len(frames)}h", *frames))
    about = {
        "session": session,
        "subject": f"p{index:02d}",
        "device": "simulated wrist accelerometer",
        "unit": "g",
        "rate_hz": {"asked": RATE_HZ, "measured": RATE_HZ},
        "channels": ["ax", "ay", "az"],
        "counts": True,
        "labels": labels,
    }
    with open(os.path.join(path, "wrist.wav.json"), "w", encoding="utf-8", newline="\n") as out:
        json.dump(about, out, indent=1)
        out.write("\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--into", default="recordings", help="folder to write, replaced when it exists")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    unfinished = options.into + ".unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    for index in range(1, SESSIONS + 1):
        write_session(unfinished, index, *make_session(options.seed, index))
    shutil.rmtree(options.into, ignore_errors=True)
    os.rename(unfinished, options.into)


if __name__ == "__main__":
    main()
