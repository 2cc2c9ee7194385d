"""Our reading of .onnx files under onnxruntime: quantised networks operator by operator, float ones as a whole, and
small networks made here for operators that no recorded network has. Run by tests/external/run.

Each operator of a quantised network becomes a network of its own, from the integers that it reads to those that it
writes, and both sides get the integers that onnxruntime had there.
"""

import collections
import os
import subprocess
import sys
import unittest

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [os.path.join(HERE, "../end_to_end")]

import support  # noqa: E402

MODELS = os.path.join(support.DATA, "models/mlperf-tiny-results-v1.3")
QUANTISED = ["deep_autoencoder", "kws_ref_model", "mobilenet_v1", "resnet"]


def session(model, optimised):
    options = onnxruntime.SessionOptions()
    levels = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = levels.ORT_ENABLE_ALL if optimised else levels.ORT_DISABLE_ALL
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])


def theirs(model, feeds, optimised=False):
    return session(model, optimised).run(None, feeds)


def ours(model, feeds):
    folder = support.scratch("onnx")
    path, output = os.path.join(folder, "model.onnx"), os.path.join(folder, "output.bin")
    onnx.save(model, path)
    files = []
    for end in model.graph.input:
        files.append(os.path.join(folder, f"input{len(files)}.bin"))
        feeds[end.name].tofile(files[-1])
    process = subprocess.run([support.program("onnx_run"), path, output, *files], capture_output=True, text=True)
    if process.returncode != 0:
        raise AssertionError(process.stderr)
    end = model.graph.output[0].type.tensor_type
    return np.fromfile(output, helper.tensor_dtype_to_np_dtype(end.elem_type)), process.stdout


def random_input(model, rng):
    """Spread over what the network's first QuantizeLinear can hold, or over -1 to 1."""
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    low, high = -1.0, 1.0
    for node in model.graph.node:
        if node.op_type == "QuantizeLinear":
            scale, zero_point = constants[node.input[1]], constants[node.input[2]].astype(int)
            low, high = (-128 - zero_point) * scale, (127 - zero_point) * scale
            break
    shape = [dim.dim_value for dim in model.graph.input[0].type.tensor_type.shape.dim]
    return {model.graph.input[0].name: rng.uniform(low, high, shape).astype(np.float32)}


def with_integers_as_outputs(model):
    """The same network, every QuantizeLinear's output an output of the network."""
    wide = onnx.ModelProto()
    wide.CopyFrom(model)
    for node in model.graph.node:
        if node.op_type == "QuantizeLinear":
            wide.graph.output.append(helper.make_tensor_value_info(node.output[0], TensorProto.INT8, None))
    return wide


def operators_of(model):
    """For each operator between DequantizeLinear and QuantizeLinear: its kind and a network of it alone."""
    model = onnx.shape_inference.infer_shapes(model)
    producers = {name: node for node in model.graph.node for name in node.output}
    constants = {tensor.name for tensor in model.graph.initializer}
    extractor = onnx.utils.Extractor(model)
    for quantize in model.graph.node:
        if quantize.op_type != "QuantizeLinear" or quantize.input[0] not in producers:
            continue
        sources, kinds, waiting = [], [], [quantize.input[0]]
        while waiting:
            name = waiting.pop()
            node = producers.get(name)
            if node is None or node.op_type == "QuantizeLinear":
                sources += [name] if name not in constants and name not in sources else []
                continue
            kinds += [node.op_type] if node.op_type != "DequantizeLinear" else []
            waiting += [value for value in node.input if value and value not in constants]
        yield "+".join(reversed(kinds)), extractor.extract_model(sources, [quantize.output[0]])


class Distances:
    """How many values lie how many steps apart, by kind of operator."""

    def __init__(self):
        self.counts = collections.defaultdict(collections.Counter)

    def add(self, kind, a, b):
        steps, counts = np.unique(np.abs(a.astype(int) - b.astype(int)), return_counts=True)
        self.counts[kind].update(dict(zip(steps.tolist(), counts.tolist())))

    def worst(self):
        return max(max(counter) for counter in self.counts.values())

    def text(self):
        return "\n".join(f"    {kind}: {dict(sorted(counter.items()))}" for kind, counter in sorted(self.counts.items()))


class RecordedNetworks(unittest.TestCase):
    def setUp(self):
        if not os.path.isdir(MODELS):
            self.skipTest(f"no {MODELS}: set EDGESMITH_DATA")

    def compare(self, name, optimised):
        model = onnx.load(os.path.join(MODELS, name + ".onnx"))
        wide = with_integers_as_outputs(model)
        names = [end.name for end in wide.graph.output]
        distances = Distances()
        for seed in range(3):
            feeds = random_input(model, np.random.default_rng(seed))
            seen = dict(zip(names, theirs(wide, feeds, False)), **feeds)
            for kind, single in operators_of(model):
                inputs = {end.name: seen[end.name] for end in single.graph.input}
                mine, _ = ours(single, inputs)
                distances.add(kind, mine, theirs(single, inputs, optimised)[0].reshape(-1))
        return distances

    def test_every_quantised_operator_is_at_most_two_steps_away(self):
        for optimised in (False, True):
            for name in QUANTISED:
                distances = self.compare(name, optimised)
                print(f"\n  {name}, onnxruntime {'with' if optimised else 'without'} its optimisations, values by "
                      f"distance in steps:\n{distances.text()}")
                self.assertLessEqual(distances.worst(), 2)

    def test_the_float_network_gives_the_same(self):
        # 1e-4: sums run in another order there.
        model = onnx.load(os.path.join(MODELS, "vww_96_float.onnx"))
        for seed in range(3):
            feeds = random_input(model, np.random.default_rng(seed))
            mine, _ = ours(model, feeds)
            worst = float(np.abs(mine - theirs(model, feeds)[0].reshape(-1)).max())
            print(f"\n  vww_96_float, seed {seed}: differs by at most {worst:.1e}")
            self.assertLess(worst, 1e-4)

    def test_whole_quantised_networks_agree_on_the_best_class(self):
        for name in ("kws_ref_model", "mobilenet_v1", "resnet"):
            model = onnx.load(os.path.join(MODELS, name + ".onnx"))
            for seed in range(3):
                feeds = random_input(model, np.random.default_rng(seed))
                mine, reference = ours(model, feeds)[0], theirs(model, feeds)[0].reshape(-1)
                print(f"\n  {name}, seed {seed}: scores differ by at most {np.abs(mine - reference).max():.3f}")
                self.assertEqual(mine.argmax(), reference.argmax())


def network(nodes, inputs, output, constants=(), opset=13):
    """inputs: name -> (type, shape); output: (name, type)."""
    initializers = [numpy_helper.from_array(np.asarray(value), name) for name, value in dict(constants).items()]
    ends = [helper.make_tensor_value_info(name, *kind) for name, kind in inputs.items()]
    graph = helper.make_graph(nodes, "made", ends, [helper.make_tensor_value_info(*output, None)], initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def made_float_networks():
    rng = np.random.default_rng(1)
    x = {"x": (TensorProto.FLOAT, [1, 6, 7, 5])}
    y = ("y", TensorProto.FLOAT)

    def weights(*shape):
        return rng.normal(0, 0.5, shape).astype(np.float32)

    def one(kind, constants=(), opset=13, count=1, **attributes):
        names = ["x"] * count + list(dict(constants))
        return network([helper.make_node(kind, names, ["y"], **attributes)], x, y, constants, opset)

    yield "Conv", one("Conv", {"w": weights(4, 6, 3, 2), "b": weights(4)}, strides=[2, 1], pads=[1, 0, 2, 1])
    yield "Conv SAME_LOWER", one("Conv", {"w": weights(4, 6, 2, 2)}, auto_pad="SAME_LOWER")
    yield "Conv in 2 groups", one("Conv", {"w": weights(8, 3, 3, 3)}, group=2, dilations=[2, 1])
    yield "Conv depthwise x 2", one("Conv", {"w": weights(12, 1, 3, 3)}, group=6, pads=[1, 1, 1, 1])
    yield "AveragePool ceil", one("AveragePool", opset=19, kernel_shape=[3, 2], strides=[2, 2], ceil_mode=1)
    yield "AveragePool with padding", one("AveragePool", kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)
    yield "AveragePool without padding", one("AveragePool", kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    yield "MaxPool ceil", one("MaxPool", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
    yield "GlobalMaxPool", one("GlobalMaxPool")
    yield "ReduceMean of channels", one("ReduceMean", axes=[1])
    yield "ReduceMean of width", one("ReduceMean", axes=[-1], keepdims=0)
    yield "Softmax of channels", one("Softmax", axis=1)
    yield "Softmax before 13", one("Softmax", opset=11, axis=2)
    yield "Concat", one("Concat", count=3, axis=1)
    yield "Pad", one("Pad", {"p": np.array([0, 1, 0, 2, 0, 2, 1, 0]), "v": np.float32(0.5)})
    yield "Clip", one("Clip", {"low": np.float32(0), "high": np.float32(6)})
    yield "HardSwish", one("HardSwish", opset=14)
    yield "HardSigmoid", one("HardSigmoid", alpha=0.3, beta=0.4)
    yield "LeakyRelu", one("LeakyRelu", alpha=0.2)
    yield "PRelu", one("PRelu", {"s": weights(6, 1, 1)})
    yield "Add per channel", one("Add", {"c": weights(6, 1, 1)})
    yield "Add per place", one("Add", {"c": weights(7, 5)})
    yield "Div", one("Div", {"c": np.abs(weights(6, 1, 1)) + 1})
    yield "MatMul", one("MatMul", {"w": weights(5, 3)})
    nodes = [helper.make_node("Conv", ["x", "w"], ["a"]), helper.make_node("Flatten", ["a"], ["f"]),
             helper.make_node("Gemm", ["f", "g"], ["y"], transB=1, alpha=0.5)]
    yield "Conv, Flatten, Gemm", network(nodes, x, y, {"w": weights(4, 6, 3, 3), "g": weights(3, 60)})
    nodes = [helper.make_node("Conv", ["x", "w"], ["a"]), helper.make_node("GlobalAveragePool", ["a"], ["m"]),
             helper.make_node("Sigmoid", ["m"], ["s"]), helper.make_node("Mul", ["a", "s"], ["y"])]
    yield "squeeze and excite", network(nodes, x, y, {"w": weights(4, 6, 3, 3)})
    nodes = [helper.make_node("Conv", ["x", "w"], ["a"]),
             helper.make_node("Reshape", ["a", "split"], ["b"]),
             helper.make_node("Transpose", ["b"], ["c"], perm=[0, 2, 1, 3, 4]),
             helper.make_node("Reshape", ["c", "join"], ["d"]), helper.make_node("Conv", ["d", "v"], ["y"])]
    yield "channel shuffle", network(nodes, x, y, {"w": weights(8, 6, 1, 1), "v": weights(3, 8, 2, 2),
                                                   "split": np.array([1, 2, 4, 7, 5]), "join": np.array([1, 8, 7, 5])})
    nodes = [helper.make_node("HardSigmoid", ["x"], ["h"], alpha=1 / 6, beta=0.5), helper.make_node("Mul", ["h", "x"], ["y"])]
    yield "HardSigmoid * x", network(nodes, x, y)


def quantised_network(nodes, constants, element=TensorProto.INT8, opset=13, out=(0.02, 3), into=(0.05, -10)):
    """x of integers -> DequantizeLinear -> nodes from 'a' to 'b' -> QuantizeLinear -> y."""
    dtype = helper.tensor_dtype_to_np_dtype(element)
    moved = 128 if element == TensorProto.UINT8 else 0
    constants = dict(constants, xs=np.float32(into[0]), xz=np.array(into[1] + moved, dtype), ys=np.float32(out[0]),
                     yz=np.array(out[1] + moved, dtype))
    around = [helper.make_node("DequantizeLinear", ["x", "xs", "xz"], ["a"]), *nodes,
              helper.make_node("QuantizeLinear", ["b", "ys", "yz"], ["y"])]
    return network(around, {"x": (element, [1, 6, 7, 5])}, ("y", element), constants, opset)


def made_quantised_networks():
    rng = np.random.default_rng(2)
    for element in (TensorProto.INT8, TensorProto.UINT8):
        for kind, out, opset, attributes in [
                ("Relu", (0.03, -128), 13, {}), ("LeakyRelu", (0.04, -60), 13, {"alpha": 0.2}),
                ("Sigmoid", (1 / 256, -128), 13, {}), ("Sigmoid", (1 / 200, -120), 13, {}),
                ("Tanh", (1 / 128, 0), 13, {}), ("Tanh", (1 / 100, 5), 13, {}), ("HardSwish", (0.03, -100), 14, {}),
                ("MaxPool", (0.05, -10), 13, {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}),
                ("MaxPool", (0.04, 0), 13, {"kernel_shape": [2, 2]}),
                ("AveragePool", (0.05, -10), 13, {"kernel_shape": [3, 2], "strides": [2, 1]}),
                ("AveragePool", (0.04, -10), 13, {"kernel_shape": [3, 2]}),
                ("AveragePool", (0.01, -10), 13, {"kernel_shape": [3, 2]}),
                ("GlobalAveragePool", (0.01, -20), 13, {}), ("ReduceMean", (0.02, -20), 13, {"axes": [1]}),
                ("Softmax", (1 / 256, -128), 13, {"axis": 1}), ("Softmax", (1 / 230, -120), 13, {"axis": -1}),
                ("Flatten", (0.05, -10), 13, {}), ("Transpose", (0.05, -10), 13, {"perm": [0, 2, 3, 1]})]:
            nodes = [helper.make_node(kind, ["a"], ["b"], **attributes)]
            yield f"{kind} {out} {element}", quantised_network(nodes, {}, element, opset, out)
        weights = rng.integers(-127, 128, (4, 6, 3, 3)).astype(np.int8)
        scales = rng.uniform(0.001, 0.01, 4).astype(np.float32)
        conv = [helper.make_node("DequantizeLinear", ["w", "ws", "wz"], ["wf"], axis=0),
                helper.make_node("Conv", ["a", "wf", "bias"], ["c"])]
        constants = {"w": weights, "ws": scales, "wz": np.zeros(4, np.int8), "bias": np.float32([0.1, -0.2, 0.3, 0]),
                     "six": np.float32(6), "zero": np.float32(0)}
        yield f"Conv Relu {element}", quantised_network(
            conv + [helper.make_node("Relu", ["c"], ["b"])], constants, element, 13, (0.05, -90))
        yield f"Conv Clip {element}", quantised_network(
            conv + [helper.make_node("Clip", ["c", "zero", "six"], ["b"])], constants, element, 13, (0.05, -90))
        for kind, out in (("Add", (0.08, -5)), ("Sub", (0.06, 7)), ("Mul", (0.12, -30))):
            more = [helper.make_node("MaxPool", ["a"], ["m"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
                    helper.make_node("QuantizeLinear", ["m", "ms", "mz"], ["mq"]),
                    helper.make_node("DequantizeLinear", ["mq", "ms", "mz"], ["md"]),
                    helper.make_node(kind, ["a", "md"], ["b"])]
            dtype = helper.tensor_dtype_to_np_dtype(element)
            zero = np.array(5 + (128 if element == TensorProto.UINT8 else 0), dtype)
            yield f"{kind} {element}", quantised_network(more, {"ms": np.float32(0.04), "mz": zero}, element, 13, out)


class MadeNetworks(unittest.TestCase):
    def test_float_networks_give_the_same(self):
        rng = np.random.default_rng(3)
        for name, model in made_float_networks():
            with self.subTest(name):
                feeds = {"x": rng.normal(0, 2, (1, 6, 7, 5)).astype(np.float32)}
                mine, _ = ours(model, feeds)
                expected = theirs(model, feeds)[0].reshape(-1)
                np.testing.assert_allclose(mine, expected, rtol=1e-4, atol=1e-5)

    def test_quantised_networks_are_at_most_two_steps_away(self):
        rng = np.random.default_rng(4)
        distances = Distances()
        for name, model in made_quantised_networks():
            with self.subTest(name):
                unsigned = model.graph.input[0].type.tensor_type.elem_type == TensorProto.UINT8
                x = rng.integers(-128, 128, (1, 6, 7, 5)) + (128 if unsigned else 0)
                feeds = {"x": x.astype(np.uint8 if unsigned else np.int8)}
                mine, text = ours(model, feeds)
                expected = theirs(model, feeds)[0].reshape(-1)
                steps = np.abs(mine.astype(int) - expected.astype(int)).max()
                self.assertLessEqual(steps, 2, text)
                distances.add(name, mine, expected)
        print(f"\n  made networks, values by distance in steps:\n{distances.text()}")


if __name__ == "__main__":
    unittest.main()
