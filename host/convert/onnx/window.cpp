#include "host/convert/onnx/window.h"

#include <algorithm>

namespace edgesmith::convert::onnx {
namespace {

constexpr std::int64_t kMaxExtent = 65535;

std::int64_t checked(std::int64_t value, std::int64_t low, const char* what) {
  require(value >= low && value <= kMaxExtent, std::string("its ") + what + " is " + std::to_string(value),
          std::to_string(low) + " to " + std::to_string(kMaxExtent));
  return value;
}

// One entry for each dimension; a missing first one (height) is `otherwise`.
void spread(const Node& node, const char* name, std::size_t dimensions, std::int64_t low, std::int64_t (&to)[2]) {
  const std::vector<std::int64_t> given = node.integers(name, std::vector<std::int64_t>(dimensions, 1));
  require(given.size() == dimensions, std::string("its ") + name + " has " + std::to_string(given.size()) + " entries",
          std::to_string(dimensions));
  to[0] = 1;
  for (std::size_t i = 0; i < dimensions; ++i)
    to[2 - dimensions + i] = checked(given[i], low, name);
}

void read_explicit_pads(const Node& node, std::size_t dimensions, Window& window) {
  const std::vector<std::int64_t> pads = node.integers("pads", std::vector<std::int64_t>(2 * dimensions, 0));
  require(pads.size() == 2 * dimensions, "its pads have " + std::to_string(pads.size()) + " entries",
          std::to_string(2 * dimensions));
  for (std::size_t i = 0; i < dimensions; ++i) {
    window.before[2 - dimensions + i] = checked(pads[i], 0, "padding");
    window.after[2 - dimensions + i] = checked(pads[dimensions + i], 0, "padding");
  }
}

std::int64_t reach(const Window& window, int d) {
  return (window.filter[d] - 1) * window.dilation[d] + 1;
}

// Just enough that ceil(input / stride) outputs fit; the odd one behind (upper) or in front (lower).
void pad_same(const Shape& image, bool upper, Window& window) {
  for (int d = 0; d < 2; ++d) {
    const std::int64_t input = image[static_cast<std::size_t>(d) + 1];
    const std::int64_t outputs = (input + window.stride[d] - 1) / window.stride[d];
    const std::int64_t total = std::max<std::int64_t>((outputs - 1) * window.stride[d] + reach(window, d) - input, 0);
    window.before[d] = upper ? total / 2 : total - total / 2;
    window.after[d] = total - window.before[d];
  }
}

void read_pads(const Node& node, const Shape& image, std::size_t dimensions, Window& window) {
  const std::string way = node.text("auto_pad", "NOTSET");
  if (way == "NOTSET") return read_explicit_pads(node, dimensions, window);
  require(way == "SAME_UPPER" || way == "SAME_LOWER" || way == "VALID", "its auto_pad is '" + printable(way) + "'",
          "NOTSET, SAME_UPPER, SAME_LOWER or VALID", "export with explicit pads");
  if (way != "VALID") pad_same(image, way == "SAME_UPPER", window);
}

}  // namespace

Window window_of(const Node& node, const Shape& image, std::vector<std::int64_t> filter, std::size_t dimensions) {
  Window window = {};
  window.filter[0] = 1;
  const std::vector<std::int64_t> declared = node.integers("kernel_shape", filter);
  if (filter.empty()) filter = declared;
  require(filter.size() == dimensions && declared == filter, "its kernel_shape does not go with its other shapes",
          std::to_string(dimensions) + " extents, those of the weights");
  for (std::size_t i = 0; i < dimensions; ++i)
    window.filter[2 - dimensions + i] = checked(filter[i], 1, "kernel");
  spread(node, "strides", dimensions, 1, window.stride);
  spread(node, "dilations", dimensions, 1, window.dilation);
  read_pads(node, image, dimensions, window);
  for (int d = 0; d < 2; ++d) {
    const std::int64_t padded = image[static_cast<std::size_t>(d) + 1] + window.before[d] + window.after[d];
    require(reach(window, d) <= padded, "its kernel is larger than its padded input",
            "at most " + std::to_string(padded));
    window.output[d] = (padded - reach(window, d)) / window.stride[d] + 1;
  }
  return window;
}

void set_window(const Window& window, ir::Attributes& attributes) {
  attributes.stride_h = static_cast<int>(window.stride[0]);
  attributes.stride_w = static_cast<int>(window.stride[1]);
  attributes.dilation_h = static_cast<int>(window.dilation[0]);
  attributes.dilation_w = static_cast<int>(window.dilation[1]);
  attributes.pad_top = static_cast<int>(window.before[0]);
  attributes.pad_bottom = static_cast<int>(window.after[0]);
  attributes.pad_left = static_cast<int>(window.before[1]);
  attributes.pad_right = static_cast<int>(window.after[1]);
}

}  // namespace edgesmith::convert::onnx
