#pragma once
// Rewrites of a network that leave less to do and the same answers. One file a pass.
//
// Each pass answers whether it changed anything. None touches the ends of the network: names, types, quantisation and
// order of inputs and outputs stay. Int8 answers stay the same to the byte, and so does every tensor that an
// operator's source_index traces back to the file; what float answers do is said at each pass that moves them.

#include "device/tensor/quantization.h"
#include "host/ir/graph.h"

namespace edgesmith::passes {

/// All passes in order, the verifier after each, for a network that kernels are about to run. `rounding` is that of the
/// kernels.
void run_passes(ir::Graph& graph, Rounding rounding);

/// Only those whose results a .tflite file can say, for a network that is about to be written to one.
void simplify(ir::Graph& graph);

/// Moves each batch normalisation into the weights and bias of the convolution or fully connected layer before it:
///   weights'[c] = weights[c] * g[c],  bias'[c] = (bias[c] - mean[c]) * g[c] + beta[c],  g[c] = gamma[c] /
///   sqrt(variance[c] + epsilon)
/// computed in double and rounded once. Float outputs change by rounding only (a product and a sum less per value).
/// Left alone: one whose producer has other readers, an activation of its own, or shared weights.
bool fold_batch_norm(ir::Graph& graph);

/// Makes a RELU the fused activation of the layer before it. Float outputs stay the same to the bit.
/// Left alone: one whose producer has other readers or cannot fuse.
bool fuse_activation(ir::Graph& graph);

/// Int8 layers with weights: bias'[o] = bias[o] - zero_point * sum of weights[o], so that kernels multiply inputs as
/// they are (Attributes::zero_point_in_bias). A missing bias is made, a shared one copied.
/// Left alone: a layer with a bias that would leave int32.
bool fold_zero_point(ir::Graph& graph);

/// Makes an int8 ADD of a convolution's output and another tensor of its shape part of the convolution (conv2d_add),
/// which can then write over that tensor. Where both sides are convolutions it is the one that runs last.
/// Left alone: a convolution whose output has other readers; one that would have to wait for the other tensor while its
/// own input, larger than its output, waits with it; constants.
bool fuse_residual_add(ir::Graph& graph);

}  // namespace edgesmith::passes
