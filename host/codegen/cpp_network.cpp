// <name>_network.cpp: weights and the sequence of operators.

#include <fmt/format.h>

#include "host/codegen/cpp_parts.h"
#include "host/codegen/cpp_text.h"

namespace edgesmith::cpp {
namespace {

struct OpText {
  const char* params;  // struct in device/kernels/params.h
  const char* kernel;
  const char* title;
  std::vector<const char*> fields;
};

const OpText& text_of(std::uint32_t code) {
  static const std::vector<const char*> conv = {
      "input_h",          "input_w",           "input_c",  "filter_h",   "filter_w",   "output_h", "output_w",
      "output_c",         "stride_h",          "stride_w", "dilation_h", "dilation_w", "pad_top",  "pad_left",
      "input_zero_point", "output_zero_point", "act_min",  "act_max",    "rounding"};
  static const std::vector<const char*> pool = {"input_h",  "input_w",  "channels", "filter_h", "filter_w",
                                                "output_h", "output_w", "stride_h", "stride_w", "pad_top",
                                                "pad_left", "act_min",  "act_max"};
  static const OpText texts[] = {
      {"", "", "", {}},
      {"FullyConnectedParams",
       "fully_connected_s8",
       "FULLY_CONNECTED",
       {"rows", "input_elems", "output_elems", "input_zero_point", "output_zero_point", "act_min", "act_max",
        "rounding"}},
      {"Conv2dParams", "conv2d_s8", "CONV_2D", conv},
      {"Conv2dParams", "depthwise_conv2d_s8", "DEPTHWISE_CONV_2D", conv},
      {"Pool2dParams", "max_pool2d_s8", "MAX_POOL_2D", pool},
      {"Pool2dParams", "average_pool2d_s8", "AVERAGE_POOL_2D", pool},
      {"MeanParams",
       "mean_s8",
       "MEAN",
       {"input_h", "input_w", "channels", "input_zero_point", "output_zero_point", "multiplier", "shift", "rounding"}},
      {"SoftmaxParams", "softmax_s8", "SOFTMAX", {"rows", "depth", "multiplier", "shift", "diff_min"}},
      {"ReshapeParams", "reshape_s8", "RESHAPE", {"elems"}},
  };
  return texts[code];
}

template <typename T>
std::string array_at(const CompiledPlan& plan, const char* type, const std::string& name, std::uint32_t offset,
                     std::uint32_t count) {
  const auto* values = reinterpret_cast<const T*>(plan.weights.data() + offset);
  return fmt::format("alignas(4) const {} {}[{}] = {};\n", type, name, count, table(values, count));
}

std::string weight_arrays(const CompiledPlan& plan, std::size_t i) {
  const plan::TargetOp& place = plan.places[i];
  if (place.output_channels == 0) return "";
  const std::string name = fmt::format("kOp{}", i);
  return array_at<std::int8_t>(plan, "int8_t", name + "Weights", place.weights_offset, place.weights_bytes) +
         array_at<std::int32_t>(plan, "int32_t", name + "Bias", place.bias_offset, place.output_channels) +
         array_at<std::int32_t>(plan, "int32_t", name + "Multiplier", place.multiplier_offset, place.output_channels) +
         array_at<std::int8_t>(plan, "int8_t", name + "Shift", place.shift_offset, place.output_channels);
}

std::string params(const CompiledPlan& plan, std::size_t i) {
  const plan::ContractOp& op = plan.ops[i];
  const OpText& text = text_of(op.code);
  std::string out = fmt::format("const edgesmith::kernels::{} kOp{} = {{\n", text.params, i);
  for (std::size_t f = 0; f < text.fields.size(); ++f) {
    out += fmt::format("    {},  // {}\n", op.params[f], text.fields[f]);
  }
  return out + "};\n";
}

std::string constants(const CompiledPlan& plan, std::size_t i) {
  return fmt::format("// Operator {}: {} {}\n", i, text_of(plan.ops[i].code).title, commented(plan.op_names[i])) +
         weight_arrays(plan, i) + params(plan, i) + "\n";
}

std::string call(const CompiledPlan& plan, std::size_t i) {
  const plan::ContractOp& op = plan.ops[i];
  const plan::TargetOp& place = plan.places[i];
  const std::string weights =
      place.output_channels == 0
          ? ""
          : fmt::format(
                "{{edgesmith::span_of(kOp{0}Weights), edgesmith::span_of(kOp{0}Bias),\n"
                "       edgesmith::span_of(kOp{0}Multiplier), edgesmith::span_of(kOp{0}Shift)}},\n      ",
                i);
  return fmt::format(
      "  // {}: int8 [{}] at {} -> int8 [{}] at {}\n"
      "  edgesmith::kernels::reference::{}(\n      kOp{}, {}{{arena + {}, {}}}, {{arena + {}, {}}});\n",
      commented(plan.op_names[i]), op.input_bytes, place.input_offset, op.output_bytes, place.output_offset,
      text_of(op.code).kernel, i, weights, place.input_offset, op.input_bytes, place.output_offset, op.output_bytes);
}

}  // namespace

std::string network_source(const CompiledPlan& plan, const std::string& made_by) {
  const std::string name = identifier(plan.name);
  std::string out = banner(plan, made_by, "the network: constants, then the operators in order");
  out += fmt::format("#include \"{}.h\"\n", name);
  out += "#include \"device/kernels/reference/kernels.h\"\n\n";
  out += fmt::format("namespace {} {{\nnamespace {{\n\n", name);
  for (std::size_t i = 0; i < plan.ops.size(); ++i)
    out += constants(plan, i);
  out += "}  // namespace\n\nvoid run_network(const void*, int8_t* arena) {\n";
  for (std::size_t i = 0; i < plan.ops.size(); ++i)
    out += call(plan, i);
  return out + fmt::format("}}\n\n}}  // namespace {}\n", name);
}

std::vector<std::string> kernel_sources(const CompiledPlan& plan) {
  std::vector<std::string> files;
  for (const plan::ContractOp& op : plan.ops) {
    const std::string kernel = text_of(op.code).kernel;  // conv2d_s8 stands in conv2d.cpp
    files.push_back(fmt::format("device/kernels/reference/{}.cpp", kernel.substr(0, kernel.rfind('_'))));
  }
  return files;
}

}  // namespace edgesmith::cpp
