#include "device/base/crc32.h"

#include <gtest/gtest.h>

#include <cstring>

namespace edgesmith {
namespace {

uint32_t crc_of(const char* text, uint32_t before = 0) {
  return crc32(Span<const uint8_t>{reinterpret_cast<const uint8_t*>(text), std::strlen(text)}, before);
}

TEST(Crc32, EqualsThePublishedCheckValue) {
  EXPECT_EQ(crc_of("123456789"), 0xcbf43926u);  // check value of CRC-32/ISO-HDLC in the CRC catalogue
}

TEST(Crc32, ContinuesFromAnEarlierResult) {
  EXPECT_EQ(crc_of("56789", crc_of("1234")), crc_of("123456789"));
}

TEST(Crc32, OfNothingIsZero) {
  EXPECT_EQ(crc_of(""), 0u);
}

}  // namespace
}  // namespace edgesmith
