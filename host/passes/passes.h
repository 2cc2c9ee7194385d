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

/// Makes a RELU or RELU6 the fused activation of the layer before it. Float outputs stay the same to the bit. On int8
/// it takes any function of a byte that does no more than clamp as a fused activation would, in both roundings. Left
/// alone: one whose producer has other readers, cannot fuse, or says its values in another scale.
bool fuse_activation(ir::Graph& graph);

/// Computes operators whose inputs are all constants, as the interpreter does. Left alone: outputs of the network, and
/// results that would take far more room than what they are made of.
bool fold_constants(ir::Graph& graph, Rounding rounding);

/// Removes operators whose output nobody reads.
bool remove_dead_ops(ir::Graph& graph);

/// Removes RESHAPE, TRANSPOSE and PAD where they change nothing, and what a RESHAPE does to a RESHAPE. A TRANSPOSE that
/// leaves all values in their order becomes a RESHAPE. Left alone: a copy of an input of the network to an output.
bool remove_identities(ir::Graph& graph);

/// Moves each TRANSPOSE behind the operators that treat all places alike (functions of one value, QUANTIZE, sums and
/// products of two inputs transposed alike or of one and a single constant), and joins it with the next one. An
/// int8 MEAN that averages what was moved averages it where it was.
/// Left alone: one whose output has other readers.
bool sink_transposes(ir::Graph& graph);

/// Makes DEQUANTIZE and QUANTIZE, one after the other, a LOOKUP.
bool cancel_quantize(ir::Graph& graph, Rounding rounding);

/// Makes operators that are functions of one int8 or uint8 value LOOKUPs, one of two that follow each other, none of
/// one that changes nothing.
bool make_lookups(ir::Graph& graph, Rounding rounding);

/// Makes an int8 PAD of height and width part of the layer behind it: of a convolution when it pads with the zero
/// point, of MAX_POOL_2D when it pads with no more than any value of its input.
/// Left alone: one with other readers; one that is as large as the window of a maximum.
bool fold_pad(ir::Graph& graph);

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
