// A damaged .tflite: refused with a message, or run. Of tap's network, and of networks with all operators.

#include <gtest/gtest.h>

#include "fuzz/damage.h"
#include "fuzz/tap_network.h"
#include "host/convert/tflite/sample_networks.h"
#include "host/convert/tflite/tflite.h"

namespace edgesmith::fuzz {
namespace {

const std::vector<Bytes>& whole_files() {
  static const std::vector<Bytes> files = [] {
    const ir::Graph branches = convert::as_int8(convert::sample_branches());
    return std::vector{convert::write_tflite(tap_int8_network(tap_project())),
                       convert::write_tflite(convert::sample_branches()),
                       convert::write_tflite(convert::with_ends(branches, ir::DType::u8, ir::DType::f32))};
  }();
  return files;
}

TEST(TfliteFuzz, TheWholeFilesRun) {
  for (const Bytes& file : whole_files())
    EXPECT_TRUE(convert::fuzz_tflite(file));
}

TEST(TfliteFuzz, SurvivesEveryTruncation) {
  for (const Bytes& file : whole_files()) {
    for (std::size_t length = 0; length < file.size(); ++length)
      convert::fuzz_tflite(cut(file, length));
  }
}

TEST(TfliteFuzz, SurvivesFlippedBits) {
  Random random(4);
  for (const Bytes& file : whole_files()) {
    int accepted = 0;
    for (int round = 0; round < rounds(); ++round)
      accepted += convert::fuzz_tflite(with_flipped_bits(file, random));
    EXPECT_GT(accepted, 0);
    EXPECT_LT(accepted, rounds());
  }
}

}  // namespace
}  // namespace edgesmith::fuzz
