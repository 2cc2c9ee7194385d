#pragma once
// Networks as .tflite files. Every quirk of the format stays in this folder.
//
// Read: the operators of docs/reference/operators.md; float32 or int8 with int32 biases, and QUANTIZE and DEQUANTIZE
// between them and uint8.

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "host/ir/graph.h"

namespace edgesmith::convert {

struct ReadOptions {
  /// Sizes for dimensions that the file leaves open, by input: its whole shape. "" is the only input. Other shapes
  /// follow from it. Without: an open batch becomes 1, anything else left open is refused.
  std::map<std::string, std::vector<std::int64_t>> input_shapes;
};

/// The network in a .tflite file, verified. SAME and VALID have become explicit pads; shape and axes tensors have
/// become attributes; weights of float16, or of int8 beside float32 activations, have become float32. Operators keep
/// the file's number (source_index). Errors: Error ("tflite.*") that lists every node that cannot be taken, why, and
/// what would work; for nodes it is a RefusedFile (problems.h). Input is untrusted: everything in it is checked before
/// use.
ir::Graph read_tflite(const std::filesystem::path& path, const ReadOptions& options = {});
ir::Graph read_tflite(std::span<const std::uint8_t> bytes, std::string name, const ReadOptions& options = {});

/// An operator of the format that read_tflite() takes, and what it becomes.
struct TfliteOperator {
  std::string name;  // "PADV2"
  ir::OpKind kind;
};
std::vector<TfliteOperator> tflite_operators();

/// A .tflite file for `graph`, for LiteRT, TensorFlow Lite Micro and viewers. The same graph gives the same bytes.
/// Errors: Error ("tflite.*") for what the format cannot say: batch normalisation (fold it first), what passes make,
/// pads of an average pool that are neither SAME nor VALID (before other layers they become a PAD).
std::vector<std::uint8_t> write_tflite(const ir::Graph& graph);

/// Takes any bytes: reads them, and runs the network once on zeros when they are accepted and the work is small.
/// True when they were accepted. Throws nothing but what is a defect of ours.
bool fuzz_tflite(std::span<const std::uint8_t> bytes);

}  // namespace edgesmith::convert
