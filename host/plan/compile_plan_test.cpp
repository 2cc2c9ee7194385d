#include <gtest/gtest.h>

#include <cstring>

#include "host/base/error.h"
#include "host/base/hash.h"
#include "host/plan/small_plan_fixture.h"

namespace edgesmith {
namespace {

std::string error_code(const Project& project, const ir::Graph& network) {
  try {
    small_plan(project, network);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::request);
    return error.text.code;
  }
  return "";
}

Project project_with(const std::string& from, const std::string& to) {
  return parse_project(with(kSmallProject, from, to), ".");
}

TEST(Identities, TheSameInputsGiveTheSameBytes) {
  EXPECT_EQ(plan_file_bytes(small_plan()), plan_file_bytes(small_plan()));
}

TEST(Identities, AThresholdChangesTheDecisionAlone) {
  const CompiledPlan one = small_plan(small_project(), small_network(), {0.5, 0.5});
  const CompiledPlan other = small_plan(small_project(), small_network(), {0.5, 0.6});
  EXPECT_EQ(one.preprocess_id, other.preprocess_id);
  EXPECT_EQ(one.labels_hash, other.labels_hash);
  EXPECT_EQ(one.model_hash, other.model_hash);
  EXPECT_NE(one.decision_hash, other.decision_hash);
  EXPECT_NE(one.plan_id, other.plan_id);
}

TEST(Identities, GuardLimitsBelongToTheDecision) {
  const CompiledPlan one = small_plan();
  const CompiledPlan other = small_plan(project_with("[-8, 8]", "[-8, 7]"), small_network());
  EXPECT_EQ(one.preprocess_id, other.preprocess_id);
  EXPECT_NE(one.decision_hash, other.decision_hash);
}

TEST(Identities, ALabelsNameChangesLabelsAlone) {
  const CompiledPlan one = small_plan();
  const CompiledPlan other = small_plan(project_with("\"high\"", "\"loud\""), small_network());
  EXPECT_EQ(one.preprocess_id, other.preprocess_id);
  EXPECT_EQ(one.decision_hash, other.decision_hash);
  EXPECT_NE(one.labels_hash, other.labels_hash);
  EXPECT_NE(one.plan_id, other.plan_id);
}

TEST(Identities, ConditioningChangesPreprocessingAlone) {
  const CompiledPlan one = small_plan();
  const CompiledPlan other = small_plan("[[conditioning]]\nkind = \"median\"\n");
  EXPECT_NE(one.preprocess_id, other.preprocess_id);
  EXPECT_EQ(one.decision_hash, other.decision_hash);
  EXPECT_NE(one.plan_id, other.plan_id);
}

TEST(Identities, WeightsPlacesAreNoPartOfTheContract) {
  CompiledPlan plan = small_plan();
  std::string contract;
  for (std::uint32_t s = 0; s < plan::kContractSections; ++s) {
    const std::vector<std::uint8_t> bytes = section_bytes(plan, static_cast<plan::Section>(s));
    std::uint64_t length_bytes = bytes.size();
    contract.append(reinterpret_cast<const char*>(&length_bytes), sizeof length_bytes);
    contract.append(bytes.begin(), bytes.end());
  }
  EXPECT_EQ(hex(plan.plan_id), sha256(contract));
}

TEST(Identities, TheFilesHeaderAndInfoCarryThem) {
  const CompiledPlan plan = small_plan();
  const std::vector<std::uint8_t> file = plan_file_bytes(plan);
  plan::FileHeader header;
  std::memcpy(&header, file.data(), sizeof header);
  plan::InfoRecord info;
  ASSERT_EQ(header.sections[plan::kInfo].bytes, sizeof info);
  std::memcpy(&info, file.data() + header.sections[plan::kInfo].offset, sizeof info);
  EXPECT_EQ(std::memcmp(header.plan_id, plan.plan_id.data(), 32), 0);
  EXPECT_EQ(std::memcmp(info.decision_hash, plan.decision_hash.data(), 32), 0);
  EXPECT_STREQ(info.name, "small");
  EXPECT_STREQ(info.version, "0.1.0");
}

TEST(Identities, DigestsReadBackFromHex) {
  const std::string text = "00ff" + std::string(56, 'a') + "0102";
  EXPECT_EQ(hex(digest_from_hex(text)), text);
}

TEST(CompilePlan, RejectsGoToTheIdleClassUnlessSaid) {
  EXPECT_EQ(small_plan().rules.reject_to, 0);
  EXPECT_EQ(small_plan("[decision]\nreject_to = \"high\"\n").rules.reject_to, 1);
  EXPECT_EQ(small_plan(project_with("idle = \"low\"", ""), small_network()).rules.reject_to, decision::kNoClass);
}

TEST(CompilePlan, VotesEmitAndOneCooldownForAll) {
  const CompiledPlan plan =
      small_plan("[decision]\nvotes = \"2 of 3\"\nemit = \"change\"\ncooldown_ms = 250\nthreshold = 0.75\n");
  EXPECT_EQ(plan.rules.votes_needed, 2);
  EXPECT_EQ(plan.rules.votes_of, 3);
  EXPECT_EQ(plan.rules.emit, static_cast<std::uint8_t>(decision::Emit::change));
  EXPECT_EQ(plan.rules.shared_cooldown, 1);
  EXPECT_EQ(plan.class_rules[0].cooldown_ms, 250u);
  EXPECT_EQ(plan.class_rules[1].cooldown_ms, 250u);
}

TEST(CompilePlan, ACooldownPerClassIsNotShared) {
  const CompiledPlan plan = small_plan("[decision]\ncooldown_ms = {high = 400}\n");
  EXPECT_EQ(plan.rules.shared_cooldown, 0);
  EXPECT_EQ(plan.class_rules[0].cooldown_ms, 0u);
  EXPECT_EQ(plan.class_rules[1].cooldown_ms, 400u);
}

TEST(CompilePlan, ThresholdsStandInTheClassesOrder) {
  const CompiledPlan plan = small_plan(small_project(), small_network(), {0.25, 0.75});
  EXPECT_EQ(plan.class_rules[0].threshold, 0.25f);
  EXPECT_EQ(plan.class_rules[1].threshold, 0.75f);
}

TEST(CompilePlan, EveryConstantStandsAtAMultipleOfSixteen) {
  const CompiledPlan plan = small_plan();
  const plan::TargetOp& place = plan.network.places.at(0);
  for (std::uint32_t offset :
       {place.weights_offset, place.bias_offset, place.multiplier_offset, place.shift_offset, place.output_offset})
    EXPECT_EQ(offset % 16, 0u);
  EXPECT_EQ(place.weights_bytes, 8u);
  EXPECT_EQ(static_cast<std::int8_t>(plan.network.constants[place.weights_offset]), -16);
  EXPECT_EQ(plan.network.constants[place.weights_offset + 4], 16);
  EXPECT_EQ(plan.network.places.at(1).output_channels, 0u) << "SOFTMAX has no weights";
}

TEST(CompilePlan, TheArenaMapTellsFromWhichToWhichOperatorATensorLives) {
  const CompiledPlan plan = small_plan();
  ASSERT_EQ(plan.network.arena.size(), 3u);
  EXPECT_EQ(plan.network.arena[0].name, "input");
  EXPECT_EQ(plan.network.arena[0].last_op, 0);
  EXPECT_EQ(plan.network.arena[1].first_op, 0);
  EXPECT_EQ(plan.network.arena[1].last_op, 1);
  EXPECT_EQ(plan.network.arena[2].first_op, 1);
  EXPECT_EQ(plan.network.arena_bytes, 32u) << "input and scores share their place";
}

TEST(CompilePlan, RamIsWhatThePipelineAsksFor) {
  const RamUse use = ram_use(small_plan());
  EXPECT_EQ(use.arena, 32u);
  EXPECT_EQ(use.rings, (2 + 8 + 1) * (8 + 4) + 4 * 4u);  // a hop and slack of samples with headers; the window
  EXPECT_EQ(use.state, 4 * 2 + 340u);                    // sample and last good one; the pipeline
  EXPECT_EQ(use.features, 8u);                           // scores
  EXPECT_EQ(use.config, 8u);                             // cooldowns
}

TEST(CompilePlan, RefusesANetworkForOtherFeatures) {
  EXPECT_EQ(error_code(project_with("length_samples = 4", "length_samples = 5"), small_network()), "plan.input");
}

TEST(CompilePlan, RefusesANetworkForOtherClasses) {
  EXPECT_EQ(error_code(project_with("\"high\"", "\"high\", \"higher\""), small_network()), "plan.output");
}

TEST(CompilePlan, RefusesSeveralOutputs) {
  ir::Graph network = small_network();
  network.outputs.push_back(network.outputs[0]);
  EXPECT_EQ(error_code(small_project(), network), "plan.ends");
}

TEST(CompilePlan, RefusesEndsThatTheRuntimeCannotScale) {
  for (float scale : {0.0f, 1e-12f, 1e12f}) {
    ir::Graph network = small_network();
    network.tensor(network.inputs[0]).quantization.scale = {scale};
    EXPECT_EQ(error_code(small_project(), network), "plan.tensor") << scale;
  }
  ir::Graph network = small_network();
  network.tensor(network.outputs[0]).quantization = {};
  EXPECT_EQ(error_code(small_project(), network), "plan.tensor");
}

TEST(RoadPlan, CountsInWholeMicrosecondsAndQueuesAHop) {
  const RoadPlan road = make_road_plan(small_project());
  EXPECT_EQ(road.record.hop_us, 20000u);
  EXPECT_EQ(road.record.fifo_samples, 2 + 8 + 1u);
  EXPECT_EQ(road.record.settling_samples, 0u);
  EXPECT_EQ(make_road_plan(project_with("rate_hz = 100", "rate_hz = 104")).record.hop_us, 19231u);  // 19230.77
}

TEST(RoadPlan, StepsApplyToTheChannelsTheyName) {
  const Project project = parse_project(
      with(kSmallProject, "[\"x\"]", "[\"x\", \"y\", \"z\"]") +
          "[[conditioning]]\nkind = \"median\"\nchannels = [\"z\", \"x\"]\n[[conditioning]]\nkind = \"ema\"\nalpha = "
          "0.5\n",
      ".");
  const RoadPlan road = make_road_plan(project);
  EXPECT_EQ(road.conditioning.at(0).channels, 5u);
  EXPECT_EQ(road.conditioning.at(1).channels, 7u);
  EXPECT_EQ(road.record.settling_samples, 2 + 5u);  // median of 3; ln 0.05 / ln 0.5 = 4.32
}

TEST(RoadPlan, NamesFeaturesInTheirOrder) {
  const Project project =
      project_with("kind = \"raw\"", "kind = \"statistics\"\nstatistics = [\"max\", \"mean\"]\nsegments = 2");
  EXPECT_EQ(feature_names(project),
            (std::vector<std::string>{"mean x in part 1", "max x in part 1", "mean x in part 2", "max x in part 2"}));
  EXPECT_EQ(make_road_plan(project).feature_elems(), 4u);
  EXPECT_EQ(make_road_plan(project).input_shape(), (std::vector<std::uint32_t>{1, 1, 4}));
}

TEST(RoadPlan, RawFeaturesKeepTimeInTheShape) {
  EXPECT_EQ(make_road_plan(small_project()).input_shape(), (std::vector<std::uint32_t>{1, 4, 1}));
  EXPECT_EQ(feature_names(small_project()), std::vector<std::string>());
}

/// Section of the project that the runtime cannot follow; "" when it can.
std::string limit(const Project& project) {
  try {
    make_road_plan(project);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::request);
    EXPECT_EQ(error.text.code, "plan.limit");
    return error.text.what.substr(error.text.what.find('['),
                                  error.text.what.rfind(" asks") - error.text.what.find('['));
  }
  return "";
}

TEST(RoadPlan, SaysWhichSectionTheRuntimeCannotFollow) {
  EXPECT_EQ(limit(small_project()), "");
  EXPECT_EQ(limit(project_with("[-8, 8]", "[-8, 2e9]")), "[input] range");
  EXPECT_EQ(limit(project_with("[-8, 8]", "[8, 8.0000000001]")), "[input] range");
  EXPECT_EQ(limit(project_with("range", "type = \"i16\"\nscale = 1e-60\nrange")), "[input] scale");
  EXPECT_EQ(limit(project_with("rate_hz = 100", "rate_hz = 0.0004")), "[window]");
  EXPECT_EQ(limit(small_project("[[conditioning]]\nkind = \"clamp\"\nlow = 0\nhigh = 1e10\n")), "[[conditioning]]");
  EXPECT_EQ(limit(small_project("[[conditioning]]\nkind = \"ema\"\nalpha = 1e-60\n")), "[[conditioning]]");
  EXPECT_EQ(limit(small_project("[[conditioning]]\nkind = \"ema\"\nalpha = 1e-7\n")), "[[conditioning]]");
  std::string steps;
  for (int i = 0; i < 17; ++i)
    steps += "[[conditioning]]\nkind = \"median\"\n";
  EXPECT_EQ(limit(small_project(steps)), "[[conditioning]]");
}

TEST(RoadPlan, RefusesMoreSignalsThanTheRuntimeTakes) {
  std::string signals;
  for (int i = 0; i < 65; ++i)
    signals += "\"x\", ";
  const Project project =
      project_with("kind = \"raw\"", "kind = \"statistics\"\nstatistics = [\"mean\"]\nsignals = [" + signals + "]");
  EXPECT_EQ(limit(project), "[[features]]");
}

}  // namespace
}  // namespace edgesmith
