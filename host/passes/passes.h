#pragma once
// Rewrites of the float network that leave fewer operators and the same answers. One file a pass.

#include "host/ir/graph.h"

namespace edgesmith::passes {

/// Runs all passes in order, the verifier after each, then drops tensors that nothing uses any more.
void run_passes(ir::Graph& graph);

/// Moves each batch normalisation into the weights and bias of the convolution or fully connected layer before it:
///   weights'[c] = weights[c] * g[c],  bias'[c] = (bias[c] - mean[c]) * g[c] + beta[c],  g[c] = gamma[c] /
///   sqrt(variance[c] + epsilon)
/// computed in double and rounded once. Float outputs change by rounding only (a product and a sum less per value).
/// Left alone: one whose producer has other readers, an activation of its own, or shared weights.
void fold_batch_norm(ir::Graph& graph);

/// Makes a RELU the fused activation of the layer before it. Float outputs stay the same to the bit.
/// Left alone: one whose producer has other readers or cannot fuse.
void fuse_activation(ir::Graph& graph);

}  // namespace edgesmith::passes
