#include "host/layout/layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "host/layout/random_graphs.h"

namespace edgesmith::layout {
namespace {

using ir::TensorId;

/// Networks by hand: every operator a softmax named "op0", "op1" ..., which is as good as any here.
class Net {
 public:
  TensorId tensor(std::int64_t bytes, const std::string& name = "") {
    return add_activation(net_.graph, bytes, name);
  }
  TensorId input(std::int64_t bytes, const std::string& name = "") {
    net_.graph.inputs.push_back(tensor(bytes, name));
    return net_.graph.inputs.back();
  }
  /// An operator from `from` to a new tensor; the overlap is that of its first input.
  TensorId op(std::vector<TensorId> from, std::int64_t bytes, Overlap overlap = {}, const std::string& name = "") {
    const std::string op_name = "op" + std::to_string(net_.graph.ops.size());
    const TensorId to = tensor(bytes, name);
    net_.overlaps[{op_name, 0}] = overlap;
    net_.graph.ops.push_back({ir::OpKind::softmax, std::move(from), {to}, {}, op_name});
    return to;
  }
  TensorId reshape(TensorId from) {
    const TensorId to = tensor(net_.graph.tensor(from).shape[1]);
    net_.graph.ops.push_back({ir::OpKind::reshape, {from}, {to}, {}, "reshape"});
    return to;
  }
  void scratch(std::size_t bytes) {  // of the last operator
    net_.scratch[net_.graph.ops.back().name] = bytes;
  }
  void overlap(std::size_t input, Overlap overlap) {  // of the last operator
    net_.overlaps[{net_.graph.ops.back().name, input}] = overlap;
  }
  RandomNetwork& finish(std::vector<TensorId> outputs) {
    net_.graph.outputs = std::move(outputs);
    return net_;
  }

 private:
  RandomNetwork net_;
};

constexpr Overlap kInPlace = {0, 0};

Overlap forwards(std::ptrdiff_t bytes) {
  return {bytes, std::nullopt};
}

Overlap both_ways(std::ptrdiff_t bytes) {
  return {bytes, bytes};
}

// ---- what a layout may not do ------------------------------------------------------------------------------------

struct Range {
  std::ptrdiff_t begin, end;
  bool meets(const Range& other) const {
    return begin < other.end && other.begin < end;
  }
};

Range range(const ir::Graph& graph, const Layout& layout, TensorId id) {
  const auto begin = static_cast<std::ptrdiff_t>(layout.offsets[static_cast<std::size_t>(id)]);
  return {begin, begin + static_cast<std::ptrdiff_t>(ir::tensor_bytes(graph.tensor(id)))};
}

bool has(const std::vector<TensorId>& ids, TensorId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// The tensors that lie on the bytes of `id` by reshapes, itself included.
std::vector<TensorId> same_bytes(const ir::Graph& graph, TensorId id) {
  std::vector<TensorId> ids{id};
  for (std::size_t n = 0; n != ids.size();) {
    n = ids.size();
    for (const ir::Op& op : graph.ops) {
      if (op.kind != ir::OpKind::reshape || has(ids, op.inputs[0]) == has(ids, op.outputs[0])) continue;
      ids.push_back(has(ids, op.inputs[0]) ? op.outputs[0] : op.inputs[0]);
    }
  }
  return ids;
}

// Is anything of the tensor's bytes needed by the operators from `position` on, or by the caller?
bool needed_from(const ir::Graph& ordered, std::size_t position, TensorId id) {
  for (const TensorId same : same_bytes(ordered, id)) {
    if (has(ordered.outputs, same)) return true;
    for (std::size_t k = position; k < ordered.ops.size(); ++k)
      if (has(ordered.ops[k].inputs, same)) return true;
  }
  return false;
}

// Do the walk that the layout asks for and the distances of all inputs allow output and input to lie as they do?
bool admissible(const RandomNetwork& net, const ir::Op& op, Walk walk, TensorId input, const Range& in,
                const Range& out) {
  const auto& options = net.options();
  for (std::size_t k = 0; k < op.inputs.size(); ++k) {
    if (!has(same_bytes(net.graph, input), op.inputs[k])) continue;
    const Overlap overlap = options.overlap(op, k);
    const bool forward = walk == Walk::forwards && overlap.forwards && in.begin - out.begin >= *overlap.forwards;
    const bool backward = walk == Walk::backwards && overlap.backwards && out.end - in.end >= *overlap.backwards;
    if (!forward && !backward) return false;
  }
  return true;
}

void check_op(const RandomNetwork& net, const ir::Graph& ordered, const Layout& layout, std::size_t position) {
  const ir::Op& op = ordered.ops[position];
  const Walk walk = layout.walks[layout.order[position]];
  const Range out = range(ordered, layout, op.outputs[0]);
  std::vector<TensorId> alive = op.outputs;  // and all that was written before and is needed from here on
  for (std::size_t t = 0; t < ordered.tensors.size(); ++t) {
    const auto id = static_cast<TensorId>(t);
    bool written = has(ordered.inputs, id);
    for (std::size_t k = 0; k < position; ++k)
      written = written || has(ordered.ops[k].outputs, id);
    if (written && needed_from(ordered, position, id)) alive.push_back(id);
  }
  for (const TensorId a : alive) {
    const Range mine = range(ordered, layout, a);
    for (const TensorId b : alive) {
      if (a >= b || has(same_bytes(ordered, a), b) || !mine.meets(range(ordered, layout, b))) continue;
      ASSERT_TRUE(a == op.outputs[0] || b == op.outputs[0]) << a << " and " << b << " at " << op.name;
      const TensorId input = a == op.outputs[0] ? b : a;
      ASSERT_FALSE(needed_from(ordered, position + 1, input)) << input << " at " << op.name;
      ASSERT_TRUE(admissible(net, op, walk, input, range(ordered, layout, input), out)) << input << " at " << op.name;
    }
    const std::size_t scratch = layout.scratch_offsets[layout.order[position]];
    if (scratch == kNoOffset) continue;
    const auto begin = static_cast<std::ptrdiff_t>(scratch);
    ASSERT_FALSE(mine.meets({begin, begin + static_cast<std::ptrdiff_t>(net.scratch.at(op.name))})) << op.name;
  }
}

void check(const RandomNetwork& net, const Layout& layout, std::size_t alignment) {
  const ir::Graph ordered = reorder(net.graph, layout.order);
  ASSERT_EQ(ordered.ops.size(), net.graph.ops.size());
  EXPECT_GE(layout.arena_bytes, layout.lower_bound_inplace.bytes);
  EXPECT_GE(layout.lower_bound.bytes, layout.lower_bound_inplace.bytes);
  EXPECT_EQ(layout.arena_bytes % alignment, 0u);
  for (std::size_t t = 0; t < layout.offsets.size(); ++t) {
    if (layout.offsets[t] == kNoOffset) continue;
    EXPECT_EQ(layout.offsets[t] % alignment, 0u);
    EXPECT_LE(layout.offsets[t] + ir::tensor_bytes(net.graph.tensors[t]), layout.arena_bytes);
  }
  for (std::size_t i = 0; i < net.graph.ops.size(); ++i) {
    if (layout.scratch_offsets[i] == kNoOffset) continue;
    EXPECT_EQ(layout.scratch_offsets[i] % alignment, 0u);
    EXPECT_LE(layout.scratch_offsets[i] + net.scratch.at(net.graph.ops[i].name), layout.arena_bytes);
  }
  std::vector<bool> written(net.graph.tensors.size(), false);
  for (const TensorId id : net.graph.inputs)
    written[static_cast<std::size_t>(id)] = true;
  for (std::size_t k = 0; k < ordered.ops.size(); ++k) {
    for (const TensorId id : ordered.ops[k].inputs)
      ASSERT_TRUE(written[static_cast<std::size_t>(id)]) << ordered.ops[k].name << " runs too early";
    for (const TensorId id : ordered.ops[k].outputs)
      written[static_cast<std::size_t>(id)] = true;
    check_op(net, ordered, layout, k);
  }
}

TEST(PlanArena, OverlapsNothingButWhatOperatorsAllow) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed, 1);
    const RandomNetwork net = random_network(random, 2 + random.below(40), 3000);
    const std::size_t alignment = std::size_t{1} << random.below(6);
    const Layout layout = plan_arena(net.graph, net.options(alignment, random.below(4) != 0));
    SCOPED_TRACE(seed);
    check(net, layout, alignment);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(PlanArena, TakesLargeNetworks) {
  Random random(3);
  const RandomNetwork net = random_network(random, 120, 3000);
  const Layout layout = plan_arena(net.graph, net.options());
  check(net, layout, 16);
  const Layout again = plan_arena(net.graph, net.options());
  EXPECT_EQ(layout.offsets, again.offsets);
  EXPECT_EQ(layout.order, again.order);
}

TEST(PlanArena, StaysNearTheBoundOnLargeNetworks) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed, 7);
    RandomNetwork net = random_network(random, 40, 20000);
    net.scratch.clear();  // which the bound leaves out
    const Layout layout = plan_arena(net.graph, net.options());
    // The worst of these is 7.0 % above, and whether anything is better is not known.
    EXPECT_LE(static_cast<double>(layout.arena_bytes), 1.08 * static_cast<double>(layout.lower_bound_inplace.bytes));
  }
}

// ---- by hand -----------------------------------------------------------------------------------------------------

TEST(PlanArena, ChainNeedsItsWidestPair) {
  Net net;  // 100 -> 60 -> 200 -> 8 bytes, rounded up to 112, 64, 208, 16
  const TensorId a = net.input(100), b = net.op({a}, 60), c = net.op({b}, 200), d = net.op({c}, 8);
  const Layout layout = plan_arena(net.finish({d}).graph);
  EXPECT_EQ(layout.arena_bytes, 64u + 208u);
  EXPECT_EQ(layout.lower_bound.bytes, 64u + 208u);
  EXPECT_EQ(layout.lower_bound_inplace.bytes, 64u + 208u);
  EXPECT_EQ(layout.lower_bound.op, 1);
  EXPECT_EQ(layout.lower_bound.tensors, (std::vector<TensorId>{b, c}));
  EXPECT_TRUE(layout.optimal);
}

TEST(PlanArena, ReshapeLiesOnItsInput) {
  Net net;
  const TensorId a = net.input(32), b = net.op({a}, 64), c = net.reshape(b), d = net.op({c}, 16);
  const Layout layout = plan_arena(net.finish({d}).graph);
  EXPECT_EQ(layout.offsets[1], layout.offsets[2]);
  EXPECT_EQ(layout.arena_bytes, 96u);
}

TEST(PlanArena, ReshapesOtherReadersKeepItsBytes) {
  Net net;  // b dies with the last reader of its reshape c, not with its own
  const TensorId a = net.input(16), b = net.op({a}, 64), c = net.reshape(b), d = net.op({b}, 64, kInPlace),
                 e = net.op({c, d}, 64);
  const RandomNetwork& done = net.finish({e});
  const Layout layout = plan_arena(done.graph, done.options());
  check(done, layout, 16);
  EXPECT_EQ(layout.arena_bytes, 3 * 64u);
}

TEST(PlanArena, KeepsATensorUntilItsLastReaderAndOutputsToTheEnd) {
  Net net;  // b is an output written first; a is read by all
  const TensorId a = net.input(16), b = net.op({a}, 16), c = net.op({a}, 16), d = net.op({a}, 16);
  (void)c;
  EXPECT_EQ(plan_arena(net.finish({b, d}).graph).arena_bytes, 48u);  // a and b throughout; c and d share
}

TEST(PlanArena, LeavesConstantsOut) {
  Net net;
  const TensorId a = net.input(16), b = net.op({a}, 16);
  ir::Graph graph = net.finish({b}).graph;
  ir::Tensor weights;
  weights.dtype = ir::DType::s8;
  weights.shape = {16, 16};
  weights.data.resize(256);
  graph.ops[0] = {ir::OpKind::fully_connected, {a, graph.add(weights), ir::kNoTensor}, {b}, {}, ""};
  const Layout layout = plan_arena(graph);
  EXPECT_EQ(layout.offsets[2], kNoOffset);
  EXPECT_EQ(layout.arena_bytes, 32u);
}

TEST(PlanArena, NeverWritesOverWhatIsReadAgain) {
  Net net;  // b is read by the last operator; c is a network output
  const TensorId a = net.input(64), b = net.op({a}, 64, kInPlace), c = net.op({b}, 64, kInPlace),
                 d = net.op({c}, 64, kInPlace), e = net.op({d, b}, 64, kInPlace);
  const RandomNetwork& done = net.finish({c, e});
  const Layout layout = plan_arena(done.graph, done.options());
  check(done, layout, 16);
  EXPECT_EQ(layout.arena_bytes, 3 * 64u);
}

TEST(PlanArena, ScratchIsThereForItsOperatorOnly) {
  Net net;
  const TensorId a = net.input(64), b = net.op({a}, 32);
  net.scratch(10);
  const TensorId c = net.op({b}, 32);
  net.scratch(40);
  const RandomNetwork& done = net.finish({c});
  const Layout layout = plan_arena(done.graph, done.options());
  check(done, layout, 16);
  EXPECT_EQ(layout.arena_bytes, 64u + 32u + 16u);
  EXPECT_EQ(layout.lower_bound.bytes, 96u);
}

TEST(PlanArena, RunsOperatorsInTheOrderThatNeedsLeast) {
  Net net;  // two branches that swell and shrink; side by side they need both swellings
  const TensorId a = net.input(16), b = net.op({a}, 320), c = net.op({a}, 320), d = net.op({b}, 16),
                 e = net.op({c}, 16), f = net.op({d, e}, 16);
  const RandomNetwork& done = net.finish({f});
  Layout layout = plan_arena(done.graph, done.options());
  check(done, layout, 16);
  EXPECT_EQ(layout.arena_bytes, 16u + 320u + 16u);
  EXPECT_EQ(layout.lower_bound.bytes, 352u);
  EXPECT_TRUE(layout.optimal);
  layout = plan_arena(done.graph, done.options(16, false));
  EXPECT_EQ(layout.order, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(layout.arena_bytes, 16u + 320u + 320u);
}

// ---- networks of this kind ---------------------------------------------------------------------------------------

// Keyword spotting, DS-CNN: 49x10 -> 25x5x64, four times depthwise 3x3 and pointwise, pooling, dense, softmax.
RandomNetwork ds_cnn(Overlap depthwise, Overlap pointwise) {
  Net net;
  TensorId t = net.op({net.input(490, "spectrogram")}, 8000, {}, "conv");
  for (int block = 0; block < 4; ++block)
    t = net.op({net.op({t}, 8000, depthwise)}, 8000, pointwise);
  t = net.op({net.reshape(net.op({t}, 64, forwards(0)))}, 12);
  return net.finish({net.op({t}, 12, kInPlace)});
}

TEST(Networks, DsCnnWithoutOverlapsNeedsTwoActivations) {
  const RandomNetwork net = ds_cnn({}, {});
  const Layout layout = plan_arena(net.graph, net.options());
  check(net, layout, 16);
  EXPECT_EQ(layout.arena_bytes, 16000u);
  EXPECT_EQ(layout.lower_bound.bytes, 16000u);
  EXPECT_EQ(bound_text(net.graph, layout.lower_bound), "16000 bytes at 'op1' (SOFTMAX): conv 8000, t2 8000");
}

TEST(Networks, DsCnnForwardsSlidesDownByEveryDistance) {
  const RandomNetwork net = ds_cnn(forwards(640), forwards(0));  // two rows of 5x64; a pixel is buffered
  const Layout layout = plan_arena(net.graph, net.options());
  check(net, layout, 16);
  EXPECT_EQ(layout.arena_bytes, 8000u + 4 * 640);
  EXPECT_EQ(layout.lower_bound_inplace.bytes, 8640u);  // of each operator for itself
  EXPECT_TRUE(layout.optimal);
}

TEST(Networks, DsCnnBothWaysGoesToAndFro) {
  const RandomNetwork net = ds_cnn(both_ways(640), both_ways(64));
  const Layout layout = plan_arena(net.graph, net.options());
  check(net, layout, 16);
  EXPECT_EQ(layout.arena_bytes, 8640u);
  EXPECT_EQ(layout.lower_bound_inplace.bytes, 8640u);
  EXPECT_EQ(std::count(layout.walks.begin(), layout.walks.end(), Walk::backwards), 4);
}

// A pointwise convolution that keeps each pixel aside until it is complete: from the front, from the back.
Overlap pointwise(std::ptrdiff_t pixels, std::ptrdiff_t in, std::ptrdiff_t out, bool backwards) {
  const std::ptrdiff_t growth = out - in, distance = growth > 0 ? (pixels - 1) * growth : growth;
  Overlap overlap{distance, std::nullopt};
  if (backwards) overlap.backwards = distance;
  return overlap;
}

// Visual wake words, MobileNet 0.25 on 96x96: a convolution, then depthwise and pointwise in turns.
RandomNetwork mobile_net(bool backwards) {
  struct Layer {
    std::ptrdiff_t side, channels;
    int stride;  // of the depthwise convolution
    std::ptrdiff_t out;
  };
  const Layer layers[] = {{48, 8, 1, 16},   {48, 16, 2, 32},  {24, 32, 1, 32},  {24, 32, 2, 64}, {12, 64, 1, 64},
                          {12, 64, 2, 128}, {6, 128, 1, 128}, {6, 128, 2, 256}, {3, 256, 1, 256}};
  Net net;
  TensorId t = net.op({net.input(96 * 96 * 3)}, 48 * 48 * 8);
  for (const Layer& layer : layers) {
    const std::ptrdiff_t rows = layer.stride == 1 ? 2 * layer.side * layer.channels : 0;
    const std::ptrdiff_t side = layer.side / layer.stride + layer.side % layer.stride, pixels = side * side;
    t = net.op({t}, pixels * layer.channels, backwards ? both_ways(rows) : forwards(rows));
    t = net.op({t}, pixels * layer.out, pointwise(pixels, layer.channels, layer.out, backwards));
  }
  return net.finish({net.op({net.op({t}, 256)}, 2)});
}

TEST(Networks, MobileNetBothWaysReachesItsBound) {
  const RandomNetwork net = mobile_net(true);
  const Layout layout = plan_arena(net.graph, net.options());
  check(net, layout, 16);
  EXPECT_EQ(layout.lower_bound.bytes, 18432u + 36864u);
  EXPECT_EQ(layout.lower_bound_inplace.bytes, 27648u + 18432u);  // the first convolution, without an overlap here
  EXPECT_EQ(layout.arena_bytes, layout.lower_bound_inplace.bytes);
}

TEST(Networks, MobileNetForwardsReachesItsBound) {
  const RandomNetwork net = mobile_net(false);
  const Layout layout = plan_arena(net.graph, net.options());
  check(net, layout, 16);
  EXPECT_EQ(layout.arena_bytes, layout.lower_bound_inplace.bytes);
}

// Image classification, ResNet: the second convolution is written over the skip (ADD in place on its first input).
TEST(Networks, ResNetAddsInPlace) {
  Net net;
  TensorId t = net.op({net.input(3072)}, 16384);
  const TensorId a = net.op({t}, 16384), b = net.op({a}, 16384), c = net.op({b, t}, 16384, kInPlace);
  net.overlap(1, kInPlace);
  const TensorId d = net.op({c}, 8192), e = net.op({d}, 8192), skip = net.op({c}, 8192),
                 f = net.op({e, skip}, 8192, kInPlace);
  const RandomNetwork& done = net.finish({net.op({f}, 10)});
  const Layout layout = plan_arena(done.graph, done.options());
  check(done, layout, 16);
  EXPECT_EQ(layout.lower_bound.bytes, 3 * 16384u);
  EXPECT_EQ(layout.lower_bound_inplace.bytes, 3 * 16384u);  // a, b and t at the second convolution
  EXPECT_EQ(layout.arena_bytes, 3 * 16384u);
}

// P pixels from ci to co channels, written from the front: the last pixel must not reach its own input.
TEST(Networks, GrowingPointwiseSpansItsOutputAndOnePixel) {
  constexpr std::ptrdiff_t kPixels = 48 * 48, kIn = 8, kOut = 16;
  Net net;
  const TensorId a = net.input(kPixels * kIn),
                 b = net.op({a}, kPixels * kOut, forwards(kPixels * kOut - (kPixels - 1) * kIn));
  const RandomNetwork& done = net.finish({b});
  const Layout layout = plan_arena(done.graph, done.options());
  check(done, layout, 16);
  EXPECT_EQ(layout.arena_bytes, static_cast<std::size_t>(kPixels * kOut + 16));  // 8 more, rounded up
  EXPECT_EQ(layout.walks[0], Walk::forwards);
  EXPECT_EQ(layout.offsets[1], 0u);
}

// From the back every pixel's output lies above the inputs yet to be read, if both start together.
TEST(Networks, GrowingPointwiseFromTheBackSpansItsOutputAlone) {
  Net net;
  const TensorId a = net.input(1600), b = net.op({a}, 3200, {std::nullopt, 3200 - 1600});
  const RandomNetwork& done = net.finish({b});
  const Layout layout = plan_arena(done.graph, done.options());
  check(done, layout, 16);
  EXPECT_EQ(layout.arena_bytes, 3200u);
  EXPECT_EQ(layout.walks[0], Walk::backwards);
}

TEST(Networks, OutputMayBeginBelowItsInputAndEndAboveIt) {
  Net net;  // b begins 16 above 0, for its input's sake or for nobody's: c takes it as it is
  const TensorId a = net.input(64), b = net.op({a}, 160, {16, std::nullopt}), c = net.op({b}, 320, {std::nullopt, 0});
  const RandomNetwork& done = net.finish({c});
  const Layout layout = plan_arena(done.graph, done.options());
  check(done, layout, 16);
  EXPECT_EQ(layout.arena_bytes, 320u);
}

// Concatenation of the outermost dimension: its first input lies where it belongs, the second behind it.
TEST(Networks, ConcatenationCopiesNothing) {
  Net net;
  const TensorId a = net.input(160), b = net.op({a}, 320), c = net.op({a}, 480), d = net.op({b, c}, 800, forwards(0));
  net.overlap(1, forwards(320));
  const RandomNetwork& done = net.finish({d});
  const Layout layout = plan_arena(done.graph, done.options());
  check(done, layout, 16);
  EXPECT_EQ(layout.arena_bytes, 960u);  // at c: a, b and c
  EXPECT_EQ(layout.lower_bound_inplace.bytes, 960u);
  EXPECT_EQ(layout.offsets[static_cast<std::size_t>(c)], layout.offsets[static_cast<std::size_t>(b)] + 320);
}

}  // namespace
}  // namespace edgesmith::layout
