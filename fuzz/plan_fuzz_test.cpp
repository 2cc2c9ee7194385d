// A damaged plan file: the runtime refuses it, or runs it inside its own bytes and the memory that it asked for. The
// blocks have exactly those sizes, so that the sanitizer build sees the first byte outside.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <new>

#include "device/base/crc32.h"
#include "device/kernels/portable/set.h"
#include "device/runtime/pipeline.h"
#include "device/runtime/plan_file.h"
#include "fuzz/damage.h"
#include "fuzz/tap_network.h"

namespace edgesmith::fuzz {
namespace {

constexpr std::uint32_t kMemoryMax =
    1u << 20;  // no board of ours has more for a plan; asking is no reading out of bounds

struct FreeAligned {
  void operator()(std::uint8_t* block) const {
    ::operator delete(block, std::align_val_t(plan::kSectionAlignment));
  }
};
using Block = std::unique_ptr<std::uint8_t, FreeAligned>;

Block aligned_block(std::size_t bytes) {
  return Block(static_cast<std::uint8_t*>(::operator new(bytes, std::align_val_t(plan::kSectionAlignment))));
}

const Bytes& whole_plan() {
  static const Bytes bytes = [] {
    const Project project = tap_project();
    return tap_plan(project, tap_int8_network(project));
  }();
  return bytes;
}

/// Values of every kind, not only good ones.
float sample_value(Random& random) {
  switch (random.below(8)) {
    case 0:
      return std::numeric_limits<float>::quiet_NaN();
    case 1:
      return std::numeric_limits<float>::infinity();
    default:
      return static_cast<float>(random.normal());
  }
}

/// Pushes enough samples for two windows, as far as that is little work.
void push_samples(Pipeline& pipeline, const RoadSpec& road) {
  Random random(7);
  std::vector<std::uint8_t> sample(road.channels * sample_format_bytes(road.format));
  const std::uint64_t wanted = std::uint64_t{road.settling_samples} + road.window_samples + road.hop_samples;
  const std::uint64_t count = std::min<std::uint64_t>(wanted, 400);
  for (std::uint64_t i = 0; i < count; ++i) {
    for (std::uint8_t& byte : sample)
      byte = static_cast<std::uint8_t>(random.next());
    if (road.format == SampleFormat::f32) {
      const float value = sample_value(random);
      std::memcpy(sample.data(), &value, sizeof value);
    }
    pipeline.push(sample.data(), static_cast<std::uint32_t>(i * 10000));
    pipeline.poll();
  }
}

struct Outcome {
  Status opened = Status::ok, begun = Status::ok;
};

Outcome open_and_run(const Bytes& bytes) {
  const Block file = aligned_block(bytes.size());
  std::copy(bytes.begin(), bytes.end(), file.get());
  LoadedPlan loaded = {};
  Outcome outcome;
  outcome.opened = open_plan({file.get(), bytes.size()}, kernels::portable::kSet, loaded);
  if (outcome.opened != Status::ok || memory_bytes(loaded.plan) > kMemoryMax) return outcome;
  const std::uint32_t memory_size = memory_bytes(loaded.plan);
  const Block block = aligned_block(memory_size);
  Memory memory = {};
  outcome.begun = divide_memory(loaded.plan, {block.get(), memory_size}, memory);
  Pipeline pipeline = {};
  if (outcome.begun == Status::ok) outcome.begun = pipeline.begin(loaded.plan, memory);
  if (outcome.begun == Status::ok) push_samples(pipeline, loaded.plan.road);
  return outcome;
}

void put_u32(Bytes& bytes, std::size_t at, std::uint32_t value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

/// As an attacker would leave it: length and checksum fit the damage.
void make_checksum_right(Bytes& bytes) {
  if (bytes.size() < sizeof(plan::FileHeader)) return;
  put_u32(bytes, offsetof(plan::FileHeader, file_bytes), static_cast<std::uint32_t>(bytes.size()));
  put_u32(bytes, offsetof(plan::FileHeader, crc32),
          crc32({bytes.data() + plan::kCrcFrom, bytes.size() - plan::kCrcFrom}));
}

TEST(PlanFuzz, TheWholePlanRuns) {
  const Outcome outcome = open_and_run(whole_plan());
  EXPECT_EQ(outcome.opened, Status::ok);
  EXPECT_EQ(outcome.begun, Status::ok);
}

TEST(PlanFuzz, RefusesEveryTruncation) {
  for (std::size_t length = 0; length < whole_plan().size(); ++length)
    ASSERT_NE(open_and_run(cut(whole_plan(), length)).opened, Status::ok) << length;
}

TEST(PlanFuzz, SurvivesEveryTruncationWithRightChecksum) {
  for (std::size_t length = sizeof(plan::FileHeader); length < whole_plan().size(); ++length) {
    Bytes damaged = cut(whole_plan(), length);
    make_checksum_right(damaged);
    open_and_run(damaged);
  }
}

TEST(PlanFuzz, RefusesFlippedBits) {
  Random random(1);
  for (int round = 0; round < rounds() / 2; ++round) {
    const Bytes damaged = with_flipped_bits(whole_plan(), random);
    EXPECT_EQ(open_and_run(damaged).opened == Status::ok, damaged == whole_plan()) << round;
  }
}

TEST(PlanFuzz, SurvivesFlippedBitsWithRightChecksum) {
  Random random(2);
  int refused = 0, stopped_by_self_test = 0;
  for (int round = 0; round < rounds(); ++round) {
    Bytes damaged = with_flipped_bits(whole_plan(), random, plan::kCrcFrom);
    make_checksum_right(damaged);
    const Outcome outcome = open_and_run(damaged);
    refused += outcome.opened != Status::ok;
    stopped_by_self_test += outcome.opened == Status::ok && outcome.begun != Status::ok;
  }
  EXPECT_GT(refused, 0);
  EXPECT_GT(stopped_by_self_test, 0);
}

/// Most bytes of a plan are weights; the records are where a reader goes wrong.
TEST(PlanFuzz, SurvivesDamagedRecordsWithRightChecksum) {
  plan::FileHeader header;
  std::memcpy(&header, whole_plan().data(), sizeof header);
  Random random(3);
  for (int round = 0; round < rounds(); ++round) {
    const plan::SectionEntry& entry = header.sections[random.below(plan::kWeights)];
    if (entry.bytes == 0) continue;
    Bytes damaged = whole_plan();
    const std::size_t at = entry.offset + random.below(entry.bytes);
    damaged[at] = static_cast<std::uint8_t>(random.below(4) == 0 ? 0xff : random.next());
    make_checksum_right(damaged);
    open_and_run(damaged);
  }
}

}  // namespace
}  // namespace edgesmith::fuzz
