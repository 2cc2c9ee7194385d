#pragma once
// Networks as .onnx files. Every quirk of the format stays in this folder.
//
// Read: float32, and int8 as QDQ (QuantizeLinear and DequantizeLinear around float operators). The network's ends keep
// the file's shapes and order (channels second); inside, activations are NHWC.

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "host/ir/graph.h"

namespace edgesmith::convert {

struct OnnxOptions {
  /// Values for dimensions that the file leaves open, by their name in the file, or "input:axis" ("x:2").
  std::map<std::string, std::int64_t> dims;
};

/// The network in an .onnx file, verified. The first dimension of inputs is the batch and becomes 1 when the file
/// leaves it open, or has the same fixed batch in all inputs and no operator works along it. What DequantizeLinear, an
/// operator and QuantizeLinear compute together becomes one int8 operator; UINT8 inside is moved to int8 by 128. Nodes
/// that read constants only are computed. Errors: RefusedFile ("onnx.refused") that lists every node that cannot be
/// taken, why, and what would work; Error
/// ("onnx.corrupt") for what is no ONNX file. Input is untrusted: everything in it is checked before use.
ir::Graph read_onnx(const std::filesystem::path& path, const OnnxOptions& options = {});
ir::Graph read_onnx(std::span<const std::uint8_t> bytes, std::string name, const OnnxOptions& options = {});

/// An operator that we take, and with which limits.
struct OnnxOperator {
  std::string name, limits;
};
std::vector<OnnxOperator> onnx_operators();

/// Takes any bytes: reads them, and runs the network once on zeros when they are accepted and the work is small.
/// True when they were accepted. Throws nothing but what is a defect of ours.
bool fuzz_onnx(std::span<const std::uint8_t> bytes);

}  // namespace edgesmith::convert
