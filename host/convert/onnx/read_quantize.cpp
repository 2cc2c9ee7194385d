// QuantizeLinear and DequantizeLinear on activations. A dequantised activation keeps its int8 tensor until an operator
// needs floats, and an operator whose output is quantised at once writes int8 itself.
#include "host/convert/onnx/importer.h"

namespace edgesmith::convert::onnx {
namespace {

// The int8 tensor of what the file calls INT8 or UINT8. Integers that come from outside learn their scale here.
View as_int8(const Node& node, const View& x, const Linear& linear) {
  Builder& build = node.importer.build;
  const ir::Quantization wanted = linear.activation();
  ir::Tensor& tensor = build.graph().tensor(x.tensor);
  if (tensor.quantization.empty()) {
    tensor.quantization = wanted;
    if (x.element == Element::u8) tensor.quantization.zero_point[0] += 128;
  }
  ir::Quantization known = tensor.quantization;
  if (tensor.dtype == ir::DType::u8) known.zero_point[0] -= 128;
  require(same(known, wanted), "it reads integers with another scale or zero point than they were written with",
          "the same scale and zero point in QuantizeLinear and DequantizeLinear", "quantise the network again");
  if (tensor.dtype == ir::DType::s8) return x;
  return build.quantized(x, wanted);
}

}  // namespace

void read_quantize(const Node& node) {
  const View& x = node.view(0);
  require(x.element == Element::f32, std::string("it quantises ") + element_name(x.element) + " values", "FLOAT");
  const Linear linear = node.importer.linear_of(node);
  View view = node.importer.build.quantized(x, linear.activation());
  view.element = linear.element;
  view.dequantized = false;
  node.importer.set_view(node.output_name(), std::move(view));
}

void read_dequantize(const Node& node) {
  const View& x = node.view(0);
  const Linear linear = node.importer.linear_of(node);
  require(
      x.element == linear.element && x.element != Element::f32,
      std::string("its input is ") + element_name(x.element) + " and its zero point " + element_name(linear.element),
      "the same type for both");
  View view = as_int8(node, x, linear);
  view.element = Element::f32;
  view.dequantized = true;
  node.importer.set_view(node.output_name(), std::move(view));
}

}  // namespace edgesmith::convert::onnx
