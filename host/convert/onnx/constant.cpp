#include "host/convert/onnx/constant.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "host/convert/problems.h"

namespace edgesmith::convert::onnx {
namespace {

constexpr double kLargestInteger = 9007199254740992.0;  // 2^53

template <class T>
void append(std::vector<std::uint8_t>& bytes, double value) {
  const T typed = static_cast<T>(value);
  const std::size_t at = bytes.size();
  bytes.resize(at + sizeof typed);
  std::memcpy(bytes.data() + at, &typed, sizeof typed);
}

// Elements between neighbours along each dimension of a dense tensor.
std::vector<std::int64_t> strides_of(const Shape& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t d = shape.size(); d-- > 1;)
    strides[d - 1] = strides[d] * shape[d];
  return strides;
}

}  // namespace

std::int64_t checked_elems(const Shape& shape, const std::string& who) {
  require(shape.size() <= kMaxRank, who + " has " + std::to_string(shape.size()) + " dimensions",
          "at most " + std::to_string(kMaxRank));
  std::int64_t product = 1;
  for (const std::int64_t extent : shape) {
    const bool fits = extent >= 0 && extent <= kMaxElems && product * extent <= kMaxElems;
    require(fits, who + " has shape " + ir::shape_text(shape), "at most " + std::to_string(kMaxElems) + " elements");
    product *= extent;
  }
  return product;
}

bool is_float(Element element) {
  return element == Element::f32 || element == Element::f64 || element == Element::f16;
}

const char* element_name(Element element) {
  switch (element) {
    case Element::f32:
      return "FLOAT";
    case Element::f64:
      return "DOUBLE";
    case Element::f16:
      return "FLOAT16";
    case Element::s8:
      return "INT8";
    case Element::u8:
      return "UINT8";
    case Element::s16:
      return "INT16";
    case Element::u16:
      return "UINT16";
    case Element::s32:
      return "INT32";
    case Element::s64:
      return "INT64";
    case Element::boolean:
      return "BOOL";
  }
  return "?";
}

Shape broadcast_shape(const Shape& a, const Shape& b) {
  Shape result(std::max(a.size(), b.size()), 1);
  for (std::size_t i = 1; i <= result.size(); ++i) {
    const std::int64_t x = i <= a.size() ? a[a.size() - i] : 1, y = i <= b.size() ? b[b.size() - i] : 1;
    require(x == y || x == 1 || y == 1,
            "its inputs have shapes " + ir::shape_text(a) + " and " + ir::shape_text(b) + ", which do not fit");
    result[result.size() - i] = x == 1 ? y : x;
  }
  checked_elems(result, "its output");
  return result;
}

Constant expanded(const Constant& constant, const Shape& shape) {
  std::vector<std::int64_t> step(shape.size(), 0);
  const std::vector<std::int64_t> strides = strides_of(constant.shape);
  for (std::size_t i = 1; i <= constant.shape.size(); ++i) {
    if (constant.shape[constant.shape.size() - i] != 1) step[shape.size() - i] = strides[strides.size() - i];
  }
  Constant result{constant.element, shape, {}};
  walk(shape, step, [&](std::size_t at) { result.values.push_back(constant.values[at]); });
  return result;
}

Constant transposed(const Constant& constant, const std::vector<int>& permutation) {
  const std::vector<std::int64_t> strides = strides_of(constant.shape);
  Constant result{constant.element, {}, {}};
  std::vector<std::int64_t> step;
  for (const int d : permutation) {
    result.shape.push_back(constant.shape[static_cast<std::size_t>(d)]);
    step.push_back(strides[static_cast<std::size_t>(d)]);
  }
  result.values.reserve(constant.values.size());
  walk(result.shape, step, [&](std::size_t at) { result.values.push_back(constant.values[at]); });
  return result;
}

std::vector<std::uint8_t> bytes_of(const std::vector<double>& values, ir::DType dtype) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(values.size() * ir::dtype_bytes(dtype));
  for (const double value : values) {
    if (dtype == ir::DType::f32) append<float>(bytes, value);
    if (dtype == ir::DType::s8) append<std::int8_t>(bytes, value);
    if (dtype == ir::DType::s32) append<std::int32_t>(bytes, value);
  }
  return bytes;
}

std::vector<std::int64_t> integers_of(const Constant& constant, const std::string& who) {
  require(!is_float(constant.element), who + " is " + element_name(constant.element), "INT64");
  std::vector<std::int64_t> integers;
  for (const double value : constant.values) {
    require(std::abs(value) <= kLargestInteger, who + " is too large");
    integers.push_back(static_cast<std::int64_t>(value));
  }
  return integers;
}

}  // namespace edgesmith::convert::onnx
