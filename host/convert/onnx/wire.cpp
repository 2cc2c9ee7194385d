// Input is untrusted: protobuf checks the structure, every length and type is checked here.
#include "host/convert/onnx/wire.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "host/base/error.h"
#include "host/convert/onnx/onnx.pb.h"

namespace edgesmith::convert::onnx {
namespace {

constexpr double kLargestExact = 9007199254740992.0;  // 2^53

struct ElementCode {
  int code;
  const char* name;
  std::optional<Element> element;
};

constexpr ElementCode kElements[] = {
    {1, "FLOAT", Element::f32},
    {2, "UINT8", Element::u8},
    {3, "INT8", Element::s8},
    {4, "UINT16", Element::u16},
    {5, "INT16", Element::s16},
    {6, "INT32", Element::s32},
    {7, "INT64", Element::s64},
    {8, "STRING", {}},
    {9, "BOOL", Element::boolean},
    {10, "FLOAT16", Element::f16},
    {11, "DOUBLE", Element::f64},
    {12, "UINT32", {}},
    {13, "UINT64", {}},
    {14, "COMPLEX64", {}},
    {15, "COMPLEX128", {}},
    {16, "BFLOAT16", {}},
    {17, "FLOAT8E4M3FN", {}},
    {18, "FLOAT8E4M3FNUZ", {}},
    {19, "FLOAT8E5M2", {}},
    {20, "FLOAT8E5M2FNUZ", {}},
    {21, "UINT4", {}},
    {22, "INT4", {}},
    {23, "FLOAT4E2M1", {}},
};

const ElementCode* element_of(int code) {
  const auto found =
      std::find_if(std::begin(kElements), std::end(kElements), [code](const ElementCode& e) { return e.code == code; });
  return found == std::end(kElements) ? nullptr : found;
}

std::string type_text(int code) {
  const ElementCode* known = element_of(code);
  return known ? known->name : "type " + std::to_string(code);
}

double half_value(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double value = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25);
  if (exponent == 31) value = fraction ? std::numeric_limits<double>::quiet_NaN() : HUGE_VAL;
  return bits & 0x8000 ? -value : value;
}

double int64_value(std::int64_t value) {
  return std::clamp(static_cast<double>(value), -kLargestExact, kLargestExact);
}

template <class T, class Convert>
void take_raw(const std::string& raw, std::vector<double>& values, Convert convert) {
  for (std::size_t at = 0; at + sizeof(T) <= raw.size(); at += sizeof(T)) {
    T value;
    std::memcpy(&value, raw.data() + at, sizeof value);
    values.push_back(static_cast<double>(convert(value)));
  }
}

std::size_t element_bytes(Element element) {
  switch (element) {
    case Element::f64:
    case Element::s64:
      return 8;
    case Element::f32:
    case Element::s32:
      return 4;
    case Element::f16:
    case Element::s16:
    case Element::u16:
      return 2;
    case Element::s8:
    case Element::u8:
    case Element::boolean:
      return 1;
  }
  return 1;
}

void take_raw_elements(const std::string& raw, Element element, std::vector<double>& values) {
  const auto same = [](auto value) { return value; };
  switch (element) {
    case Element::f32:
      return take_raw<float>(raw, values, same);
    case Element::f64:
      return take_raw<double>(raw, values, same);
    case Element::f16:
      return take_raw<std::uint16_t>(raw, values, half_value);
    case Element::s8:
      return take_raw<std::int8_t>(raw, values, same);
    case Element::u8:
    case Element::boolean:
      return take_raw<std::uint8_t>(raw, values, same);
    case Element::s16:
      return take_raw<std::int16_t>(raw, values, same);
    case Element::u16:
      return take_raw<std::uint16_t>(raw, values, same);
    case Element::s32:
      return take_raw<std::int32_t>(raw, values, same);
    case Element::s64:
      return take_raw<std::int64_t>(raw, values, int64_value);
  }
}

// 8- and 16-bit integers, bools and halves travel as int32 when they are not raw. One out of range is cut to its
// type, as the format's own reader does.
double narrow(std::int32_t value, Element element) {
  switch (element) {
    case Element::s8:
      return static_cast<std::int8_t>(value);
    case Element::u8:
    case Element::boolean:
      return static_cast<std::uint8_t>(value);
    case Element::s16:
      return static_cast<std::int16_t>(value);
    case Element::u16:
      return static_cast<std::uint16_t>(value);
    case Element::f16:
      return half_value(static_cast<std::uint16_t>(value));
    default:
      return value;
  }
}

void take_typed_elements(const onnx_wire::Tensor& wire, Element element, std::vector<double>& values) {
  if (element == Element::f32) return values.assign(wire.float_data().begin(), wire.float_data().end());
  if (element == Element::f64) return values.assign(wire.double_data().begin(), wire.double_data().end());
  if (element == Element::s64) {
    for (const std::int64_t value : wire.int64_data())
      values.push_back(int64_value(value));
    return;
  }
  for (const std::int32_t value : wire.int32_data())
    values.push_back(narrow(value, element));
}

void take_tensor(const onnx_wire::Tensor& wire, const std::string& who, Constant& constant) {
  require(wire.data_location() == 0 && wire.external_data_size() == 0, who + " lies in another file",
          "all weights inside of the .onnx file",
          "save it again with onnx.save(model, path, save_as_external_data=False)");
  const ElementCode* known = element_of(wire.data_type());
  require(known && known->element, who + " has type " + type_text(wire.data_type()),
          "FLOAT, INT8, UINT8, INT32 or INT64", "export as float32, or quantise to int8");
  constant.element = *known->element;
  constant.shape.assign(wire.dims().begin(), wire.dims().end());
  const auto count = static_cast<std::size_t>(checked_elems(constant.shape, who));
  if (wire.has_raw_data()) {
    const std::size_t expected = count * element_bytes(constant.element);
    require(
        wire.raw_data().size() == expected,
        who + " (" + ir::shape_text(constant.shape) + ") holds " + std::to_string(wire.raw_data().size()) + " bytes",
        std::to_string(expected), "copy or export the file again");
    take_raw_elements(wire.raw_data(), constant.element, constant.values);
  } else {
    take_typed_elements(wire, constant.element, constant.values);
  }
  require(constant.values.size() == count,
          who + " (" + ir::shape_text(constant.shape) + ") holds " + std::to_string(constant.values.size()) + " values",
          std::to_string(count), "copy or export the file again");
}

WireTensor tensor_of(const onnx_wire::Tensor& wire) {
  WireTensor tensor;
  tensor.name = wire.name();
  try {
    take_tensor(wire, "tensor '" + printable(wire.name()) + "'", tensor.constant);
  } catch (const Refusal& refusal) {
    tensor.constant = {};
    tensor.refusal = refusal;
  }
  return tensor;
}

// Files from before the type was written down say it by what is filled.
int type_of(const onnx_wire::Attribute& wire) {
  if (wire.type() != 0) return wire.type();
  if (wire.has_f()) return kAttributeFloat;
  if (wire.has_i()) return kAttributeInt;
  if (wire.has_s()) return kAttributeString;
  if (wire.has_t()) return kAttributeTensor;
  if (wire.floats_size() > 0) return kAttributeFloats;
  return wire.ints_size() > 0 ? kAttributeInts : 0;
}

WireAttribute attribute_of(const onnx_wire::Attribute& wire) {
  WireAttribute attribute;
  attribute.name = wire.name();
  attribute.type = type_of(wire);
  attribute.i = wire.i();
  attribute.f = wire.f();
  attribute.s = wire.s();
  attribute.ints.assign(wire.ints().begin(), wire.ints().end());
  attribute.floats.assign(wire.floats().begin(), wire.floats().end());
  if (wire.has_t()) attribute.t = tensor_of(wire.t());
  return attribute;
}

WireNode node_of(const onnx_wire::Node& wire) {
  WireNode node;
  node.name = wire.name();
  node.op_type = wire.op_type();
  node.domain = wire.domain();
  node.inputs.assign(wire.input().begin(), wire.input().end());
  node.outputs.assign(wire.output().begin(), wire.output().end());
  for (const onnx_wire::Attribute& attribute : wire.attribute())
    node.attributes.push_back(attribute_of(attribute));
  return node;
}

WireEnd end_of(const onnx_wire::ValueInfo& wire) {
  WireEnd end;
  end.name = wire.name();
  const onnx_wire::TensorType& type = wire.type().tensor_type();
  const ElementCode* known = element_of(type.elem_type());
  if (known) end.element = known->element;
  end.type_text = wire.type().has_tensor_type() ? type_text(type.elem_type()) : "no tensor";
  end.has_shape = type.has_shape();
  for (const onnx_wire::Dimension& dim : type.shape().dim())
    end.shape.push_back({std::max<std::int64_t>(dim.dim_value(), 0), dim.dim_param()});
  return end;
}

template <class Message>
bool parse_whole(std::span<const std::uint8_t> bytes, Message& message) {
  const bool fits = bytes.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max());
  return fits && message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

[[noreturn]] void refuse_damaged(std::span<const std::uint8_t> bytes, const std::string& file, const char* expected) {
  throw Error{{.code = "onnx.corrupt",
               .what = "this is not an ONNX file, or it is damaged",
               .where = file,
               .expected = std::string("a protocol buffer with ") + expected,
               .found = std::to_string(bytes.size()) + " bytes without it",
               .try_this = "give the file that the exporter wrote, or copy it again"}};
}

}  // namespace

WireTensor parse_tensor(std::span<const std::uint8_t> bytes, const std::string& file) {
  onnx_wire::Tensor tensor;
  if (!parse_whole(bytes, tensor) || tensor.data_type() == 0) refuse_damaged(bytes, file, "a tensor");
  return tensor_of(tensor);
}

std::string printable(const std::string& name) {
  constexpr std::size_t kMaxShown = 80;
  std::string text = name.size() <= kMaxShown ? name : name.substr(0, kMaxShown) + "...";
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return text;
}

WireFile parse(std::span<const std::uint8_t> bytes, const std::string& file) {
  onnx_wire::Model model;
  if (!parse_whole(bytes, model) || !model.has_graph()) refuse_damaged(bytes, file, "a graph");
  WireFile result;
  for (const onnx_wire::OperatorSet& set : model.opset_import())
    if (set.domain().empty() || set.domain() == "ai.onnx") result.opset = set.version();
  for (const onnx_wire::Node& node : model.graph().node())
    result.nodes.push_back(node_of(node));
  for (const onnx_wire::Tensor& tensor : model.graph().initializer())
    result.initializers.push_back(tensor_of(tensor));
  for (const onnx_wire::ValueInfo& input : model.graph().input())
    result.inputs.push_back(end_of(input));
  for (const onnx_wire::ValueInfo& output : model.graph().output())
    result.outputs.push_back(end_of(output));
  return result;
}

}  // namespace edgesmith::convert::onnx
