// <name>.h: what an application includes.

#include <fmt/format.h>

#include <set>

#include "device/runtime/pipeline.h"
#include "host/codegen/cpp_parts.h"
#include "host/codegen/cpp_text.h"

namespace edgesmith::cpp {
namespace {

const char* sample_type(const CompiledPlan& plan) {
  switch (static_cast<SampleFormat>(plan.road.record.format)) {
    case SampleFormat::f32:
      return "float";
    case SampleFormat::i16:
      return "int16_t";
    case SampleFormat::u8:
      return "uint8_t";
  }
  return "";
}

/// "double tap" -> "kLabelDoubleTap"
std::string label_constant(const std::string& label) {
  std::string out = "kLabel";
  bool upper = true;
  for (char c : label) {
    const bool word = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (word) out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = !word;
  }
  return out;
}

std::string shape(const plan::TensorRecord& tensor) {
  return fmt::format("int8 [{}][{}][{}][{}], real = {} * (q {} {})", tensor.dims[0], tensor.dims[1], tensor.dims[2],
                     tensor.dims[3], number(tensor.scale), tensor.zero_point < 0 ? '+' : '-',
                     std::abs(tensor.zero_point));
}

std::string sample_text(const CompiledPlan& plan) {
  const plan::RoadRecord& road = plan.road.record;
  const std::string values = fmt::format("{} sample[{}]", sample_type(plan), road.channels);
  return static_cast<SampleFormat>(road.format) == SampleFormat::f32
             ? values + ", in the unit of [input]"
             : fmt::format("{}, counts; times {} they are in the unit of [input]", values, number(road.scale));
}

std::string sizes(const CompiledPlan& plan) {
  const plan::RoadRecord& road = plan.road.record;
  return fmt::format(
             "#define {0}_CHANNELS {1}\n"
             "#define {0}_WINDOW_SAMPLES {2}\n"
             "#define {0}_HOP_SAMPLES {3}\n"
             "#define {0}_CLASSES {4}\n"
             "#define {0}_SAMPLE_PERIOD_US {5}\n"
             "#define {0}_PLAN_ID \"{6}\"\n",
             upper_identifier(plan.name), road.channels, road.window_samples, road.hop_samples, plan.labels.size(),
             static_cast<long>(1e6 / static_cast<double>(road.rate_hz) + 0.5), hex(plan.plan_id)) +
         fmt::format("// Input:  {}: normalised features\n// Output: {}: one probability per class\n",
                     shape(plan.network.inputs[0].record), shape(plan.network.outputs[0].record)) +
         fmt::format("// Sample: {}\n\n", sample_text(plan)) + weights_placement(plan);
}

/// Labels that come to the same constant ("a b" and "a_b") are told apart by their index; no other constant has a '_'.
std::string label_enum(const CompiledPlan& plan) {
  std::string out = "enum Label : int32_t {\n";
  std::set<std::string> taken;
  for (std::size_t i = 0; i < plan.labels.size(); ++i) {
    std::string name = label_constant(plan.labels[i]);
    if (!taken.insert(name).second) name += fmt::format("_{}", i);
    out += fmt::format("  {} = {},  // {}\n", name, i, commented(plan.labels[i]));
  }
  return out + "};\n";
}

std::string cpp_face(const CompiledPlan& plan) {
  const RoadSpec spec = plan.road.spec();
  return fmt::format(
      "#ifdef __cplusplus\n"
      "#include \"device/runtime/pipeline.h\"\n\n"
      "namespace {0} {{\n\n"
      "using edgesmith::Config;\nusing edgesmith::Counters;\nusing edgesmith::Event;\nusing edgesmith::Fault;\n"
      "using edgesmith::Info;\nusing edgesmith::LastWindow;\nusing edgesmith::Status;\n\n"
      "using Sample = {1}[{2}];\n\n"
      "{3}\n"
      "extern const edgesmith::Plan kPlan;\n"
      "void run_network(const void* context, int8_t* arena);\n\n"
      "/// All memory that the model will ever use: declare it static. See device/runtime/pipeline.h for push() and "
      "poll().\n"
      "class Pipeline : public edgesmith::Pipeline {{\n"
      " public:\n"
      "  /// Checks and self-test; every failure has a code.\n"
      "  Status begin();\n\n"
      " private:\n"
      "  alignas(16) int8_t arena_[{4}];\n"
      "  alignas(4) uint8_t fifo_[{5}];\n"
      "  float ring_[{6}];\n"
      "  float state_[{7}];\n"
      "  float scores_[{8}];\n"
      "  uint32_t cooldown_[{8}];\n"
      "}};\n\n"
      "}}  // namespace {0}\n"
      "#endif\n",
      identifier(plan.name), sample_type(plan), spec.channels, label_enum(plan), plan.network.arena_bytes,
      fifo_bytes(spec), road_ring_floats(spec), road_state_floats(spec), plan.labels.size());
}

std::string c_face(const CompiledPlan& plan) {
  return fmt::format(
      "#ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n"
      "/* The same for C: one pipeline, reserved in {0}_c.cpp. Times are in microseconds and may wrap. */\n"
      "typedef struct {{\n"
      "  uint32_t time_us;  /* of the last sample of the window that decided */\n"
      "  int32_t label;     /* class index; -1 = none */\n"
      "  float score;\n"
      "  float margin;      /* to the second class */\n"
      "  uint32_t sequence; /* counts events from 1 */\n"
      "}} {0}_event;\n\n"
      "int {0}_begin(void);                                     /* 0 = ok, else device/base/status.h */\n"
      "/* From an interrupt or a loop; stores and never infers. */\nvoid {0}_push(const {1}* sample, uint32_t "
      "time_us);\n"
      "void {0}_push_error(uint8_t fault, uint32_t time_us);    /* 1 bus, 2 timeout, 3 self check */\n"
      "int {0}_poll({0}_event* event);                          /* 1 = an event was written */\n"
      "const char* {0}_label(int32_t label);\n"
      "void {0}_reset(void);\n\n"
      "#ifdef __cplusplus\n}}\n#endif\n",
      identifier(plan.name), sample_type(plan));
}

}  // namespace

std::string header(const CompiledPlan& plan, const std::string& made_by) {
  return banner(plan, made_by, "what an application includes") + "#pragma once\n\n#include <stdint.h>\n\n" +
         sizes(plan) + "\n" + cpp_face(plan) + "\n" + c_face(plan);
}

std::string c_face_source(const CompiledPlan& plan, const std::string& made_by) {
  const std::string name = identifier(plan.name);
  return banner(plan, made_by, "the C face") +
         fmt::format(
             "#include \"{0}.h\"\n\n"
             "static {0}::Pipeline pipeline;\n\n"
             "int {0}_begin(void) {{\n  return static_cast<int>(pipeline.begin());\n}}\n\n"
             "void {0}_push(const {1}* sample, uint32_t time_us) {{\n  pipeline.push(sample, time_us);\n}}\n\n"
             "void {0}_push_error(uint8_t fault, uint32_t time_us) {{\n"
             "  pipeline.push_error(static_cast<edgesmith::Fault>(fault), time_us);\n}}\n\n"
             "int {0}_poll({0}_event* event) {{\n"
             "  const edgesmith::Event* from = pipeline.poll();\n"
             "  if (from == nullptr) return 0;\n"
             "  event->time_us = from->time_us;\n"
             "  event->label = from->label;\n"
             "  event->score = from->score;\n"
             "  event->margin = from->margin;\n"
             "  event->sequence = from->sequence;\n"
             "  return 1;\n}}\n\n"
             "const char* {0}_label(int32_t label) {{\n  return edgesmith::label_text({0}::kPlan.info, label);\n}}\n\n"
             "void {0}_reset(void) {{\n  pipeline.reset();\n}}\n",
             name, sample_type(plan));
}

}  // namespace edgesmith::cpp
