#pragma once
// Small graphs for the tests of this folder.

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "host/base/error.h"
#include "host/ir/graph.h"

namespace edgesmith::ir {

template <typename T>
std::vector<std::uint8_t> bytes_of(const std::vector<T>& values) {
  std::vector<std::uint8_t> bytes(values.size() * sizeof(T));
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

template <typename T>
std::vector<T> values_of(const std::vector<std::uint8_t>& bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

inline TensorId add_f32(Graph& graph, std::vector<std::int64_t> shape, const std::vector<float>& values = {}) {
  return graph.add({.name = "t" + std::to_string(graph.tensors.size()),
                    .dtype = DType::f32,
                    .shape = std::move(shape),
                    .data = bytes_of(values)});
}

inline TensorId add_s8(Graph& graph, std::vector<std::int64_t> shape, float scale, std::int64_t zero_point,
                       const std::vector<std::int8_t>& values = {}) {
  return graph.add({.name = "t" + std::to_string(graph.tensors.size()),
                    .dtype = DType::s8,
                    .shape = std::move(shape),
                    .quantization = {.scale = {scale}, .zero_point = {zero_point}},
                    .data = bytes_of(values)});
}

inline TensorId add_bias(Graph& graph, float scale, const std::vector<std::int32_t>& values) {
  return graph.add({.name = "bias",
                    .dtype = DType::s32,
                    .shape = {static_cast<std::int64_t>(values.size())},
                    .quantization = {.scale = {scale}, .zero_point = {0}},
                    .data = bytes_of(values)});
}

/// A graph of one operator: its first input is the graph's input, its output the graph's output.
inline void set_only_op(Graph& graph, OpKind kind, std::vector<TensorId> inputs, TensorId output,
                        Attributes attributes = {}) {
  graph.inputs = {inputs.at(0)};
  graph.outputs = {output};
  graph.ops = {Op{kind, std::move(inputs), {output}, std::move(attributes), "op"}};
}

/// int8 dense layer, 3 -> 2: weights {1, 2, 3}, {-1, 0, 1} of scale 0.5, bias {4, -4}.
inline Graph int8_dense() {
  Graph graph;
  graph.name = "dense";
  const TensorId x = add_s8(graph, {1, 3}, 0.25f, 1);
  const TensorId w = add_s8(graph, {2, 3}, 0.5f, 0, {1, 2, 3, -1, 0, 1});
  const TensorId b = add_bias(graph, 0.125f, {4, -4});
  const TensorId y = add_s8(graph, {1, 2}, 0.5f, -3);
  set_only_op(graph, OpKind::fully_connected, {x, w, b}, y);
  return graph;
}

/// float32 convolution, 1x5x4x2 -> 1x3x4x3 with a 3x2 filter.
inline Graph float_conv() {
  Graph graph;
  graph.name = "conv";
  const TensorId x = add_f32(graph, {1, 5, 4, 2});
  const TensorId w = add_f32(graph, {3, 3, 2, 2}, std::vector<float>(36, 1.0f));
  const TensorId y = add_f32(graph, {1, 3, 4, 3});
  set_only_op(graph, OpKind::conv2d, {x, w, kNoTensor}, y,
              {.stride_h = 2, .pad_top = 1, .pad_bottom = 1, .pad_right = 1});
  return graph;
}

/// The code of the Error that `call` throws; "" when it throws none.
template <typename Call>
std::string error_code(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.text.code;
  }
  return "";
}

}  // namespace edgesmith::ir
