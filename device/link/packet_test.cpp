#include "device/link/packet.h"

#include <gtest/gtest.h>

#include <vector>

#include "device/link/messages.h"

namespace edgesmith::link {
namespace {

using Bytes = std::vector<std::uint8_t>;

void append(void* context, Span<const std::uint8_t> bytes) {
  auto& line = *static_cast<Bytes*>(context);
  line.insert(line.end(), bytes.begin(), bytes.end());
}

Bytes encode(std::uint8_t type, std::uint16_t sequence, const Bytes& payload) {
  Bytes line;
  PacketWriter writer;
  writer.begin({append, &line});
  writer.start(type, sequence);
  writer.add({payload.data(), payload.size()});
  writer.finish();
  return line;
}

struct Received {
  std::vector<Bytes> payloads;
  std::vector<int> types, sequences;
  int damaged = 0;
};

Received decode(const Bytes& line, std::size_t buffer_bytes = 4096) {
  Bytes buffer(buffer_bytes);
  PacketReader reader;
  reader.begin({buffer.data(), buffer.size()});
  Received received;
  for (std::uint8_t byte : line) {
    const auto event = reader.receive(byte);
    if (event == PacketReader::Event::damaged) ++received.damaged;
    if (event != PacketReader::Event::packet) continue;
    const Packet packet = reader.packet();
    received.payloads.emplace_back(packet.payload.begin(), packet.payload.end());
    received.types.push_back(packet.type);
    received.sequences.push_back(packet.sequence);
  }
  return received;
}

Bytes pattern(std::size_t count, unsigned seed) {
  Bytes bytes(count);
  std::uint32_t state = seed;
  for (auto& byte : bytes) {
    state = state * 1664525u + 1013904223u;
    byte = (state >> 30) == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(state >> 24);
  }
  return bytes;
}

TEST(Packet, HasTheBytesThatTheFormatPageShows) {
  // Python: zlib.crc32(bytes([2, 0, 5, 0])) == 0xf63ae3d2; stuffed by hand.
  EXPECT_EQ(encode(kReset, 5, {}), (Bytes{0x02, 0x02, 0x02, 0x05, 0x05, 0xd2, 0xe3, 0x3a, 0xf6, 0x00}));
}

TEST(Packet, ComesBackAsItWasSentWhateverItsLengthAndContent) {
  for (std::size_t bytes = 0; bytes < 800; ++bytes) {
    for (const Bytes& payload : {pattern(bytes, 7), Bytes(bytes, 0x00), Bytes(bytes, 0xab)}) {
      const Bytes line = encode(kSamples, 0x1234, payload);
      ASSERT_LE(line.size(), frame_bytes_max(static_cast<std::uint32_t>(bytes)));
      ASSERT_EQ(line.back(), 0);
      const Received received = decode(line);
      ASSERT_EQ(received.payloads, std::vector<Bytes>{payload});
      ASSERT_EQ(received.types[0], kSamples);
      ASSERT_EQ(received.sequences[0], 0x1234);
    }
  }
}

TEST(Packet, IsRefusedWhenCutShortAnywhere) {
  const Bytes line = encode(kSamples, 9, pattern(300, 1));
  for (std::size_t kept = 1; kept + 1 < line.size(); ++kept) {
    Bytes cut(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(kept));
    cut.push_back(0);
    const Received received = decode(cut);
    ASSERT_TRUE(received.payloads.empty()) << kept;
    ASSERT_EQ(received.damaged, 1) << kept;
  }
}

TEST(Packet, IsRefusedWhenAnyBitIsFlipped) {
  const Bytes payload = pattern(120, 3);
  const Bytes line = encode(kSamples, 77, payload);
  for (std::size_t bit = 0; bit < (line.size() - 1) * 8; ++bit) {
    Bytes changed = line;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1u << (bit % 8)));
    const Received received = decode(changed);
    ASSERT_TRUE(received.payloads.empty()) << bit;
    ASSERT_GE(received.damaged, 1) << bit;
  }
}

TEST(Packet, LongerThanTheBufferIsRefusedAndTheNextOneArrives) {
  Bytes line = encode(kSamples, 1, pattern(200, 5));
  const Bytes next = encode(kReset, 2, {1, 2, 3});
  line.insert(line.end(), next.begin(), next.end());
  const Received received = decode(line, 64);
  EXPECT_EQ(received.damaged, 1);
  EXPECT_EQ(received.payloads, std::vector<Bytes>({{1, 2, 3}}));
}

TEST(Packet, FillsTheBufferToItsLastByte) {
  const Bytes payload = pattern(56, 8);
  EXPECT_EQ(decode(encode(kReset, 2, payload), 56 + kOverheadBytes).payloads, std::vector<Bytes>{payload});
  EXPECT_EQ(decode(encode(kReset, 2, payload), 55 + kOverheadBytes).damaged, 1);
}

TEST(Packet, AfterNoiseAndLossTheUntouchedOnesArriveInOrderAndNoOther) {
  Bytes line;
  std::vector<int> untouched;
  std::uint32_t state = 11;
  for (int n = 1; n <= 400; ++n) {
    const Bytes frame = encode(kSamples, static_cast<std::uint16_t>(n), pattern(static_cast<std::size_t>(n % 90), 2));
    state = state * 1664525u + 1013904223u;
    const std::size_t at = (state >> 8) % (frame.size() - 1);
    switch (state >> 30) {
      case 0:  // a byte is lost
        line.insert(line.end(), frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(at));
        line.insert(line.end(), frame.begin() + static_cast<std::ptrdiff_t>(at) + 1, frame.end());
        break;
      case 1:  // a byte arrives as another
        line.insert(line.end(), frame.begin(), frame.end());
        line[line.size() - frame.size() + at] ^= 0x40;
        break;
      default:
        line.insert(line.end(), frame.begin(), frame.end());
        untouched.push_back(n);
    }
  }
  const Received received = decode(line);
  EXPECT_EQ(received.sequences, untouched);
  EXPECT_GT(received.damaged, 100);
  EXPECT_GT(untouched.size(), 150u);
}

TEST(Packet, RandomBytesAreNeverAPacket) {
  const Received received = decode(pattern(200000, 99), 300);
  EXPECT_TRUE(received.payloads.empty());
  EXPECT_GT(received.damaged, 1000);
}

TEST(Record, ShorterThanItselfIsRefused) {
  const Bytes payload(sizeof(WindowRecord) + 2, 1);
  WindowRecord record;
  Span<const std::uint8_t> tail{nullptr, 0};
  for (std::size_t bytes = 0; bytes < sizeof record; ++bytes) {
    EXPECT_FALSE(read_record({payload.data(), bytes}, record, tail));
  }
  EXPECT_TRUE(read_record({payload.data(), payload.size()}, record, tail));
  EXPECT_EQ(tail.size(), 2u);
  EXPECT_EQ(record.window, 0x01010101u);
}

}  // namespace
}  // namespace edgesmith::link
