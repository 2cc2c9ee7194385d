#pragma once
// Kernel, strides, pads and dilations of Conv and the pools, in one or two dimensions.

#include "host/convert/onnx/importer.h"

namespace edgesmith::convert::onnx {

struct Window {
  std::int64_t filter[2], stride[2], dilation[2], before[2], after[2], output[2];
};

/// `image` is NHWC. One-dimensional attributes become those of a height of 1. `filter` as the weights have it, or
/// empty: then kernel_shape says it. Throws Refusal for what does not fit.
Window window_of(const Node& node, const Shape& image, std::vector<std::int64_t> filter, std::size_t dimensions);
/// Strides, dilations and pads.
void set_window(const Window& window, ir::Attributes& attributes);

}  // namespace edgesmith::convert::onnx
