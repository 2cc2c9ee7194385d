#pragma once
// A tensor whose values are known when converting: initialisers, shapes, and what is computed from them.

#include <cstdint>
#include <string>
#include <vector>

#include "host/ir/graph.h"

namespace edgesmith::convert::onnx {

using Shape = std::vector<std::int64_t>;

constexpr std::int64_t kMaxElems = std::int64_t{1} << 24;  // 16 Mi: far beyond any microcontroller, far below overflow
constexpr std::size_t kMaxRank = 8;

enum class Element { f32, f64, f16, s8, u8, s16, u16, s32, s64, boolean };

/// Values in C order. Doubles hold every element type exactly but int64 beyond 2^53, which is cut to that.
struct Constant {
  Element element = Element::f32;
  Shape shape;
  std::vector<double> values;
};

/// Product of the dimensions, 0 allowed. Throws Refusal for a negative one, too many, or more than kMaxElems; `who`
/// opens the message.
std::int64_t checked_elems(const Shape& shape, const std::string& who);

bool is_float(Element element);
/// ONNX's spelling: "INT64".
const char* element_name(Element element);

/// Shape of a and b broadcast to each other, aligned at the right. Throws Refusal when they do not fit.
Shape broadcast_shape(const Shape& a, const Shape& b);
/// The constant repeated to `shape`, to which it broadcasts.
Constant expanded(const Constant& constant, const Shape& shape);
/// Output dimension i is input dimension permutation[i].
Constant transposed(const Constant& constant, const std::vector<int>& permutation);
/// The values as little-endian bytes of `dtype`; integers must lie in its range.
std::vector<std::uint8_t> bytes_of(const std::vector<double>& values, ir::DType dtype);
/// A whole list as int64. Throws Refusal for floats.
std::vector<std::int64_t> integers_of(const Constant& constant, const std::string& who);

/// Steps through all places of `shape` in C order; step[d] elements are moved along dimension d. visit(offset).
template <class Visit>
void walk(const Shape& shape, const std::vector<std::int64_t>& step, Visit visit) {
  std::vector<std::int64_t> place(shape.size(), 0);
  std::int64_t offset = 0;
  for (const std::int64_t extent : shape)
    if (extent == 0) return;
  for (;;) {
    visit(static_cast<std::size_t>(offset));
    std::size_t d = shape.size();
    for (; d-- > 0;) {
      offset += step[d];
      if (++place[d] < shape[d]) break;
      offset -= place[d] * step[d];
      place[d] = 0;
    }
    if (d == static_cast<std::size_t>(-1)) return;
  }
}

}  // namespace edgesmith::convert::onnx
