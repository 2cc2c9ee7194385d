#pragma once
// A trained network as an ir::Graph: float32, NHWC, one operator a layer; the passes fold and fuse.

#include "host/ir/graph.h"
#include "host/train/checkpoint.h"
#include "host/train/layers.h"

namespace edgesmith::train {

/// input   "input": [1][elems] where the first layer is dense, else [1][1][width][channels]
/// output  "scores": [1][classes], softmax of the last layer's logits
/// A convolution is a CONV_2D of height 1, flatten a RESHAPE, global average pool a MEAN; dropout leaves no trace.
/// Errors: Checkpoint::at()'s, when a tensor is missing, has another shape or holds a value that is not finite.
ir::Graph to_graph(const std::vector<LayerSpec>& layers, const InputShape& input, int classes,
                   const Checkpoint& checkpoint);

}  // namespace edgesmith::train
