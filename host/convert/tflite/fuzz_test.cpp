// Damaged files: refused or run, never read out of bounds (the sanitizer build is the judge of the latter).

#include <gtest/gtest.h>

#include "host/base/random.h"
#include "host/convert/tflite/sample_networks.h"
#include "host/convert/tflite/tflite.h"

namespace edgesmith::convert {
namespace {

TEST(FuzzTflite, TakesWholeFiles) {
  EXPECT_TRUE(fuzz_tflite(write_tflite(sample_cnn())));
  EXPECT_TRUE(fuzz_tflite(write_tflite(as_int8(sample_cnn()))));
  EXPECT_TRUE(fuzz_tflite(write_tflite(sample_branches())));
  EXPECT_TRUE(fuzz_tflite(write_tflite(as_int8(sample_branches()))));
}

TEST(FuzzTflite, SurvivesEveryTruncation) {
  const std::vector<std::uint8_t> bytes = write_tflite(as_int8(sample_mlp()));
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const std::vector<std::uint8_t> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
    fuzz_tflite(cut);
  }
}

TEST(FuzzTflite, SurvivesFlippedBits) {
  Random random(1);
  int accepted = 0, refused = 0;
  const ir::Graph branches = as_int8(sample_branches());
  for (const ir::Graph& graph : {sample_mlp(), as_int8(sample_mlp()), as_int8(sample_cnn()), sample_branches(),
                                 branches, with_ends(branches, ir::DType::u8, ir::DType::f32)}) {
    const std::vector<std::uint8_t> bytes = write_tflite(graph);
    for (int round = 0; round < 1000; ++round) {
      std::vector<std::uint8_t> damaged = bytes;
      for (std::uint32_t flips = 1 + random.below(8); flips > 0; --flips) {
        const std::uint32_t at = random.below(static_cast<std::uint32_t>(damaged.size()));
        damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ (1u << random.below(8)));
      }
      ++(fuzz_tflite(damaged) ? accepted : refused);
    }
  }
  EXPECT_GT(accepted, 100);  // both ways were walked
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace edgesmith::convert
