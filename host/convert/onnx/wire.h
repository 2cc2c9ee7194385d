#pragma once
// The parts of an .onnx file as plain structs. The one place that knows protocol buffers.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/convert/onnx/constant.h"
#include "host/convert/problems.h"

namespace edgesmith::convert::onnx {

/// A tensor of the file, or why it cannot be taken; get() throws that.
struct WireTensor {
  std::string name;
  Constant constant;
  std::optional<Refusal> refusal;
  const Constant& get() const {
    if (refusal) throw Refusal(*refusal);
    return constant;
  }
};

struct WireAttribute {
  std::string name;
  int type = 0;  // kAttribute*, or another number of the format
  std::int64_t i = 0;
  float f = 0;
  std::string s;
  std::vector<std::int64_t> ints;
  std::vector<float> floats;
  WireTensor t;
};
constexpr int kAttributeFloat = 1, kAttributeInt = 2, kAttributeString = 3, kAttributeTensor = 4, kAttributeFloats = 6,
              kAttributeInts = 7;

struct WireNode {
  std::string name, op_type, domain;
  std::vector<std::string> inputs, outputs;  // an empty name = not given
  std::vector<WireAttribute> attributes;
};

struct WireDimension {
  std::int64_t value = 0;  // 0: open
  std::string name;        // of an open dimension, may be empty
};

/// An input or output of the network.
struct WireEnd {
  std::string name;
  std::optional<Element> element;  // nothing: a type that we do not take, or no tensor
  std::string type_text;           // for messages
  bool has_shape = false;
  std::vector<WireDimension> shape;
};

struct WireFile {
  std::int64_t opset = 0;
  std::vector<WireNode> nodes;
  std::vector<WireTensor> initializers;
  std::vector<WireEnd> inputs, outputs;
};

/// Errors: Error ("onnx.corrupt") for bytes that are no ONNX model.
WireFile parse(std::span<const std::uint8_t> bytes, const std::string& file);

/// A tensor in a file of its own, as test data comes. Errors: as parse().
WireTensor parse_tensor(std::span<const std::uint8_t> bytes, const std::string& file);

/// A name from a file without control characters, cut to a length that fits a message.
std::string printable(const std::string& name);

}  // namespace edgesmith::convert::onnx
