// Tables against TensorFlow Lite Micro's reference kernels: FNV-1a hashes of what they gave for the bytes 0 to 255,
// printed by PRINT_HASHES=1 tests/external/run.

#include "host/ir/unary_tables.h"

#include <gtest/gtest.h>

#include "host/ir/test_graphs.h"

namespace edgesmith::ir {
namespace {

struct Side {
  float scale;
  std::int64_t zero_point;
};

// Each column of hashes belongs to one of these inputs.
constexpr Side kInputs[] = {{0.0235f, 0}, {0.0781f, -21}, {0.3f, 64}, {0.004f, -128}, {1.7f, 3}, {0.00002f, 0}};

UnaryTable table_of(OpKind kind, Side in, Side out, DType from = DType::s8, DType to = DType::s8) {
  Graph graph;
  const TensorId x = add_s8(graph, {1, 256}, in.scale, in.zero_point);
  const TensorId y = add_s8(graph, {1, 256}, out.scale, out.zero_point);
  graph.tensor(x).dtype = from;
  graph.tensor(y).dtype = to;
  set_only_op(graph, kind, {x}, y, {.alpha = 0.1f});
  return unary_table(graph, graph.ops[0], Rounding::tflm_double);
}

std::uint32_t fnv1a(const UnaryTable& table) {
  std::uint32_t hash = 2166136261u;
  for (const std::uint8_t byte : table)
    hash = (hash ^ byte) * 16777619u;
  return hash;
}

template <typename Table>
void expect_hashes(const std::uint32_t (&hashes)[6], Table table) {
  for (std::size_t i = 0; i < 6; ++i)
    EXPECT_EQ(fnv1a(table(kInputs[i])), hashes[i]) << "input " << i + 1;
}

TEST(UnaryTable, LogisticIsTensorFlowLiteMicros) {
  expect_hashes({2769167075, 1327959014, 897854242, 725606099, 2286113068, 3869364677}, [](Side in) {
    return table_of(OpKind::logistic, in, {1.0f / 256, -128});
  });
}

TEST(UnaryTable, TanhIsTensorFlowLiteMicros) {
  expect_hashes({747659728, 212822306, 2863020616, 1901357163, 964750926, 3869364677}, [](Side in) {
    return table_of(OpKind::tanh, in, {1.0f / 128, 0});
  });
}

TEST(UnaryTable, ReluIsTensorFlowLiteMicros) {
  expect_hashes({372443596, 758040261, 3737645942, 1943856721, 1543532442, 372443596}, [](Side in) {
    return table_of(OpKind::relu, in, {in.scale * 0.61f, -128});
  });
  expect_hashes({1183466053, 590516197, 4221337601, 2426689733, 3387299933, 1183466053},
                [](Side in) { return table_of(OpKind::relu6, in, in); });
  expect_hashes({1999683298, 3270032784, 1187476709, 2974465296, 1365367867, 1999683298}, [](Side in) {
    return table_of(OpKind::leaky_relu, in, {in.scale * 1.37f, 5});
  });
}

TEST(UnaryTable, HardSwishIsTensorFlowLiteMicros) {
  expect_hashes({2173352972, 2647357922, 3789869790, 1386822769, 2894829875, 4203999564}, [](Side in) {
    return table_of(OpKind::hard_swish, in, {in.scale * 0.83f, -17});
  });
}

TEST(UnaryTable, QuantizeIsTensorFlowLiteMicros) {
  expect_hashes({2552519234, 2785785439, 4135295867, 328545192, 3536382880, 2552519234}, [](Side in) {
    return table_of(OpKind::quantize, in, {in.scale * 1.9f, 40});
  });
  expect_hashes({209915077, 209915077, 209915077, 209915077, 209915077, 209915077}, [](Side in) {
    return table_of(OpKind::quantize, {in.scale, in.zero_point + 128}, in, DType::u8);
  });
  expect_hashes({2124500062, 852148901, 4154998970, 1998365701, 216864253, 2124500062}, [](Side in) {
    return table_of(OpKind::quantize, in, {in.scale * 0.7f, 99}, DType::s8, DType::u8);
  });
}

TEST(UnaryTable, Relu6ClampsAtSixOnTheOutputsScale) {
  const UnaryTable table = table_of(OpKind::relu6, {0.5f, 0}, {0.25f, -100});
  EXPECT_EQ(static_cast<std::int8_t>(table[127]), -76);  // 63.5 is held to 6: 24 steps
  EXPECT_EQ(static_cast<std::int8_t>(table[4]), -92);    // 2
  EXPECT_EQ(static_cast<std::int8_t>(table[200]), -100);
}

TEST(UnaryTable, RefusesScalesThatShiftTooFar) {
  EXPECT_EQ(error_code([] { table_of(OpKind::logistic, {16, 0}, {1.0f / 256, -128}); }), "graph.scale");
  EXPECT_EQ(error_code([] { table_of(OpKind::logistic, {1e-12f, 0}, {1.0f / 256, -128}); }), "graph.scale");
  EXPECT_EQ(error_code([] { table_of(OpKind::hard_swish, {1, 0}, {0.001f, 0}); }), "graph.scale");
  EXPECT_EQ(error_code([] { table_of(OpKind::quantize, {1e6f, 0}, {0.1f, 0}); }), "graph.scale");
}

}  // namespace
}  // namespace edgesmith::ir
