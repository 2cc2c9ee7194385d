// What changes functions of one int8 or uint8 value.

#include "host/passes/passes.h"
#include "host/passes/test_networks.h"

namespace edgesmith::passes {
namespace {

using ir::Activation;
using ir::OpKind;

constexpr Scaled kWide = {0.05f, -7};

/// A convolution with `fused`, then `kind` to `scaled`.
Network behind_conv(OpKind kind, Scaled scaled, Activation fused = Activation::none) {
  Network net;
  const ir::TensorId x = net.conv(net.input({1, 4, 4, 3}), 4, 3, kWide, fused);
  net.graph.outputs = {net.op(kind, {x}, net.tensor({1, 4, 4, 4}, scaled))};
  return net;
}

TEST(FuseActivation, OfInt8WithTheScaleOfTheLayer) {
  const struct {
    OpKind kind;
    Activation before, after;
  } cases[] = {{OpKind::relu, Activation::none, Activation::relu},
               {OpKind::relu6, Activation::none, Activation::relu6},
               {OpKind::relu6, Activation::relu, Activation::relu6},
               {OpKind::relu, Activation::relu6, Activation::relu6},
               {OpKind::quantize, Activation::relu, Activation::relu}};
  for (const auto& c : cases) {
    Network net = behind_conv(c.kind, kWide, c.before);
    expect_fires(net, plain<fuse_activation>);
    EXPECT_EQ(kinds(net.graph), std::vector{OpKind::conv2d});
    EXPECT_EQ(net.graph.ops[0].attributes.activation, c.after);
    EXPECT_EQ(net.graph.ops[0].source_index, 1);  // what it writes now
  }
}

TEST(FuseActivation, LeavesInt8WithAnotherScaleOrAnotherCurve) {
  Network scaled = behind_conv(OpKind::relu, {0.04f, -7});
  expect_leaves(scaled, plain<fuse_activation>);
  Network moved = behind_conv(OpKind::relu, {0.05f, -8});
  expect_leaves(moved, plain<fuse_activation>);
  Network curve = behind_conv(OpKind::hard_swish, kWide);
  expect_leaves(curve, plain<fuse_activation>);
}

TEST(MakeLookups, OfEachFunctionOfAByte) {
  const struct {
    OpKind kind;
    Scaled scaled;
  } cases[] = {{OpKind::relu, {0.03f, -9}},       {OpKind::relu6, {0.03f, -9}},
               {OpKind::leaky_relu, {0.03f, -9}}, {OpKind::logistic, {1.0f / 256, -128}},
               {OpKind::tanh, {1.0f / 128, 0}},   {OpKind::hard_swish, {0.03f, 4}},
               {OpKind::quantize, {0.08f, 20}}};
  for (const auto& c : cases) {
    Network net;
    net.graph.outputs = {net.op(c.kind, {net.input({1, 300})}, net.tensor({1, 300}, c.scaled), {.alpha = 0.2f})};
    expect_fires(net, make_lookups);
    EXPECT_EQ(kinds(net.graph), std::vector{OpKind::lookup}) << ir::op_name(c.kind);
    EXPECT_EQ(net.graph.ops[0].source_kind, ir::op_name(c.kind));
  }
}

TEST(MakeLookups, OfQuantizeBetweenSignedAndUnsigned) {
  Network net;
  const ir::TensorId x = net.input({1, 300}, {0.05f, 121}, ir::DType::u8);
  net.graph.outputs = {net.op(OpKind::quantize, {x}, net.tensor({1, 300}))};
  expect_fires(net, make_lookups);
  EXPECT_EQ(kinds(net.graph), std::vector{OpKind::lookup});
}

TEST(MakeLookups, OneOfSeveralInARow) {
  Network net;
  const ir::TensorId a = net.op(OpKind::quantize, {net.input({1, 300})}, net.tensor({1, 300}, {0.1f, 3}));
  const ir::TensorId b = net.op(OpKind::hard_swish, {a}, net.tensor({1, 300}, {0.07f, -80}));
  net.graph.outputs = {net.op(OpKind::logistic, {b}, net.tensor({1, 300}, {1.0f / 256, -128}))};
  expect_fires(net, [](ir::Graph& graph, Rounding rounding) {
    bool fired = false;
    while (make_lookups(graph, rounding))
      fired = true;
    return fired;
  });
  EXPECT_EQ(kinds(net.graph), std::vector{OpKind::lookup});
  EXPECT_EQ(net.graph.ops[0].source_index, 2);
}

TEST(MakeLookups, KeepsATableWhoseResultsOthersRead) {
  Network net;
  const ir::TensorId a = net.op(OpKind::relu, {net.input({1, 300})}, net.tensor({1, 300}, {0.1f, 3}));
  const ir::TensorId b = net.op(OpKind::relu6, {a}, net.tensor({1, 300}, {0.07f, -80}));
  net.graph.outputs = {b, a};
  expect_fires(net, make_lookups);
  EXPECT_EQ(kinds(net.graph), (std::vector{OpKind::lookup, OpKind::lookup}));
}

TEST(MakeLookups, NoneWhereNothingChanges) {
  Network net;
  const ir::TensorId x = net.input({1, 4, 4, 3});
  const ir::TensorId same = net.op(OpKind::quantize, {x}, net.tensor({1, 4, 4, 3}));
  net.graph.outputs = {net.conv(same, 2, 1)};
  expect_fires(net, make_lookups);
  EXPECT_EQ(kinds(net.graph), std::vector{OpKind::conv2d});
}

/// int8 to float32 and back to `scaled`.
Network there_and_back(Scaled scaled, ir::DType dtype = ir::DType::s8) {
  Network net;
  const ir::TensorId x = net.input({1, 300});
  const ir::TensorId wide = net.op(OpKind::dequantize, {x}, net.real({1, 300}));
  const ir::TensorId back = net.op(OpKind::quantize, {wide}, net.tensor({1, 300}, scaled, dtype));
  net.graph.outputs = {back};
  return net;
}

TEST(CancelQuantize, WithTheSameOrAnotherScale) {
  for (const Scaled scaled : {kWide, Scaled{0.05f, -8}, Scaled{0.013f, 100}}) {
    Network net = there_and_back(scaled);
    expect_fires(net, cancel_quantize);
    EXPECT_EQ(kinds(net.graph), (std::vector{OpKind::dequantize, OpKind::lookup}));
  }
}

TEST(CancelQuantize, ToUnsigned) {
  Network net = there_and_back({0.05f, 121}, ir::DType::u8);
  expect_fires(net, cancel_quantize);
  EXPECT_EQ(net.graph.ops[1].kind, OpKind::lookup);
}

TEST(CancelQuantize, LeavesRoundingOfFloats) {
  Network net;
  const ir::TensorId x = net.input({1, 30}, {}, ir::DType::f32);
  const ir::TensorId rounded = net.op(OpKind::quantize, {x}, net.tensor({1, 30}));
  net.graph.outputs = {net.op(OpKind::dequantize, {rounded}, net.real({1, 30}))};
  expect_leaves(net, cancel_quantize);
}

}  // namespace
}  // namespace edgesmith::passes
