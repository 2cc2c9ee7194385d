#pragma once
// Packets over a byte stream that may lose or change bytes (UART, or a file).
//
//   frame  = COBS(type, reserved, sequence, payload, crc) 0x00
//   header = type (8 bits), reserved (8, zero), sequence (16);  crc = CRC-32 of header and payload;  all little-endian
//
// COBS (Cheshire and Baker 1999, consistent overhead byte stuffing) leaves no zero byte inside a frame, so a receiver
// that lost its place finds it again at the next zero. It costs one byte in 254. See docs/formats/link.md.

#include <stdint.h>

#include "device/base/span.h"
#include "device/base/status.h"

namespace edgesmith {
namespace link {

constexpr uint32_t kHeaderBytes = 4;
constexpr uint32_t kCrcBytes = 4;
constexpr uint32_t kOverheadBytes = kHeaderBytes + kCrcBytes;

/// Most bytes that a packet with `payload_bytes` takes on the line, delimiter included.
constexpr uint32_t frame_bytes_max(uint32_t payload_bytes) {
  return payload_bytes + kOverheadBytes + (payload_bytes + kOverheadBytes) / 254 + 2;
}

struct Packet {
  uint8_t type;
  uint16_t sequence;
  Span<const uint8_t> payload;
};

/// Where encoded bytes go.
struct ByteSink {
  void (*write)(void* context, Span<const uint8_t> bytes);
  void* context;
};

/// Encodes packets piece by piece, so that a payload of any length needs no memory but one COBS block.
class PacketWriter {
 public:
  void begin(ByteSink sink);

  void start(uint8_t type, uint16_t sequence);
  void add(Span<const uint8_t> piece);
  void finish();

  /// A whole packet: fixed part, then tail.
  template <typename Record>
  void send(uint8_t type, uint16_t sequence, const Record& record, Span<const uint8_t> tail = {nullptr, 0}) {
    start(type, sequence);
    add({reinterpret_cast<const uint8_t*>(&record), sizeof record});
    add(tail);
    finish();
  }

 private:
  void put(uint8_t byte);
  void flush(uint8_t code);

  ByteSink sink_;
  uint32_t crc_;
  uint8_t block_[255];  // [0] is the block's code, written last
  uint8_t filled_;      // bytes behind the code
};

/// Decodes a stream byte by byte. Input is untrusted; every length is checked.
class PacketReader {
 public:
  enum class Event : uint8_t { none, packet, damaged };

  /// buffer: at least kOverheadBytes; a packet whose header, payload and checksum do not fit counts as damaged.
  void begin(Span<uint8_t> buffer);

  /// packet: packet() holds until the next call. damaged: a frame ended that was no packet; status() says why.
  Event receive(uint8_t byte);
  Packet packet() const;
  /// ok, link_checksum or link_malformed: of the frame that ended last.
  Status status() const {
    return status_;
  }

 private:
  void store(uint8_t byte);
  Event end_frame();
  void restart();

  Span<uint8_t> buffer_;
  uint32_t filled_;
  uint8_t block_left_;  // data bytes still to come in this COBS block
  bool zero_after_;     // the block stands for a zero byte behind it
  bool empty_, overflow_;
  Status status_;
};

}  // namespace link
}  // namespace edgesmith
