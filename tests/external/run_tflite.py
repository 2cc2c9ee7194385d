#!/usr/bin/env python3
"""Runs a .tflite network under someone else's runtime: the word of a third party on what we write.

  run_tflite.py MODEL.tflite INPUT.npy OUTPUT.npy --with litert|tflm

INPUT holds one input of the network (its shape, with or without the batch of one) or many (first dimension = how many),
in the network's own dtype. OUTPUT gets one row for each. Needs Python 3.11 with numpy, and ai-edge-litert or
tflite-micro.
"""

import argparse

import numpy as np


def litert(model_path):
    """LiteRT on the desk. Its int8 kernels round once where TensorFlow Lite Micro rounds twice."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=model_path, num_threads=1)
    interpreter.allocate_tensors()
    source, sink = interpreter.get_input_details()[0], interpreter.get_output_details()[0]

    def run(x):
        interpreter.set_tensor(source["index"], x)
        interpreter.invoke()
        return interpreter.get_tensor(sink["index"])

    return run, source


def tflm(model_path):
    """TensorFlow Lite Micro's reference kernels, built for the desk."""
    from tflite_micro.python.tflite_micro import runtime

    interpreter = runtime.Interpreter.from_file(model_path, arena_size=8 << 20)

    def run(x):
        interpreter.set_input(x, 0)
        interpreter.invoke()
        return interpreter.get_output(0)

    return run, interpreter.get_input_details(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--with", dest="runtime", choices=["litert", "tflm"], required=True)
    args = parser.parse_args()

    run, details = {"litert": litert, "tflm": tflm}[args.runtime](args.model)
    shape = tuple(int(extent) for extent in details["shape"])
    inputs = np.load(args.input)
    if inputs.dtype != details["dtype"]:
        parser.error(f"{args.input} holds {inputs.dtype}, the network takes {np.dtype(details['dtype'])}")
    if inputs.size % np.prod(shape):
        parser.error(f"{args.input} has shape {inputs.shape}, the network takes {shape}")
    outputs = [np.array(run(x)).reshape(-1) for x in inputs.reshape((-1,) + shape)]
    np.save(args.output, np.stack(outputs))


if __name__ == "__main__":
    main()
