// <name>.cpp: the plan's constants, and begin().

#include <fmt/format.h>

#include "host/codegen/cpp_parts.h"
#include "host/codegen/cpp_text.h"

namespace edgesmith::cpp {
namespace {

std::string array_of(const char* type, const char* name, std::size_t count, const std::string& content) {
  return fmt::format("const {} {}[{}] = {};\n", type, name, count, content);
}

std::string span_text(const char* name, bool present) {
  return present ? fmt::format("edgesmith::span_of({})", name) : "{nullptr, 0}";
}

std::string conditioning(const CompiledPlan& plan) {
  if (plan.road.conditioning.empty()) return "";
  std::vector<std::string> items;
  for (const signal::ConditionStep& step : plan.road.conditioning) {
    items.push_back(fmt::format("{{{}, {}, 0, {}u, {}, {}}}", step.kind, step.length, step.channels, number(step.a),
                                number(step.b)));
  }
  return "// kind, length, -, channel mask, a, b; see device/signal/conditioning.h\n" +
         array_of("edgesmith::signal::ConditionStep", "kConditioning", items.size(), table(items));
}

std::string feature_tables(const CompiledPlan& plan) {
  if (plan.road.signals.empty()) return "";
  std::vector<std::string> items;
  for (const signal::SignalSpec& signal : plan.road.signals) {
    items.push_back(fmt::format("{{{}, {}, {}, 0, {}u, {}u}}", signal.kind, signal.difference, signal.segments,
                                signal.channels, signal.statistics));
  }
  return "// kind, difference, segments, -, channel mask, statistics mask; see device/signal/features.h\n" +
         array_of("edgesmith::signal::SignalSpec", "kSignals", items.size(), table(items));
}

std::string config_tables(const CompiledPlan& plan) {
  std::vector<std::string> ranges, rules;
  for (const guard::Range& range : plan.road.ranges) {
    ranges.push_back(fmt::format("{{{}, {}}}", number(range.low), number(range.high)));
  }
  for (const decision::ClassRule& rule : plan.class_rules) {
    rules.push_back(fmt::format("{{{}, {}}}", number(rule.threshold), rule.cooldown_ms));
  }
  return "// The defaults of Config: replace them at run time with Pipeline::configure().\n" +
         array_of("edgesmith::guard::Range", "kRanges", ranges.size(), table(ranges)) +
         "// threshold, cooldown in ms\n" +
         array_of("edgesmith::decision::ClassRule", "kClassRules", rules.size(), table(rules));
}

std::string label_table(const CompiledPlan& plan) {
  std::string text;
  for (const std::string& label : plan.labels)
    text += "\n    " + quoted(label) + " \"\\0\"";
  return fmt::format("const char kLabels[] ={};\n", text);
}

std::string tables(const CompiledPlan& plan) {
  return label_table(plan) +
         array_of("uint8_t", "kPlanId", plan.plan_id.size(), table(plan.plan_id.data(), plan.plan_id.size())) +
         conditioning(plan) + feature_tables(plan) + "// Normalised = (feature - offset) * gain\n" +
         array_of("float", "kOffset", plan.road.offset.size(), table(plan.road.offset)) +
         array_of("float", "kGain", plan.road.gain.size(), table(plan.road.gain)) + config_tables(plan) +
         "// Self-test: samples center + spread * u, u from a generator; see device/runtime/plan.h\n" +
         array_of("float", "kSelfTestCenter", plan.self_test_center.size(), table(plan.self_test_center)) +
         array_of("float", "kSelfTestSpread", plan.self_test_spread.size(), table(plan.self_test_spread)) +
         array_of("int8_t", "kSelfTestOutput", plan.self_test_output.size(),
                  table(plan.self_test_output.data(), plan.self_test_output.size()));
}

const char* format_name(const CompiledPlan& plan) {
  switch (static_cast<SampleFormat>(plan.road.record.format)) {
    case SampleFormat::f32:
      return "edgesmith::SampleFormat::f32";
    case SampleFormat::i16:
      return "edgesmith::SampleFormat::i16";
    case SampleFormat::u8:
      return "edgesmith::SampleFormat::u8";
  }
  return "";
}

const char* emit_name(const CompiledPlan& plan) {
  switch (static_cast<decision::Emit>(plan.rules.emit)) {
    case decision::Emit::onset:
      return "edgesmith::decision::Emit::onset";
    case decision::Emit::change:
      return "edgesmith::decision::Emit::change";
    case decision::Emit::every_hop:
      return "edgesmith::decision::Emit::every_hop";
  }
  return "";
}

std::string road_constant(const CompiledPlan& plan) {
  const plan::RoadRecord& road = plan.road.record;
  return fmt::format(
      "    {{\n        {},  // channels\n        {},  // format\n"
      "        {},  // scale: counts to unit\n        {},  // window_samples\n        {},  // hop_samples\n"
      "        {},  // settling_samples\n        {},  // hop_us\n        {},  // fifo_samples\n        {},\n"
      "        {{edgesmith::signal::FeatureKind::{}, {}}},\n"
      "        {{edgesmith::span_of(kOffset), edgesmith::span_of(kGain), {}}},\n    }},\n",
      road.channels, format_name(plan), number(road.scale), road.window_samples, road.hop_samples,
      road.settling_samples, road.hop_us, road.fifo_samples,
      span_text("kConditioning", !plan.road.conditioning.empty()), plan.road.signals.empty() ? "raw" : "statistics",
      span_text("kSignals", !plan.road.signals.empty()), number(road.clip));
}

std::string config_constant(const CompiledPlan& plan) {
  return fmt::format(
      "    {{\n        edgesmith::span_of(kRanges),\n"
      "        {{edgesmith::span_of(kClassRules), {}, {}, {}, {}, {}}},"
      "  // reject_to, votes_needed, votes_of, emit, shared_cooldown\n    }},\n",
      plan.rules.reject_to, plan.rules.votes_needed, plan.rules.votes_of, emit_name(plan), plan.rules.shared_cooldown);
}

std::string network_constant(const CompiledPlan& plan) {
  const plan::TensorRecord &input = plan.network.inputs[0].record, &output = plan.network.outputs[0].record;
  return fmt::format(
      "    {{\n        run_network, nullptr,\n        {},  // arena_bytes\n"
      "        {}, {},  // input: offset, elements\n        {}, {},  // output: offset, elements\n"
      "        {},  // input_inv_scale\n        {{{}, {}}}, {{{}, {}}},  // input and output: scale, zero point\n    "
      "}},\n",
      plan.network.arena_bytes, plan.network.inputs[0].offset, plan.road.feature_elems(),
      plan.network.outputs[0].offset, plan.labels.size(), number(1.0f / input.scale), number(input.scale),
      input.zero_point, number(output.scale), output.zero_point);
}

std::string plan_constant(const CompiledPlan& plan) {
  return fmt::format("    {{{}, {}, kPlanId, kLabels, {}}},\n", quoted(plan.name), quoted(plan.version),
                     plan.labels.size()) +
         road_constant(plan) + config_constant(plan) + network_constant(plan) +
         fmt::format(
             "    {{{}u, {}u, edgesmith::span_of(kSelfTestCenter), edgesmith::span_of(kSelfTestSpread),\n"
             "     edgesmith::span_of(kSelfTestOutput)}},  // seed, CRC-32 of the input tensor\n",
             plan.self_test.seed, plan.self_test.input_crc32);
}

}  // namespace

std::string plan_source(const CompiledPlan& plan, const std::string& made_by) {
  const std::string name = identifier(plan.name);
  return banner(plan, made_by, "the plan's constants") + fmt::format("#include \"{}.h\"\n\n", name) +
         fmt::format("namespace {} {{\nnamespace {{\n\n", name) + tables(plan) +
         "\n}  // namespace\n\nconst edgesmith::Plan kPlan = {\n" + plan_constant(plan) +
         "};\n\nStatus Pipeline::begin() {\n"
         "  const edgesmith::Memory memory = {\n"
         "      edgesmith::span_of(fifo_),\n"
         "      {edgesmith::span_of(ring_), edgesmith::span_of(state_)},\n"
         "      edgesmith::span_of(scores_),\n"
         "      edgesmith::span_of(cooldown_),\n"
         "      edgesmith::span_of(arena_),\n"
         "  };\n"
         "  return edgesmith::Pipeline::begin(kPlan, memory);\n}\n\n" +
         fmt::format("}}  // namespace {}\n", name);
}

}  // namespace edgesmith::cpp
