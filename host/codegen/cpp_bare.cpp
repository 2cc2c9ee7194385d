// A bare network's <name>.h, <name>.cpp and main.cpp: tensors in, tensors out.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "host/codegen/cpp_parts.h"
#include "host/codegen/cpp_text.h"

namespace edgesmith::cpp {
namespace {

struct TypeText {
  const char* name;     // "int8"
  const char* c;        // "int8_t"
  std::uint32_t bytes;  // of an element
};

TypeText type_of(const NetworkEnd& end) {
  switch (static_cast<plan::DType>(end.record.dtype)) {
    case plan::DType::s8:
      return {"int8", "int8_t", 1};
    case plan::DType::u8:
      return {"uint8", "uint8_t", 1};
    case plan::DType::f32:
      return {"float32", "float", 4};
  }
  return {"", "", 1};
}

std::uint32_t elems(const NetworkEnd& end) {
  return end.bytes / type_of(end).bytes;
}

/// "input" where it is the only one, else "input_0".
std::string end_name(const std::vector<NetworkEnd>& ends, const char* kind, std::size_t i) {
  return ends.size() == 1 ? kind : fmt::format("{}_{}", kind, i);
}

std::string real_text(const NetworkEnd& end) {
  const plan::TensorRecord& record = end.record;
  if (static_cast<plan::DType>(record.dtype) == plan::DType::f32) return "real values";
  return fmt::format("real = {} * (q {} {})", number(record.scale), record.zero_point < 0 ? '+' : '-',
                     std::abs(record.zero_point));
}

/// The tensor contract as a table in a comment, and its numbers as macros.
std::string contract(const CompiledPlan& plan, const std::vector<NetworkEnd>& ends, const char* kind) {
  const std::string prefix = upper_identifier(plan.name);
  std::string table, macros;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const NetworkEnd& end = ends[i];
    const std::string name = end_name(ends, kind, i);
    const std::string shape = fmt::format("[{}]", fmt::join(end.record.dims, "]["));
    table += fmt::format("//   {:<9} {:<20} {:<8} {:<20} {}\n", name, commented(end.name), type_of(end).name, shape,
                         real_text(end));
    const std::string macro = prefix + "_" + upper_identifier(name);
    macros += fmt::format("#define {}_ELEMS {}\n", macro, elems(end));
    if (type_of(end).bytes > 1) continue;
    macros += fmt::format("#define {0}_SCALE {1}\n#define {0}_ZERO_POINT {2}\n", macro, number(end.record.scale),
                          end.record.zero_point);
  }
  return table + macros;
}

std::string arena_placement(const CompiledPlan& plan) {
  return fmt::format(
      "// Where the arena lies: define it to place it, e.g. as __attribute__((section(\".dtcm\"))).\n"
      "#ifndef {0}_PLACE_ARENA\n#define {0}_PLACE_ARENA\n#endif\n",
      upper_identifier(plan.name));
}

/// "const int8_t* input, int8_t* output"
std::string run_parameters(const NetworkPlan& network) {
  std::vector<std::string> parameters;
  for (std::size_t i = 0; i < network.inputs.size(); ++i)
    parameters.push_back(
        fmt::format("const {}* {}", type_of(network.inputs[i]).c, end_name(network.inputs, "input", i)));
  for (std::size_t i = 0; i < network.outputs.size(); ++i)
    parameters.push_back(fmt::format("{}* {}", type_of(network.outputs[i]).c, end_name(network.outputs, "output", i)));
  return fmt::format("{}", fmt::join(parameters, ", "));
}

std::string run_comment(const NetworkPlan& network) {
  std::string text = "  /// One inference: copies the input in and the output out.\n";
  for (std::size_t i = 0; i < network.inputs.size(); ++i)
    text += fmt::format("  /// {} {} [{}]\n", end_name(network.inputs, "input", i), type_of(network.inputs[i]).name,
                        elems(network.inputs[i]));
  for (std::size_t i = 0; i < network.outputs.size(); ++i)
    text += fmt::format("  /// {} {} [{}]\n", end_name(network.outputs, "output", i), type_of(network.outputs[i]).name,
                        elems(network.outputs[i]));
  return text;
}

std::string accessors(const NetworkPlan& network) {
  std::string text;
  for (std::size_t i = 0; i < network.inputs.size(); ++i)
    text += fmt::format("  {}* {}();\n", type_of(network.inputs[i]).c, end_name(network.inputs, "input", i));
  text += "  void run();\n";
  for (std::size_t i = 0; i < network.outputs.size(); ++i)
    text +=
        fmt::format("  const {}* {}() const;\n", type_of(network.outputs[i]).c, end_name(network.outputs, "output", i));
  return text;
}

std::string end_table(const char* name, const std::vector<NetworkEnd>& ends) {
  std::string text = fmt::format("constexpr TensorPlace {}[] = {{", name);
  for (std::size_t i = 0; i < ends.size(); ++i)
    text += fmt::format("{}{{{}, {}}}", i == 0 ? "" : ", ", ends[i].offset, ends[i].bytes);
  return text + "};\n";
}

std::string cpp_face(const CompiledPlan& plan) {
  const NetworkPlan& network = plan.network;
  return fmt::format(
      "#ifdef __cplusplus\n#include \"device/base/status.h\"\n\n"
      "namespace {0} {{\n\nusing edgesmith::Status;\n\n"
      "/// A tensor in the arena.\nstruct TensorPlace {{\n  uint32_t offset, bytes;\n}};\n{1}{2}\n"
      "uint8_t* arena();  // {3} bytes, aligned to 16\n"
      "bool arena_intact();  // false: something wrote beside it (only built with EDGESMITH_ARENA_GUARD)\n"
      "void run_network(const void* context, int8_t* arena);\n\n"
      "/// The network. All its memory is one static arena: two of them share it.\n"
      "class Network {{\n public:\n"
      "  /// Runs the known answer: ok, memory_too_small (the arena is not aligned) or self_test_network.\n"
      "  Status begin();\n\n"
      "{4}  void run({5});\n\n"
      "  // The same without copies: write the input, run, read the output before the next run.\n"
      "{6}}};\n\n}}  // namespace {0}\n#endif\n",
      identifier(plan.name), end_table("kInputs", network.inputs), end_table("kOutputs", network.outputs),
      network.arena_bytes, run_comment(network), run_parameters(network), accessors(network));
}

std::string c_face(const CompiledPlan& plan) {
  return fmt::format(
      "#ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n/* The same for C. */\n"
      "int {0}_begin(void); /* 0 = ok, else device/base/status.h */\nvoid {0}_run({1});\n\n"
      "#ifdef __cplusplus\n}}\n#endif\n",
      identifier(plan.name), run_parameters(plan.network));
}

std::string arena_definition(const CompiledPlan& plan) {
  return fmt::format(
      "#ifdef EDGESMITH_ARENA_GUARD\nconstexpr uint32_t kBeside = edgesmith::kGuardBytes;\n"
      "#else\nconstexpr uint32_t kBeside = 0;\n#endif\n\n"
      "alignas(16) {}_PLACE_ARENA uint8_t memory[kBeside + {} + kBeside];\n",
      upper_identifier(plan.name), plan.network.arena_bytes);
}

std::string arena_functions() {
  return "uint8_t* arena() {\n  return memory + kBeside;\n}\n\n"
         "#ifdef EDGESMITH_ARENA_GUARD\n"
         "bool arena_intact() {\n  return edgesmith::guards_intact(edgesmith::span_of(memory));\n}\n"
         "#endif\n";
}

std::string begin_function(const NetworkPlan& network) {
  std::string fills;
  for (std::size_t i = 0; i < network.inputs.size(); ++i) {
    const NetworkEnd& end = network.inputs[i];
    const bool real = type_of(end).bytes > 1;
    const std::string data = end_name(network.inputs, "input", i) + "()";
    fills += fmt::format("  {}edgesmith::fill_noise(noise, edgesmith::Span<{}>{{{}, {}}});\n",
                         i + 1 == network.inputs.size() ? "" : "noise = ", real ? "float" : "uint8_t",
                         real ? data : fmt::format("reinterpret_cast<uint8_t*>({})", data), elems(end));
  }
  return "Status Network::begin() {\n"
         "#ifdef EDGESMITH_ARENA_GUARD\n  edgesmith::paint_guards(edgesmith::span_of(memory));\n#endif\n"
         "  if (reinterpret_cast<uintptr_t>(arena()) % 16 != 0) return Status::memory_too_small;\n" +
         fmt::format("  {}uint32_t noise = kSelfTestSeed;\n", network.inputs.size() == 1 ? "const " : "") + fills +
         "  run();\n"
         "  const int8_t* expected = kSelfTestOutput;\n"
         "  for (const TensorPlace& place : kOutputs) {\n"
         "    if (memcmp(arena() + place.offset, expected, place.bytes) != 0) return Status::self_test_network;\n"
         "    expected += place.bytes;\n"
         "  }\n"
         "  return Status::ok;\n}\n";
}

std::string run_functions(const NetworkPlan& network) {
  std::string text = "void Network::run() {\n  run_network(nullptr, reinterpret_cast<int8_t*>(arena()));\n}\n\n";
  text += fmt::format("void Network::run({}) {{\n", run_parameters(network));
  for (std::size_t i = 0; i < network.inputs.size(); ++i)
    text += fmt::format("  memcpy(arena() + {}, {}, {});\n", network.inputs[i].offset,
                        end_name(network.inputs, "input", i), network.inputs[i].bytes);
  text += "  run();\n";
  for (std::size_t i = 0; i < network.outputs.size(); ++i)
    text += fmt::format("  memcpy({}, arena() + {}, {});\n", end_name(network.outputs, "output", i),
                        network.outputs[i].offset, network.outputs[i].bytes);
  text += "}\n";
  const auto accessor = [&](const std::vector<NetworkEnd>& ends, const char* kind, const char* constness,
                            const char* suffix) {
    for (std::size_t i = 0; i < ends.size(); ++i)
      text += fmt::format("\n{0}{1}* Network::{2}(){3} {{\n  return reinterpret_cast<{0}{1}*>(arena() + {4});\n}}\n",
                          constness, type_of(ends[i]).c, end_name(ends, kind, i), suffix, ends[i].offset);
  };
  accessor(network.inputs, "input", "", "");
  accessor(network.outputs, "output", "const ", " const");
  return text;
}

std::string argument_names(const NetworkPlan& network) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < network.inputs.size(); ++i)
    names.push_back(end_name(network.inputs, "input", i));
  for (std::size_t i = 0; i < network.outputs.size(); ++i)
    names.push_back(end_name(network.outputs, "output", i));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string c_functions(const CompiledPlan& plan) {
  return fmt::format(
      "int {0}_begin(void) {{\n  return static_cast<int>({0}::Network().begin());\n}}\n\n"
      "void {0}_run({1}) {{\n  {0}::Network().run({2});\n}}\n",
      identifier(plan.name), run_parameters(plan.network), argument_names(plan.network));
}

}  // namespace

std::string bare_header(const CompiledPlan& plan, const std::string& made_by) {
  const NetworkPlan& network = plan.network;
  return banner(plan, made_by, "what an application includes") + "#pragma once\n\n#include <stdint.h>\n\n" +
         "// Tensor contract\n" + contract(plan, network.inputs, "input") + contract(plan, network.outputs, "output") +
         fmt::format("#define {0}_ARENA_BYTES {1}\n#define {0}_PLAN_ID \"{2}\"\n\n", upper_identifier(plan.name),
                     network.arena_bytes, hex(plan.plan_id)) +
         arena_placement(plan) + weights_placement(plan) + "\n" + cpp_face(plan) + "\n" + c_face(plan);
}

std::string bare_source(const CompiledPlan& plan, const std::string& made_by) {
  const std::string name = identifier(plan.name);
  return banner(plan, made_by, "the arena, and the network's face") +
         fmt::format(
             "#include \"{}.h\"\n\n#include <string.h>\n\n#include \"device/runtime/arena_guard.h\"\n#include "
             "\"device/runtime/noise.h\"\n\n",
             name) +
         fmt::format("namespace {} {{\nnamespace {{\n\n", name) + arena_definition(plan) +
         "\n// The known answer: outputs for noise from this seed.\n" +
         fmt::format("constexpr uint32_t kSelfTestSeed = {};\n", plan.self_test.seed) +
         fmt::format("const int8_t kSelfTestOutput[{}] = {};\n\n", plan.self_test_output.size(),
                     table(plan.self_test_output.data(), plan.self_test_output.size())) +
         "}  // namespace\n\n" + arena_functions() + "\n" + begin_function(plan.network) + "\n" +
         run_functions(plan.network) + fmt::format("\n}}  // namespace {}\n\n", name) + c_functions(plan);
}

}  // namespace edgesmith::cpp
