// <name>_network.cpp: weights and the sequence of operators.

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "host/codegen/cpp_operators.h"
#include "host/codegen/cpp_parts.h"
#include "host/codegen/cpp_text.h"

namespace edgesmith::cpp {
namespace {

template <typename T>
std::string array_at(const CompiledPlan& plan, const char* type, const std::string& name, std::uint32_t offset,
                     std::uint32_t count) {
  std::vector<T> values(count);
  std::memcpy(values.data(), plan.network.constants.data() + offset, count * sizeof(T));
  return fmt::format("alignas(4) {}_PLACE_WEIGHTS const {} {}[{}] = {};\n", upper_identifier(plan.name), type, name,
                     count, table(values.data(), count));
}

/// A layer's constants, a lookup's table, and inputs that are constants.
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
  const bool layer = place.output_channels > 0;
  out += array_at<std::int8_t>(plan, "int8_t", name + (layer ? "Weights" : "Table"), place.weights_offset,
                               place.weights_bytes);
  if (!layer) return out;
  return out + array_at<std::int32_t>(plan, "int32_t", name + "Bias", place.bias_offset, place.output_channels) +
         array_at<std::int32_t>(plan, "int32_t", name + "Multiplier", place.multiplier_offset, place.output_channels) +
         array_at<std::int8_t>(plan, "int8_t", name + "Shift", place.shift_offset, place.output_channels);
}

std::string params(const NetworkPlan& plan, std::size_t i) {
  const plan::ContractOp& op = plan.ops[i];
  const OpText& text = text_of(op.code);
  return fmt::format("const edgesmith::kernels::{} kOp{} = {{\n{}}};\n", text.params, i, params_lines(text, op.params));
}

std::string constants(const CompiledPlan& plan, std::size_t i) {
  const NetworkPlan& network = plan.network;
  return fmt::format("// Operator {}: {} {}\n", i, text_of(network.ops[i].code).title,
                     commented(network.labels[i].name)) +
         constant_arrays(plan, i) + params(network, i) + "\n";
}

std::string weights_argument(const plan::TargetOp& place, std::size_t i) {
  if (place.weights_bytes == 0) return "";
  if (place.output_channels == 0) return fmt::format("edgesmith::span_of(kOp{}Table), ", i);
  return fmt::format(
      "{{edgesmith::span_of(kOp{0}Weights), edgesmith::span_of(kOp{0}Bias),\n"
      "       edgesmith::span_of(kOp{0}Multiplier), edgesmith::span_of(kOp{0}Shift)}},\n      ",
      i);
}

std::string input_argument(const plan::ContractOp& op, const plan::TargetOp& place, std::size_t i, std::uint32_t n) {
  if ((place.input_offsets[n] & plan::kInConstants) != 0) return fmt::format("edgesmith::span_of(kOp{}Input{})", i, n);
  return fmt::format("{{arena + {}, {}}}", place.input_offsets[n], op.input_bytes[n]);
}

/// One argument for each input.
std::string input_arguments(const plan::ContractOp& op, const plan::TargetOp& place, std::size_t i) {
  std::string out;
  for (std::uint32_t n = 0; n < op.input_count; ++n)
    out += input_argument(op, place, i, n) + ", ";
  return out;
}

/// The inputs of an operator that takes any number of them, as an array in front of its call.
std::string input_array(const plan::ContractOp& op, const plan::TargetOp& place, std::size_t i) {
  std::string out = fmt::format("  const edgesmith::Span<const int8_t> inputs_of_{}[] = {{\n", i);
  for (std::uint32_t n = 0; n < op.input_count; ++n)
    out += fmt::format("      {},\n", input_argument(op, place, i, n));
  return out + "  };\n";
}

std::string call(const NetworkPlan& plan, std::size_t i) {
  const plan::ContractOp& op = plan.ops[i];
  const plan::TargetOp& place = plan.places[i];
  const bool any_number = op.code == static_cast<std::uint32_t>(kernels::OpCode::concatenation);
  const std::string inputs =
      any_number ? fmt::format("edgesmith::span_of(inputs_of_{}), ", i) : input_arguments(op, place, i);
  std::string arguments = fmt::format("kOp{}, ", i) + weights_argument(place, i) + inputs +
                          fmt::format("{{arena + {}, {}}}", place.output_offset, op.output_bytes);
  if (place.scratch_bytes > 0)
    arguments += fmt::format(", {{arena + {}, {}}}", place.scratch_offset, place.scratch_bytes);
  return fmt::format(
      "  // {}: {}\n{}"
      "  edgesmith::kernels::{}::{}(\n      {});\n"
      "  EDGESMITH_AFTER_OPERATOR({}, arena + {}, {});\n",
      commented(plan.labels[i].name), plan.labels[i].shapes, any_number ? input_array(op, place, i) : "",
      plan.kernels->name, text_of(op.code).kernel, arguments, i, place.output_offset, op.output_bytes);
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
    const OpText& text = text_of(op.code);
    const std::string kernel = text.kernel;  // conv2d_s8 stands in conv2d.cpp
    files.push_back(fmt::format("device/kernels/{}/{}.cpp", plan.network.kernels->provider(op.code),
                                kernel.substr(0, kernel.rfind('_'))));
    if (text.header != nullptr) files.push_back(text.header);
  }
  return files;
}

}  // namespace edgesmith::cpp
