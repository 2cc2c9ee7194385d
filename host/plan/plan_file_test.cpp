// Input is untrusted: what open_plan() says to a plan file of which one field is wrong, the checksum being right.

#include "device/runtime/plan_file.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <new>

#include "device/base/crc32.h"
#include "device/kernels/portable/set.h"
#include "device/runtime/pipeline.h"
#include "host/plan/small_plan_fixture.h"

namespace edgesmith {
namespace {

/// A plan file that can be changed field by field. std::vector's memory is aligned to 16 on every desktop of ours.
class File {
 public:
  explicit File(const std::string& more = "") : bytes_(plan_file_bytes(small_plan(more))) {}

  plan::FileHeader& header() {
    return *reinterpret_cast<plan::FileHeader*>(bytes_.data());
  }
  template <typename Record>
  Record& record(plan::Section section, std::size_t index = 0) {
    return reinterpret_cast<Record*>(bytes_.data() + header().sections[section].offset)[index];
  }
  Status open() {
    header().crc32 = crc32({bytes_.data() + plan::kCrcFrom, bytes_.size() - plan::kCrcFrom});
    return open_as_it_is();
  }
  Status open_as_it_is() {
    return open_plan({bytes_.data(), bytes_.size()}, kernels::portable::kSet, loaded);
  }
  std::vector<std::uint8_t>& bytes() {
    return bytes_;
  }

  LoadedPlan loaded = {};

 private:
  std::vector<std::uint8_t> bytes_;
};

/// Status of a small plan of which `spoil` changed something.
template <typename Spoil>
Status status_of(const Spoil& spoil) {
  File file;
  spoil(file);
  return file.open();
}

TEST(OpenPlan, ReadsWhatCompileWrote) {
  File file;
  ASSERT_EQ(file.open_as_it_is(), Status::ok);
  const Plan& plan = file.loaded.plan;
  EXPECT_STREQ(plan.info.name, "small");
  EXPECT_STREQ(label_text(plan.info, 1), "high");
  EXPECT_EQ(plan.road.window_samples, 4u);
  EXPECT_EQ(plan.config.ranges[0].high, 8.0f);
  EXPECT_EQ(plan.network.input_inv_scale, 16.0f);
  EXPECT_EQ(file.loaded.program.ops.size(), 2u);
}

TEST(OpenPlan, FlashBehindTheFileIsNotItsBusiness) {
  File file;
  file.bytes().insert(file.bytes().end(), 32, 0xff);
  EXPECT_EQ(file.open_as_it_is(), Status::ok);
}

TEST(OpenPlan, NamesWhatIsWrongWithTheFrame) {
  EXPECT_EQ(status_of([](File& f) { f.header().magic ^= 1; }), Status::plan_magic);
  EXPECT_EQ(status_of([](File& f) { f.header().format_version = 2; }), Status::plan_version);
  EXPECT_EQ(status_of([](File& f) { f.header().interface_version = 0; }), Status::plan_version);
  EXPECT_EQ(status_of([](File& f) { f.header().interface_version = 2; }), Status::plan_version);
  EXPECT_EQ(status_of([](File& f) { ++f.header().file_bytes; }), Status::plan_truncated);
  EXPECT_EQ(status_of([](File& f) { f.header().file_bytes = 8; }), Status::plan_malformed);
  EXPECT_EQ(status_of([](File& f) { --f.header().section_count; }), Status::plan_malformed);
  File damaged;
  damaged.bytes().back() ^= 1;
  EXPECT_EQ(damaged.open_as_it_is(), Status::plan_checksum);
  damaged.bytes().resize(20);
  EXPECT_EQ(damaged.open_as_it_is(), Status::plan_truncated);
}

TEST(OpenPlan, RefusesBytesThatAreNotAligned) {
  const std::vector<std::uint8_t> bytes = plan_file_bytes(small_plan());
  std::vector<std::uint8_t> shifted(bytes.size() + 4);
  std::copy(bytes.begin(), bytes.end(), shifted.begin() + 4);
  LoadedPlan loaded;
  EXPECT_EQ(open_plan({shifted.data() + 4, bytes.size()}, kernels::portable::kSet, loaded), Status::plan_malformed);
}

TEST(OpenPlan, RefusesSectionsOutsideOfTheFile) {
  const auto with_entry = [](std::uint32_t offset, std::uint32_t bytes) {
    return status_of([&](File& f) { f.header().sections[plan::kWeights] = {offset, bytes}; });
  };
  File file;
  const auto size = static_cast<std::uint32_t>(file.bytes().size());
  EXPECT_EQ(with_entry(0, 16), Status::plan_malformed) << "inside the header";
  EXPECT_EQ(with_entry(size - 8, 8), Status::plan_malformed) << "not aligned";
  EXPECT_EQ(with_entry(size - 16, 17), Status::plan_malformed);
  EXPECT_EQ(with_entry(size + 16, 0), Status::plan_malformed);
  EXPECT_EQ(with_entry(size - 16, 0xfffffff0u), Status::plan_malformed) << "wraps";
}

TEST(OpenPlan, RefusesSectionsOfHalfARecord) {
  for (plan::Section section : {plan::kInfo, plan::kRoad, plan::kConditioning, plan::kSignals, plan::kNormalize,
                                plan::kRanges, plan::kRules, plan::kClassRules, plan::kTensors, plan::kOps,
                                plan::kSelfTest, plan::kSelfTestRoad, plan::kTarget, plan::kPlaces}) {
    EXPECT_EQ(status_of([&](File& f) { ++f.header().sections[section].bytes; }), Status::plan_malformed) << section;
  }
}

TEST(OpenPlan, APlanForANewerRuntimeIsAMatterOfVersions) {
  EXPECT_EQ(status_of([](File& f) { ++f.record<plan::InfoRecord>(plan::kInfo).min_runtime; }), Status::plan_version);
  EXPECT_EQ(status_of([](File& f) { ++f.record<plan::InfoRecord>(plan::kInfo).operator_set; }), Status::plan_version);
}

TEST(OpenPlan, RefusesAForeignTargetPart) {
  const auto target = [](auto change) {
    return status_of([&](File& f) { change(f.record<plan::TargetRecord>(plan::kTarget)); });
  };
  EXPECT_EQ(target([](plan::TargetRecord& t) { ++t.kernel_set; }), Status::plan_foreign_target);
  EXPECT_EQ(target([](plan::TargetRecord& t) { ++t.layout_version; }), Status::plan_foreign_target);
}

TEST(OpenPlan, RefusesTextsWithoutAnEnd) {
  EXPECT_EQ(status_of([](File& f) { std::memset(f.record<plan::InfoRecord>(plan::kInfo).name, 'a', 32); }),
            Status::plan_malformed);
  EXPECT_EQ(status_of([](File& f) { std::memset(f.record<plan::InfoRecord>(plan::kInfo).version, 'a', 16); }),
            Status::plan_malformed);
  EXPECT_EQ(status_of([](File& f) { --f.header().sections[plan::kLabels].bytes; }), Status::plan_malformed);
  EXPECT_EQ(status_of([](File& f) { f.header().sections[plan::kLabels].bytes = 0; }), Status::plan_malformed);
}

TEST(OpenPlan, RefusesMoreLabelsThanOutputs) {
  EXPECT_EQ(status_of([](File& f) { f.record<char>(plan::kLabels, 1) = '\0'; }), Status::plan_malformed);
}

TEST(OpenPlan, RefusesTensorsThatAreNotInt8OrMeanSomethingElse) {
  const auto tensor = [](std::size_t index, auto change) {
    return status_of([&](File& f) { change(f.record<plan::TensorRecord>(plan::kTensors, index)); });
  };
  using Tensor = plan::TensorRecord;
  EXPECT_EQ(tensor(0, [](Tensor& t) { t.dtype = 2; }), Status::plan_malformed);
  EXPECT_EQ(tensor(1, [](Tensor& t) { t.dtype = 0; }), Status::plan_malformed);
  EXPECT_EQ(tensor(1, [](Tensor& t) { t.meaning = 3; }), Status::plan_malformed);
  EXPECT_EQ(tensor(0, [](Tensor& t) { t.dims[0] = 0; }), Status::plan_malformed);
  EXPECT_EQ(tensor(0, [](Tensor& t) { t.dims[0] = t.dims[1] = t.dims[2] = 65536; }), Status::plan_malformed);
  EXPECT_EQ(tensor(0, [](Tensor& t) { t.scale = 0.0f; }), Status::plan_malformed);
  EXPECT_EQ(tensor(1, [](Tensor& t) { t.zero_point = -129; }), Status::plan_malformed);
}

TEST(OpenPlan, RefusesPlacesOutsideOfArenaOrWeights) {
  const auto place = [](auto change) {
    return status_of([&](File& f) { change(f.record<plan::TargetOp>(plan::kPlaces)); });
  };
  using Place = plan::TargetOp;
  EXPECT_EQ(place([](Place& p) { p.input_offsets[0] = 29; }), Status::plan_malformed);
  EXPECT_EQ(place([](Place& p) { p.input_offsets[0] = 0xffffffffu; }), Status::plan_malformed);
  EXPECT_EQ(place([](Place& p) { p.output_offset = 31; }), Status::plan_malformed);
  EXPECT_EQ(place([](Place& p) { p.output_offset = p.input_offsets[0] + 3; }), Status::plan_malformed) << "overlap";
  EXPECT_EQ(place([](Place& p) { p.weights_bytes = 9; }), Status::plan_malformed);
  EXPECT_EQ(place([](Place& p) { p.weights_offset = 0xfffffff8u; }), Status::plan_malformed);
  EXPECT_EQ(place([](Place& p) { p.bias_offset += 2; }), Status::plan_malformed) << "not aligned";
  EXPECT_EQ(place([](Place& p) { p.multiplier_offset = 0xfffffffcu; }), Status::plan_malformed);
  EXPECT_EQ(place([](Place& p) { p.shift_offset = 0xffffffffu; }), Status::plan_malformed);
  EXPECT_EQ(place([](Place& p) { p.output_channels = 0x40000001u; }), Status::plan_malformed) << "times 4 wraps";
  EXPECT_EQ(place([](Place& p) { p.output_channels = 0; }), Status::plan_malformed) << "no weights where some belong";
}

TEST(OpenPlan, RefusesAnArenaThatItsTensorsDoNotFit) {
  for (std::uint32_t bytes : {0u, 15u, 0xffffffffu}) {
    EXPECT_EQ(status_of([=](File& f) { f.record<plan::TargetRecord>(plan::kTarget).arena_bytes = bytes; }),
              Status::plan_malformed)
        << bytes;
  }
  EXPECT_EQ(status_of([](File& f) { f.record<std::uint32_t>(plan::kEnds) = 0xfffffffdu; }), Status::plan_malformed);
}

TEST(OpenPlan, RefusesOperatorsThatItDoesNotKnowOrThatLeaveTheirTensors) {
  const auto op = [](auto change) {
    return status_of([&](File& f) { change(f.record<plan::ContractOp>(plan::kOps)); });
  };
  EXPECT_EQ(op([](plan::ContractOp& o) { o.code = 0; }), Status::plan_malformed);
  EXPECT_EQ(op([](plan::ContractOp& o) { o.code = 0xffffffffu; }), Status::plan_malformed);
  EXPECT_EQ(op([](plan::ContractOp& o) { o.input_bytes[0] = 5; }), Status::plan_malformed);
  EXPECT_EQ(op([](plan::ContractOp& o) { o.params[1] = 5; }), Status::plan_malformed);  // input_elems
  EXPECT_EQ(
      status_of([](File& f) { f.header().sections[plan::kPlaces].bytes -= std::uint32_t{sizeof(plan::TargetOp)}; }),
      Status::plan_malformed);
  EXPECT_EQ(status_of([](File& f) {
              f.header().sections[plan::kOps].bytes = 0;
              f.header().sections[plan::kPlaces].bytes = 0;
            }),
            Status::plan_malformed);
}

TEST(OpenPlan, RefusesRoadsAndRulesThatCannotBe) {
  const auto road = [](auto change) {
    return status_of([&](File& f) { change(f.record<plan::RoadRecord>(plan::kRoad)); });
  };
  using Road = plan::RoadRecord;
  EXPECT_EQ(road([](Road& r) { r.channels = 0; }), Status::plan_malformed);
  EXPECT_EQ(road([](Road& r) { r.channels = 0x40000001u; }), Status::plan_malformed);
  EXPECT_EQ(road([](Road& r) { r.format = 257; }), Status::plan_malformed) << "1 in the low byte";
  EXPECT_EQ(road([](Road& r) { r.window_samples = 0x80000001u; }), Status::plan_malformed);
  EXPECT_EQ(road([](Road& r) { r.hop_samples = 5; }), Status::plan_malformed);
  EXPECT_EQ(road([](Road& r) { r.hop_us = 0; }), Status::plan_malformed);
  EXPECT_EQ(road([](Road& r) { r.fifo_samples = 0x20000000u; }), Status::plan_malformed);
  EXPECT_EQ(road([](Road& r) { r.settling_samples = 0xffffffffu; }), Status::plan_malformed);
  EXPECT_EQ(road([](Road& r) { r.feature_kind = 3; }), Status::plan_malformed);
  EXPECT_EQ(status_of([](File& f) { f.record<plan::RulesRecord>(plan::kRules).votes_of = 17; }),
            Status::config_invalid);
  EXPECT_EQ(status_of([](File& f) { f.record<plan::RulesRecord>(plan::kRules).reject_to = 2; }),
            Status::config_invalid);
  EXPECT_EQ(status_of([](File& f) { f.header().sections[plan::kClassRules].bytes = 8; }), Status::config_invalid);
  EXPECT_EQ(status_of([](File& f) { f.header().sections[plan::kRanges].bytes = 0; }), Status::config_invalid);
}

/// A pipeline on a plan file, with memory of exactly the size it asks for.
struct Running {
  File file;
  std::vector<std::uint8_t> block;
  Pipeline pipeline = {};

  explicit Running(const std::string& more = "") : file(more) {
    EXPECT_EQ(file.open_as_it_is(), Status::ok);
    block.resize(memory_bytes(file.loaded.plan));
    Memory memory = {};
    EXPECT_EQ(divide_memory(file.loaded.plan, {block.data(), block.size()}, memory), Status::ok);
    EXPECT_EQ(pipeline.begin(file.loaded.plan, memory), Status::ok);
  }
  const Event* push(float value) {
    pipeline.push(&value, 0);
    return pipeline.poll();
  }
};

TEST(PlanFile, MemoryIsDividedOnlyWhereItIsLargeEnoughAndAligned) {
  File file;
  ASSERT_EQ(file.open_as_it_is(), Status::ok);
  const Plan& plan = file.loaded.plan;
  EXPECT_EQ(memory_bytes(plan),
            32 + 144 + 16 + 16 + 16 + 16u);  // arena, queue of 11 * 12, ring, state, scores, cooldown
  std::vector<std::uint8_t> block(memory_bytes(plan) + 16);
  Memory memory = {};
  EXPECT_EQ(divide_memory(plan, {block.data(), memory_bytes(plan)}, memory), Status::ok);
  EXPECT_EQ(divide_memory(plan, {block.data(), memory_bytes(plan) - 1}, memory), Status::memory_too_small);
  EXPECT_EQ(divide_memory(plan, {block.data() + 4, memory_bytes(plan)}, memory), Status::memory_too_small);
}

TEST(PlanFile, DecidesBySignOfTheWindowsSum) {
  Running running;
  for (float value : {1.0f, 1.0f, 1.0f})
    EXPECT_EQ(running.push(value), nullptr);
  const Event* event = running.push(1.0f);
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(event->label, 1);
  // Logits -4 and 4: e^-8 / (1 + e^-8) = 0.0003, which rounds to 0 of 256; the other to 255.
  EXPECT_EQ(running.pipeline.last().scores[0], 0.0f);
  EXPECT_EQ(running.pipeline.last().scores[1], 255.0f / 256);
}

TEST(PlanFile, ATieGoesToTheFirstClass) {
  Running running;
  for (float value : {1.0f, -1.0f, 2.0f, -2.0f})
    EXPECT_EQ(running.push(value), nullptr);  // "low" stands for nothing
  EXPECT_EQ(running.pipeline.last().outcome.best, 0);
  EXPECT_EQ(running.pipeline.last().scores[1], 0.5f);
}

TEST(PlanFile, TheSelfTestNoticesOneFlippedWeight) {
  Running running;
  const plan::TargetOp place = running.file.record<plan::TargetOp>(plan::kPlaces);
  running.file.record<std::uint8_t>(plan::kWeights, place.weights_offset + 7) ^= 0x40;
  Memory memory = {};
  divide_memory(running.file.loaded.plan, {running.block.data(), running.block.size()}, memory);
  EXPECT_EQ(running.pipeline.begin(running.file.loaded.plan, memory), Status::self_test_network);
}

}  // namespace
}  // namespace edgesmith
