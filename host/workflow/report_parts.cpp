#include "host/workflow/report_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/base/text.h"
#include "host/target/profile.h"
#include "host/train/results.h"

namespace edgesmith {
namespace {

std::string step_text(const ConditioningStep& step) {
  std::string text = step.kind;
  if (step.kind == "clamp") text += fmt::format(" to {:g} .. {:g}", step.low, step.high);
  if (step.kind == "despike") text += fmt::format(" of jumps beyond {:g}", step.max_jump);
  if (step.kind == "median") text += fmt::format(" of {}", step.length);
  if (step.kind == "ema") text += fmt::format(" with alpha {:g}", step.alpha);
  return step.channels.empty() ? text : text + " on " + join(step.channels);
}

std::string features_text(const Project& project) {
  std::vector<std::string> blocks;
  for (const FeaturesSection& block : project.features) {
    if (block.kind == "raw") return "the samples themselves";
    const std::string parts = block.segments == 1 ? "" : fmt::format(" in {} parts", block.segments);
    blocks.push_back(fmt::format("{} of {}{}", join(block.statistics),
                                 block.signals.empty() ? "every channel" : join(block.signals), parts));
  }
  return join(blocks, "; ");
}

std::string shape_text(const plan::TensorRecord& tensor) {
  return fmt::format("{} x {} x {} x {}", tensor.dims[0], tensor.dims[1], tensor.dims[2], tensor.dims[3]);
}

constexpr std::size_t kBins = 24;

/// Bins are whole multiples of the counter's resolution, or empty ones would alternate with full ones.
std::vector<report::Instructions::Bin> histogram(const std::vector<std::int64_t>& counts, std::int64_t resolution) {
  if (counts.empty()) return {};
  const auto [low, high] = std::minmax_element(counts.begin(), counts.end());
  const std::int64_t steps = (*high - *low) / (static_cast<std::int64_t>(kBins) * resolution) + 1;
  const std::int64_t width = steps * resolution;
  std::vector<report::Instructions::Bin> bins(static_cast<std::size_t>((*high - *low) / width + 1));
  for (std::size_t i = 0; i < bins.size(); ++i) {
    bins[i].from = *low + static_cast<std::int64_t>(i) * width;
    bins[i].to = bins[i].from + width;
  }
  for (std::int64_t count : counts)
    ++bins[static_cast<std::size_t>((count - *low) / width)].windows;
  return bins;
}

report::Memory memory_of(const std::string& name, std::vector<report::Memory::Part> parts, std::int64_t asked,
                         const std::optional<MemoryRegion>& region, const std::string& board, const char* key) {
  report::Memory memory;
  memory.name = name;
  memory.parts = std::move(parts);
  for (const report::Memory::Part& part : memory.parts)
    memory.total_bytes += part.bytes;
  memory.budget_bytes = asked > 0 ? asked : region ? static_cast<std::int64_t>(region->bytes) : 0;
  memory.budget_source = asked > 0 ? std::string("[target] ") + key : "board " + board;
  if (memory.budget_bytes > 0) {
    memory.used_share = static_cast<double>(memory.total_bytes) / static_cast<double>(memory.budget_bytes);
  }
  return memory;
}

}  // namespace

std::vector<report::RoadStep> road_part(const Project& project, const RoadPlan& road) {
  const plan::RoadRecord& record = road.record;
  std::vector<std::string> conditioning;
  for (const ConditioningStep& step : project.conditioning)
    conditioning.push_back(step_text(step));
  std::vector<report::RoadStep> steps = {{"guard",
                                          fmt::format("{:g} .. {:g} {}; bad values held", project.input.range_low,
                                                      project.input.range_high, project.input.unit),
                                          fmt::format("{} channels", record.channels)}};
  if (!conditioning.empty())
    steps.push_back({"condition", join(conditioning), fmt::format("{} x f32", record.channels)});
  steps.push_back({"window", fmt::format("{} samples every {}", record.window_samples, record.hop_samples),
                   fmt::format("{} x {}", record.window_samples, record.channels)});
  steps.push_back({"features", features_text(project), fmt::format("{} x f32", road.feature_elems())});
  steps.push_back({"normalise", project.normalize.kind, fmt::format("{} x f32", road.feature_elems())});
  steps.push_back({"quantise", "round half away from zero", fmt::format("{} x int8", road.feature_elems())});
  steps.push_back({"network", project.model.file.empty() ? project.model.architecture : project.model.file,
                   fmt::format("{} x int8", project.labels.classes.size())});
  steps.push_back({"decide",
                   fmt::format("{} of {} votes, emit {}", project.decision.votes_needed, project.decision.votes_of,
                               project.decision.emit),
                   "events"});
  return steps;
}

report::WindowFlow flow_part(const Project& project, const SplitResult& split) {
  const WindowFlow& flow = split.flow;
  report::WindowFlow part;
  part.cut = flow.cut;
  std::int64_t rest = flow.cut;
  const auto leave = [&](const char* out, int windows, const char* name) {
    rest -= windows;
    part.steps.push_back({out, windows, name, rest});
  };
  leave("flagged", flow.flagged, "good");
  leave("unlabelled", flow.unlabelled, "labelled");
  leave("below purity", flow.below_purity, "pure");
  leave("unassigned", flow.unassigned, "assigned");
  part.splits = {{"train", flow.train}, {"validate", flow.validate}, {"test", flow.test}};
  for (std::size_t c = 0; c < split.classes.size(); ++c) {
    report::WindowFlow::PerClass row{split.classes[c], {}};
    for (const char* name : {"train", "validate", "test"})
      row.windows.push_back(split.per_class.at(name)[c]);
    part.per_class.push_back(std::move(row));
  }
  part.note = fmt::format("{} samples every {}; purity at least {:g}; split by {}", project.window.length_samples,
                          project.window.hop_samples, project.labels.purity, project.split.by);
  return part;
}

report::Training training_part(const Project& project, const Run& run) {
  report::Training training;
  if (!std::filesystem::exists(run.metrics())) return training;
  for (const train::EpochRow& row : train::read_metrics(run.metrics())) {
    training.epochs.push_back({row.epoch, row.train_loss, row.val.accuracy, row.val.macro_f1, row.val.precision,
                               row.val.recall, row.learning_rate});
    if (row.best) training.best_epoch = row.epoch;
  }
  training.rule =
      project.train.best == "last" ? "the last epoch" : "highest " + project.train.best + ", the earlier of equals";
  return training;
}

report::StageResult stage_part(const EvaluateResult& result, const std::string& note) {
  const evaluate::Metrics& m = result.metrics;
  report::StageResult part;
  part.stage = result.stage;
  part.note = note;
  part.split = result.split;
  part.windows = m.windows;
  part.accuracy = m.accuracy;
  part.accuracy_low = m.accuracy_95.low;
  part.accuracy_high = m.accuracy_95.high;
  part.macro_f1 = m.macro_f1;
  part.windows_all = m.windows_all;
  part.accuracy_all = m.accuracy_all;
  part.coverage = m.decided.coverage;
  part.decided_accuracy = m.decided.accuracy;
  part.reject_rate = m.decided.reject_rate;
  for (const evaluate::ClassMetrics& c : m.per_class)
    part.per_class.push_back({c.precision, c.recall, c.f1, c.support});
  part.confusion = m.confusion;
  part.row_share = m.row_share;
  return part;
}

report::DecisionRules decision_part(const Project& project, const CompiledPlan& plan, const RunDecision& decision) {
  report::DecisionRules rules;
  const std::string reject =
      plan.rules.reject_to < 0 ? "no class" : plan.labels[static_cast<std::size_t>(plan.rules.reject_to)];
  rules.rules = {{"emit", project.decision.emit},
                 {"vote", fmt::format("{} of {}", plan.rules.votes_needed, plan.rules.votes_of)},
                 {"reject to", reject}};
  for (std::size_t c = 0; c < plan.labels.size(); ++c) {
    rules.per_class.push_back(
        {plan.labels[c], decision.thresholds[c], fmt::format("{} ms", plan.class_rules[c].cooldown_ms)});
  }
  rules.note = "thresholds " + decision.source;
  return rules;
}

report::Verification verification_part(const TestResult& bulk, const TestResult& link) {
  report::Verification part;
  part.target = bulk.board;
  part.windows = static_cast<std::int64_t>(bulk.windows);
  part.mismatches = static_cast<std::int64_t>(bulk.mismatches + link.mismatches);
  const auto add = [&part](const TestResult& test, const char* way) {
    for (const BackEndTest& back_end : test.back_ends) {
      part.back_ends.push_back({back_end.name + way, static_cast<std::int64_t>(back_end.windows),
                                static_cast<std::int64_t>(back_end.mismatches), back_end.first_difference});
    }
  };
  add(bulk, "");
  add(link, ", over the serial link");
  part.note = "input tensor, output tensor and decision of every window of every recording, compared bit by bit";
  return part;
}

report::Instructions instructions_part(const TestResult& test) {
  const BackEndTest& back_end = test.back_ends.front();
  report::Instructions part;
  part.target = test.board;
  part.windows = static_cast<std::int64_t>(back_end.features_counts.size());
  part.resolution = std::max(1LL, std::llround(test.resolution));
  part.stages = {
      {"features", back_end.features.median, back_end.features.max,
       histogram(back_end.features_counts, part.resolution)},
      {"network", back_end.network.median, back_end.network.max, histogram(back_end.network_counts, part.resolution)}};
  return part;
}

report::Arena arena_part(const CompiledPlan& plan) {
  report::Arena part;
  part.bytes = plan.network.arena_bytes;
  part.lower_bound_bytes = plan.network.lower_bound.bytes;
  for (const OpLabel& op : plan.network.labels)
    part.ops.push_back(op.name);
  for (const ArenaTensor& tensor : plan.network.arena) {
    part.tensors.push_back({tensor.name, tensor.shape, tensor.offset, tensor.bytes, tensor.first_op, tensor.last_op});
  }
  return part;
}

std::vector<report::Memory> memory_part(const Project& project, const std::string& board, const MemoryUse& use) {
  const TargetProfile profile = load_profile(board);
  std::vector<report::Memory::Part> ram = {{"arena", use.ram.arena, "tensors of the network"},
                                           {"rings", use.ram.rings, "queue of samples and window"},
                                           {"state", use.ram.state, "conditioning, decision, counters"},
                                           {"features", use.ram.features, "class scores"},
                                           {"config", use.ram.config, "cooldowns"}};
  if (use.stack > 0) ram.push_back({"stack", use.stack, "deepest use seen on the target"});
  std::vector<report::Memory::Part> flash = {{"weights", use.weights, ""},
                                             {"tables", use.tables, "the plan's other constants"}};
  if (use.code > 0) flash.push_back({"code", use.code, "firmware with harness"});
  return {memory_of("RAM", std::move(ram), project.target.ram_bytes, profile.ram, board, "ram_bytes"),
          memory_of("Flash", std::move(flash), project.target.flash_bytes, profile.flash, board, "flash_bytes")};
}

std::vector<report::TensorContract> contract_part(const CompiledPlan& plan) {
  const auto tensor = [](const char* role, const plan::TensorRecord& record, const char* meaning) {
    return report::TensorContract{
        role, role, shape_text(record), "int8", static_cast<double>(record.scale), record.zero_point, meaning};
  };
  return {tensor("input", plan.network.inputs[0].record, "normalised features"),
          tensor("output", plan.network.outputs[0].record, "class probabilities")};
}

}  // namespace edgesmith
