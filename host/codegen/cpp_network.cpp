// <name>_network.cpp: weights and the sequence of operators.

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "host/base/error.h"
#include "host/codegen/cpp_parts.h"
#include "host/codegen/cpp_text.h"

namespace edgesmith::cpp {
namespace {

using kernels::OpCode;

struct OpText {
  OpCode code;
  const char* params;  // struct in device/kernels/params.h
  const char* kernel;
  const char* title;
  std::vector<const char*> fields;
};

const OpText& text_of(std::uint32_t code) {
  static const std::vector<const char*> conv = {
      "input_h",          "input_w",           "input_c",  "filter_h",   "filter_w",   "output_h",          "output_w",
      "output_c",         "stride_h",          "stride_w", "dilation_h", "dilation_w", "pad_top",           "pad_left",
      "input_zero_point", "output_zero_point", "act_min",  "act_max",    "rounding",   "zero_point_in_bias"};
  static const std::vector<const char*> pool = {"input_h",  "input_w",  "channels", "filter_h", "filter_w",
                                                "output_h", "output_w", "stride_h", "stride_w", "pad_top",
                                                "pad_left", "act_min",  "act_max"};
  static const OpText texts[] = {
      {OpCode::fully_connected,
       "FullyConnectedParams",
       "fully_connected_s8",
       "FULLY_CONNECTED",
       {"rows", "input_elems", "output_elems", "input_zero_point", "output_zero_point", "act_min", "act_max",
        "rounding", "zero_point_in_bias"}},
      {OpCode::conv2d, "Conv2dParams", "conv2d_s8", "CONV_2D", conv},
      {OpCode::depthwise_conv2d, "Conv2dParams", "depthwise_conv2d_s8", "DEPTHWISE_CONV_2D", conv},
      {OpCode::max_pool2d, "Pool2dParams", "max_pool2d_s8", "MAX_POOL_2D", pool},
      {OpCode::average_pool2d, "Pool2dParams", "average_pool2d_s8", "AVERAGE_POOL_2D", pool},
      {OpCode::mean,
       "MeanParams",
       "mean_s8",
       "MEAN",
       {"outer", "count", "inner", "input_zero_point", "output_zero_point", "multiplier", "shift", "rounding"}},
      {OpCode::softmax, "SoftmaxParams", "softmax_s8", "SOFTMAX", {"rows", "depth", "multiplier", "shift", "diff_min"}},
      {OpCode::reshape, "ReshapeParams", "reshape_s8", "RESHAPE", {"bytes"}},
  };
  for (const OpText& text : texts) {
    if (static_cast<std::uint32_t>(text.code) == code) return text;
  }
  throw Error(ErrorKind::defect, {.code = "codegen.operator",
                                  .what = "no text is known for this operator",
                                  .found = fmt::format("code {}", code)});
}

template <typename T>
std::string array_at(const CompiledPlan& plan, const char* type, const std::string& name, std::uint32_t offset,
                     std::uint32_t count) {
  std::vector<T> values(count);
  std::memcpy(values.data(), plan.network.constants.data() + offset, count * sizeof(T));
  return fmt::format("alignas(4) {}_PLACE_WEIGHTS const {} {}[{}] = {};\n", upper_identifier(plan.name), type, name,
                     count, table(values.data(), count));
}

/// A layer's constants, and inputs that are constants.
std::string constant_arrays(const CompiledPlan& plan, std::size_t i) {
  const plan::ContractOp& op = plan.network.ops[i];
  const plan::TargetOp& place = plan.network.places[i];
  const std::string name = fmt::format("kOp{}", i);
  std::string out;
  for (std::uint32_t n = 0; n < op.input_count; ++n) {
    if ((place.input_offsets[n] & plan::kInConstants) == 0) continue;
    out += array_at<std::int8_t>(plan, "int8_t", fmt::format("{}Input{}", name, n),
                                 place.input_offsets[n] & ~plan::kInConstants, op.input_bytes[n]);
  }
  if (place.weights_bytes == 0) return out;
  out += array_at<std::int8_t>(plan, "int8_t", name + "Weights", place.weights_offset, place.weights_bytes);
  if (place.output_channels == 0) return out;
  return out + array_at<std::int32_t>(plan, "int32_t", name + "Bias", place.bias_offset, place.output_channels) +
         array_at<std::int32_t>(plan, "int32_t", name + "Multiplier", place.multiplier_offset, place.output_channels) +
         array_at<std::int8_t>(plan, "int8_t", name + "Shift", place.shift_offset, place.output_channels);
}

std::string params(const NetworkPlan& plan, std::size_t i) {
  const plan::ContractOp& op = plan.ops[i];
  const OpText& text = text_of(op.code);
  std::string out = fmt::format("const edgesmith::kernels::{} kOp{} = {{\n", text.params, i);
  for (std::size_t f = 0; f < text.fields.size(); ++f) {
    out += fmt::format("    {},  // {}\n", op.params[f], text.fields[f]);
  }
  return out + "};\n";
}

std::string constants(const CompiledPlan& plan, std::size_t i) {
  const NetworkPlan& network = plan.network;
  return fmt::format("// Operator {}: {} {}\n", i, text_of(network.ops[i].code).title,
                     commented(network.labels[i].name)) +
         constant_arrays(plan, i) + params(network, i) + "\n";
}

std::string weights_argument(const plan::TargetOp& place, std::size_t i) {
  if (place.weights_bytes == 0) return "";
  if (place.output_channels == 0) return fmt::format("{{edgesmith::span_of(kOp{}Weights)}}, ", i);
  return fmt::format(
      "{{edgesmith::span_of(kOp{0}Weights), edgesmith::span_of(kOp{0}Bias),\n"
      "       edgesmith::span_of(kOp{0}Multiplier), edgesmith::span_of(kOp{0}Shift)}},\n      ",
      i);
}

std::string input_argument(const plan::ContractOp& op, const plan::TargetOp& place, std::size_t i, std::uint32_t n) {
  if ((place.input_offsets[n] & plan::kInConstants) != 0) return fmt::format("edgesmith::span_of(kOp{}Input{})", i, n);
  return fmt::format("{{arena + {}, {}}}", place.input_offsets[n], op.input_bytes[n]);
}

/// One argument for each input; those of an operator that takes any number come as one array.
std::string input_arguments(const plan::ContractOp& op, const plan::TargetOp& place, std::size_t i) {
  std::string out;
  for (std::uint32_t n = 0; n < op.input_count; ++n)
    out += input_argument(op, place, i, n) + ", ";
  return out;
}

std::string call(const NetworkPlan& plan, std::size_t i) {
  const plan::ContractOp& op = plan.ops[i];
  const plan::TargetOp& place = plan.places[i];
  std::string arguments = fmt::format("kOp{}, ", i) + weights_argument(place, i) + input_arguments(op, place, i) +
                          fmt::format("{{arena + {}, {}}}", place.output_offset, op.output_bytes);
  if (place.scratch_bytes > 0)
    arguments += fmt::format(", {{arena + {}, {}}}", place.scratch_offset, place.scratch_bytes);
  return fmt::format(
      "  // {}: {}\n"
      "  edgesmith::kernels::{}::{}(\n      {});\n"
      "  EDGESMITH_AFTER_OPERATOR({}, arena + {}, {});\n",
      commented(plan.labels[i].name), plan.labels[i].shapes, plan.kernels->name, text_of(op.code).kernel, arguments, i,
      place.output_offset, op.output_bytes);
}

}  // namespace

std::string network_source(const CompiledPlan& plan, const std::string& made_by) {
  const std::string name = identifier(plan.name);
  const NetworkPlan& network = plan.network;
  std::string out = banner(plan, made_by, "the network: constants, then the operators in order");
  out += fmt::format("#include \"{}.h\"\n", name);
  out += fmt::format("#include \"device/kernels/{}/kernels.h\"\n\n", network.kernels->name);
  out +=
      "#ifndef EDGESMITH_AFTER_OPERATOR  // a build that looks on may define it\n"
      "#define EDGESMITH_AFTER_OPERATOR(index, output, bytes)\n"
      "#endif\n\n";
  out += fmt::format("namespace {} {{\nnamespace {{\n\n", name);
  for (std::size_t i = 0; i < network.ops.size(); ++i)
    out += constants(plan, i);
  out += "}  // namespace\n\nvoid run_network(const void*, int8_t* arena) {\n";
  for (std::size_t i = 0; i < network.ops.size(); ++i)
    out += call(network, i);
  return out + fmt::format("}}\n\n}}  // namespace {}\n", name);
}

std::string weights_placement(const CompiledPlan& plan) {
  return fmt::format(
      "// Where the weights lie: define it to place them, e.g. as __attribute__((section(\".qspi\"))).\n"
      "#ifndef {0}_PLACE_WEIGHTS\n#define {0}_PLACE_WEIGHTS\n#endif\n",
      upper_identifier(plan.name));
}

std::vector<std::string> kernel_sources(const CompiledPlan& plan) {
  std::vector<std::string> files;
  for (const plan::ContractOp& op : plan.network.ops) {
    const std::string kernel = text_of(op.code).kernel;  // conv2d_s8 stands in conv2d.cpp
    files.push_back(
        fmt::format("device/kernels/{}/{}.cpp", plan.network.kernels->name, kernel.substr(0, kernel.rfind('_'))));
  }
  return files;
}

}  // namespace edgesmith::cpp
