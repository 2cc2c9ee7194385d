// All passes on networks that nobody would draw: what they do to each other.

#include <map>

#include "host/passes/passes.h"
#include "host/passes/test_networks.h"

namespace edgesmith::passes {
namespace {

using ir::Activation;
using ir::OpKind;

/// Adds random operators to a network, each reading any int8 tensor there is. Few scales, small shapes and few
/// permutations: so that the patterns which passes look for come up by chance.
class Grower {
 public:
  explicit Grower(std::uint64_t seed) : random_(seed) {
    values_ = {net.input({1, 3, 3, 2}, scaled()), net.input({1, 3, 3, 2}, scaled())};
  }

  Network net;

  void grow(int operators) {
    for (int i = 0; i < operators; ++i)
      add_any();
    net.graph.outputs = {values_.back()};
    for (const ir::TensorId id : values_) {
      if (producer_of(net.graph, id) && id != values_.back() && below(8) == 0) net.graph.outputs.push_back(id);
    }
  }

 private:
  int below(std::size_t bound) {
    return static_cast<int>(random_.below(static_cast<std::uint32_t>(bound)));
  }

  template <typename T>
  T one_of(const std::vector<T>& choices) {
    return choices[static_cast<std::size_t>(below(choices.size()))];
  }

  Scaled scaled() {
    return one_of<Scaled>({{0.05f, -7}, {0.05f, -7}, {0.05f, -128}, {0.08f, 30}});
  }

  const Shape& shape(ir::TensorId id) {
    return net.graph.tensor(id).shape;
  }

  ir::TensorId like(ir::TensorId id, const Shape& to) {
    ir::Tensor tensor = net.graph.tensor(id);
    tensor.name = "t" + std::to_string(net.graph.tensors.size());
    tensor.shape = to;
    tensor.data.clear();
    return net.graph.add(std::move(tensor));
  }

  Activation activation() {
    return one_of<Activation>({Activation::none, Activation::none, Activation::relu, Activation::relu6});
  }

  /// The newest tensors most of all, so that chains come about.
  ir::TensorId any_value() {
    const std::size_t back = static_cast<std::size_t>(below(below(3) == 0 ? values_.size() : 1));
    return values_[values_.size() - 1 - back];
  }

  void add_any() {
    static constexpr void (Grower::*kMakers[])(ir::TensorId) = {
        &Grower::unary,     &Grower::unary,     &Grower::there_and_back, &Grower::transpose,
        &Grower::transpose, &Grower::transpose, &Grower::reshape,        &Grower::pad,
        &Grower::conv,      &Grower::conv,      &Grower::maximum,        &Grower::binary,
        &Grower::binary,    &Grower::binary,    &Grower::constant,       &Grower::mean};
    (this->*kMakers[below(std::size(kMakers))])(any_value());
  }

  void unary(ir::TensorId x) {
    const auto kind = one_of<OpKind>({OpKind::relu, OpKind::relu, OpKind::relu6, OpKind::leaky_relu, OpKind::hard_swish,
                                      OpKind::quantize, OpKind::logistic});
    const Scaled to = kind == OpKind::logistic ? Scaled{1.0f / 256, -128} : scaled();
    values_.push_back(net.op(kind, {x}, net.tensor(shape(x), to), {.alpha = 0.25f}));
  }

  void there_and_back(ir::TensorId x) {
    const ir::TensorId real = net.op(OpKind::dequantize, {x}, net.real(shape(x)));
    values_.push_back(net.op(OpKind::quantize, {real}, net.tensor(shape(x), scaled())));
  }

  void transpose(ir::TensorId x) {
    const auto permutation = one_of<std::vector<int>>({{0, 2, 3, 1}, {0, 3, 1, 2}, {0, 2, 1, 3}});
    Shape to;
    for (const int d : permutation)
      to.push_back(shape(x)[static_cast<std::size_t>(d)]);
    values_.push_back(net.op(OpKind::transpose, {x}, like(x, to), {.permutation = permutation}));
  }

  void reshape(ir::TensorId x) {
    Shape to = shape(x);
    if (below(3) > 0) std::swap(to[1], to[3]);
    values_.push_back(net.op(OpKind::reshape, {x}, like(x, to)));
  }

  void pad(ir::TensorId x) {
    const ir::Attributes pads = {.pads_before = {0, below(2), 0, 0},
                                 .pads_after = {0, 0, below(2), 0},
                                 .pad_value = below(3) == 0 ? -20.f : 0.f};
    Shape to = shape(x);
    for (std::size_t d = 0; d < to.size(); ++d)
      to[d] += pads.pads_before[d] + pads.pads_after[d];
    values_.push_back(net.op(OpKind::pad, {x}, like(x, to), pads));
  }

  void conv(ir::TensorId x) {
    values_.push_back(net.conv(x, below(2) == 0 ? 2 : shape(x)[3], one_of<int>({1, 3}), scaled(), activation()));
  }

  /// And back to four dimensions.
  void mean(ir::TensorId x) {
    const Shape from = shape(x);
    const auto axes = one_of<std::vector<int>>({{1, 2}, {2, 3}});
    const std::int64_t left = axes[0] == 1 ? from[3] : from[1];
    const ir::TensorId means = net.op(OpKind::mean, {x}, net.tensor({1, left}, scaled()), {.axes = axes});
    values_.push_back(net.op(OpKind::reshape, {means}, like(means, {1, 1, 1, left})));
  }

  void maximum(ir::TensorId x) {
    const Shape& from = shape(x);
    if (from[1] < 2 || from[2] < 2) return;
    values_.push_back(net.op(OpKind::max_pool2d, {x}, like(x, {1, from[1] - 1, from[2] - 1, from[3]}),
                             {.activation = activation(), .filter_h = 2, .filter_w = 2}));
  }

  void binary(ir::TensorId x) {
    const auto kind = one_of<OpKind>({OpKind::add, OpKind::add, OpKind::sub, OpKind::mul});
    for (std::size_t i = values_.size(); i-- > 0;) {
      const ir::TensorId y = values_[i];
      if (y == x || shape(y) != shape(x)) continue;
      const auto sides = below(2) == 0 ? std::vector{x, y} : std::vector{y, x};
      values_.push_back(net.op(kind, sides, net.tensor(shape(x), scaled()), {.activation = activation()}));
      return;
    }
  }

  /// A sum with what is known: one value, or the rest of a computation.
  void constant(ir::TensorId x) {
    ir::TensorId known = net.constant(below(2) == 0 ? Shape{1} : shape(x), scaled());
    if (below(2) == 0) known = net.op(OpKind::hard_swish, {known}, net.tensor(shape(known), scaled()));
    values_.push_back(net.op(OpKind::add, {x, known}, net.tensor(shape(x), scaled())));
  }

  Random random_;
  std::vector<ir::TensorId> values_;
};

TEST(RunPasses, ChangeNoByteOfRandomNetworks) {
  std::map<OpKind, int> met;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Grower grower(seed);
    grower.grow(12);
    expect_fires(grower.net, [](ir::Graph& graph, Rounding rounding) {
      run_passes(graph, rounding);
      return true;
    });
    for (const OpKind kind : kinds(grower.net.graph))
      ++met[kind];
    if (HasFailure()) {
      ADD_FAILURE() << "seed " << seed;
      return;
    }
  }
  EXPECT_GT(met[OpKind::lookup], 100);
  EXPECT_GT(met[OpKind::conv2d_add], 20);
  EXPECT_EQ(met[OpKind::relu] + met[OpKind::quantize], 0);
}

}  // namespace
}  // namespace edgesmith::passes
