// A convolution takes what lies in its own padding for the zero point, and a maximum does not look at it at all.

#include <algorithm>
#include <cstdint>
#include <limits>

#include "host/ir/lowering.h"
#include "host/ir/requantization.h"
#include "host/passes/passes.h"
#include "host/passes/rewrite.h"

namespace edgesmith::passes {
namespace {

constexpr int kMaxPad = 65535;  // that a layer takes

bool pads_height_and_width_only(const ir::Op& pad) {
  const ir::Attributes& a = pad.attributes;
  return a.pads_before.size() == 4 && a.pads_before[0] == 0 && a.pads_after[0] == 0 && a.pads_before[3] == 0 &&
         a.pads_after[3] == 0;
}

/// The int8 value that PAD puts around its input.
std::int64_t value_around(const ir::Graph& graph, const ir::Op& pad) {
  const ir::LoweredOp lowered = ir::lower(graph, pad, Rounding::tflm_double);
  return kernels::params_of<kernels::PadParams>(lowered.op).value;
}

ir::Attributes with_pads(ir::Attributes attributes, const ir::Op& pad) {
  attributes.pad_top += pad.attributes.pads_before[1];
  attributes.pad_bottom += pad.attributes.pads_after[1];
  attributes.pad_left += pad.attributes.pads_before[2];
  attributes.pad_right += pad.attributes.pads_after[2];
  return attributes;
}

/// The least value that a tensor can hold.
std::int64_t lowest(const ir::Graph& graph, ir::TensorId id) {
  const auto producer = producer_of(graph, id);
  if (!producer || !ir::takes_weights(graph.ops[*producer].kind)) return -128;
  const ir::Quantization& q = graph.tensor(id).quantization;
  return ir::activation_range(graph.ops[*producer].attributes.activation, q.scale[0], q.zero_point[0]).min;
}

/// A window sees at least one value of the input, which is no less than what the pads held.
bool fits_maximum(const ir::Graph& graph, const ir::Op& pad, const ir::Op& pool, const ir::Attributes& padded) {
  const bool sees_input = std::max(padded.pad_top, padded.pad_bottom) < pool.attributes.filter_h &&
                          std::max(padded.pad_left, padded.pad_right) < pool.attributes.filter_w;
  return sees_input && value_around(graph, pad) <= lowest(graph, pad.inputs[0]);
}

bool fits(const ir::Graph& graph, const ir::Op& pad, const ir::Op& op, const ir::Attributes& padded) {
  if (std::max({padded.pad_top, padded.pad_bottom, padded.pad_left, padded.pad_right}) > kMaxPad) return false;
  if (op.kind == ir::OpKind::max_pool2d) return fits_maximum(graph, pad, op, padded);
  const bool convolves = op.kind == ir::OpKind::conv2d || op.kind == ir::OpKind::depthwise_conv2d;
  return convolves && value_around(graph, pad) == graph.tensor(pad.inputs[0]).quantization.zero_point[0];
}

bool fold_into(ir::Graph& graph, std::size_t op_index) {
  ir::Op& op = graph.ops[op_index];
  const ir::Op* pad = sole_producer(graph, op);
  if (!pad || pad->kind != ir::OpKind::pad || !pads_height_and_width_only(*pad)) return false;
  if (graph.tensor(op.inputs[0]).dtype != ir::DType::s8) return false;
  const ir::Attributes padded = with_pads(op.attributes, *pad);
  if (!fits(graph, *pad, op, padded)) return false;
  op.attributes = padded;
  const std::size_t pad_index = *producer_of(graph, op.inputs[0]);
  op.inputs[0] = pad->inputs[0];
  erase_op(graph, pad_index);
  return true;
}

}  // namespace

bool fold_pad(ir::Graph& graph) {
  bool changed = false;
  for (std::size_t i = 0; i < graph.ops.size();) {
    if (fold_into(graph, i)) {
      changed = true;  // the operator stands at i - 1, and may read another PAD
      --i;
    } else {
      ++i;
    }
  }
  return changed;
}

}  // namespace edgesmith::passes
