#include "host/passes/passes.h"
#include "host/passes/rewrite.h"

namespace edgesmith::passes {
namespace {

bool can_fuse(const ir::Op& op) {
  switch (op.kind) {
    case ir::OpKind::conv2d:
    case ir::OpKind::depthwise_conv2d:
    case ir::OpKind::fully_connected:
    case ir::OpKind::max_pool2d:
    case ir::OpKind::average_pool2d:
      return true;
    case ir::OpKind::mean:
    case ir::OpKind::softmax:
    case ir::OpKind::reshape:
    case ir::OpKind::relu:
    case ir::OpKind::batch_norm:
    case ir::OpKind::add:
    case ir::OpKind::sub:
    case ir::OpKind::mul:
    case ir::OpKind::pad:
    case ir::OpKind::transpose:
    case ir::OpKind::concatenation:
    case ir::OpKind::logistic:
    case ir::OpKind::tanh:
    case ir::OpKind::relu6:
    case ir::OpKind::leaky_relu:
    case ir::OpKind::hard_swish:
    case ir::OpKind::quantize:
    case ir::OpKind::dequantize:
    case ir::OpKind::conv2d_add:
    case ir::OpKind::lookup:
      return false;
  }
  return false;
}

}  // namespace

bool fuse_activation(ir::Graph& graph) {
  bool changed = false;
  for (std::size_t i = 0; i < graph.ops.size();) {
    const bool is_relu = graph.ops[i].kind == ir::OpKind::relu;
    ir::Op* producer = is_relu ? sole_producer(graph, graph.ops[i]) : nullptr;
    if (!producer || !can_fuse(*producer)) {
      ++i;
      continue;
    }
    ir::Activation& activation = producer->attributes.activation;
    if (activation == ir::Activation::none) activation = ir::Activation::relu;  // RELU of RELU or RELU6 changes nothing
    bypass(graph, *producer, i);
    changed = true;
  }
  return changed;
}

}  // namespace edgesmith::passes
