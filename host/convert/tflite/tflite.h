#pragma once
// Networks as .tflite files. Every quirk of the format stays in this folder.
//
// Read and written: CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED, MAX_POOL_2D, AVERAGE_POOL_2D, MEAN over height and
// width, SOFTMAX, RESHAPE and (float only) RELU; float32 throughout, or int8 with int32 biases throughout.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "host/ir/graph.h"

namespace edgesmith::convert {

/// The network in a .tflite file, verified. SAME and VALID have become explicit pads; shape and axes tensors have
/// become attributes; a batch left open in the file is one. Errors: Error ("tflite.*") that lists every node that
/// cannot be taken, why, and what would work. Input is untrusted: everything in it is checked before use.
ir::Graph read_tflite(const std::filesystem::path& path);
ir::Graph read_tflite(std::span<const std::uint8_t> bytes, std::string name);

/// A .tflite file for `graph`, for LiteRT, TensorFlow Lite Micro and viewers. The same graph gives the same bytes.
/// Errors: Error ("tflite.*") for what the format cannot say: batch normalisation (fold it first), pads that are
/// neither SAME nor VALID.
std::vector<std::uint8_t> write_tflite(const ir::Graph& graph);

/// Takes any bytes: reads them, and runs the network once on zeros when they are accepted and the work is small.
/// True when they were accepted. Throws nothing but what is a defect of ours.
bool fuzz_tflite(std::span<const std::uint8_t> bytes);

}  // namespace edgesmith::convert
